"""Readings: who holds a code, what else was read of its minute, which ends of a walk wait; and the rows themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, cast, func, literal_column, null, select, union_all

from miniprogram_api.books.asked import NUMBER, asked_rows, key_values, length_for, one_of, row_values
from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Prepared, Rows, Writes, execute_all
from miniprogram_api.db import TryAgain
from miniprogram_api.domain.trails import TRAIL_HALF
from miniprogram_api.models import Act, MemberPass, MemberSession, Reading, ResidentCard, Review
from scenes.wire.journal_content import READ_LINES_MAX

_READINGS = insert_new("readings", "id")


def add_readings(writes: Writes, readings: Sequence[Mapping[str, Any]]) -> None:
    """TryAgain when one of the minutes, or of the items, was read by somebody else in between."""
    writes.insert(_READINGS, readings, TryAgain)


@dataclass(frozen=True)
class Holder:
    """Whose a pass or card is, since when (Unix seconds) it is not taken any more, and on which phone a pass is."""

    member_id: int
    revoked_at: int | None
    phone: str | None = None


def _holders(dialect: str, length: int) -> Any:
    of_phone = (MemberPass.alias, MemberPass.member_id, MemberPass.revoked_at, MemberSession.device)
    passes = select(*of_phone).outerjoin(MemberSession, MemberSession.token_hash == MemberPass.session)
    no_phone = cast(null(), MemberSession.device.type)
    cards = select(ResidentCard.card, ResidentCard.member_id, ResidentCard.revoked_at, no_phone)
    return union_all(
        passes.where(one_of(dialect, MemberPass.alias, "holder", length)),
        cards.where(one_of(dialect, ResidentCard.card, "holder", length)),
    )


_HOLDERS = Prepared(_holders)


def holders_of(connection: Connection, holders: Collection[bytes]) -> dict[bytes, Holder]:
    """By alias or card, those that we have given out."""
    rows = _of_holders(connection, _HOLDERS, sorted(holders))
    return {bytes(holder): Holder(*held) for holder, *held in rows}


def _of_holders(connection: Connection, prepared: Prepared, holders: Sequence[bytes]) -> Rows:
    length = length_for(len(holders))
    binds = key_values(connection, "holder", holders, length)
    return execute_all(connection, [prepared.statement(connection, binds, length)])[0]


@dataclass
class Rival:
    """Another reading of the same minute. `decided`: something of it was credited or capped, which stays; `timed`:
    when it happened is known."""

    id: int
    kiosk_id: int | None
    merchant_id: int | None
    boot: str | None
    seq: int | None
    occurred_at: int
    decided: bool = False
    timed: bool = True

    def note(self, state: str | None, reason: str | None, decision: str | None = None) -> None:
        """One of its lines."""
        self.decided = self.decided or state in ("credited", "capped") or decision in ("accepted", "joined")
        self.timed = self.timed and reason != "clock_untrusted"

    @property
    def place(self) -> dict[str, Any]:
        """Where it was read, for the staff."""
        if self.kiosk_id is None:
            return {"merchant": f"{self.merchant_id:016x}"}
        return {"kiosk": self.kiosk_id, "boot": self.boot, "seq": self.seq}


Rivals = defaultdict[tuple[bytes, int], list[Rival]]


def _rivals(dialect: str, length: int) -> Any:
    """Each with its lines, and what was decided about those that waited."""
    kiosk = func.coalesce(Reading.kiosk_id, 0)
    # Each number is a step into the index of claims.
    lines: list[Any] = [literal_column(str(number)) for number in range(READ_LINES_MAX)]
    line = (Act.kiosk_id == kiosk) & (Act.epoch == literal_column("0")) & Act.counter.in_(lines)
    at = (Reading.kiosk_id, Reading.merchant_id, Reading.boot, Reading.seq, Reading.occurred_at)
    return (
        select(Reading.holder, Reading.slot, Reading.id, *at, Act.state, Act.reason, Review.decision)
        .select_from(Reading)
        .outerjoin(Act, line & (Act.claimant == Reading.id))
        .outerjoin(Review, Review.act_id == Act.id)
        .where(one_of(dialect, Reading.holder, "holder", length), Reading.slot.is_not(None))
    )


_RIVALS = Prepared(_rivals)


def rivals_of(connection: Connection, holders: Collection[bytes]) -> Rivals:
    """What was read of these passes, by pass and minute. Asked after the balances of their members: what comes in
    between moves those on."""
    found: dict[int, Rival] = {}
    rivals: Rivals = defaultdict(list)
    for holder, slot, number, *at, state, reason, decision in _of_holders(connection, _RIVALS, sorted(holders)):
        if number not in found:
            found[number] = Rival(number, *at)
            rivals[bytes(holder), slot].append(found[number])
        found[number].note(state, reason, decision)
    return rivals


@dataclass(frozen=True)
class Half:
    """One end of a walk that waits for the other."""

    act_id: int
    kiosk: int
    occurred_at: int


_WALKERS = {"member_id": NUMBER, "since": NUMBER, "until": NUMBER}


def _halves(dialect: str, _: int) -> Any:
    whom = asked_rows(dialect, "whom", _WALKERS)
    mine = (Act.member_id == whom.c.member_id) & Act.occurred_at.between(whom.c.since, whom.c.until)
    return (
        select(Act.member_id, Act.scene, Act.id, Act.kiosk_id, Act.occurred_at)
        .select_from(whom)
        .join(Act, mine)
        .outerjoin(Review, Review.act_id == Act.id)
        .where(Act.state == "pending", Act.reason == TRAIL_HALF, Review.act_id.is_(None))
    )


_HALVES = Prepared(_halves)


def halves_of(connection: Connection, whom: Mapping[int, tuple[int, int]]) -> defaultdict[tuple[int, int], list[Half]]:
    """Ends of walks that wait, by member and scene, of these members between these times."""
    binds = row_values(connection, "whom", list(_WALKERS), [(member, *span) for member, span in whom.items()])
    halves: defaultdict[tuple[int, int], list[Half]] = defaultdict(list)
    for member, scene, *half in execute_all(connection, [_HALVES.statement(connection, binds)])[0]:
        halves[member, scene].append(Half(*half))
    return halves
