"""One start of a kiosk: identity, clock, agreement and journal, and the mint that makes codes of them.

No line and no devices yet: this is all that one code needs, and it is there in a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.agreement import AgreementKeeper
from kiosk.clock import KioskClock, system_uptime
from kiosk.config import KioskSettings, read_settings
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.issue import Mint
from kiosk.journal import Journal


class Boot:
    """Made once per process; the caller holds the folder's KioskLock."""

    def __init__(
        self,
        folder: KioskFolder,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = system_uptime,
    ) -> None:
        """Opens the journal and starts a boot in it; raises NotProvisioned, ConfigInvalid or FieldsInvalid."""
        self.folder = folder
        self.settings: KioskSettings = read_settings(folder.settings)
        self.identity = read_identity(folder)
        self.clock = KioskClock(wall, uptime, battery=self.settings.battery_clock)
        self.keeper = AgreementKeeper(folder, self.identity)
        self._wire()
        self.journal = Journal(folder.journal, self.identity, self.clock)
        self.mint = Mint(self.identity, self.keeper, self.journal, self.clock)

    def _wire(self) -> None:
        """For a machine with devices: connects them, and raises ConfigInvalid, before anything is written."""

    def close(self) -> None:
        self.journal.close()
