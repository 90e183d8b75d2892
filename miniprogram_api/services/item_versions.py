"""An item changes by versions: somebody asks, a second person decides where it costs, and from its start it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.items import add_item, add_item_version
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id, transaction, use_case
from miniprogram_api.domain.changes import Change
from miniprogram_api.domain.items import ItemTerms, is_pause, item_changes, version_needs_second_person
from miniprogram_api.domain.refusals import InvalidFields, NotAllowed, NotFound
from miniprogram_api.domain.versions import (
    LEAD_SECONDS,
    Version,
    check_none_waits,
    check_start,
    in_force,
    next_number,
    put_aside,
    replaced,
    versions_of,
)
from miniprogram_api.models import Approval, Item, ItemVersion, Merchant
from miniprogram_api.models.items import item_versions
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN, payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.items import name_is_taken
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone

AT_ONCE = 0  # as soon as it is decided
TERMS = tuple(field.name for field in fields(ItemTerms))
ACTS = {
    APPROVED: "item_version_approved",
    REJECTED: "item_version_rejected",
    WITHDRAWN: "item_version_withdrawn",
}


@dataclass(frozen=True)
class Draft:
    """What an item is to be from `starts_at` on (Unix seconds; None: as soon as it is decided), and why."""

    terms: ItemTerms
    starts_at: int | None
    reason: str

    def check_start(self, now: int) -> None:
        if self.starts_at is not None:
            check_start(self.starts_at, now)


@dataclass(frozen=True)
class Preview:
    """What a draft would change, and whether a second person has to agree; `aside`: planned versions that would never
    be in force then."""

    changes: list[Change]
    second_person: bool
    aside: list[Version]


def payload_of_version(row: Any) -> bytes:
    """SHA-256 of what a version says, of which item, from when."""
    terms = {name: getattr(row, name) for name in TERMS}
    return payload_of({"item": public_id(row.item_id), "version": row.version, "starts_at": row.starts_at, **terms})


@use_case
def propose_item(session: Session, merchant_id: int, draft: Draft, by: int, clock: Clock) -> int:
    """A new item, offered once a second person agrees; answers its id.

    Raises NotFound, NotAllowed (why: name_taken, start_passed).
    """
    number, now = new_id(), clock.now()
    draft.check_start(now)
    with transaction(session) as connection:
        if connection.execute(select(Merchant.id).where(Merchant.id == merchant_id)).scalar() is None:
            raise NotFound
        if name_is_taken(connection, merchant_id, draft.terms.name_zh):
            raise NotAllowed(why="name_taken")
        add_item(connection, number, merchant_id)
        _add_version(connection, number, 1, draft, by, now)
        _record(connection, by, "item_proposed", number, {"version": 1}, now)
    return number


@use_case
def ask_for_version(session: Session, item_id: int, draft: Draft, by: int, clock: Clock) -> int:
    """The next version, decided at once where nobody else has to agree; answers its number.

    Raises NotFound, InvalidFields (nothing changes), NotAllowed (why: version_waiting, start_passed).
    """
    now = clock.now()
    draft.check_start(now)
    with transaction(session) as connection:
        before = _locked(connection, item_id)
        alone = not _examined(before, draft, now).second_person
        number = next_number([version for version, _ in before])
        row = _add_version(connection, item_id, number, draft, by, now)
        _record(connection, by, "item_version_asked", item_id, {"version": number}, now)
        if alone:
            settle_alone(connection, _asked(row, now), now)
    return number


def preview_version(session: Session, item_id: int, draft: Draft, clock: Clock) -> Preview:
    """What asking would do; writes nothing and raises the same."""
    now = clock.now()
    draft.check_start(now)
    try:
        return _examined(_known(session.connection(), item_id), draft, now)
    finally:
        session.rollback()


@use_case
def decide_version(session: Session, item_id: int, version: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw a version that waits.

    Raises NotFound, NotAllowed (why: version_overtaken) and the refusals of `settle`.
    """
    now = clock.now()
    with transaction(session) as connection:
        before = _locked(connection, item_id)
        row = _row_of(before, version)
        if verdict.decision == APPROVED and row.decision is None:
            _check_not_overtaken([one for one, _ in before], version)
        if settle(connection, _asked(row, now), verdict, now):
            detail = {"version": version, "reason": verdict.reason}
            _record(connection, verdict.by, ACTS[verdict.decision], item_id, detail, now)


Known = Sequence[tuple[Version, Any]]


def _locked(connection: Connection, item_id: int) -> Known:
    # One after the other: each is compared with the version that it takes the place of. Exchanges go on meanwhile.
    connection.execute(select(Item.id).where(Item.id == item_id).with_for_update(key_share=True))
    return _known(connection, item_id)


def _known(connection: Connection, item_id: int) -> Known:
    """Every version of the item with its row. Raises NotFound."""
    columns = (*ItemVersion.__table__.columns, Approval.decision, Approval.decided_by)
    rows = connection.execute(item_versions(*columns).where(ItemVersion.item_id == item_id)).all()
    if not rows:
        raise NotFound
    return list(zip(versions_of(rows), rows, strict=True))


def _examined(before: Known, draft: Draft, now: int) -> Preview:
    """What the draft changes of what is in force when it starts, or of what was asked for last. Raises NotAllowed."""
    versions = [version for version, _ in before]
    terms = {version.version: _terms_of(row) for version, row in before}
    replaces = _replaced(versions, max(now, draft.starts_at or now), now)
    shown = terms[replaces[-1].version] if replaces else None
    if not is_pause(shown, draft.terms):
        check_none_waits(versions)
    changes = item_changes(shown, draft.terms)
    if not changes:
        raise InvalidFields(fields=[{"field": "document", "reason": "unchanged"}])
    second = version_needs_second_person([terms[one.version] for one in replaces], draft.terms)
    return Preview(changes, second, put_aside(versions, draft.starts_at or now))


def _replaced(versions: Sequence[Version], starts_at: int, now: int) -> list[Version]:
    """What is in force now, and what would be when the draft starts: last."""
    found = (in_force(versions, now), replaced(versions, next_number(versions), starts_at))
    return [one for one in found if one is not None]


def _terms_of(row: Any) -> ItemTerms:
    return ItemTerms(**{name: getattr(row, name) for name in TERMS})


def _add_version(connection: Connection, item_id: int, number: int, draft: Draft, by: int, now: int) -> Any:
    """Writes it and answers its row."""
    starts_at = AT_ONCE if draft.starts_at is None else draft.starts_at
    add_item_version(
        connection, item_id, number, draft.terms, starts_at, reason=draft.reason, asked_by=by, created_at=now
    )
    mine = select(ItemVersion.__table__).where(ItemVersion.item_id == item_id, ItemVersion.version == number)
    return connection.execute(mine).one()


def _row_of(before: Known, number: int) -> Any:
    """The row of that version. Raises NotFound."""
    for version, row in before:
        if version.version == number:
            return row
    raise NotFound


def _check_not_overtaken(versions: Sequence[Version], number: int) -> None:
    if any(one.counts and one.version > number for one in versions):
        raise NotAllowed(why="version_overtaken")


def _asked(row: Any, now: int) -> AskedVersion:
    """A version without a start of its own is never too late."""
    starts_at, payload = row.starts_at or now + LEAD_SECONDS, payload_of_version(row)
    return asked_version("item", row.item_id, row._mapping, payload, starts_at)


def _record(connection: Connection, by: int, act: str, item_id: int, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"item:{public_id(item_id)}", detail, now)
