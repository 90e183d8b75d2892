"""Books with a past: acts of many members over most of a year, booked as scans book them, so that they reconcile."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, text

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.ledger import TABLES
from miniprogram_api.domain.awards import CapUse, Doing, cap_uses, caps_of
from miniprogram_api.domain.calendar import points_last_day
from miniprogram_api.domain.ledger import earning
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.rules import Rule
from scenes.catalogue import load_catalogue
from scenes.reduction import points_for, reduction_grams
from scenes.wire.kinds import KIND_SINGLE_USE
from tests.benchmarks.ground import CEILING, DAY, KIOSKS, MEMBERS, SALT, SCENES, Rows, add_balances

DAYS = 300
DAYS_AGO = 30  # the newest: what a measurement scans meets no limit of the past
AT_ONCE = 10_000
SPREAD = 0x9E3779B97F4A7C15  # golden ratio in 64 bits: ids that lie as far apart as random ones
IDS = (1 << 63) - 1
Step = Callable[[int], None]


def member_ids(acts: int) -> list[int]:
    """Ten acts each, as many members as that takes, but enough for a measurement."""
    return [number * SPREAD % IDS for number in range(1, max(MEMBERS, acts // 10) + 1)]


@dataclass
class Past:
    """Makes the rows of acts one after the other, and keeps what they add up to."""

    members: list[int]
    now: int = field(default_factory=lambda: int(time.time()))
    balances: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lots: Counter[tuple[int, int]] = field(default_factory=Counter)
    ceilings: dict[tuple[int, str, int], int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        catalogue = load_catalogue()
        self.rules = [
            Rule(1, 0, catalogue.scenes[number], catalogue.factors, catalogue.cap_groups) for number in SCENES
        ]

    def rows(self, number: int) -> dict[str, Rows]:
        """Act, entry, transfers and limits of the act of this number. Each member does each scene once at most, on a
        day of its own, from day to day in the order in which members came."""
        member, turn = self.members[number % len(self.members)], number // len(self.members)
        rule = self.rules[turn]
        begins = self.now - (DAYS_AGO + DAYS) * DAY
        day = number % len(self.members) * (DAYS - len(SCENES)) // len(self.members) + turn
        doing = Doing(member, "visitor", 0, 0, 1, begins + day * DAY + number % 36_000, number % KIOSKS + 1)
        return self._booked(number, rule, doing)

    def _booked(self, number: int, rule: Rule, doing: Doing) -> dict[str, Rows]:
        variant = rule.scene.variants[0]
        factor = rule.factor_of(variant)
        points, grams = points_for(1, variant), reduction_grams(1, variant.unit, factor.value)
        act = self._act(number, rule, doing, points, grams)
        shown = {"scene": rule.scene.number, "variant": 0, "rule": rule.version, "factor": act["factor"]}
        shown |= {"quantity": 1, "points": points, "grams": grams}
        concerns = Concerns(doing.occurred_at, doing.member_id, SALT, doing.kiosk, act_id=act["id"])
        caller = Caller("member", doing.member_id, f"past-{number}", bytes(32))
        entry = entry_row("earn", caller, concerns, doing.occurred_at, shown)
        act["entry_id"] = entry["id"]
        self.balances[doing.member_id].update(available=points, reduction_grams=grams, version=1)
        self.lots[doing.member_id, points_last_day(doing.occurred_at)] += points
        uses = cap_uses(rule, caps_of(rule, doing, CEILING, LIMITS), {}, 1, points)
        for use in uses:
            if use.owner == doing.kiosk:
                self.ceilings[use.key] += use.amount
        return {
            "acts": [act],
            "entries": [entry],
            "transfers": list(_transfers(entry["id"], doing.member_id, points, grams)),
            "caps": [_cap(use, use.amount) for use in uses if use.owner == doing.member_id],
        }

    def _act(self, number: int, rule: Rule, doing: Doing, points: int, grams: int) -> dict[str, Any]:
        factor = rule.factor_of(rule.scene.variants[0])
        return {
            "id": (number + 1) * SPREAD % IDS,
            "member_id": doing.member_id,
            "companion": 0,
            "kiosk_id": doing.kiosk,
            "epoch": 1,
            "counter": number + 1,
            "claimant": 0,
            "nonce": number.to_bytes(6, "big"),
            "kind": KIND_SINGLE_USE,
            "scene": rule.scene.number,
            "variant": 0,
            "side": "island",
            "rule_version": rule.version,
            "factor": f"{factor.id}/{factor.version}",
            "quantity": 1,
            "credited_quantity": 1,
            "points": points,
            "reduction_grams": grams,
            "state": "credited",
            "claimed_at": doing.occurred_at,
            "occurred_at": doing.occurred_at,
            "recorded_at": doing.occurred_at,
        }

    def sums(self) -> dict[str, Rows]:
        """Balances, lots and kiosks' ceilings of everything so far."""
        lots = [
            {"member_id": member, "expires_on": day, "graced": 0, "granted": points, "remaining": points}
            for (member, day), points in self.lots.items()
        ]
        ceilings = [
            _cap(CapUse(owner, name, period, CEILING, "points"), used)
            for (owner, name, period), used in self.ceilings.items()
        ]
        return {"lots": lots, "caps": ceilings}


def _transfers(entry: int, member: int, points: int, grams: int) -> Iterator[dict[str, Any]]:
    for place, transfer in enumerate(earning(member, points, grams), 1):
        debit, credit = transfer.debit, transfer.credit
        yield {
            "entry_id": entry,
            "number": place,
            "unit": transfer.unit,
            "debit": debit.kind,
            "debit_owner": debit.owner,
            "credit": credit.kind,
            "credit_owner": credit.owner,
            "amount": transfer.amount,
        }


def _cap(use: CapUse, used: int) -> dict[str, Any]:
    row = {"owner": use.owner, "name": use.name, "period": use.period, "used": used, "cap": use.cap}
    return {**row, "window_start": 0, "window_seconds": 0}


def fill(engine: Engine, past: Past, acts: int, step: Step) -> None:
    """Write so many acts and what they add up to; `step` is told how many were written."""
    for begin in range(0, acts, AT_ONCE):
        tables: dict[str, Rows] = defaultdict(list)
        for number in range(begin, min(begin + AT_ONCE, acts)):
            for table, rows in past.rows(number).items():
                tables[table] += rows
        write(engine, tables)
        step(min(AT_ONCE, acts - begin))
    write(engine, past.sums())
    add_balances(engine, ({"member_id": member, **past.balances[member]} for member in past.members))
    if engine.dialect.name == "postgresql":  # as its autovacuum does; SQLite goes without
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def write(engine: Engine, tables: dict[str, Rows]) -> None:
    """All rows in one transaction, as fast as the database takes them."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for name, rows in tables.items():
            if rows:
                (_copy if engine.dialect.name == "postgresql" else _insert)(connection, TABLES[name], rows)


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    connection.execute(insert(table), rows)


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    names = list(rows[0])
    raw: Any = connection.connection.driver_connection
    with raw.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])
