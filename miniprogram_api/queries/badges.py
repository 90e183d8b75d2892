"""A member's badges: what the acts that count have earned, and how far the others are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from miniprogram_api.domain.badges import BADGES, Done, Progress, progress
from miniprogram_api.models import Act, Merchant, Reading, Reversal, Review
from miniprogram_api.queries.history import Rulebook, amount_text, in_language

ISLAND = "island"


def member_badges(
    session: Session, member_id: int, rulebook: Rulebook, language: str, now: int
) -> list[dict[str, Any]]:
    """All badges, earned or not, in the order of their rules."""
    slugs = {rule.scene.number: rule.scene.slug for rule in rulebook.rules(now)}
    kiosks = {kiosk.number: kiosk for kiosk in rulebook.kiosks(now)}
    done = []
    for row in session.execute(_done(member_id)):
        kiosk = kiosks.get(row.kiosk_id)
        place = row.till_place if kiosk is None else kiosk.venue_id
        on_island = place if row.side == ISLAND else None
        done.append(Done(slugs[row.scene], on_island, int(row.acts), int(row.quantity)))
    offering = {kiosk.venue_id for kiosk in kiosks.values() if kiosk.side == ISLAND and kiosk.profile["scenes"]}
    return [_show(one, language) for one in progress(BADGES, done, len(offering))]


def _done(member_id: int) -> Select[Any]:
    """The acts that count, by scene and place, by the index of a member's acts. A till's act names the reading; where
    it waited first, the act that waited does."""
    accepted, waited = aliased(Review), aliased(Act)
    reading = case((Act.kiosk_id == 0, func.coalesce(waited.claimant, Act.claimant)))
    by = (Act.scene, Act.kiosk_id, Act.side, Merchant.venue_id)
    return (
        select(
            *by[:3],
            Merchant.venue_id.label("till_place"),
            func.count().label("acts"),
            func.sum(Act.credited_quantity).label("quantity"),
        )
        .outerjoin(accepted, and_(accepted.resolved_act_id == Act.id, accepted.decision == "accepted"))
        .outerjoin(waited, waited.id == accepted.act_id)
        .outerjoin(Reading, Reading.id == reading)
        .outerjoin(Merchant, Merchant.id == Reading.merchant_id)
        .where(Act.member_id == member_id, Act.state == "credited", ~exists().where(Reversal.act_id == Act.id))
        .group_by(*by)
    )


def _show(one: Progress, language: str) -> dict[str, Any]:
    badge = one.badge
    return {
        "id": badge.id,
        "icon": badge.icon,
        "name": in_language(badge, "name", language),
        "how": in_language(badge, "how", language),
        "done": amount_text(one.done, one.whole),
        "needed": amount_text(one.needed, one.whole),
        "unit": badge.unit,
        "earned": one.earned,
    }
