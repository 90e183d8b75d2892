"""The last entries of a member who is forgotten, in the caller's transaction: vouchers come back, acts that wait are
refused, and the points end, so that the books balance and nothing of value is left on a row that nobody owns."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import Standing
from miniprogram_api.books.ledger import lot_move, transfer_rows
from miniprogram_api.books.prepared import INSERT
from miniprogram_api.books.standings import standing_of
from miniprogram_api.db import TryAgain, public_id
from miniprogram_api.domain.calendar import island_day, yyyymmdd
from miniprogram_api.domain.forgetting import CODE, GivenBack, LastPoints, last_points
from miniprogram_api.domain.ledger import Transfer, expiry, release
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.domain.reviews import REFUSED
from miniprogram_api.models import (
    Act,
    Cap,
    Entry,
    ItemVersion,
    Lot,
    LotMove,
    MemberBalance,
    Review,
    Stock,
    TransferRow,
    Voucher,
    VoucherLot,
)
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.refunds import end_entry
from miniprogram_api.services.review_writes import SYSTEM, Verdict, audit_detail, review_rows
from miniprogram_api.services.vouchers import limit_name

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class LastEntries:
    """How much ended: points, vouchers given back, acts refused; and the debt that stays."""

    points: int
    vouchers: int
    acts: int
    debt: int


def close_books(connection: Connection, member_id: int, limits: Limits, now: int) -> LastEntries:
    """Raises TryAgain when the member's books moved while they were read."""
    found = standing_of(connection, member_id)
    assert found is not None, "who is forgotten has books"
    member, lots = found
    vouchers = _issued(connection, member)
    today = island_day(now)
    held = _held(connection, [voucher["id"] for voucher in vouchers])
    grace_day = yyyymmdd(today + timedelta(days=limits.grace_days))
    uses = [(voucher["id"], held[voucher["id"]]) for voucher in vouchers]
    last = last_points(member.debt, lots, uses, yyyymmdd(today), grace_day)
    acts = _refuse_acts(connection, member_id, now)
    _end_vouchers(connection, vouchers, now)
    _free_limits(connection, member_id, vouchers)
    _put_back(connection, vouchers)
    _book(connection, member, vouchers, last, now)
    _empty_lots(connection, member_id, last.granted)
    _end_balance(connection, member, last)
    return LastEntries(last.ends, len(vouchers), acts, last.debt)


def _issued(connection: Connection, member: Standing) -> Rows:
    rows = connection.execute(
        select(*Voucher.__table__.columns, ItemVersion.limit_per_person)
        .join(ItemVersion, of_voucher())
        .where(Voucher.member_id == member.member_id, Voucher.state == "issued")
        .order_by(Voucher.id)
    ).mappings()
    return [{**row, "salt_key": member.salt_key} for row in rows]


def _held(connection: Connection, vouchers: list[int]) -> defaultdict[int, list[LotUse]]:
    held: defaultdict[int, list[LotUse]] = defaultdict(list)
    columns = (VoucherLot.voucher_id, VoucherLot.expires_on, VoucherLot.graced, VoucherLot.points)
    for voucher_id, *lot in connection.execute(select(*columns).where(VoucherLot.voucher_id.in_(vouchers))):
        held[voucher_id].append(LotUse(*lot))
    return held


def _refuse_acts(connection: Connection, member_id: int, now: int) -> int:
    """What waits is never decided by anybody else any more."""
    waiting = (Act.member_id == member_id, Act.state == "pending", Review.act_id.is_(None))
    acts = connection.execute(
        select(*Act.__table__.columns).outerjoin(Review, Review.act_id == Act.id).where(*waiting).order_by(Act.id)
    ).mappings()
    verdicts = [Verdict(dict(act), REFUSED, code=CODE) for act in acts]
    rows = [row for verdict in verdicts for row in review_rows(verdict, now)]
    _insert(connection, Review, rows)
    for verdict in verdicts:
        act = f"act:{public_id(verdict.act['id'])}"
        record_act(connection, SYSTEM, f"review_{verdict.decision}", act, audit_detail(verdict), now)
    return len(verdicts)


def _end_vouchers(connection: Connection, vouchers: Rows, now: int) -> None:
    """Redeemed a moment ago, it is no longer ours to give back."""
    for voucher in vouchers:
        mine = (Voucher.id == voucher["id"], Voucher.state == "issued")
        ended = update(Voucher).where(*mine).values(state=_end_of(voucher, now), ended_at=now)
        if connection.execute(ended).rowcount != 1:
            raise TryAgain


def _end_of(voucher: dict[str, Any], now: int) -> str:
    return "cancelled" if now < voucher["expires_at"] else "expired"


def _free_limits(connection: Connection, member_id: int, vouchers: Rows) -> None:
    pieces: Counter[str] = Counter()
    for voucher in vouchers:
        if voucher["limit_per_person"] is not None:
            pieces[limit_name(voucher["item_id"])] += voucher["quantity"]
    for name in sorted(pieces):
        mine = (Cap.owner == member_id, Cap.name == name, Cap.period == 0)
        connection.execute(update(Cap).where(*mine).values(used=Cap.used - pieces[name]))


def _put_back(connection: Connection, vouchers: Rows) -> None:
    pieces: Counter[int] = Counter()
    for voucher in vouchers:
        pieces[voucher["item_id"]] += voucher["quantity"]
    for item in sorted(pieces):
        connection.execute(update(Stock).where(Stock.item_id == item).values(remaining=Stock.remaining + pieces[item]))


def _book(connection: Connection, member: Standing, vouchers: Rows, last: LastPoints, now: int) -> None:
    entries, moved, lot_moves = [], [], []
    for voucher, back in zip(vouchers, last.given_back, strict=True):
        entry = _voucher_entry(voucher, member.member_id, now)
        entries.append(entry)
        moved.append((entry["id"], _released(member.member_id, back)))
        lot_moves += [lot_move(entry["id"], member.member_id, lot, -lot.points) for lot in back.debt.paid]
    if last.ends:
        concerns = Concerns(now, member.member_id, member.salt_key)
        entry = entry_row("expire", Caller("system", 0), concerns, now, {"points": last.ends})
        entries.append(entry)
        moved.append((entry["id"], expiry(member.member_id, last.ends)))
    _insert(connection, Entry, entries)
    _insert(connection, TransferRow, transfer_rows(moved))
    _insert(connection, LotMove, lot_moves)


def _voucher_entry(voucher: dict[str, Any], member_id: int, now: int) -> dict[str, Any]:
    state = _end_of(voucher, now)
    caller = Caller("member", member_id) if state == "cancelled" else Caller("system", 0)
    return end_entry(voucher, state, caller, now)


def _released(member_id: int, back: GivenBack) -> list[Transfer]:
    return release(member_id, back.refund.points, back.refund.lost, back.debt.points)


def _empty_lots(connection: Connection, member_id: int, granted: tuple[LotUse, ...]) -> None:
    for lot in granted:
        row = INSERT[connection.dialect.name](Lot).values(
            member_id=member_id, expires_on=lot.expires_on, graced=lot.graced, granted=lot.points, remaining=0
        )
        key = [Lot.member_id, Lot.expires_on, Lot.graced]
        connection.execute(
            row.on_conflict_do_update(index_elements=key, set_={"granted": Lot.granted + row.excluded.granted})
        )
    connection.execute(update(Lot).where(Lot.member_id == member_id, Lot.remaining > 0).values(remaining=0))


def _end_balance(connection: Connection, member: Standing, last: LastPoints) -> None:
    """Last, as always: its version says whether anything moved since it was read."""
    mine = (MemberBalance.member_id == member.member_id, MemberBalance.version == member.version)
    values = {"available": 0, "held": 0, "debt": last.debt, "version": MemberBalance.version + 1}
    if connection.execute(update(MemberBalance).where(*mine).values(values)).rowcount != 1:
        raise TryAgain


def _insert(connection: Connection, table: Any, rows: Rows) -> None:
    if not rows:
        return
    try:
        connection.execute(insert(table), rows)
    except IntegrityError as error:
        raise TryAgain from error  # somebody decided about one of the acts a moment ago
