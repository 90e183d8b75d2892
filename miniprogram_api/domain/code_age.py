"""How old a kiosk code may be when the server first sees it (contract section 1)."""

from __future__ import annotations

from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import CodeExpired
from scenes.wire.kinds import KIND_TICKET

DAY_SECONDS = 86_400


def check_age(kind: int, issued_at: int, seen_at: int, ticket_days: int, limits: Limits) -> None:
    """Raises CodeExpired. Screen codes: −30…90 s after corrected issue; tickets: their days."""
    age = seen_at - issued_at
    latest = ticket_days * DAY_SECONDS if kind == KIND_TICKET else limits.code_late_seconds
    if not -limits.code_early_seconds <= age <= latest:
        raise CodeExpired(way_on="ticket_too_old" if kind == KIND_TICKET else "ask_for_a_new_code")
