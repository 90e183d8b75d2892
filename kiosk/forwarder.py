"""Sends what waits in the journal to the office, at least once, and marks an item done only by a verified verdict.

Oldest first, in batches. An answer that the office did not sign changes nothing. A request that it refuses for what is
in it is halved until the one bad item is alone; that one is put aside with the reason, tried again seldom, and never
holds up the others. Waits grow and end at once when the office is heard again.
"""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass, replace

from kiosk.agreement import AgreementKeeper
from kiosk.clock import KioskClock
from kiosk.journal import Journal
from kiosk.journal_queue import WaitingItem
from kiosk.refusals import JournalNotWritten
from kiosk.uplink import Uplink, UplinkBusy, UplinkRefused, UplinkUnavailable
from scenes.wire.errors import CodeRefused
from scenes.wire.upload import UPLOAD_BYTES_MAX, UPLOAD_ITEMS_MAX, Upload, upload_text
from scenes.wire.verdict import open_verdict

log = logging.getLogger(__name__)

IDLE_SECONDS = 2.0
BUSY_SECONDS = 2.0  # the office serves people first: so long, give or take half
WAIT_SECONDS, WAIT_SECONDS_MAX = 5.0, 300.0
GROWTH = 4  # how fast a batch becomes long again after it had to be short
STATUSES_ABOUT_CONTENT = frozenset({400, 413, 422})  # another batch may fare better; else the whole request is at fault
STRIKES_MAX = 3  # so often an item alone goes unanswered, while heartbeats are answered, before it is put aside
ASIDES_AT_ONCE = 3  # more in a row look like an office that takes nothing at all: from then on with a wait between
ASIDE_SOON_SECONDS, ASIDE_SECONDS, ASIDE_SECONDS_MAX = 60.0, 3_600.0, 86_400.0
REMOVAL_SECONDS = 86_400.0
DAMAGED_ON_DISK = "damaged_on_disk"
UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: items sent, items with a verdict now, items that were refused and put aside, and what stood in
    the way; `busy`: the office asked to come again, which is no trouble."""

    sent: int = 0
    done: int = 0
    aside: int = 0
    trouble: str | None = None
    busy: bool = False

    @property
    def is_empty(self) -> bool:
        """True when there was nothing to send."""
        return self.sent == 0 and self.aside == 0 and self.trouble is None


class Forwarder:
    """One upload at a time; `wake` ends a wait."""

    def __init__(
        self,
        uplink: Uplink,
        keeper: AgreementKeeper,
        journal: Journal,
        clock: KioskClock,
        kiosk: int,
        chance: random.Random | None = None,
    ) -> None:
        self._uplink, self._keeper, self._journal, self._clock = uplink, keeper, journal, clock
        self._kiosk = kiosk
        self._chance = chance or random.Random()
        self.wake = threading.Event()
        self.turns = 0
        self.trouble: str | None = None  # what the last turn met, for staff
        self._most, self._bytes_max = UPLOAD_ITEMS_MAX, UPLOAD_BYTES_MAX
        self._failures = self._asides_in_a_row = 0
        self._strikes: dict[int, int] = {}
        self._office_heard = False
        self._aside_due, self._aside_wait = 0.0, ASIDE_SECONDS
        self._aside_after = 0  # the item among those put aside that was tried last
        self._removal_due = 0.0

    def drain_once(self) -> Turn:
        """Sends one batch of what waits and takes the verdict on it; never raises for line, office or disk."""
        try:
            if isinstance(self._journal.why_not, JournalNotWritten):
                self._journal.recover()
            turn = self._drained()
            self._remove_old()
        except JournalNotWritten as trouble:
            self._failures += 1
            turn = Turn(trouble=f"{trouble.code}: {trouble.words.en}")
        self._note(turn)
        return turn

    def pause_after(self, turn: Turn) -> float:
        """Seconds until the next turn: none after progress, growing with a jitter up to five minutes after trouble."""
        if turn.is_empty:
            return IDLE_SECONDS
        if turn.busy:
            return BUSY_SECONDS * self._chance.uniform(0.5, 1.5)
        if self._failures == 0:
            return 0.0
        longest = min(WAIT_SECONDS_MAX, WAIT_SECONDS * 2.0 ** min(self._failures - 1, 16))
        return longest * self._chance.uniform(0.5, 1.0)

    def hear_office(self) -> None:
        """A heartbeat was answered: what failed is tried again at once, unless it was not the line that failed."""
        self._office_heard = True
        own_disk = isinstance(self._journal.why_not, JournalNotWritten)
        if self.trouble is not None and self._asides_in_a_row < ASIDES_AT_ONCE and not own_disk:
            self.wake.set()

    def hurry(self) -> None:
        """Staff want to see the queue empty: no wait, and what was put aside is tried again too."""
        self._failures = self._asides_in_a_row = 0
        self._aside_due, self._aside_after, self._aside_wait = 0.0, 0, ASIDE_SECONDS
        self.wake.set()

    def _drained(self) -> Turn:
        batch = self._journal.queue.batch(self._most, self._bytes_max)
        damaged = [item for item in batch if not item.is_whole]
        for item in damaged:
            self._put_aside(item, DAMAGED_ON_DISK)
        batch = [item for item in batch if item.is_whole] or ([] if damaged else self._aside_again())
        return self._sent(batch) if batch else Turn(aside=len(damaged))

    def _aside_again(self) -> list[WaitingItem]:
        """One item that was put aside, when its hour has come; after the last one the wait until the first grows."""
        if self._clock.uptime() < self._aside_due:
            return []
        item = self._journal.queue.next_aside(self._aside_after)
        if item is None:
            self._aside_due = self._clock.uptime() + self._aside_wait
            self._aside_wait, self._aside_after = min(self._aside_wait * 2, ASIDE_SECONDS_MAX), 0
            return []
        self._aside_after = item.number
        return [item] if item.is_whole else []

    def _sent(self, batch: list[WaitingItem]) -> Turn:
        documents = tuple(item.document for item in batch)
        body = upload_text(Upload(self._journal.boot, self._clock.uptime_ms(), documents))
        try:
            answer = self._uplink.post("/kiosk/journal", body)
            verdict = open_verdict(answer.body, self._keeper.office_key, self._kiosk, body.encode())
        except UplinkRefused as reason:
            return self._refused(batch, reason, len(body.encode()))
        except UplinkBusy:
            return Turn(sent=len(batch), busy=True)
        except (UplinkUnavailable, CodeRefused) as reason:
            return self._unanswered(batch, f"{type(reason).__name__}: {reason}")
        self._office_heard = True
        done = self._journal.apply_verdicts(batch, verdict)
        if done == 0:
            return self._unanswered(batch, "a verdict that names nothing of what was sent")
        self._note_progress()
        return Turn(sent=len(batch), done=done)

    def _note_progress(self) -> None:
        """The office takes items. It may have failed over those put aside just before only because it failed at all."""
        if self._asides_in_a_row > 0:
            self._aside_due, self._aside_after = self._clock.uptime() + ASIDE_SOON_SECONDS, 0
        self._failures = self._asides_in_a_row = 0
        self._most = min(UPLOAD_ITEMS_MAX, self._most * GROWTH)
        self._strikes.clear()

    def _refused(self, batch: list[WaitingItem], reason: UplinkRefused, length: int) -> Turn:
        """The office says no to the whole request."""
        if reason.status not in STATUSES_ABOUT_CONTENT:
            self._failures += 1
            return Turn(sent=len(batch), trouble=f"{type(reason).__name__}: {reason}")
        if len(batch) > 1:
            self._most = len(batch) // 2
            if reason.status == 413:
                self._bytes_max = length // 2
            return Turn(sent=len(batch), trouble=f"sent in halves: {reason}")
        self._bytes_max = UPLOAD_BYTES_MAX  # it was this one, not the length of the others
        return self._set_aside(batch[0], f"{reason.status} {reason.code}", str(reason))

    def _unanswered(self, batch: list[WaitingItem], trouble: str) -> Turn:
        """No answer that can be believed. A long batch may be too much for a weak line, so the next one is shorter."""
        self._failures += 1
        self._most = max(1, len(batch) // 2)
        if len(batch) == 1 and self._office_heard:
            number = batch[0].number
            self._strikes[number] = self._strikes.get(number, 0) + 1
            if self._strikes[number] >= STRIKES_MAX:
                del self._strikes[number]
                return replace(self._set_aside(batch[0], UNANSWERED, trouble), aside=0)
        self._office_heard = False
        if batch[0].number == self._aside_after:
            self._aside_after -= 1  # nobody looked at it, so it need not wait for its next hour
        return Turn(sent=len(batch), trouble=trouble)

    def _set_aside(self, item: WaitingItem, because: str, trouble: str) -> Turn:
        """The bad item is found: the others go on, at once if it was one of few."""
        self._put_aside(item, because)
        self._asides_in_a_row += 1
        self._failures = max(0, self._asides_in_a_row - ASIDES_AT_ONCE)
        return Turn(sent=1, aside=1, trouble=trouble)

    def _put_aside(self, item: WaitingItem, because: str) -> None:
        log.error("item %d of %s is put aside: %s", item.reference.seq, item.reference.boot, because)
        self._journal.queue.put_aside(item, because, self._clock.now())
        if item.number != self._aside_after:
            self._aside_due = max(self._aside_due, self._clock.uptime() + ASIDE_SECONDS)

    def _remove_old(self) -> None:
        if self._clock.uptime() >= self._removal_due:
            removed = self._journal.queue.remove_old()
            self._removal_due = self._clock.uptime() + REMOVAL_SECONDS
            if removed:
                log.info("%d items that were done 40 days ago are removed", removed)

    def _note(self, turn: Turn) -> None:
        """Logs a change only: a week without network is one line."""
        self.turns += 1
        if (turn.trouble is None) != (self.trouble is None):
            log.warning("nothing is sent: %s", turn.trouble) if turn.trouble else log.info("the journal is being sent")
        self.trouble = turn.trouble
