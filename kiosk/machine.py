"""One running kiosk, put together: who it is, what it runs on, what it writes down, what it is wired to."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from kiosk.agreement import AgreementKeeper
from kiosk.clock import KioskClock, system_uptime
from kiosk.config import ConfigInvalid, KioskSettings, read_settings
from kiosk.devices.printers import EscposPrinter, NoPrinter, Printer
from kiosk.devices.simulated import SimulatedPrinter
from kiosk.folder import KioskFolder
from kiosk.groups import Groups
from kiosk.heartbeats import Heartbeats
from kiosk.identity import read_identity
from kiosk.issue import Mint
from kiosk.journal import Journal
from kiosk.rounds import Rounds
from kiosk.texts import VenueTexts
from kiosk.tickets import TicketDesk
from kiosk.touches import Touches
from kiosk.uplink import Uplink

STOP_SECONDS = 2.0


class Machine:
    """Made once per process and boot; the caller holds the folder's KioskLock."""

    def __init__(
        self,
        folder: KioskFolder,
        transport: httpx.BaseTransport | None = None,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = system_uptime,
    ) -> None:
        """Opens everything and starts a boot; raises NotProvisioned, ConfigInvalid or FieldsInvalid."""
        self.folder = folder
        self.settings: KioskSettings = read_settings(folder.settings)
        self.identity = read_identity(folder)
        self.clock = KioskClock(wall, uptime, battery=self.settings.battery_clock)
        self.keeper = AgreementKeeper(folder, self.identity)
        self.printer = self._wired_printer()
        self.journal = Journal(folder.journal, self.identity, self.clock)
        self.uplink = Uplink(self.identity.server, self.identity.key_id, self.identity.private_key, transport)
        self._put_together()

    def _put_together(self) -> None:
        self.mint = Mint(self.identity, self.keeper, self.journal, self.clock)
        self.heartbeats = Heartbeats(
            self.uplink, self.keeper, self.journal, self.clock, self.identity.kiosk, self.printer.state
        )
        self.touches = Touches(self.mint)
        self.groups = Groups(self.mint, self.heartbeats.answer_age)
        self.tickets = TicketDesk(self.mint, self.printer)
        self.rounds = Rounds(self.uplink, self.keeper, self.heartbeats, self.clock, self.touches)

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
        self.journal.close()
