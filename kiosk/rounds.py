"""What the kiosk does by itself while people come and go: heartbeats, agreement, figures, used codes, journal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kiosk.agreement import AgreementKeeper, AgreementNotNewer
from kiosk.clock import KioskClock
from kiosk.figures import IslandToday, ask_island_today
from kiosk.forwarder import Forwarder
from kiosk.heartbeats import Heartbeats
from kiosk.key_change import KeyChange
from kiosk.touches import Touches
from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from kiosk.uses import Uses
from scenes.wire.errors import CodeRefused

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20  # three fit into the minute that a group code may stand on one answer
RETRY_SECONDS = 5
AGREEMENT_SECONDS = 60
USES_SECONDS = 2
KEY_SECONDS = 60


class Rounds:
    """Each of the methods is one turn; `start` takes them by themselves."""

    def __init__(
        self,
        uplink: Uplink,
        keeper: AgreementKeeper,
        heartbeats: Heartbeats,
        clock: KioskClock,
        touches: Touches,
        forwarder: Forwarder,
        key_change: KeyChange,
        renewed: Callable[[], None] = lambda: None,
    ) -> None:
        """`renewed` is called once the next key is in force: this start is over then."""
        self._uplink, self._keeper, self._heartbeats, self._clock = uplink, keeper, heartbeats, clock
        self._uses, self._touches = Uses(uplink, touches), touches
        self._forwarder, self._key_change, self._renewed = forwarder, key_change, renewed
        self._agreement_due = self._key_due = 0.0
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.today: IslandToday | None = None

    def greet(self) -> bool:
        """One heartbeat and, when it was answered and it is time, the agreement and the figures. True when answered.

        Who is told that it is out of use asks for the agreement too: only what is signed there stops it, or lets it
        work again.
        """
        if self._key_change.done:
            return False
        verdict = self._heartbeats.beat()
        if verdict is not None:
            self._forwarder.hear_office()
        if verdict is not None or self._keeper.current is None or self._heartbeats.stopped:
            self._look_after_agreement(None if verdict is None else verdict.server_time)
        if verdict is not None or self._heartbeats.refusal is not None:
            self._look_after_key(answered=verdict is not None)
        return verdict is not None

    def _look_after_agreement(self, server_time: int | None) -> None:
        """Asks when it is time, when there is none, and when the heartbeat's answer says that there is a newer one."""
        changed = self._heartbeats.stopped != self._keeper.suspends_this_kiosk
        if changed or self._clock.uptime() >= self._agreement_due or self._keeper.current is None:
            self._ask_agreement(server_time)

    def _look_after_key(self, *, answered: bool) -> None:
        """The next key, when the office wants it and no code stands on the screen that its use is awaited of."""
        if self._touches.awaits_news():
            return
        if self._key_change.is_under_way:
            self._key_change.hand_in()
        elif answered and self._clock.uptime() >= self._key_due:
            self._key_due = self._clock.uptime() + KEY_SECONDS
            self._key_change.ask()
        if self._key_change.done:
            self._stopped.set()
            self._renewed()

    def _ask_agreement(self, server_time: int | None) -> None:
        """`server_time` of the verified answer just before: an unsigned "nothing newer" counts only beside one."""
        try:
            answer = self._uplink.get("/kiosk/agreement", {"since": str(self._keeper.version or 0)})
            if answer.status == 200:
                agreement = self._keeper.take(answer.body)
                log.info("agreement %d in force", agreement.version)
            elif answer.status == 204 and server_time is not None:
                self._keeper.confirm(server_time)
        except (UplinkUnavailable, UplinkRefused, CodeRefused, AgreementNotNewer, OSError) as reason:
            log.warning("no new agreement: %s", reason)
            return
        self._agreement_due = self._clock.uptime() + AGREEMENT_SECONDS
        if server_time is not None:
            self.today = ask_island_today(self._uplink)

    def hear_uses(self) -> None:
        """Asks for used codes while one stands on the screen."""
        if self._touches.awaits_news():
            self._uses.ask()

    def start(self) -> None:
        """Begins the turns in threads of their own, so that a slow line never holds up a touch."""
        own = self._stopped.wait
        turns = [("heartbeats", self._greeted, own), ("uses", self._heard, own)]
        for name, turn, wait in [*turns, ("journal", self._forwarded, self._wait_awake)]:
            thread = threading.Thread(target=self._repeat, args=(turn, wait), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float) -> None:
        """Ends the turns, waiting at most this long for one that is under way."""
        self._stopped.set()
        self._forwarder.wake.set()
        for thread in self._threads:
            thread.join(seconds)

    def _greeted(self) -> float:
        return HEARTBEAT_SECONDS if self.greet() or self._heartbeats.stopped else RETRY_SECONDS

    def _heard(self) -> float:
        self.hear_uses()
        return USES_SECONDS

    def _forwarded(self) -> float:
        return self._forwarder.pause_after(self._forwarder.drain_once())

    def _wait_awake(self, seconds: float) -> bool:
        """A wait that good news ends; True when the turns are over."""
        self._forwarder.wake.wait(seconds)
        self._forwarder.wake.clear()
        return self._stopped.is_set()

    def _repeat(self, turn: Callable[[], float], wait: Callable[[float], bool]) -> None:
        pause = 0.0
        while not wait(pause):
            try:
                pause = turn()
            except Exception:  # a fault in one turn must not end all later ones; it is written down in full
                if self._stopped.is_set():
                    return  # line and journal were closed under a turn that took too long
                log.exception("a turn failed")
                pause = RETRY_SECONDS
