"""What the kiosk does by itself while people come and go: heartbeats, agreement, figures, news of used codes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kiosk.agreement import AgreementKeeper, AgreementNotNewer
from kiosk.clock import KioskClock
from kiosk.figures import IslandToday, ask_island_today
from kiosk.heartbeats import Heartbeats
from kiosk.touches import Touches
from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from kiosk.uses import Uses
from scenes.wire.errors import CodeRefused

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20  # three fit into the minute that a group code may stand on one answer
RETRY_SECONDS = 5
AGREEMENT_SECONDS = 60
USES_SECONDS = 2


class Rounds:
    """Each of the methods is one turn; `start` takes them by themselves."""

    def __init__(
        self, uplink: Uplink, keeper: AgreementKeeper, heartbeats: Heartbeats, clock: KioskClock, touches: Touches
    ) -> None:
        self._uplink, self._keeper, self._heartbeats, self._clock = uplink, keeper, heartbeats, clock
        self._uses, self._touches = Uses(uplink, touches), touches
        self._agreement_due = 0.0
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.today: IslandToday | None = None

    def greet(self) -> bool:
        """One heartbeat and, when it was answered and it is time, the agreement and the figures. True when answered."""
        verdict = self._heartbeats.beat()
        if verdict is None and self._keeper.current is not None:
            return False
        if self._clock.uptime() >= self._agreement_due or self._keeper.current is None:
            self._ask_agreement(None if verdict is None else verdict.server_time)
        return verdict is not None

    def _ask_agreement(self, server_time: int | None) -> None:
        """`server_time` of the verified answer just before: an unsigned "nothing newer" counts only beside one."""
        try:
            answer = self._uplink.get("/kiosk/agreement", {"since": str(self._keeper.version or 0)})
            if answer.status == 200:
                agreement = self._keeper.take(answer.body)
                log.info("agreement %d in force", agreement.version)
            elif answer.status == 204 and server_time is not None:
                self._keeper.confirm(server_time)
        except (UplinkUnavailable, UplinkRefused, CodeRefused, AgreementNotNewer) as reason:
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
        turns: list[tuple[str, Callable[[], float]]] = [("heartbeats", self._greeted), ("uses", self._heard)]
        for name, turn in turns:
            thread = threading.Thread(target=self._repeat, args=(turn,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float) -> None:
        """Ends the turns, waiting at most this long for one that is under way."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(seconds)

    def _greeted(self) -> float:
        return HEARTBEAT_SECONDS if self.greet() else RETRY_SECONDS

    def _heard(self) -> float:
        self.hear_uses()
        return USES_SECONDS

    def _repeat(self, turn: Callable[[], float]) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = turn()
            except Exception:  # a fault in one turn must not end all later ones; it is written down in full
                log.exception("a turn failed")
                pause = RETRY_SECONDS
