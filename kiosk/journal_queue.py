"""The queue: the journal's items without a verdict, and what the office answered for the others."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.journal_file import JournalFile
from scenes.wire.journal import ItemReference, item_hash
from scenes.wire.json_text import json_text
from scenes.wire.verdict import ItemVerdict, Verdict

DONE_ITEMS_KEPT_SECONDS = 40 * 86_400
DUPLICATE = "duplicate"
LISTED_MAX = 200  # answers that a status or a diagnosis lists, the newest
_WAITING = (
    "SELECT i.number, i.boot, i.seq, i.hash, i.body, i.key, i.signature FROM waiting w JOIN items i USING (number)"
)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A signed item that the office has not acknowledged."""

    number: int
    reference: ItemReference
    document: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """False when the disk has changed the signed text: nobody could verify it any more."""
        return item_hash(self.document["body"]) == self.reference.hash

    @property
    def bytes(self) -> int:
        """What it adds to a request."""
        return len(json_text(self.document).encode()) + 1


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many items wait, how many of these were put aside, and the claimed time of the oldest (Unix seconds)."""

    items: int
    aside: int
    since: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An item that the office did not simply credit, or that was put aside before it could answer."""

    boot: str
    seq: int
    kind: str
    claimed_at: int
    result: str
    lines: tuple[str, ...]
    server_time: int | None


class JournalQueue:
    """Reads and ends waiting in the journal's file; every method may raise JournalNotWritten."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def backlog(self) -> Backlog:
        """What waits now."""
        with self._file.reading() as connection:
            return backlog_of(connection)

    def is_empty(self) -> bool:
        """True when nothing is to be sent but what was put aside."""
        with self._file.reading() as connection:
            return connection.execute("SELECT 1 FROM waiting WHERE aside_because IS NULL LIMIT 1").fetchone() is None

    def batch(self, most: int, bytes_max: int) -> list[WaitingItem]:
        """The oldest waiting items, at least one if there is any, at most so many and so long together."""
        query = f"{_WAITING} WHERE w.aside_because IS NULL ORDER BY w.number LIMIT ?"
        with self._file.reading() as connection:
            found = [_item(row) for row in connection.execute(query, (most,))]
        taken: list[WaitingItem] = []
        length = 0
        for item in found:
            length += item.bytes
            if taken and length > bytes_max:
                break
            taken.append(item)
        return taken

    def next_aside(self, after: int) -> WaitingItem | None:
        """The oldest item that was put aside and has a higher number than this."""
        query = f"{_WAITING} WHERE w.aside_because IS NOT NULL AND w.number > ? ORDER BY w.number LIMIT 1"
        with self._file.reading() as connection:
            row = connection.execute(query, (after,)).fetchone()
        return None if row is None else _item(row)

    def put_aside(self, item: WaitingItem, because: str, now: int) -> None:
        """Lets the others pass; the item waits on, listed with its reason."""
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE waiting SET aside_because = ?, aside_at = ? WHERE number = ?", (because, now, item.number)
            )

    def apply(self, batch: Sequence[WaitingItem], verdict: Verdict) -> int:
        """Marks done what the verdict names by the very hash that was sent; answers how many items that were."""
        sent = {item.reference: item.number for item in batch}
        with self._file.writing() as connection:
            done = 0
            for each in verdict.items:
                number = sent.pop(ItemReference(each.boot, each.seq, each.hash), None)
                if number is not None:
                    _keep_verdict(connection, number, each, verdict.server_time)
                    done += 1
            return done

    def send_again(self, connection: sqlite3.Connection, boot: str, after: int) -> int:
        """What is done of this start beyond `after` waits once more, in the caller's transaction; answers how much."""
        return connection.execute(
            "INSERT INTO waiting (number) SELECT number FROM items WHERE boot = ? AND seq > ?"
            " AND number NOT IN (SELECT number FROM waiting)",
            (boot, after),
        ).rowcount

    def remove_old(self) -> int:
        """Removes done items 40 days after their verdict as far as the file's own rules let them go."""
        with self._file.writing() as connection:
            return remove_old_items(connection)

    def not_credited(self) -> list[Answered]:
        """What staff should know of: refused, pending and put aside, the newest first."""
        with self._file.reading() as connection:
            return not_credited(connection)


def backlog_of(connection: sqlite3.Connection) -> Backlog:
    """What waits in this journal."""
    items, aside, first = connection.execute(
        "SELECT count(*), count(aside_because), min(number) FROM waiting"
    ).fetchone()
    row = connection.execute("SELECT claimed_at FROM items WHERE number = ?", (first,)).fetchone()
    return Backlog(items, aside, None if row is None else row[0])


def not_credited(connection: sqlite3.Connection) -> list[Answered]:
    """Refused, pending and put aside, the newest first, at most LISTED_MAX."""
    rows = connection.execute(
        "SELECT i.boot, i.seq, json_extract(i.body, '$.kind'), i.claimed_at, coalesce(w.aside_because, v.result),"
        " coalesce(v.lines, '[]'), v.server_time FROM items i LEFT JOIN verdicts v USING (number)"
        " LEFT JOIN waiting w USING (number) WHERE w.aside_because IS NOT NULL"
        " OR v.result = 'pending' OR v.result LIKE 'refused:%' ORDER BY i.number DESC LIMIT ?",
        (LISTED_MAX,),
    )
    return [
        Answered(boot, seq, kind, claimed_at, result, tuple(json.loads(lines)), server_time)
        for boot, seq, kind, claimed_at, result, lines, server_time in rows
    ]


def remove_old_items(connection: sqlite3.Connection) -> int:
    """Each start's oldest items that are done for 40 days by the office's time; what the triggers hold stays."""
    removed = 0
    for number, boot, seq in connection.execute(
        "SELECT v.number, i.boot, i.seq FROM verdicts v JOIN items i USING (number) LEFT JOIN waiting w USING (number)"
        " WHERE v.server_time <= (SELECT max(server_time) FROM verdicts) - ? AND w.number IS NULL"
        " AND v.number < (SELECT max(number) FROM items) ORDER BY v.number",
        (DONE_ITEMS_KEPT_SECONDS,),
    ).fetchall():
        if connection.execute("SELECT min(seq) FROM items WHERE boot = ?", (boot,)).fetchone() == (seq,):
            removed += connection.execute("DELETE FROM items WHERE number = ?", (number,)).rowcount
    return removed


def _item(row: tuple[Any, ...]) -> WaitingItem:
    number, boot, seq, own_hash, body, key, signature = row
    return WaitingItem(number, ItemReference(boot, seq, own_hash), {"body": body, "key": key, "signature": signature})


def _keep_verdict(connection: sqlite3.Connection, number: int, verdict: ItemVerdict, server_time: int) -> None:
    values = (verdict.result, json_text(list(verdict.lines)), server_time, number)
    if connection.execute("SELECT 1 FROM verdicts WHERE number = ?", (number,)).fetchone() is None:
        connection.execute("INSERT INTO verdicts (result, lines, server_time, number) VALUES (?, ?, ?, ?)", values)
        return
    if verdict.result == DUPLICATE:  # sent twice; what became of it the first time says more
        connection.execute("UPDATE verdicts SET server_time = max(server_time, ?) WHERE number = ?", values[2:])
        return
    # Sent again after the office lost it. Its clock may have gone back a little; the later answer is kept all the same.
    connection.execute(
        "UPDATE verdicts SET result = ?, lines = ?, server_time = max(server_time, ?) WHERE number = ?", values
    )
