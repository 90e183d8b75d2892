"""What the console shows first: the island today, and what needs a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import day_begins, day_number
from miniprogram_api.domain.trails import TRAIL_HALF
from miniprogram_api.models import Act, Member, Redemption, Review, Voucher
from miniprogram_api.queries.island import sums_since
from miniprogram_api.queries.jobs import jobs_in_need
from miniprogram_api.queries.kiosks import fleet

SILENT_SECONDS = 10 * 60  # a kiosk's heartbeat comes every minute
QUEUE_LONG = 100
PENDING = literal("pending", literal_execute=True)  # as the index of pending acts says it


def today(session: Session, language: str, now: int) -> dict[str, Any]:
    """Counts since the island's midnight, every kiosk, and the list of what needs a person (`kind`, `id`, `since`)."""
    midnight = day_begins(day_number(now))
    kiosks = fleet(session, language, now)
    return {
        **_credited_since(session, midnight),
        "members": _count(session, Member.created_at >= midnight),
        "vouchers": _count(session, Voucher.created_at >= midnight),
        "redemptions": _count(session, Redemption.redeemed_at >= midnight),
        "kiosks": kiosks,
        "needs_person": [*_kiosks_in_need(kiosks, now), *_acts_in_need(session), *jobs_in_need(session, now)],
    }


def _credited_since(session: Session, midnight: int) -> dict[str, int]:
    acts_today, _ = sums_since(session, midnight, midnight)
    return dict(zip(("acts", "points", "reduction_grams"), acts_today, strict=True))


def _count(session: Session, condition: Any) -> int:
    return int(session.execute(select(func.count()).where(condition)).scalar_one())


def _kiosks_in_need(kiosks: list[dict[str, Any]], now: int) -> list[dict[str, Any]]:
    found = []
    for kiosk in kiosks:
        heard_at = kiosk["last_heartbeat_at"]
        if kiosk["state"] in ("suspended", "lost"):
            found.append(_need(f"kiosk_{kiosk['state']}", kiosk, kiosk["state_since"]))
        elif kiosk["state"] == "active" and heard_at is not None and now - heard_at > SILENT_SECONDS:
            found.append(_need("kiosk_silent", kiosk, heard_at))
        if kiosk["paper"] == "paper_out":
            found.append(_need("paper_out", kiosk, heard_at))
        if (kiosk["queue"] or 0) >= QUEUE_LONG:
            found.append(_need("queue_long", kiosk, heard_at))
    return found


def _need(kind: str, kiosk: dict[str, Any], since: int | None) -> dict[str, Any]:
    return {"kind": kind, "id": kiosk["id"], "name": kiosk["venue"], "since": since, "count": 1}


def _acts_in_need(session: Session) -> list[dict[str, Any]]:
    """Acts that wait for a person, by the reason with which they began to."""
    rows = session.execute(
        select(Act.reason, func.count(), func.min(Act.recorded_at))
        .where(Act.state == PENDING, Act.reason != TRAIL_HALF, ~exists().where(Review.act_id == Act.id))
        .group_by(Act.reason)
        .order_by(Act.reason)
    )
    return [
        {"kind": "acts_pending", "id": reason or "", "name": reason or "", "since": since, "count": int(count)}
        for reason, count, since in rows
    ]
