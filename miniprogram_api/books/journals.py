"""Journals as they came in: items and starts of kiosks, read and written for a batch at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, union_all, update

from miniprogram_api.books.asked import NUMBER, WORD, asked_rows, row_values
from miniprogram_api.books.ledger import insert_new, number
from miniprogram_api.books.prepared import INSERT, Prepared, Writes, execute_all
from miniprogram_api.db import TryAgain
from miniprogram_api.models import Act, JournalItem, KioskBoot

Place = tuple[str, int]  # boot and number of an item
BOOTS_MAX = 2_000  # what a verdict holds
LOOKED_AT_ONCE = 500
HEARD_SECONDS = 86_400  # a start's row is written for it no more often

_ITEMS = insert_new("journal_items", "id")


@dataclass(frozen=True)
class StoredItem:
    """An item that is here already, with what it was answered."""

    hash: str
    kind: str
    result: str = ""
    lines: tuple[str, ...] = ()


def add_items(writes: Writes, items: Sequence[Mapping[str, Any]]) -> None:
    """TryAgain when one of them came in another way at the same moment."""
    writes.insert(_ITEMS, sorted(items, key=lambda item: (item["boot"], item["seq"], item["hash"])), TryAgain)


_PLACES = {"boot": WORD, "seq": NUMBER}


def _stored(dialect: str, _: int) -> Any:
    asked, item = asked_rows(dialect, "asked", _PLACES), JournalItem
    same = (item.kiosk_id == number("kiosk")) & (item.boot == asked.c.boot) & (item.seq == asked.c.seq)
    columns = (item.boot, item.seq, item.hash, item.kind, item.result, item.lines)
    return select(*columns).select_from(asked).join(item, same)


_STORED = Prepared(_stored)


def items_at(connection: Connection, kiosk: int, places: Collection[Place]) -> dict[Place, list[StoredItem]]:
    """What is stored of a kiosk under these numbers; more than one item only where its chain is forked."""
    binds = {"kiosk": kiosk, **row_values(connection, "asked", list(_PLACES), sorted(places))}
    found: dict[Place, list[StoredItem]] = {}
    [rows] = execute_all(connection, [_STORED.statement(connection, binds)])
    for boot, seq, digest, kind, result, lines in rows:
        stored = StoredItem(digest, kind, result, tuple(json.loads(lines)))
        found.setdefault((boot, seq), []).append(stored)
    return found


_COUNTERS = {"epoch": NUMBER, "counter": NUMBER}


@dataclass(frozen=True)
class CodeUse:
    """An act on a counter of the kiosk: of which code, and whether it waits for the journal to tell the time."""

    act_id: int
    kind: int
    nonce: bytes
    waits_for_time: bool


def _uses(dialect: str, _: int) -> Any:
    asked = asked_rows(dialect, "asked", _COUNTERS)
    same = (Act.kiosk_id == number("kiosk")) & (Act.epoch == asked.c.epoch) & (Act.counter == asked.c.counter)
    columns = (Act.epoch, Act.counter, Act.id, Act.kind, Act.nonce, Act.state, Act.reason)
    return select(*columns).select_from(asked).join(Act, same)


_USES = Prepared(_uses)


def uses_of_counters(
    connection: Connection, kiosk: int, counters: Collection[tuple[int, int]]
) -> dict[tuple[int, int], list[CodeUse]]:
    """Acts by epoch and counter of the kiosk's codes."""
    binds = {"kiosk": kiosk, **row_values(connection, "asked", list(_COUNTERS), sorted(counters))}
    found: dict[tuple[int, int], list[CodeUse]] = {}
    [rows] = execute_all(connection, [_USES.statement(connection, binds)])
    for epoch, counter, act, kind, nonce, state, why in rows:
        use = CodeUse(act, kind, bytes(nonce), state == "pending" and why == "clock_untrusted")
        found.setdefault((epoch, counter), []).append(use)
    return found


def _nonces(dialect: str, _: int) -> Any:
    acts, items = asked_rows(dialect, "asked", _COUNTERS), asked_rows(dialect, "asked", _COUNTERS)
    item = JournalItem
    used = (Act.kiosk_id == number("kiosk")) & (Act.epoch == acts.c.epoch) & (Act.counter == acts.c.counter)
    issued = (item.kiosk_id == number("kiosk")) & (item.epoch == items.c.epoch) & (item.counter == items.c.counter)
    return union_all(
        select(Act.epoch, Act.counter, Act.nonce).select_from(acts).join(Act, used),
        select(item.epoch, item.counter, item.nonce).select_from(items).join(item, issued),
    )


_NONCES = Prepared(_nonces)


def nonces_of_counters(
    connection: Connection, kiosk: int, counters: Collection[tuple[int, int]]
) -> dict[tuple[int, int], set[bytes]]:
    """By epoch and counter, the codes that were handed in or issued with it: more than one are twins."""
    binds = {"kiosk": kiosk, **row_values(connection, "asked", list(_COUNTERS), sorted(counters))}
    found: dict[tuple[int, int], set[bytes]] = {}
    [rows] = execute_all(connection, [_NONCES.statement(connection, binds)])
    for epoch, counter, nonce in rows:
        found.setdefault((epoch, counter), set()).add(bytes(nonce))
    return found


@dataclass(frozen=True)
class JournaledCode:
    """What the journal says of an issued code: when it was, and when we heard of it."""

    corrected_at: int | None
    received_at: int


def journaled_code(connection: Connection, kiosk: int, epoch: int, counter: int, nonce: bytes) -> JournaledCode | None:
    """The journal's item of this code, the first that came in."""
    item = JournalItem
    mine = (item.kiosk_id == kiosk, item.epoch == epoch, item.counter == counter, item.nonce == nonce)
    found = select(item.corrected_at, item.received_at).where(*mine, item.counter.is_not(None)).order_by(item.id)
    row = connection.execute(found.limit(1)).first()
    return None if row is None else JournaledCode(*row)


def boots_around(connection: Connection, kiosk: int, boots: Collection[str]) -> dict[str, dict[str, Any]]:
    """These starts of the kiosk, and those that name one of them as the one before, as rows."""
    named = or_(KioskBoot.boot.in_(boots), KioskBoot.last_boot.in_(boots))
    rows = connection.execute(select(KioskBoot.__table__).where(KioskBoot.kiosk_id == kiosk, named))
    return {row["boot"]: dict(row) for row in rows.mappings()}


def has_first_start(connection: Connection, kiosk: int, epoch: int) -> bool:
    """Whether a start with this key is known that knew of none before it."""
    first = (KioskBoot.kiosk_id == kiosk, KioskBoot.epoch == epoch, KioskBoot.begun == 1, KioskBoot.last_boot.is_(None))
    return connection.execute(select(KioskBoot.boot).where(*first).limit(1)).first() is not None


def keep_boots(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add or change starts; what heartbeats measured stays theirs."""
    measured = ("offset_seconds", "heartbeat_uptime_ms", "heartbeat_at")
    kept = ("kiosk_id", "boot", *measured, "contiguous", "first_received_at", "heard_at")
    for row in rows:
        new = INSERT[connection.dialect.name](KioskBoot).values(dict(row))
        changed = {column.name: new.excluded[column.name] for column in KioskBoot.__table__.columns}
        changed = {name: value for name, value in changed.items() if name not in kept}
        connection.execute(new.on_conflict_do_update(index_elements=["kiosk_id", "boot"], set_=changed))


def keep_offset(
    connection: Connection, kiosk: int, epoch: int, boot: str, offset_seconds: int, uptime_ms: int, now: int
) -> bool:
    """What a heartbeat of this start measured; False, and nothing changes, for one that is older than the last."""
    seen = {"offset_seconds": offset_seconds, "heartbeat_uptime_ms": uptime_ms, "heartbeat_at": now}
    new = INSERT[connection.dialect.name](KioskBoot).values({**new_boot(kiosk, epoch, boot, now), **seen})
    measured = {name: new.excluded[name] for name in seen}
    older = KioskBoot.heartbeat_uptime_ms.is_(None) | (KioskBoot.heartbeat_uptime_ms < uptime_ms)
    kept = new.on_conflict_do_update(index_elements=["kiosk_id", "boot"], set_=measured, where=older)
    return connection.execute(kept.returning(KioskBoot.boot)).first() is not None


def new_boot(kiosk: int, epoch: int, boot: str, now: int) -> dict[str, Any]:
    """The row of a start of which nothing is known but that it is there."""
    return {
        "kiosk_id": kiosk,
        "boot": boot,
        "epoch": epoch,
        "begun": 0,
        "last_boot": None,
        "last_seq": None,
        "last_hash": None,
        "newest_seq": 0,
        "contiguous": 0,
        "offset_seconds": None,
        "heartbeat_uptime_ms": None,
        "heartbeat_at": None,
        "clock_set_seq": 0,
        "first_received_at": now,
        "heard_at": now,
        "twin": 0,
    }


def hold_contiguous(connection: Connection, kiosk: int, boots: Collection[str], now: int) -> None:
    """These starts were heard of, also where nothing new came. Look from where it was known up to which number every
    item of each is here now."""
    mine = (KioskBoot.kiosk_id == kiosk, KioskBoot.boot.in_(boots))
    old = KioskBoot.heard_at < now - HEARD_SECONDS
    connection.execute(update(KioskBoot).where(*mine, old).values(heard_at=now))
    for boot, known in connection.execute(select(KioskBoot.boot, KioskBoot.contiguous).where(*mine)).all():
        reached = _reached(connection, kiosk, boot, known)
        if reached > known:
            behind = (KioskBoot.kiosk_id == kiosk, KioskBoot.boot == boot, KioskBoot.contiguous < reached)
            connection.execute(update(KioskBoot).where(*behind).values(contiguous=reached))


def _reached(connection: Connection, kiosk: int, boot: str, known: int) -> int:
    item, reached = JournalItem, known
    mine = (item.kiosk_id == kiosk, item.boot == boot)
    while True:
        later = select(item.seq).distinct().where(*mine, item.seq > reached).order_by(item.seq).limit(LOOKED_AT_ONCE)
        seqs = list(connection.execute(later).scalars())
        following = sum(seq == place for place, seq in enumerate(seqs, reached + 1))
        reached += following
        if following < LOOKED_AT_ONCE:
            return reached


def contiguous_of(connection: Connection, kiosk: int, since: int, boots: Collection[str]) -> dict[str, int]:
    """For these starts of the kiosk, and each that was heard of since then, up to where every item is here."""
    wanted = or_(KioskBoot.heard_at >= since, KioskBoot.boot.in_(boots))
    mine = select(KioskBoot.boot, KioskBoot.contiguous).where(KioskBoot.kiosk_id == kiosk, wanted)
    rows = connection.execute(mine.order_by(KioskBoot.heard_at.desc()).limit(BOOTS_MAX))
    return {row.boot: row.contiguous for row in rows}
