"""The chains of a kiosk's journal: one machine makes one, each start naming the last item of the start before.

Looked at for a whole upload, before any of its items is judged, with the kiosk's row locked: two uploads at once see
each other. What one machine can't have done means that its key is on two: their acts wait for staff, the kiosk is
suspended. A start that names an older item than we have may be a disk put back to an earlier day; staff are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from miniprogram_api.books.journals import (
    Place,
    StoredItem,
    boots_around,
    has_first_start,
    items_at,
    keep_boots,
    new_boot,
)
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import Kiosk
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.journal_times import BootClock
from miniprogram_api.services.kiosk_bars import Bars, bars_of
from scenes.wire.journal import BootStarted, ClockSet, ItemReference, JournalItem

ACTOR = "system:journal"
UNREADABLE = "unreadable"


@dataclass
class Chains:
    """How the kiosk and its starts stand. `apart`: hashes of items that are no link of their chain, because another
    has their number; `twins`: starts of which two machines made items, or one of two; `bars`: keys that are no longer
    believed."""

    state: str
    state_since: int
    bars: Bars = field(default_factory=dict)
    clocks: dict[str, BootClock] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)

    def standing_of(self, epoch: int) -> tuple[str, int]:
        """State of the key of that epoch, and since when: the kiosk's own unless it is barred."""
        return self.bars.get(epoch, (self.state, self.state_since))


@use_case
def note_chains(session: Session, kiosk: int, items: Sequence[JournalItem], now: int) -> Chains:
    """Note the starts of these items and look for copies and disks put back."""
    with transaction(session) as connection:
        row = connection.execute(
            select(Kiosk.state, Kiosk.state_since).where(Kiosk.id == kiosk).with_for_update()
        ).one()
        look = _Look(connection, kiosk, items, Chains(row.state, row.state_since, bars_of(connection, kiosk)), now)
        look.at_all()
        return look.chains


class _Look:
    """One look at the chains of an upload."""

    def __init__(
        self, connection: Connection, kiosk: int, items: Sequence[JournalItem], chains: Chains, now: int
    ) -> None:
        self._connection, self._kiosk, self._now = connection, kiosk, now
        self.chains = chains
        # Starts first: then it doesn't matter where in the upload an item stands.
        self._items = sorted(items, key=lambda item: (not isinstance(item.content, BootStarted), item.head.seq))
        named = {item.head.boot for item in items} | {last.boot for last in map(_named, items) if last}
        self._boots = boots_around(connection, kiosk, named)
        self._links = _links(items_at(connection, kiosk, _places(items))) if items else {}
        self._changed: set[str] = set()

    def at_all(self) -> None:
        for item in self._items:
            if self._is_new(item):
                self._look_at(item)
        keep_boots(self._connection, [self._boots[boot] for boot in sorted(self._changed)])
        self.chains.clocks = {boot: _clock(row) for boot, row in self._boots.items()}
        self.chains.twins = {boot for boot, row in self._boots.items() if row["twin"]}

    def _is_new(self, item: JournalItem) -> bool:
        return item.hash not in {each.hash for each in self._links.get((item.head.boot, item.head.seq), ())}

    def _look_at(self, item: JournalItem) -> None:
        head = item.head
        row = self._boots.setdefault(head.boot, new_boot(self._kiosk, head.epoch, head.boot, self._now))
        self._changed.add(head.boot)
        here = self._links.setdefault((head.boot, head.seq), [])
        if here:
            self.chains.apart.add(item.hash)
            self._copied({head.boot}, {"item": {"boot": head.boot, "seq": head.seq}})
        here.append(StoredItem(item.hash, item.content.kind))
        if head.seq > 1 and not self._follows(head.boot, head.seq - 1, head.before):
            self._copied({head.boot}, {"before": {"boot": head.boot, "seq": head.seq}})
        for other in self._left_behind(item):
            self._copied({head.boot, other["boot"]}, {"past": {"boot": head.boot, "seq": other["last_seq"]}})
        row["newest_seq"] = max(row["newest_seq"], head.seq)
        if isinstance(item.content, ClockSet):
            row["clock_set_seq"] = max(row["clock_set_seq"], head.seq)
        if isinstance(item.content, BootStarted) and not row["begun"]:
            self._begin(row, item.content.last)

    def _follows(self, boot: str, seq: int, digest: str | None) -> bool:
        """Whether the item there has this hash, or isn't here."""
        links = self._links.get((boot, seq))
        return not links or digest in {each.hash for each in links}

    def _left_behind(self, item: JournalItem) -> list[dict[str, Any]]:
        """Later starts that named an earlier item of this one as the last, or another item of this number."""
        head = item.head
        later = [row for row in self._boots.values() if row["last_boot"] == head.boot]
        return [
            row
            for row in later
            if (row["last_seq"], row["last_hash"]) != (head.seq, item.hash) and row["last_seq"] <= head.seq
        ]

    def _begin(self, row: dict[str, Any], last: ItemReference | None) -> None:
        if last is None:
            if self._has_first_start(row["epoch"]):
                self._tell("old_boot", {"boot": row["boot"], "last": None})
            row["begun"] = 1
            return
        row["begun"] = 1
        siblings = [
            other["boot"]
            for other in self._boots.values()
            if (other["last_boot"], other["last_seq"]) == (last.boot, last.seq) and other["boot"] != row["boot"]
        ]
        row.update(last_boot=last.boot, last_seq=last.seq, last_hash=last.hash)
        before = self._boots.get(last.boot)
        named = {"boot": last.boot, "seq": last.seq}
        if siblings or not self._follows(last.boot, last.seq, last.hash):
            self._copied({row["boot"], *siblings}, {"named": named})
        elif before is not None and before["newest_seq"] > last.seq:
            self._tell("old_boot", {"boot": row["boot"], "last": named, "newest": before["newest_seq"]})
        elif self._is_behind(last.boot, row["boot"]):
            self._tell("old_boot", {"boot": row["boot"], "last": named})
        if before is not None and before["twin"] and self.chains.state != "active":
            row["twin"] = 1  # a copy that started once more is still a copy, until staff have looked

    def _has_first_start(self, epoch: int) -> bool:
        """Whether this key's first start is known, from before or of this upload."""
        begun = (row for row in self._boots.values() if row["begun"] and row["last_boot"] is None)
        return any(row["epoch"] == epoch for row in begun) or has_first_start(self._connection, self._kiosk, epoch)

    def _is_behind(self, boot: str, but: str) -> bool:
        """Whether another start has gone on from that one already."""
        return any(other["last_boot"] == boot and other["boot"] != but for other in self._boots.values())

    def _copied(self, boots: set[str], found: dict[str, Any]) -> None:
        if all(self._boots[boot]["twin"] for boot in boots):
            return
        for boot in boots:
            self._boots[boot]["twin"] = 1
        self._changed |= boots
        self._tell("clone", {"boots": sorted(boots), **found})
        if self.chains.state != "active":
            return
        self.chains.state, self.chains.state_since = "suspended", self._now
        change = update(Kiosk).where(Kiosk.id == self._kiosk).values(state="suspended", state_since=self._now)
        self._connection.execute(change)
        record_act(
            self._connection, ACTOR, "kiosk_suspended", f"kiosk:{self._kiosk}", {"boots": sorted(boots)}, self._now
        )

    def _tell(self, kind: str, details: dict[str, Any]) -> None:
        raise_notice(self._connection, kind, ("kiosk", self._kiosk), details, self._now)


def _clock(row: dict[str, Any]) -> BootClock:
    return BootClock(row["offset_seconds"], row["heartbeat_uptime_ms"], row["heartbeat_at"], row["clock_set_seq"])


def _named(item: JournalItem) -> ItemReference | None:
    return item.content.last if isinstance(item.content, BootStarted) else None


def _places(items: Sequence[JournalItem]) -> set[Place]:
    """Of the items, of those right before them, and of those that starts name."""
    places = {(item.head.boot, item.head.seq) for item in items}
    places |= {(boot, seq - 1) for boot, seq in places if seq > 1}
    return places | {(last.boot, last.seq) for last in map(_named, items) if last}


def _links(stored: dict[Place, list[StoredItem]]) -> dict[Place, list[StoredItem]]:
    """Without what could not be read."""
    return {place: [item for item in items if item.kind != UNREADABLE] for place, items in stored.items()}
