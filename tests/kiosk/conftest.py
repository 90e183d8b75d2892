"""A provisioned kiosk at the pier, with an office on the loopback and a clock that the test moves."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.commands import provision
from kiosk.folder import KioskFolder, KioskLock
from kiosk.machine import Machine
from tests.kiosk.office import INVITATION, Office


class MovedClock:
    """Wall clock and uptime that stand still until the test moves them."""

    def __init__(self, wall: float = 1_795_000_000.0) -> None:
        self.wall, self.up = wall, 5_000.0

    def move(self, seconds: float) -> None:
        self.wall += seconds
        self.up += seconds


@pytest.fixture
def office() -> Iterator[Office]:
    with warnings.catch_warnings():
        # The label is all that the contract names; the verifier would like a tag beside it.
        warnings.filterwarnings("ignore", message="Using only a label")
        office = Office()
        yield office
        office.close()
        assert office.signature_faults == []


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> KioskFolder:
    """The folder of a kiosk that was provisioned and holds its first agreement."""
    path = tmp_path / "kiosks" / "island-pier"
    provision(path, office.address, INVITATION, office.fingerprint)
    return KioskFolder(path)


@pytest.fixture
def time_now(office: Office) -> MovedClock:
    clock = MovedClock()
    office.server_time = lambda: int(clock.wall)
    office.agreement = office.sign_agreement(1, issued_at=int(clock.wall) - 60)
    return clock


@pytest.fixture
def pier(time_now: MovedClock, folder: KioskFolder) -> Iterator[Machine]:
    """The running kiosk of the pier; its turns are taken by the test."""
    with KioskLock(folder):
        machine = Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)
        yield machine
        machine.close()
