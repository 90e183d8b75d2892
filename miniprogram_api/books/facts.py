"""What a use case must know of a member before it writes: one statement, one snapshot.

Every row of the answer has the same eight columns; the first says what it is. The member's `version` closes the gap
between reading and writing: the balance row is written only if nobody wrote it in between, else all runs again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from miniprogram_api.books.prepared import Prepared, execute_all
from miniprogram_api.db import BIG
from miniprogram_api.domain.awards import Earlier
from miniprogram_api.domain.lots import LotState
from miniprogram_api.domain.phones import Phone
from miniprogram_api.domain.vouchers import ItemOffer
from miniprogram_api.models import (
    Act,
    Cap,
    Entry,
    Item,
    ItemVersion,
    Lot,
    Member,
    MemberBalance,
    MemberSession,
    Merchant,
    PhoneMember,
    Reversal,
    Stock,
)
from miniprogram_api.models.items import version_in_force


@dataclass
class Standing:
    """A member's balance row and what stands beside it."""

    member_id: int
    kind: str
    salt_key: bytes
    available: int
    held: int
    debt: int
    reduction_grams: int
    version: int


@dataclass
class Facts:
    """`used` by cap key, `windows` a cap window's start, `acts` credited near the asked time, `claim` on the code.

    `key_used`: the member used the asked key before. It is read with the balance's version, which every act, exchange
    and cancel of a member moves on; so of two at once with one key, the second is run again and finds it used.
    """

    member: Standing | None = None
    used: dict[tuple[int, str, int], int] = field(default_factory=dict)
    windows: dict[tuple[int, str, int], int] = field(default_factory=dict)
    acts: list[tuple[int, Earlier]] = field(default_factory=list)  # (companion, act)
    lots: list[LotState] = field(default_factory=list)
    claim: tuple[int, bytes] | None = None  # kind and nonce of the first act on this counter
    far: list[int] = field(default_factory=list)  # companions credited at a place too far away to have come from
    key_used: bool = False
    phone: Phone | None = None  # that the session is on, with who earned on it in the asked periods
    offer: ItemOffer | None = None  # the asked item
    names: dict[str, str] = field(default_factory=dict)  # of the item and its merchant, by `_NAMED`

    def earlier(self, companion: int) -> list[Earlier]:
        return [act for whose, act in self.acts if whose == companion]


_NUMBERS = 6
_NAMES = 4  # caps of one owner that one act can count against
_PERIODS = (2, 36)  # a day and for ever, or a night each


@dataclass(frozen=True)
class CapsAsked:
    """Caps of one owner: every name with every period is looked for."""

    names: list[str]
    periods: list[int]

    def binds(self, prefix: str, periods: int) -> dict[str, Any]:
        """Filled up with what no cap has, so that few statements serve all lengths."""
        assert len(self.names) <= _NAMES, "an act counts against few caps of one owner"
        names = [*self.names, *[""] * (_NAMES - len(self.names))]
        days = [*self.periods, *[-1] * (periods - len(self.periods))]
        binds: dict[str, Any] = {f"{prefix}_name_{place}": name for place, name in enumerate(names)}
        return binds | {f"{prefix}_period_{place}": day for place, day in enumerate(days)}

    @property
    def size(self) -> int:
        """How many periods the statement has room for."""
        return next(size for size in _PERIODS if size >= len(self.periods))


NO_CAPS = CapsAsked([], [])


def row_of(what: str, numbers: list[Any], words: Any = None, raw: Any = None) -> Any:
    """A select whose rows have the same columns as all others: what it is, six numbers, a text, bytes."""
    filled = [*numbers, *[literal_column("0")] * (_NUMBERS - len(numbers))]
    return select(
        literal_column(f"'{what}'").label("what"),
        *[column.label(f"number_{place}") for place, column in enumerate(filled)],
        (literal_column("''") if words is None else words).label("words"),
        (cast(null(), LargeBinary) if raw is None else raw).label("raw"),
    )


def _who() -> Any:
    """The member behind a bearer token that is good now."""
    return (
        select(MemberSession.member_id)
        .where(
            MemberSession.token_hash == bindparam("token_hash", type_=LargeBinary),
            MemberSession.revoked_at.is_(None),
            MemberSession.expires_at > bindparam("now", type_=BIG),
        )
        .scalar_subquery()
    )


def _named() -> Any:
    """A member whom somebody else names: who stands at a desk without a phone."""
    return bindparam("member", type_=BIG)


def _standing(who: Any) -> Any:
    balance = MemberBalance
    numbers = [Member.id, balance.available, balance.held, balance.debt, balance.reduction_grams, balance.version]
    row = row_of("member", numbers, Member.kind, Member.salt_key)
    return row.join(balance, balance.member_id == Member.id).where(Member.id == who)


def _lots(who: Any) -> Any:
    row = row_of("lot", [Lot.member_id, Lot.expires_on, Lot.graced, Lot.remaining])
    return row.where(Lot.member_id == who, Lot.remaining > 0)


def _caps(owner: Any, prefix: str, periods: int) -> Any:
    names = [bindparam(f"{prefix}_name_{place}", type_=Cap.name.type) for place in range(_NAMES)]
    days = [bindparam(f"{prefix}_period_{place}", type_=Cap.period.type) for place in range(periods)]
    row = row_of("cap", [Cap.owner, Cap.used, Cap.period, Cap.window_start], Cap.name)
    return row.where(Cap.owner == owner, Cap.name.in_(names), Cap.period.in_(days))


def _near() -> Any:
    """Credited acts of the member around the asked time."""
    row = row_of("act", [Act.member_id, Act.scene, Act.occurred_at, Act.companion])
    return row.where(*_credited_between("near_from", "near_to"))


def _far() -> Any:
    """Credited acts around the asked time on the other side of the water."""
    row = row_of("far", [Act.member_id, Act.companion])
    other_side = Act.side == bindparam("other_side", type_=Act.side.type)
    return row.where(*_credited_between("far_from", "far_to"), other_side)


def _credited_between(earliest: str, latest: str) -> list[Any]:
    between = Act.occurred_at.between(bindparam(earliest, type_=BIG), bindparam(latest, type_=BIG))
    standing = ~exists().where(Reversal.act_id == Act.id)
    return [Act.member_id == _who(), between, Act.state == "credited", standing]


def _claim() -> Any:
    """The first act on the code's counter, whatever its nonce; twins have negative claimants."""
    kiosk, epoch, counter = (bindparam(name, type_=BIG) for name in ("kiosk", "epoch", "counter"))
    row = row_of("claim", [Act.member_id, Act.kind], raw=Act.nonce)
    first = (Act.kiosk_id == kiosk, Act.epoch == epoch, Act.counter == counter, Act.claimant >= 0)
    return select(row.where(*first).limit(1).subquery())


def _phone() -> Any:
    """The phone of the session, with each member who earned on it that day or, of guests, that month."""
    earned, session = PhoneMember, MemberSession
    periods = [bindparam(name, type_=BIG) for name in ("phone_day", "phone_month")]
    numbers = [func.coalesce(earned.period, 0), func.coalesce(earned.number, 0), func.coalesce(earned.member_id, 0)]
    row = row_of("phone", numbers, session.device).select_from(session)
    row = row.outerjoin(earned, and_(earned.phone == session.device, earned.period.in_(periods)))
    mine = session.token_hash == bindparam("token_hash", type_=LargeBinary)
    return row.where(mine, session.device.is_not(None))


def _key_of_entry(who: Any) -> Any:
    """An entry for which the member used this key; a NULL key finds nothing."""
    key = bindparam("key", type_=Entry.key.type)
    return row_of("key", [Entry.caller]).where(Entry.caller_kind == "member", Entry.caller == who, Entry.key == key)


def _key_of_pending(who: Any) -> Any:
    """An act that waits, or waited, for a person and holds this key itself."""
    key = bindparam("key", type_=Act.pending_key.type)
    return row_of("key", [Act.member_id]).where(Act.member_id == who, Act.pending_key == key)


# What a voucher's owner is shown of item and merchant.
_NAMED = {
    "name_zh": ItemVersion.name_zh,
    "name_en": ItemVersion.name_en,
    "icon": ItemVersion.icon,
    "shop_zh": Merchant.name_zh,
    "shop_en": Merchant.name_en,
}


def _offer(dialect: str) -> Any:
    """The asked item as its version in force has it, with its stock and its merchant's state. What fits no column of
    the others' rows comes as one JSON list."""
    listed = func.json_array if dialect == "sqlite" else func.json_build_array
    version = ItemVersion
    numbers = [Item.id, Item.merchant_id, version.version, version.points, version.settlement_fen, Stock.remaining]
    words = listed(Merchant.state, version.active, version.limit_per_person, *_NAMED.values())
    in_force = version_in_force(bindparam("now", type_=BIG))
    return (
        row_of("offer", numbers, cast(words, Text))
        .select_from(Item)
        .join(version, and_(version.item_id == Item.id, version.version == in_force))
        .join(Stock, Stock.item_id == Item.id)
        .join(Merchant, Merchant.id == Item.merchant_id)
        .where(Item.id == bindparam("item", type_=BIG))
    )


def _scan(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_scan(periods))


def _scan_in_a_room(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_scan(periods), _caps(bindparam("room", type_=BIG), "room", _PERIODS[1]))


def _of_a_scan(periods: int) -> list[Any]:
    kiosk_caps = _caps(bindparam("kiosk", type_=BIG), "kiosk", _PERIODS[0])
    mine = [_standing(_who()), _lots(_who()), _caps(_who(), "member", periods)]
    return [*mine, kiosk_caps, _near(), _far(), _claim(), _key_of_entry(_who()), _key_of_pending(_who()), _phone()]


def _purse(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_purse(_who(), periods))


def _purse_and_offer(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_purse(_who(), periods), _offer(dialect))


def _named_purse_and_offer(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_purse(_named(), periods), _offer(dialect))


def _of_a_purse(who: Any, periods: int) -> list[Any]:
    return [_standing(who), _lots(who), _caps(who, "member", periods), _key_of_entry(who), _key_of_pending(who)]


_SCAN, _SCAN_IN_A_ROOM = Prepared(_scan), Prepared(_scan_in_a_room)
_PURSE, _PURSE_AND_OFFER = Prepared(_purse), Prepared(_purse_and_offer)
_NAMED_PURSE_AND_OFFER = Prepared(_named_purse_and_offer)


def facts_for_scan(
    connection: Connection,
    member_caps: CapsAsked,
    kiosk_caps: CapsAsked,
    values: dict[str, Any],
    room_caps: CapsAsked = NO_CAPS,
) -> Facts:
    """`values`: token_hash, now, key, near_from, near_to, far_from, far_to, other_side, kiosk, epoch, counter,
    phone_day, phone_month, and room where it has limits."""
    binds = {**values, **member_caps.binds("member", member_caps.size), **kiosk_caps.binds("kiosk", _PERIODS[0])}
    if room_caps.names:
        binds |= room_caps.binds("room", _PERIODS[1])
        return _facts(execute_all(connection, [_SCAN_IN_A_ROOM.statement(connection, binds, member_caps.size)])[0])
    return _facts(execute_all(connection, [_SCAN.statement(connection, binds, member_caps.size)])[0])


def facts_for_purse(connection: Connection, token_hash: bytes, now: int) -> Facts:
    """The member behind a token with lots."""
    binds = {"token_hash": token_hash, "now": now, "key": None, **NO_CAPS.binds("member", NO_CAPS.size)}
    return _facts(execute_all(connection, [_PURSE.statement(connection, binds, NO_CAPS.size)])[0])


def facts_for_exchange(
    connection: Connection, token_hash: bytes, now: int, member_caps: CapsAsked, key: str, item_id: int
) -> Facts:
    """The member behind a token with lots, caps and the item that is asked for."""
    asked = {"token_hash": token_hash, "now": now, "key": key, "item": item_id}
    binds = {**asked, **member_caps.binds("member", member_caps.size)}
    return _facts(execute_all(connection, [_PURSE_AND_OFFER.statement(connection, binds, member_caps.size)])[0])


def facts_for_desk(
    connection: Connection, member_id: int, now: int, member_caps: CapsAsked, key: str, item_id: int
) -> Facts:
    """The same for a member whom the staff at a desk name."""
    asked = {"member": member_id, "now": now, "key": key, "item": item_id}
    binds = {**asked, **member_caps.binds("member", member_caps.size)}
    return _facts(execute_all(connection, [_NAMED_PURSE_AND_OFFER.statement(connection, binds, member_caps.size)])[0])


def _facts(rows: Any) -> Facts:
    facts = Facts()
    for what, owner, a, b, c, d, version, text, raw in rows:
        if what == "member":
            facts.member = Standing(owner, text, bytes(raw or b""), a, b, c, d, version)
        elif what == "lot":
            facts.lots.append(LotState(a, b, c))
        elif what == "cap":
            facts.used[owner, text, b] = a
            facts.windows[owner, text, b] = c
        elif what == "act":
            facts.acts.append((c, Earlier(a, b)))
        elif what == "far":
            facts.far.append(a)
        elif what == "key":
            facts.key_used = True
        elif what == "phone":
            _note_phone(facts, text, owner, a, b)
        elif what == "offer":
            state, active, limit, *names = json.loads(text)
            facts.offer = ItemOffer(owner, a, state, b, bool(active), c, d, limit, version)
            facts.names = dict(zip(_NAMED, names, strict=True))
        else:
            facts.claim = (a, bytes(raw))
    return facts


def _note_phone(facts: Facts, mark: str, period: int, number: int, member_id: int) -> None:
    """A phone on which nobody has earned comes as one row of zeros."""
    facts.phone = facts.phone or Phone(mark)
    if number:
        facts.phone.note(period, number, member_id)
