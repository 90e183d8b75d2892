"""What a use case must know of a member before it writes: one statement, one snapshot.

Every row of the answer has the same eight columns; the first says what it is. The member's `version` closes the gap
between reading and writing: the balance row is written only if nobody wrote it in between, else all runs again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, cast, exists, literal_column, null, select, union_all

from miniprogram_api.books.prepared import Prepared, execute_all
from miniprogram_api.db import BIG
from miniprogram_api.domain.awards import Earlier
from miniprogram_api.domain.lots import LotState
from miniprogram_api.models import Act, Cap, Lot, Member, MemberBalance, MemberSession, Reversal


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
    """`used` by cap key, `windows` a cap window's start, `acts` credited near the asked time, `claim` on the code."""

    member: Standing | None = None
    used: dict[tuple[int, str, int], int] = field(default_factory=dict)
    windows: dict[tuple[int, str, int], int] = field(default_factory=dict)
    acts: list[tuple[int, Earlier]] = field(default_factory=list)  # (companion, act)
    lots: list[LotState] = field(default_factory=list)
    claim: tuple[int, bytes] | None = None  # kind and nonce of the first act on this counter
    far: list[int] = field(default_factory=list)  # companions credited at a place too far away to have come from

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


def _row(what: str, numbers: list[Any], words: Any = None, raw: Any = None) -> Any:
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


def _standing() -> Any:
    balance = MemberBalance
    numbers = [Member.id, balance.available, balance.held, balance.debt, balance.reduction_grams, balance.version]
    row = _row("member", numbers, Member.kind, Member.salt_key)
    return row.join(balance, balance.member_id == Member.id).where(Member.id == _who())


def _lots() -> Any:
    row = _row("lot", [Lot.member_id, Lot.expires_on, Lot.graced, Lot.remaining])
    return row.where(Lot.member_id == _who(), Lot.remaining > 0)


def _caps(owner: Any, prefix: str, periods: int) -> Any:
    names = [bindparam(f"{prefix}_name_{place}", type_=Cap.name.type) for place in range(_NAMES)]
    days = [bindparam(f"{prefix}_period_{place}", type_=Cap.period.type) for place in range(periods)]
    row = _row("cap", [Cap.owner, Cap.used, Cap.period, Cap.window_start], Cap.name)
    return row.where(Cap.owner == owner, Cap.name.in_(names), Cap.period.in_(days))


def _near() -> Any:
    """Credited acts of the member around the asked time."""
    row = _row("act", [Act.member_id, Act.scene, Act.occurred_at, Act.companion])
    return row.where(*_credited_between("near_from", "near_to"))


def _far() -> Any:
    """Credited acts around the asked time on the other side of the water."""
    row = _row("far", [Act.member_id, Act.companion])
    other_side = Act.side == bindparam("other_side", type_=Act.side.type)
    return row.where(*_credited_between("far_from", "far_to"), other_side)


def _credited_between(earliest: str, latest: str) -> list[Any]:
    between = Act.occurred_at.between(bindparam(earliest, type_=BIG), bindparam(latest, type_=BIG))
    standing = ~exists().where(Reversal.act_id == Act.id)
    return [Act.member_id == _who(), between, Act.state == "credited", standing]


def _claim() -> Any:
    """The first act on the code's counter, whatever its nonce."""
    kiosk, epoch, counter = (bindparam(name, type_=BIG) for name in ("kiosk", "epoch", "counter"))
    row = _row("claim", [Act.member_id, Act.kind], raw=Act.nonce)
    return select(row.where(Act.kiosk_id == kiosk, Act.epoch == epoch, Act.counter == counter).limit(1).subquery())


def _scan(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_scan(periods))


def _scan_in_a_room(dialect: str, periods: int) -> Any:
    return union_all(*_of_a_scan(periods), _caps(bindparam("room", type_=BIG), "room", _PERIODS[1]))


def _of_a_scan(periods: int) -> list[Any]:
    kiosk_caps = _caps(bindparam("kiosk", type_=BIG), "kiosk", _PERIODS[0])
    return [_standing(), _lots(), _caps(_who(), "member", periods), kiosk_caps, _near(), _far(), _claim()]


def _purse(dialect: str, periods: int) -> Any:
    return union_all(_standing(), _lots(), _caps(_who(), "member", periods))


_SCAN, _SCAN_IN_A_ROOM, _PURSE = Prepared(_scan), Prepared(_scan_in_a_room), Prepared(_purse)


def facts_for_scan(
    connection: Connection,
    member_caps: CapsAsked,
    kiosk_caps: CapsAsked,
    values: dict[str, Any],
    room_caps: CapsAsked = NO_CAPS,
) -> Facts:
    """`values`: token_hash, now, near_from, near_to, far_from, far_to, other_side, kiosk, epoch, counter, and room
    where it has limits."""
    binds = {**values, **member_caps.binds("member", member_caps.size), **kiosk_caps.binds("kiosk", _PERIODS[0])}
    if room_caps.names:
        binds |= room_caps.binds("room", _PERIODS[1])
        return _facts(execute_all(connection, [_SCAN_IN_A_ROOM.statement(connection, binds, member_caps.size)])[0])
    return _facts(execute_all(connection, [_SCAN.statement(connection, binds, member_caps.size)])[0])


def facts_for_purse(connection: Connection, token_hash: bytes, now: int, member_caps: CapsAsked = NO_CAPS) -> Facts:
    """The member behind a token with lots and caps."""
    binds = {"token_hash": token_hash, "now": now, **member_caps.binds("member", member_caps.size)}
    return _facts(execute_all(connection, [_PURSE.statement(connection, binds, member_caps.size)])[0])


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
        else:
            facts.claim = (a, bytes(raw))
    return facts
