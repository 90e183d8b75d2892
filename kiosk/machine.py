"""One running kiosk, put together: a boot, what it is wired to, the line to the office, and what people can ask for."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from kiosk.boot import Boot
from kiosk.clock import system_uptime
from kiosk.config import ConfigInvalid
from kiosk.devices.printers import EscposPrinter, NoPrinter, Printer
from kiosk.devices.simulated import SimulatedPrinter
from kiosk.folder import KioskFolder
from kiosk.groups import Groups
from kiosk.heartbeats import Heartbeats
from kiosk.rounds import Rounds
from kiosk.texts import VenueTexts
from kiosk.tickets import TicketDesk
from kiosk.touches import Touches
from kiosk.uplink import Uplink

STOP_SECONDS = 2.0


class Machine(Boot):
    """A boot with printer, line, screen codes and turns."""

    def __init__(
        self,
        folder: KioskFolder,
        transport: httpx.BaseTransport | None = None,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = system_uptime,
    ) -> None:
        """Raises what Boot raises; ConfigInvalid also for a printer that this machine can't drive."""
        super().__init__(folder, wall, uptime)
        self.uplink = Uplink(self.identity.server, self.identity.key_id, self.identity.private_key, transport)
        self.heartbeats = Heartbeats(
            self.uplink, self.keeper, self.journal, self.clock, self.identity.kiosk, self.printer.state
        )
        self.touches = Touches(self.mint)
        self.groups = Groups(self.mint, self.heartbeats.answer_age)
        self.tickets = TicketDesk(self.mint, self.printer)
        self.rounds = Rounds(self.uplink, self.keeper, self.heartbeats, self.clock, self.touches)

    def _wire(self) -> None:
        self.printer = self._wired_printer()

    def _wired_printer(self) -> Printer:
        settings = self.settings.printer
        if settings.transport == "none":
            return NoPrinter()
        if settings.transport != "simulated":
            return EscposPrinter(settings)
        # A simulated device announces itself and refuses to work where points are real.
        if self.folder.settings.exists() and self.keeper.current is not None and not self.is_demonstration():
            raise ConfigInvalid("this island is no demonstration: set printer.transport to a real printer or to none")
        return SimulatedPrinter(settings, self.folder.tickets, self.folder.name, self.is_demonstration)

    def is_demonstration(self) -> bool:
        """True when the agreement in force says so."""
        return self.keeper.current is not None and VenueTexts(self.keeper.current.agreement).is_demonstration

    def close(self) -> None:
        """Ends the turns and closes line and journal."""
        self.rounds.stop(STOP_SECONDS)
        self.uplink.close()
        super().close()
