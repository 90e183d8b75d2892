"""What a merchant's till may confirm: the place it stands at, and how many points its people may give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.books.directory import Directory
from miniprogram_api.domain.awards import CLERK_DAY, DESK_HOUR, HOUR_SECONDS, CapUse
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import MerchantSuspended, NotAllowed
from miniprogram_api.domain.rules import KioskStanding
from miniprogram_api.models import Merchant
from miniprogram_api.services.what_was_read import Reader

TILL = 0  # no kiosk has this number
# Read by somebody who stands there; or the committee's sign-in, with a record of its own.
TILL_PROOFS = frozenset({"ST", "VC"})


@dataclass(frozen=True)
class Till:
    """A merchant's till at its place, with somebody signed in."""

    merchant_id: int
    person_id: int
    venue_id: str
    directory: Directory
    limits: Limits

    def place_at(self, moment: int) -> KioskStanding:
        """The place as its version of that Unix second has it. Its ceiling counts for each desk alone."""
        standing = venue_standing(self.directory, self.venue_id, moment)
        if standing is None:
            raise NotAllowed(why="no_till")
        profile = {name: value for name, value in standing.profile.items() if name != "ceilings"}
        return replace(standing, number=TILL, name="", state="active", offset_seconds=0, profile=profile)

    def ceilings_at(self, moment: int) -> tuple[CapUse, ...]:
        """Points that this person may give in a day, and this desk in an hour."""
        person = CapUse(self.person_id, CLERK_DAY, day_number(moment), self.limits.clerk_points_a_day, "points")
        standing = venue_standing(self.directory, self.venue_id, moment)
        hourly: int | None = standing.profile.get("ceilings", {}).get("points_per_hour") if standing else None
        if hourly is None:
            return (person,)
        return (person, CapUse(self.merchant_id, DESK_HOUR, moment // HOUR_SECONDS, hourly, "points"))

    @property
    def reader(self) -> Reader:
        return Reader(self.place_at, merchant_id=self.merchant_id, proofs=TILL_PROOFS, ceilings_at=self.ceilings_at)

    def offers(self, moment: int) -> dict[int, dict[str, Any]]:
        """What the place offers that a till may confirm, by scene number."""
        found = self.place_at(moment).profile["scenes"]
        return {int(number): offer for number, offer in found.items() if not TILL_PROOFS.isdisjoint(offer["proofs"])}


def venue_standing(directory: Directory, venue_id: str, moment: int) -> KioskStanding | None:
    """A place as any of its kiosks stands there; a place without one has no profile that could be in force."""
    return next((kiosk for kiosk in directory.kiosks(moment) if kiosk.venue_id == venue_id), None)


def till_of(session: Session, merchant_id: int, person_id: int, directory: Directory, limits: Limits) -> Till | None:
    """None for a merchant that confirms nothing. Raises MerchantSuspended."""
    row = session.execute(select(Merchant.state, Merchant.venue_id).where(Merchant.id == merchant_id)).one()
    session.rollback()
    if row.state != "active":
        raise MerchantSuspended
    if row.venue_id is None:
        return None
    return Till(merchant_id, person_id, row.venue_id, directory, limits)


def needs_record(offer: dict[str, Any]) -> bool:
    """Whether the committee has to say what it stands on, because nothing else proves it."""
    return "VC" in offer["proofs"] and "ST" not in offer["proofs"]
