"""What a use case must know of a member before it writes: one statement, one snapshot.

Every row of the answer has the same eight columns; the first says what it is. The member's `version` closes the gap
between reading and writing: the balance row is written only if nobody wrote it in between, else all runs again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, cast, literal, null, select, union_all

from miniprogram_api.domain.awards import Earlier
from miniprogram_api.domain.lots import LotState
from miniprogram_api.models import Act, Cap, Lot, Member, MemberBalance, MemberSession


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

    def earlier(self, companion: int) -> list[Earlier]:
        return [act for whose, act in self.acts if whose == companion]


_NO_BYTES = cast(null(), LargeBinary)
_NONE = literal(0)


@lru_cache
def _who() -> Any:
    """The member behind a bearer token that is good now."""
    return select(MemberSession.member_id).where(
        MemberSession.token_hash == bindparam("token_hash", type_=LargeBinary),
        MemberSession.revoked_at.is_(None),
        MemberSession.expires_at > bindparam("now"),
    )


@lru_cache
def _standing() -> Any:
    return (
        select(
            literal("member"),
            Member.id,
            MemberBalance.available,
            MemberBalance.held,
            MemberBalance.debt,
            MemberBalance.reduction_grams,
            MemberBalance.version,
            Member.kind,
            Member.salt_key,
        )
        .join(MemberBalance, MemberBalance.member_id == Member.id)
        .where(Member.id == _who().scalar_subquery())
    )


@lru_cache
def _lots() -> Any:
    return select(
        literal("lot"), Lot.member_id, Lot.expires_on, Lot.graced, Lot.remaining, _NONE, _NONE, literal(""), _NO_BYTES
    ).where(Lot.member_id == _who().scalar_subquery(), Lot.remaining > 0)


def _caps(owner: Any) -> Any:
    return select(
        literal("cap"), Cap.owner, Cap.used, Cap.period, Cap.window_start, _NONE, _NONE, Cap.name, _NO_BYTES
    ).where(
        Cap.owner == owner,
        Cap.name.in_(bindparam("names", expanding=True)),
        Cap.period.in_(bindparam("periods", expanding=True)),
    )


@lru_cache
def _scan() -> Any:
    near = select(
        literal("act"), Act.member_id, Act.scene, Act.occurred_at, Act.companion, _NONE, _NONE, literal(""), _NO_BYTES
    ).where(
        Act.member_id == _who().scalar_subquery(),
        Act.occurred_at.between(bindparam("near_from"), bindparam("near_to")),
        Act.state == "credited",
    )
    claim = (
        select(literal("claim"), Act.member_id, Act.kind, _NONE, _NONE, _NONE, _NONE, literal(""), Act.nonce)
        .where(Act.kiosk_id == bindparam("kiosk"), Act.epoch == bindparam("epoch"), Act.counter == bindparam("counter"))
        .limit(1)
        .subquery()
    )
    return union_all(
        _standing(), _lots(), _caps(_who().scalar_subquery()), _caps(bindparam("kiosk")), near, select(claim)
    )


@lru_cache
def _purse() -> Any:
    return union_all(_standing(), _lots(), _caps(_who().scalar_subquery()))


def facts_for_scan(connection: Connection, values: dict[str, Any]) -> Facts:
    """`values`: token_hash, now, names and periods of caps, near_from, near_to, kiosk, epoch, counter."""
    return _facts(connection.execute(_scan(), values).all())


def facts_for_purse(connection: Connection, values: dict[str, Any]) -> Facts:
    """`values`: token_hash, now, names and periods of caps."""
    return _facts(connection.execute(_purse(), values).all())


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
        else:
            facts.claim = (a, bytes(raw))
    return facts
