"""One running kiosk, put together: a boot, what it is wired to, the line to the office, and what people can ask for."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from kiosk.boot import Boot
from kiosk.clock import system_uptime
from kiosk.config import ConfigInvalid
from kiosk.devices.printers import EscposPrinter, NoPrinter, Printer
from kiosk.devices.scanners import ScannedTexts
from kiosk.devices.simulated import SimulatedPrinter
from kiosk.devices.wiring import wired_scale, wired_scanner
from kiosk.duty import Duty
from kiosk.folder import KioskFolder
from kiosk.forwarder import Forwarder
from kiosk.groups import Groups
from kiosk.heartbeats import Heartbeats
from kiosk.intake import Intake
from kiosk.key_change import KeyChange
from kiosk.quiz import Quizzes
from kiosk.rounds import Rounds
from kiosk.staff_pin import StaffPanel
from kiosk.texts import VenueTexts
from kiosk.tickets import TicketDesk
from kiosk.touches import Touches
from kiosk.uplink import Uplink
from kiosk.weighing_desk import WeighingDesk

STOP_SECONDS = 2.0


def _nobody() -> None:
    """Nobody waits for a new start."""


class Machine(Boot):
    """A boot with printer, scanner, scale, line, screen codes, readings and turns."""

    def __init__(
        self,
        folder: KioskFolder,
        transport: httpx.BaseTransport | None = None,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = system_uptime,
    ) -> None:
        """Raises what Boot raises; ConfigInvalid also for a device that this machine can't drive."""
        super().__init__(folder, wall, uptime)
        self.renewed: Callable[[], None] = _nobody
        self.told_to_end = False
        identity = self.identity
        self.uplink = Uplink(identity.server, identity.key_id, identity.private_key, transport, folder.cut)
        self.heartbeats = Heartbeats(
            self.uplink, self.keeper, self.journal, self.clock, self.identity.kiosk, self.printer.state
        )
        self.touches = Touches(self.mint)
        self.groups = Groups(self.mint, self.heartbeats.answer_age)
        self.tickets = TicketDesk(self.mint, self.printer)
        self.intake = Intake(self.keeper, self.clock, self.journal, identity.code_base_url)
        self.weighings = WeighingDesk(self.mint, self.scale.state)
        self.quizzes = Quizzes()
        self.duty = Duty(folder.duty, self.clock.uptime)
        self.panel = StaffPanel(folder.staff_pin, self.clock.uptime)
        self.forwarder = Forwarder(self.uplink, self.keeper, self.journal, self.clock, identity.kiosk)
        self.key_change = KeyChange(folder, identity, self.uplink, self.keeper, transport)
        self.rounds = Rounds(
            self.uplink,
            self.keeper,
            self.heartbeats,
            self.clock,
            self.touches,
            self.forwarder,
            self.key_change,
            lambda: self.renewed(),  # set later, by who runs this machine
        )

    def _wire(self) -> None:
        self.printer = self._wired_printer()
        self.scanned = ScannedTexts()
        agreed = self.keeper.current is not None
        self.scanner = wired_scanner(self.settings.scanner, self.scanned, self.is_demonstration, agreed=agreed)
        self.scale = wired_scale(
            self.settings.scale,
            lambda sample: self.weighings.take(sample),  # made later, and before the scale begins to speak
            self.clock.uptime,
            self.is_demonstration,
            agreed=agreed,
        )

    def start(self) -> None:
        """Begins to listen to the devices and takes the turns."""
        self.scanner.start()
        self.scale.start()
        self.rounds.start()

    def release(self) -> None:
        """Lets a page go that waits for a reading, so that a stop has nobody to wait for."""
        self.scanned.close()

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
        """Ends the turns and closes devices, line and journal."""
        self.release()
        self.scanner.stop()
        self.scale.stop()
        self.rounds.stop(STOP_SECONDS)
        self.uplink.close()
        super().close()
