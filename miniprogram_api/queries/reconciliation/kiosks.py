"""What all acts of a kiosk used of its limits: points an hour, people per group code, seats per boarding window."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select

from miniprogram_api.domain.awards import HOUR_SECONDS
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import Act, Cap, Kiosk, Review, Venue
from miniprogram_api.queries.reconciliation.limits import Bounds, limit_differences
from miniprogram_api.queries.reconciliation.rows import by_owner, rows_of
from scenes.wire.kinds import KIND_GROUP

# A scan waits for its turn and may be booked after one that was seen a little later than itself.
TURN_SECONDS = 60

OF_A_KIOSK = or_(*(Cap.name.like(name) for name in ("kiosk:%", "code:%", "seats:%")))
# An act that waited and was accepted takes no seat any more; where a person accepted it, no ceiling either.
_ACCEPTED = exists().where(Review.resolved_act_id == Act.id, Review.decision == "accepted")
_hour = (Act.occurred_at // HOUR_SECONDS).label("hour")
_HOURS = (
    select(Act.kiosk_id, _hour, func.sum(Act.points).label("points"))
    .where(Act.state == "credited", Act.points > 0, ~_ACCEPTED.where(Review.decided_by.is_not(None)))
    .group_by(Act.kiosk_id, _hour)
    .order_by(Act.kiosk_id)
)
_BOARDED = (Act.kind == KIND_GROUP, Act.state != "pending", ~_ACCEPTED)
_CODES = (
    select(Act.kiosk_id, Act.epoch, Act.counter, func.count().label("people"))
    .where(*_BOARDED)
    .group_by(Act.kiosk_id, Act.epoch, Act.counter)
    .order_by(Act.kiosk_id)
)
_CAPS = (
    select(Cap.owner, Cap.name, Cap.period, Cap.used, Cap.window_start, Cap.window_seconds)
    .where(OF_A_KIOSK)
    .order_by(Cap.owner)
)
_PROFILES = select(Kiosk.id, Venue.profile).join(Venue, Venue.id == Kiosk.venue_id).order_by(Kiosk.id)
_LATEST = (
    select(Act.kiosk_id, Act.scene, func.max(Act.recorded_at).label("recorded_at"))
    .where(*_BOARDED)
    .group_by(Act.kiosk_id, Act.scene)
    .order_by(Act.kiosk_id)
)


def kiosk_differences(connection: Connection) -> Iterator[Difference]:
    """Limits of every kiosk, as its venue's profile has them now: a ceiling that came later is counted from then."""
    streams = (rows_of(connection, statement) for statement in (_PROFILES, _CAPS, _HOURS, _CODES, _LATEST))
    for owner, (profiles, caps, hours, codes, latest) in by_owner(*streams):
        profile = json.loads(profiles[0].profile) if profiles else {}
        ceiling = profile.get("ceilings", {}).get("points_per_hour") is not None
        group = profile.get("group") is not None
        bounds = _points(hours, ceiling) | _people(codes, group)
        for cap in caps:
            if cap.name.startswith("seats:"):
                bounds[cap.name, cap.period] = _seats(connection, owner, cap)
        for row in latest:  # a window stands wherever somebody boarded
            bounds.setdefault((f"seats:{row.scene}", 0), (int(group), 1))
        yield from limit_differences(owner, caps, bounds)


def _points(hours: Sequence[Any], ceiling: bool) -> Bounds:
    return {("kiosk:hour", row.hour): (int(row.points) if ceiling else 0, int(row.points)) for row in hours}


def _people(codes: Sequence[Any], group: bool) -> Bounds:
    return {(f"code:{row.epoch}:{row.counter}", 0): (row.people if group else 0, row.people) for row in codes}


def _seats(connection: Connection, kiosk: int, cap: Any) -> tuple[int, int]:
    """The last boarding window only: earlier ones are overwritten by the next."""
    end = cap.window_start + cap.window_seconds
    counted = select(func.count()).where(
        *_BOARDED, Act.kiosk_id == kiosk, Act.scene == _number(cap.name), Act.recorded_at < end
    )
    least = connection.scalar(counted.where(Act.recorded_at >= cap.window_start)) or 0
    most = connection.scalar(counted.where(Act.recorded_at >= cap.window_start - TURN_SECONDS)) or 0
    return least, most


def _number(name: str) -> int:
    number = name.partition(":")[2]
    return int(number) if number.isdecimal() else -1
