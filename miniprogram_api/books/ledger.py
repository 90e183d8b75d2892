"""The append-only ledger: acts, entries with their leaf, transfers; and lots, caps and balances that change with it.

Nothing here commits. Each function adds to the writes of a use case; a batch of any size takes one statement of each
kind, and a single act is a batch of one. Lock order: claims (acts, vouchers) → caps → stock → balances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, case, update

from miniprogram_api.books.prepared import Prepared, Writes, insert_rows
from miniprogram_api.db import BIG, Base, TryAgain
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.ledger import Transfer
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.models import Cap, Lot, MemberBalance

TABLES: dict[str, Table] = dict(Base.metadata.tables)


@dataclass(frozen=True)
class BalanceChange:
    """By how much a member's balance row changes; written only if its version is still the one that was read."""

    member_id: int
    version: int
    available: int = 0
    held: int = 0
    debt: int = 0
    reduction_grams: int = 0


def insert_new(table: str, answer: str, key: Sequence[str] | None = None) -> Prepared:
    """Insert rows and return the answer column of each; a row that meets a UNIQUE key is left out.

    With `key` only that one counts: an id that two workers drew in the same millisecond is an error, and the whole use
    case runs again with another.
    """
    into = TABLES[table]
    return Prepared(
        lambda dialect, rows: (
            insert_rows(dialect, into, rows).on_conflict_do_nothing(index_elements=key).returning(into.c[answer])
        )
    )


def insert_all(table: str) -> Prepared:
    """Insert rows that can't be there yet."""
    into = TABLES[table]
    column = next(iter(into.primary_key))
    return Prepared(lambda dialect, rows: insert_rows(dialect, into, rows).returning(column))


def number(name: str) -> Any:
    """A bind for a whole number."""
    return bindparam(name, type_=BIG)


_ACTS, _TRANSFERS = insert_new("acts", "id"), insert_all("transfers")
_ENTRIES = insert_new("entries", "id", ("caller_kind", "caller", "key"))


def claim_acts(writes: Writes, acts: list[dict[str, Any]], otherwise: type[Exception]) -> None:
    """Insert acts, each the claim on its code; `otherwise` when another act holds one of the codes."""
    writes.insert(_ACTS, acts, otherwise)


def add_entries(writes: Writes, entries: list[dict[str, Any]], otherwise: type[Exception]) -> None:
    """Insert entries; `otherwise` when a caller used its key before."""
    writes.insert(_ENTRIES, entries, otherwise)


def add_transfers(writes: Writes, entry_id: int, transfers: list[Transfer]) -> None:
    """Write the transfers of an entry in one insert."""
    add_all_transfers(writes, [(entry_id, transfers)])


def add_all_transfers(writes: Writes, moved: Sequence[tuple[int, Sequence[Transfer]]]) -> None:
    """Write the transfers of several entries, each with its id, in one insert."""
    writes.insert(_TRANSFERS, transfer_rows(moved))


def transfer_rows(moved: Sequence[tuple[int, Sequence[Transfer]]]) -> list[dict[str, Any]]:
    """The rows of the transfers of several entries, numbered from 1 in each."""
    return [
        {
            "entry_id": entry_id,
            "number": place,
            "unit": transfer.unit,
            "debit": transfer.debit.kind,
            "debit_owner": transfer.debit.owner,
            "credit": transfer.credit.kind,
            "credit_owner": transfer.credit.owner,
            "amount": transfer.amount,
        }
        for entry_id, transfers in moved
        for place, transfer in enumerate(transfers, 1)
    ]


def _use_caps(dialect: str, rows: int) -> Any:
    row = insert_rows(dialect, TABLES["caps"], rows)
    new = row.excluded
    over = (new.window_seconds > 0) & (Cap.window_start + new.window_seconds <= new.window_start)
    used = case((over, new.used), else_=Cap.used + new.used)
    return row.on_conflict_do_update(
        index_elements=[Cap.owner, Cap.name, Cap.period],
        set_={
            "used": used,
            "cap": new.cap,
            "window_start": case((over, new.window_start), else_=Cap.window_start),
            "window_seconds": new.window_seconds,
        },
        where=used <= new.cap,
    ).returning(Cap.name)


_CAPS = Prepared(_use_caps)


def use_caps(writes: Writes, uses: list[CapUse]) -> None:
    """Count what is used; TryAgain when one no longer has room, because somebody was first."""
    rows = [
        {
            "owner": use.owner,
            "name": use.name,
            "period": use.period,
            "used": use.amount,
            "cap": use.cap,
            "window_start": use.window_start,
            "window_seconds": use.window_seconds,
        }
        for use in sorted(uses, key=lambda use: use.key)
    ]
    writes.insert(_CAPS, rows, TryAgain)


def _grant_lots(dialect: str, rows: int) -> Any:
    row = insert_rows(dialect, TABLES["lots"], rows)
    return row.on_conflict_do_update(
        index_elements=[Lot.member_id, Lot.expires_on, Lot.graced],
        set_={"granted": Lot.granted + row.excluded.granted, "remaining": Lot.remaining + row.excluded.remaining},
    ).returning(Lot.member_id)


_GRANT = Prepared(_grant_lots)


def grant_lots(writes: Writes, member_id: int, lots: Sequence[LotUse], paid: Sequence[LotUse] = ()) -> None:
    """Points earned, or given back, join the member's lot of that last day; what pays a debt leaves it at once."""
    grant_all_lots(writes, [(member_id, lots, paid)])


def grant_all_lots(writes: Writes, grants: Sequence[tuple[int, Sequence[LotUse], Sequence[LotUse]]]) -> None:
    """The same for several members (id, lots, paid); what one of them gets in one lot is added up."""
    rows: dict[tuple[int, int, int], dict[str, int]] = {}
    for member_id, lots, paid in grants:
        gone = _by_lot(paid)
        for lot in lots:
            key = {"member_id": member_id, "expires_on": lot.expires_on, "graced": lot.graced}
            row = rows.setdefault((member_id, lot.expires_on, lot.graced), {**key, "granted": 0, "remaining": 0})
            row["granted"] += lot.points
            row["remaining"] += lot.points - gone.get((lot.expires_on, lot.graced), 0)
    writes.insert(_GRANT, [rows[key] for key in sorted(rows)])


def _by_lot(lots: Sequence[LotUse]) -> dict[tuple[int, int], int]:
    return {(lot.expires_on, lot.graced): lot.points for lot in lots}


_TAKE = Prepared(
    lambda dialect, rows: (
        update(Lot)
        .where(
            Lot.member_id == number("whose"),
            Lot.expires_on == number("last_day"),
            Lot.graced == number("grace"),
            Lot.remaining >= number("taken"),
        )
        .values(remaining=Lot.remaining - number("taken"))
        .returning(Lot.member_id)
    )
)


def take_lots(writes: Writes, member_id: int, lots: Sequence[LotUse]) -> None:
    """Take points out of lots; TryAgain when one holds too few by now."""
    for lot in lots:
        values = {"whose": member_id, "last_day": lot.expires_on, "grace": lot.graced, "taken": lot.points}
        writes.change(_TAKE, values, TryAgain)


_RETURN = Prepared(
    lambda dialect, rows: (
        update(Lot)
        .where(Lot.member_id == number("whose"), Lot.expires_on == number("last_day"), Lot.graced == number("grace"))
        .values(remaining=Lot.remaining + number("returned"))
        .returning(Lot.member_id)
    )
)


def return_lots(writes: Writes, member_id: int, lots: Sequence[LotUse], paid: Sequence[LotUse] = ()) -> None:
    """Points that were held go back into the lots they came from, but for those that pay a debt."""
    gone = _by_lot(paid)
    for lot in lots:
        returned = lot.points - gone.get((lot.expires_on, lot.graced), 0)
        if returned:
            values = {"whose": member_id, "last_day": lot.expires_on, "grace": lot.graced, "returned": returned}
            writes.change(_RETURN, values, AssertionError)


_LOT_MOVES = insert_all("lot_moves")


def note_lot_moves(
    writes: Writes, entry_id: int, member_id: int, taken: Sequence[LotUse], granted: Sequence[LotUse] = ()
) -> None:
    """Say which lots an entry took points out of, or put points into, where neither act nor voucher does."""
    moves = [*((lot, -lot.points) for lot in taken), *((lot, lot.points) for lot in granted)]
    writes.insert(_LOT_MOVES, [lot_move(entry_id, member_id, lot, points) for lot, points in moves])


def note_debts_paid(writes: Writes, paid: Sequence[tuple[int, int, Sequence[LotUse]]]) -> None:
    """The same for several entries (id, member, lots) whose points went into a debt at once."""
    rows = [lot_move(entry_id, member_id, lot, -lot.points) for entry_id, member_id, lots in paid for lot in lots]
    writes.insert(_LOT_MOVES, rows)


def lot_move(entry_id: int, member_id: int, lot: LotUse, points: int) -> dict[str, int]:
    """The row that says how many points an entry put into a lot, or took out of it where negative."""
    return {
        "entry_id": entry_id,
        "expires_on": lot.expires_on,
        "graced": lot.graced,
        "member_id": member_id,
        "points": points,
    }


_FREE = Prepared(
    lambda dialect, rows: (
        update(Cap)
        .where(
            Cap.owner == number("owner"),
            Cap.name == bindparam("name", type_=Cap.name.type),
            Cap.period == number("period"),
        )
        .values(used=Cap.used - number("freed"))
        .returning(Cap.owner)
    )
)


def free_cap(writes: Writes, use: CapUse) -> None:
    """Give room back that was counted before."""
    values = {"owner": use.owner, "name": use.name, "period": use.period, "freed": use.amount}
    writes.change(_FREE, values, AssertionError)


_BALANCE = Prepared(
    lambda dialect, rows: (
        update(MemberBalance)
        .where(MemberBalance.member_id == number("whose"), MemberBalance.version == number("seen"))
        .values(
            available=MemberBalance.available + number("to_available"),
            held=MemberBalance.held + number("to_held"),
            debt=MemberBalance.debt + number("to_debt"),
            reduction_grams=MemberBalance.reduction_grams + number("to_grams"),
            version=MemberBalance.version + 1,
        )
        .returning(MemberBalance.member_id)
    )
)


def change_balance(writes: Writes, change: BalanceChange) -> None:
    """Write a member's balance; TryAgain when the row has moved on since it was read."""
    values = {
        "whose": change.member_id,
        "seen": change.version,
        "to_available": change.available,
        "to_held": change.held,
        "to_debt": change.debt,
        "to_grams": change.reduction_grams,
    }
    writes.change(_BALANCE, values, TryAgain)


def _earn_balances(dialect: str, rows: int) -> Any:
    """No row is ever added here, each is there: of an insert PostgreSQL takes the rows in our order and so locks them
    in it, of an update it promises no order."""
    row = insert_rows(dialect, TABLES["member_balances"], rows)
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=[MemberBalance.member_id],
        set_={
            "available": MemberBalance.available + new.available,
            "debt": MemberBalance.debt - new.debt,  # a row with less than nothing would be refused as such
            "reduction_grams": MemberBalance.reduction_grams + new.reduction_grams,
            "version": MemberBalance.version + 1,
        },
        where=MemberBalance.version == new.version,
    ).returning(MemberBalance.member_id)


_EARN = Prepared(_earn_balances)


def earn_balances(writes: Writes, changes: Sequence[BalanceChange]) -> None:
    """Write what several members have earned; TryAgain when one of the rows has moved on since it was read."""
    rows = [
        {
            "member_id": change.member_id,
            "available": change.available,
            "held": 0,
            "debt": -change.debt,
            "reduction_grams": change.reduction_grams,
            "version": change.version,
        }
        for change in sorted(changes, key=lambda change: change.member_id)
    ]
    writes.insert(_EARN, rows, TryAgain)
