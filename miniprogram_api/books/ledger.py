"""The append-only ledger in prebuilt statements: entries with their leaf, transfers, lots, caps, balances.

Nothing here commits. A batch of any size takes one statement of each kind; a single act is a batch of one.
Lock order: claims (acts, vouchers) → caps → stock → balances, ascending by key inside each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, case, update

from miniprogram_api.books.prepared import INSERT, Prepared, rows_of
from miniprogram_api.db import Base, TryAgain
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.ledger import Transfer
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.models import Cap, Lot, MemberBalance


@dataclass(frozen=True)
class BalanceChange:
    """By how much a member's balance row changes; written only if its version is still the one that was read."""

    member_id: int
    version: int
    available: int = 0
    held: int = 0
    debt: int = 0
    reduction_grams: int = 0


_TABLES: dict[str, Table] = dict(Base.metadata.tables)


def _insert_once(table: str, answer: str) -> Prepared:
    """Insert rows and answer which were written; a row that meets a UNIQUE key is left out."""
    into = _TABLES[table]
    return Prepared(
        lambda dialect, rows: (
            INSERT[dialect](into).values(rows_of(into, rows)).on_conflict_do_nothing().returning(into.c[answer])
        )
    )


def _insert(table: str) -> Prepared:
    into = _TABLES[table]
    return Prepared(lambda dialect, rows: INSERT[dialect](into).values(rows_of(into, rows)))


_CLAIM_ACTS = _insert_once("acts", "id")
_ADD_ENTRIES = _insert_once("entries", "id")
_ADD_TRANSFERS = _insert("transfers")


def claim_acts(connection: Connection, acts: list[dict[str, Any]]) -> set[int]:
    """Insert acts; answers the ids that got their code. Another's claim on the same code leaves a row out."""
    return set(_CLAIM_ACTS.run_rows(connection, acts).scalars())


def add_entries(connection: Connection, entries: list[dict[str, Any]]) -> set[int]:
    """Insert entries; answers the ids written. One is left out when its caller used its key before."""
    return set(_ADD_ENTRIES.run_rows(connection, entries).scalars())


def add_transfers(connection: Connection, transfers: dict[int, list[Transfer]]) -> None:
    """Write the transfers of each entry, in one multi-row insert."""
    rows = [
        {
            "entry_id": entry_id,
            "number": number,
            "unit": transfer.unit,
            "debit": transfer.debit.kind,
            "debit_owner": transfer.debit.owner,
            "credit": transfer.credit.kind,
            "credit_owner": transfer.credit.owner,
            "amount": transfer.amount,
        }
        for entry_id, several in transfers.items()
        for number, transfer in enumerate(several, 1)
    ]
    if rows:
        _ADD_TRANSFERS.run_rows(connection, rows)


def _use_caps(dialect: str, rows: int) -> Any:
    row = INSERT[dialect](Cap).values(rows_of(_TABLES["caps"], rows))
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


_USE_CAPS = Prepared(_use_caps)


def use_caps(connection: Connection, uses: list[CapUse]) -> None:
    """Count what is used; raises TryAgain when one no longer has room, because somebody was first."""
    if not uses:
        return
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
    if len(_USE_CAPS.run_rows(connection, rows).all()) != len(rows):
        raise TryAgain


def _grant_lots(dialect: str, rows: int) -> Any:
    row = INSERT[dialect](Lot).values(rows_of(_TABLES["lots"], rows))
    return row.on_conflict_do_update(
        index_elements=[Lot.member_id, Lot.expires_on, Lot.graced],
        set_={"granted": Lot.granted + row.excluded.granted, "remaining": Lot.remaining + row.excluded.remaining},
    )


_GRANT_LOTS = Prepared(_grant_lots)


def grant_lots(connection: Connection, member_id: int, lots: list[LotUse]) -> None:
    """Points earned, or given back, join the member's lot of that last day."""
    rows = [
        {
            "member_id": member_id,
            "expires_on": lot.expires_on,
            "graced": lot.graced,
            "granted": lot.points,
            "remaining": lot.points,
        }
        for lot in lots
    ]
    if rows:
        _GRANT_LOTS.run_rows(connection, rows)


_TAKE_LOT = Prepared(
    lambda dialect, rows: (
        update(Lot)
        .where(
            Lot.member_id == bindparam("whose"),
            Lot.expires_on == bindparam("last_day"),
            Lot.graced == bindparam("grace"),
            Lot.remaining >= bindparam("taken"),
        )
        .values(remaining=Lot.remaining - bindparam("taken"))
        .returning(Lot.member_id)
    )
)


def take_lots(connection: Connection, member_id: int, lots: list[LotUse]) -> None:
    """Take points out of lots; raises TryAgain when one holds too few by now."""
    for lot in lots:
        values = {"whose": member_id, "last_day": lot.expires_on, "grace": lot.graced, "taken": lot.points}
        if _TAKE_LOT.run(connection, values).first() is None:
            raise TryAgain


_CHANGE_BALANCE = Prepared(
    lambda dialect, rows: (
        update(MemberBalance)
        .where(MemberBalance.member_id == bindparam("whose"), MemberBalance.version == bindparam("seen"))
        .values(
            available=MemberBalance.available + bindparam("to_available"),
            held=MemberBalance.held + bindparam("to_held"),
            debt=MemberBalance.debt + bindparam("to_debt"),
            reduction_grams=MemberBalance.reduction_grams + bindparam("to_grams"),
            version=MemberBalance.version + 1,
        )
        .returning(MemberBalance.member_id)
    )
)


def change_balance(connection: Connection, change: BalanceChange) -> None:
    """Write a member's balance; raises TryAgain when the row has moved on since it was read."""
    values = {
        "whose": change.member_id,
        "seen": change.version,
        "to_available": change.available,
        "to_held": change.held,
        "to_debt": change.debt,
        "to_grams": change.reduction_grams,
    }
    if _CHANGE_BALANCE.run(connection, values).first() is None:
        raise TryAgain
