"""A place that was not there: it opens empty, and what it is to offer is its first change, by the steps of all changes.

So nothing can be earned there before its start, and nothing at all before a second person has agreed where more can be
earned than at an empty place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.venue_changes import empty_place, venue_changes
from miniprogram_api.domain.versions import next_number
from miniprogram_api.models import Venue
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.rule_documents import invalid
from miniprogram_api.services.venue_drafts import FIRST, VenueDraft, checked_document
from miniprogram_api.services.venue_versions import ask_for
from miniprogram_api.services.version_drafts import Wanted


@dataclass(frozen=True)
class NewPlace:
    """What a place is for ever; `map_x` and `map_y` are thousandths of the schematic map."""

    id: str
    side: str
    map_x: int
    map_y: int


def preview_venue(session: Session, place: NewPlace, wanted: Wanted, clock: Clock) -> VenueDraft:
    """What opening it would do; nothing is written."""
    return _draft(session.connection(), place, wanted, clock.now())


@use_case
def propose_venue(session: Session, place: NewPlace, wanted: Wanted, by: int, clock: Clock) -> int:
    """Open a place and ask for what it is to offer; answers the number of that version.

    Raises InvalidFields, NotAllowed (why: start_passed).
    """
    with transaction(session) as connection:
        now = clock.now()
        draft = _draft(connection, place, wanted, now)
        try:
            connection.execute(insert(Venue).values(**_row(place, draft.document)))
        except IntegrityError as error:
            raise TryAgain from error  # somebody opened a place of this id a moment ago
        record_act(connection, actor_of(by), "venue_opened", f"venue:{place.id}", {}, now)
        ask_for(connection, place.id, draft, wanted.reason, by, now)
    return draft.version


def _draft(connection: Connection, place: NewPlace, wanted: Wanted, now: int) -> VenueDraft:
    if wanted.document is None:
        raise invalid("document", "missing")
    if connection.execute(select(Venue.id).where(Venue.id == place.id)).scalar() is not None:
        raise invalid("id", "taken")
    starts_at = wanted.start(now)
    document = checked_document(connection, wanted.document)
    changes = venue_changes(empty_place(document), document)
    return VenueDraft(next_number([FIRST]), starts_at, wanted.starts_at is not None, changes, [], document)


def _row(place: NewPlace, document: dict[str, Any]) -> dict[str, Any]:
    empty = empty_place(document)
    profile = json.dumps(empty.pop("profile"), ensure_ascii=False)
    return {"id": place.id, "side": place.side, "map_x": place.map_x, "map_y": place.map_y, **empty, "profile": profile}
