"""Says every few seconds how this kiosk is, and hears from a signed answer alone that the office is there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk import SOFTWARE_VERSION
from kiosk.agreement import AgreementKeeper
from kiosk.clock import KioskClock
from kiosk.journal import Journal
from kiosk.refusals import JournalNotWritten
from kiosk.uplink import KioskRevoked, Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire.errors import CodeRefused
from scenes.wire.upload import Heartbeat, heartbeat_text
from scenes.wire.verdict import Verdict, open_verdict

log = logging.getLogger(__name__)


class Heartbeats:
    """One heartbeat at a time; only an answer that the office signed for exactly this request counts."""

    def __init__(
        self,
        uplink: Uplink,
        keeper: AgreementKeeper,
        journal: Journal,
        clock: KioskClock,
        kiosk: int,
        paper: Callable[[], str],
    ) -> None:
        self._uplink, self._keeper, self._journal, self._clock = uplink, keeper, journal, clock
        self._kiosk, self._paper = kiosk, paper
        self._answered_uptime: float | None = None
        self.answered_at: int | None = None  # device time of the last verified answer in this start
        self.trouble: str | None = None  # what the last heartbeat met, for staff; nothing is decided by it
        self.refusal: UplinkRefused | None = None  # what the server, or who says to be it, refused the last one with

    def answer_age(self) -> float | None:
        """Seconds since the last verified answer, None before the first of this start."""
        return None if self._answered_uptime is None else self._clock.uptime() - self._answered_uptime

    @property
    def stopped(self) -> bool:
        """The last one was told that this kiosk is out of use; a signed agreement says if it is."""
        return isinstance(self.refusal, KioskRevoked)

    def beat(self) -> Verdict | None:
        """Sends one heartbeat; the verified verdict, or None when nobody answered who could be believed."""
        asked_uptime, device_time = self._clock.uptime(), self._clock.now()
        body = heartbeat_text(self._heartbeat(device_time))
        try:
            answer = self._uplink.post("/kiosk/heartbeats", body)
            verdict = open_verdict(answer.body, self._keeper.office_key, self._kiosk, body.encode())
        except (UplinkUnavailable, UplinkRefused, CodeRefused) as reason:
            self.refusal = reason if isinstance(reason, UplinkRefused) else None
            self._note(f"{type(reason).__name__}: {reason}")
            return None
        self.refusal = None
        self._note(None)
        self._take(verdict, device_time, asked_uptime)
        return verdict

    def _take(self, verdict: Verdict, device_time: int, asked_uptime: float) -> None:
        # The age counts from the question: the office was there at some moment after it.
        self._answered_uptime, self.answered_at = asked_uptime, device_time
        self._clock.answered(verdict.server_time, device_time)
        self._journal.keep_offset(verdict.server_time - device_time)
        try:
            self._journal.hear_held(verdict.contiguous, verdict.server_time)
        except JournalNotWritten as trouble:
            log.warning("what the office holds can't be noted: %s", trouble.words.en)

    def _heartbeat(self, device_time: int) -> Heartbeat:
        return Heartbeat(
            boot=self._journal.boot,
            uptime_ms=self._clock.uptime_ms(),
            device_time=device_time,
            queue=self._journal.queue_length(),
            versions={"kiosk": SOFTWARE_VERSION},
            paper=self._paper(),
            agreement=self._keeper.version,
            last_sync=self.answered_at,
        )

    def _note(self, trouble: str | None) -> None:
        """Logs a change only: a week without network is one line, not thirty thousand."""
        if (trouble is None) != (self.trouble is None):
            log.warning("no verified answer: %s", trouble) if trouble else log.info("in touch with the office")
        self.trouble = trouble
