"""Kiosks as their own program runs them, on the line of the real server, with power cuts and a clock that tests set."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from apiflask import APIFlask
from sqlalchemy import insert, update

from kiosk.folder import KioskFolder
from kiosk.identity import Identity, keep_identity
from kiosk.machine import Machine
from miniprogram_api.models import Kiosk, KioskKey, Venue
from scenes.wire.agreement import OfficeKey
from scenes.wire.profile import GroupLimits, Profile, SceneOffer, profile_document
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import BASE_URL, NOON, PIER, Stage

PROFILE = Profile(
    attended=True,
    scenes={number: SceneOffer(frozenset({"DK", "TK", "ST"}), 500) for number in (6, 9, 24)},
    group=GroupLimits(60, 300, 30),
    points_per_hour=20_000,
    ticket_days=14,
)
SERVER = "http://127.0.0.1:8000"


@dataclass
class KioskAtSea:
    """One kiosk: a machine on a disk. `clock_error` in seconds is what its clock is wrong by."""

    stage: Stage
    app: APIFlask
    folder: KioskFolder
    battery: bool = True
    clock_error: int = 0
    machine: Machine = field(init=False)

    def start(self) -> None:
        """Switched on; without a battery its clock stands in 1970 then."""
        began = self.stage.clock.now()
        wall = self.stage.clock.now() + self.clock_error if self.battery else 100

        def wall_clock() -> float:
            return float(wall)

        def uptime() -> float:
            return float(self.stage.clock.now() - began)

        text = f'battery_clock = {"true" if self.battery else "false"}\n[printer]\ntransport = "none"\n'
        self.folder.settings.write_text(text)
        self.machine = Machine(self.folder, httpx.WSGITransport(app=self.app), wall_clock, uptime)

    def cut_power(self, disks: Path) -> None:
        """What is on the disk at this very moment goes on; nothing is tidied up."""
        disk = disks / f"disk-{len(list(disks.iterdir()))}" / "kiosks" / self.folder.name
        shutil.copytree(self.folder.path, disk)
        self.machine.close()
        self.folder = KioskFolder(disk)
        self.start()

    def drain(self) -> None:
        """The line is back: heard, and sent until nothing waits."""
        assert self.machine.rounds.greet()
        for _ in range(100):
            if self.machine.forwarder.drain_once().is_empty:
                return
        raise AssertionError(self.machine.forwarder.trouble)


def kiosk_on_the_line(stage: Stage, app: APIFlask, folder: Path, number: int, **more: Any) -> KioskAtSea:
    """A provisioned kiosk of that number; the pier's has its key already."""
    private = stage.kiosk_key if number == PIER else _added(stage, number)
    kiosk = KioskFolder(folder / "kiosks" / f"kiosk-{number}")
    kiosk.make()
    office = OfficeKey(stage.island.keys.office_id, public_key_of(stage.island.keys.office_private))
    keep_identity(kiosk, Identity(private, number, 1, SERVER, (office,), BASE_URL))
    at_sea = KioskAtSea(stage, app, kiosk, **more)
    at_sea.start()
    return at_sea


def _added(stage: Stage, number: int) -> bytes:
    """Another kiosk of the pier's place."""
    private = generate_private_key()
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(profile=json.dumps(profile_document(PROFILE))))
        row = {"name": f"kiosk-{number}", "venue_id": "island-pier", "state": "active", "state_since": NOON - 1}
        connection.execute(insert(Kiosk).values(id=number, epoch=1, **row))
        key = {"public_key": public_key_of(private), "created_at": NOON}
        connection.execute(insert(KioskKey).values(kiosk_id=number, epoch=1, **key))
    stage.island.directory.forget()
    return private
