"""Entries read again: transfers and leaf of each are made anew from the act or voucher it names, and compared.

The leaf is rebuilt byte for byte with the stored salts, so one comparison says that it is canonical, that it shows
what was booked and that each commitment opens. A forgotten member's commitment can't be opened any more and stays
as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from miniprogram_api.books.entries import Concerns, leaf_of
from miniprogram_api.books.evidence import leaf_body
from miniprogram_api.domain.ledger import Transfer
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import (
    Act,
    Adjustment,
    Approval,
    DeskAct,
    DeskUndo,
    Entry,
    Member,
    Redemption,
    RedemptionUndo,
    Reversal,
    Review,
    RuleVersion,
    TransferRow,
    Voucher,
)
from miniprogram_api.services.booked_entries import Booked, booked_again

__all__ = ["Difference", "entries_to_walk", "entry_differences"]

ROWS_AT_ONCE = 1000


def _named(prefix: str, columns: Any) -> list[Any]:
    """Each column under the name of what it belongs to."""
    return [column.label(f"{prefix}_{'key' if column.name == 'id' else column.name}_") for column in columns]


_undone = (
    select(RedemptionUndo.entry_id, RedemptionUndo.person_id, RedemptionUndo.undone_at, Redemption.voucher_id)
    .join(Redemption, Redemption.id == RedemptionUndo.redemption_id)
    .subquery()
)
_ruled = (RuleVersion.scene, RuleVersion.version, RuleVersion.factors, RuleVersion.created_at, RuleVersion.asked_by)
_adjusted = (
    select(
        Approval.booked_entry_id,
        Approval.decided_at,
        Approval.decided_by,
        *(column.label(f"adjustment_{column.name}") for column in Adjustment.__table__.columns),
    )
    .join(Adjustment, Adjustment.id == Approval.subject_id)
    .where(Approval.subject == "adjustment")
    .subquery()
)
_asked = aliased(Adjustment)
_desked = select(DeskAct.reading_id, DeskUndo.person_id).join(DeskUndo, DeskUndo.desk_act_id == DeskAct.id).subquery()
_waited, _resolved = aliased(Act), aliased(Act)
_reviewed = (
    select(Review.act_id, _waited.scene, func.coalesce(_resolved.points, 0).label("points"))
    .join(_waited, _waited.id == Review.act_id)
    .outerjoin(_resolved, _resolved.id == Review.resolved_act_id)
    .subquery()
)
_ENTRIES = (
    select(
        *Entry.__table__.columns,
        Member.salt_key,
        *_named("act", Act.__table__.columns),
        *_named("voucher", Voucher.__table__.columns),
        *_named("redemption", Redemption.__table__.columns),
        *_named("undo", _undone.columns),
        *_named("ruled", _ruled),
        *_named("reversal", Reversal.__table__.columns),
        *_named("approval", Approval.__table__.columns),
        *_named("review", Review.__table__.columns),
        _reviewed.c.scene.label("reviewed_scene_"),
        _reviewed.c.points.label("reviewed_points_"),
        _asked.points.label("asked_points_"),
        _desked.c.person_id.label("desked_person_id_"),
        _adjusted.c.decided_at.label("adjusted_decided_at_"),
        _adjusted.c.decided_by.label("adjusted_decided_by_"),
        _adjusted.c.adjustment_id.label("adjustment_key_"),
        _adjusted.c.adjustment_member_id.label("adjustment_member_id_"),
        _adjusted.c.adjustment_points.label("adjustment_points_"),
    )
    .outerjoin(Member, Member.id == Entry.member_id)
    .outerjoin(Act, Act.id == Entry.act_id)
    .outerjoin(Voucher, Voucher.id == Entry.voucher_id)
    .outerjoin(Redemption, and_(Redemption.voucher_id == Entry.voucher_id, Redemption.entry_id == Entry.id))
    .outerjoin(_undone, and_(_undone.c.voucher_id == Entry.voucher_id, _undone.c.entry_id == Entry.id))
    .outerjoin(RuleVersion, RuleVersion.entry_id == Entry.id)
    .outerjoin(Reversal, Reversal.entry_id == Entry.id)
    .outerjoin(_desked, and_(Reversal.person_id.is_(None), Act.kiosk_id == 0, _desked.c.reading_id == Act.claimant))
    .outerjoin(Approval, Approval.entry_id == Entry.id)
    .outerjoin(Review, and_(Review.resolved_act_id == Entry.act_id, Review.decision == "accepted"))
    .outerjoin(_reviewed, and_(Approval.subject == "review", _reviewed.c.act_id == Approval.subject_id))
    .outerjoin(_asked, and_(Approval.subject == "adjustment", _asked.id == Approval.subject_id))
    .outerjoin(_adjusted, _adjusted.c.booked_entry_id == Entry.id)
    .order_by(Entry.id)
)
_TRANSFERS = select(*TransferRow.__table__.columns).order_by(TransferRow.entry_id, TransferRow.number)


def entries_to_walk(connection: Connection) -> int:
    """How many entries `entry_differences` will step over."""
    return int(connection.scalar(select(func.count()).select_from(Entry)) or 0)


def entry_differences(connection: Connection, step: Callable[[int], None]) -> Iterator[Difference]:
    """Every entry whose fields, transfers or leaf differ; `step` is called after each. Reads only."""
    transfers = _rows(connection, _TRANSFERS)
    waiting = next(transfers, None)
    for entry in _rows(connection, _ENTRIES):
        mine = []
        while waiting is not None and waiting.entry_id <= entry.id:
            if waiting.entry_id < entry.id:
                yield _without_entry(waiting)
            else:
                mine.append(waiting)
            waiting = next(transfers, None)
        try:
            yield from _differences(entry, mine)
        except (OverflowError, ValueError, OSError):  # datetime refuses what no calendar has
            yield Difference(f"entries {entry.id}", "time", "impossible", "a calendar day")
        step(1)
    while waiting is not None:
        yield _without_entry(waiting)
        waiting = next(transfers, None)


def _rows(connection: Connection, statement: Any) -> Iterator[Any]:
    with connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        yield from rows


def _without_entry(transfer: Any) -> Difference:
    return Difference(f"transfers {transfer.entry_id}/{transfer.number}", "entry", None, transfer.entry_id)


def _differences(entry: Any, transfers: list[Any]) -> Iterator[Difference]:
    row, booked = f"entries {entry.id}", booked_again(entry, transfers)
    if booked is None:
        yield Difference(row, f"act or voucher behind its kind {entry.kind}", None, "one that names it")
        return
    for field, expected in booked.fields.items():
        stored = getattr(entry, field)
        if stored != expected:
            yield Difference(row, field, stored, expected)
    yield from _of_transfers(entry.id, transfers, booked.transfers)
    yield from _of_leaf(row, bytes(entry.leaf), _leaf_again(entry, booked))


def _of_transfers(entry_id: int, stored: list[Any], expected: list[Transfer]) -> Iterator[Difference]:
    """Numbered from 1, each exactly as it was made."""
    by_number = {row.number: _stored(row) for row in stored}
    again = {number: _made(transfer) for number, transfer in enumerate(expected, 1)}
    for number in sorted({*by_number, *again}):
        if by_number.get(number) != again.get(number):
            moved = again.get(number, "no such transfer")
            yield Difference(f"transfers {entry_id}/{number}", "what it moves", by_number.get(number), moved)


def _stored(row: Any) -> str:
    return _words(row.amount, row.unit, row.debit, row.debit_owner, row.credit, row.credit_owner)


def _made(transfer: Transfer) -> str:
    debit, credit = transfer.debit, transfer.credit
    return _words(transfer.amount, transfer.unit, debit.kind, debit.owner, credit.kind, credit.owner)


def _words(amount: int, unit: str, debit: str, debit_owner: int, credit: str, credit_owner: int) -> str:
    return f"{amount} {unit} from {debit} {debit_owner:x} to {credit} {credit_owner:x}"


def _leaf_again(entry: Any, booked: Booked) -> dict[str, Any]:
    """The fields of the leaf as they must be."""
    fields, salt_key = booked.fields, bytes(entry.salt_key or b"")
    moment = entry.occurred_at if fields["occurred_at"] is None else fields["occurred_at"]
    concerns = Concerns(moment, fields["member_id"], salt_key, booked.kiosk, fields["merchant_id"])
    again: dict[str, Any] = json.loads(leaf_of(entry.id, entry.kind, concerns, bytes(entry.salt), booked.shown))
    if entry.salt_key is None and entry.member_id is not None:
        again["member"] = _read(bytes(entry.leaf)).get("member")
    return again


def _of_leaf(row: str, stored: bytes, expected: dict[str, Any]) -> Iterator[Difference]:
    """The same bytes; else the fields that differ, else the way they are written."""
    if stored == leaf_body(expected):
        return
    read = _read(stored)
    names = [name for name in sorted({*read, *expected}) if read.get(name) != expected.get(name)]
    for name in names:
        yield Difference(row, f"leaf's {name}", read.get(name), expected.get(name, "absent"))
    if not names:
        yield Difference(row, "leaf", "written otherwise", "canonical JSON")


def _read(leaf: bytes) -> dict[str, Any]:
    try:
        read = json.loads(leaf)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
