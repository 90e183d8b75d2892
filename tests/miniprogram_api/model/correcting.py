"""The model of corrections: adjustments that one person asks for and another decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.miniprogram_api.model.island_time import DAY, midnight_before
from tests.miniprogram_api.model.outcome import No

AT_ONCE, A_DAY, REQUEST_DAYS = 500, 2000, 7


@dataclass
class Request:
    """Points that `asked_by` wants added, or taken where negative."""

    number: int
    member: int
    points: int
    asked_by: int
    asked_at: int
    decision: str | None = None
    decided_by: int = 0


@dataclass
class Requests:
    """`interests`: whose member account a person of the staff has an interest in."""

    interests: dict[int, int]
    asked: dict[int, Request] = field(default_factory=dict)

    def check_ask(self, by: int, member: int, points: int, now: int) -> None:
        if self.interests.get(by) == member:
            raise No("not_allowed", why="conflict_of_interest")
        if points == 0:
            raise No("invalid_fields", fields=[{"field": "points", "reason": "zero"}])
        if abs(points) > AT_ONCE:
            raise No("not_allowed", why="adjustment_limit", points_most=AT_ONCE)
        today = sum(
            abs(request.points)
            for request in self.asked.values()
            if request.asked_by == by
            and request.asked_at >= midnight_before(now)
            and request.decision in (None, "approved")
        )
        if today + abs(points) > A_DAY:
            raise No("not_allowed", why="adjustment_day_limit", points_most=A_DAY - today)

    def check_decide(self, request: Request, by: int, decision: str, now: int) -> bool:
        """False when the same person decided the same before; raises No."""
        if (request.decision, request.decided_by) == (decision, by):
            return False
        if request.decision is not None:
            raise No("not_allowed", why="already_decided")
        if now >= request.asked_at + REQUEST_DAYS * DAY:
            raise No("not_allowed", why="request_expired")
        if decision == "withdrawn" and by != request.asked_by:
            raise No("not_allowed", why="not_your_request")
        if decision != "withdrawn" and by == request.asked_by:
            raise No("not_allowed", why="own_request")
        if decision == "approved" and request.member in (self.interests.get(by), self.interests.get(request.asked_by)):
            raise No("not_allowed", why="conflict_of_interest")
        return True
