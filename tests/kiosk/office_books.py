"""What the small office makes of a journal: each item applied once, whatever comes twice; a fork is written down."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from scenes.wire.errors import CodeRefused
from scenes.wire.journal import CodeIssued, CodeRead, JournalItem, claimed_reference, open_item
from scenes.wire.journal_content import BootStarted
from scenes.wire.upload import parse_upload
from scenes.wire.verdict import ItemVerdict

Judge = Callable[[JournalItem], str]


def credited(item: JournalItem) -> str:
    return "credited"


@dataclass
class OfficeBooks:
    """Items by (boot, seq); `judge` decides the result of a new one, `applied` counts how often each was applied."""

    public_key_of: Callable[[int, int], bytes | None]
    judge: Judge = credited
    items: dict[tuple[str, int], JournalItem] = field(default_factory=dict)
    results: dict[tuple[str, int], str] = field(default_factory=dict)
    order: list[JournalItem] = field(default_factory=list)
    uploads: list[list[str]] = field(default_factory=list)  # the hashes of each upload, as they came
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: bytes) -> tuple[list[ItemVerdict], dict[str, int]]:
        """Applies what is new; the verdicts, and up to where each start of the batch is here."""
        upload = parse_upload(json.loads(body))
        with self.lock:
            self.uploads.append([])
            verdicts = [verdict for document in upload.items if (verdict := self._judged(document)) is not None]
            return verdicts, {verdict.boot: self.contiguous(verdict.boot) for verdict in verdicts}

    def _judged(self, document: object) -> ItemVerdict | None:
        try:
            item = open_item(document, self.public_key_of)
        except CodeRefused as reason:
            claimed = claimed_reference(document)
            if claimed is None:
                return None
            return ItemVerdict(claimed.boot, claimed.seq, claimed.hash, f"refused:{reason.code}")
        place = (item.head.boot, item.head.seq)
        self.uploads[-1].append(item.hash)
        known = self.items.setdefault(place, item)
        if known.hash != item.hash:
            self.faults.append(f"two items at {place}")
            return ItemVerdict(*place, item.hash, "refused:code_already_used")
        if place not in self.results:
            self.results[place] = self.judge(item)
            self.order.append(item)
        result = self.results[place]
        lines = (result,) * len(item.content.lines) if isinstance(item.content, CodeRead) else ()
        return ItemVerdict(*place, item.hash, result, lines)

    def contiguous(self, boot: str) -> int:
        """Up to which number every item of this start is here."""
        seq = 0
        while (boot, seq + 1) in self.items:
            seq += 1
        return seq

    def forget(self, boot: str, after: int) -> None:
        """A backup of an earlier day is put back."""
        with self.lock:
            for place in [place for place in self.items if place[0] == boot and place[1] > after]:
                del self.items[place], self.results[place]
            self.order = [item for item in self.order if (item.head.boot, item.head.seq) in self.items]

    def codes(self) -> list[str]:
        """The issued codes, each as often as it was applied."""
        return [item.content.code for item in self.order if isinstance(item.content, CodeIssued)]

    def boots(self) -> list[JournalItem]:
        return [item for item in self.order if isinstance(item.content, BootStarted)]
