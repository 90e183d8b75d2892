"""Last night's backup is put back under the server: what kiosks still hold comes in again, and only once (R13)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from kiosk.intake import Intake
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.reading_lines import AskedLine
from miniprogram_api.db import db
from tests.miniprogram_api.cast import BASE_URL, PIER, Stage
from tests.miniprogram_api.conftest import _administer
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import KioskAtSea, kiosk_on_the_line
from tests.miniprogram_api.test_reconcile import found as differences_found

CABIN, DAY, HOUR = 2, 86_400, 3600
REFILL = AskedLine(9, 0, None)
TABLES = ("acts", "entries", "journal_items", "readings", "notices", "member_balances")


class Backup:
    """A copy of the whole database as it is now; `put_back` makes it the server's again."""

    def __init__(self, stage: Stage, app: APIFlask, folder: Path) -> None:
        self._stage, self._app, self._url = stage, app, make_url(stage.engine.url)
        self._file = folder / "backup.sqlite"
        self._rest()
        if self._url.get_backend_name() == "sqlite":
            shutil.copy(str(self._url.database), self._file)
        else:
            self._copy(str(self._url.database), self._name)

    @property
    def _name(self) -> str:
        return f"{self._url.database}_backup"

    def put_back(self) -> None:
        self._rest()
        if self._url.get_backend_name() == "sqlite":
            shutil.copy(self._file, str(self._url.database))
        else:
            self._copy(self._name, str(self._url.database))
        self._stage.island.directory.forget()

    def drop(self) -> None:
        if self._url.get_backend_name() == "postgresql":
            _administer(self._maintenance, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    @property
    def _maintenance(self) -> str:
        return self._url.set(database="postgres").render_as_string(hide_password=False)

    def _copy(self, source: str, copy: str) -> None:
        _administer(self._maintenance, f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        _administer(self._maintenance, f"CREATE DATABASE {copy} TEMPLATE {source}")

    def _rest(self) -> None:
        """Nobody is connected; all of it is in the one file."""
        self._stage.session.close()
        self._stage.engine.dispose()
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self._url.get_backend_name() == "sqlite":
            engine = create_engine(self._url)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()


@pytest.fixture
def back_up(stage: Stage, app: APIFlask, tmp_path: Path) -> Iterator[Callable[[], Backup]]:
    made: list[Backup] = []

    def make() -> Backup:
        made.append(Backup(stage, app, tmp_path))
        return made[-1]

    yield make
    for backup in made:
        backup.drop()


@pytest.fixture
def disks(tmp_path: Path) -> Path:
    (tmp_path / "disks").mkdir()
    return tmp_path / "disks"


@pytest.fixture
def pier(stage: Stage, app: APIFlask, tmp_path: Path) -> Iterator[KioskAtSea]:
    cabin = kiosk_on_the_line(stage, app, tmp_path, CABIN)  # with it come the place's offers
    cabin.machine.close()
    kiosk = kiosk_on_the_line(stage, app, tmp_path, PIER)
    kiosk.drain()
    yield kiosk
    kiosk.machine.close()


def day_of_work(stage: Stage, kiosk: KioskAtSea) -> None:
    """A ticket and a reading, and both are told."""
    stage.clock.advance(HOUR)
    machine = kiosk.machine
    code = stage.member_code("mei")
    Intake(machine.keeper, machine.clock, machine.journal, BASE_URL).take_member_code(code, (REFILL,))
    issue_kiosk_code(machine.mint, CodeRequest(6, 0, None, "ticket"), by_touch=True)
    kiosk.drain()


def what_is_known(stage: Stage) -> dict[str, object]:
    """Everything that follows from the journal, by what it says rather than by ids that are made anew."""
    items = "SELECT boot, seq, hash, corrected_at, result, apart FROM journal_items ORDER BY boot, seq"
    acts = "SELECT member_id, scene, occurred_at, state, points FROM acts ORDER BY occurred_at"
    counts = {table: stage.count(table) for table in TABLES}
    return {"items": stage.rows(items), "acts": stage.rows(acts), "mei": stage.balance("mei"), **counts}


def test_starts_that_the_backup_never_heard_of_are_sent_again_whole(
    stage: Stage, pier: KioskAtSea, disks: Path, back_up: Callable[[], Backup]
) -> None:
    day_of_work(stage, pier)
    backup = back_up()
    for _ in range(2):  # two starts on the day that will be lost, beside the rest of the first
        day_of_work(stage, pier)
        stage.clock.advance(DAY)
        pier.cut_power(disks)
    day_of_work(stage, pier)
    before = what_is_known(stage)
    assert before["mei"] == (8, 0, stage.balance("mei")[2])
    backup.put_back()
    assert what_is_known(stage)["journal_items"] != before["journal_items"]
    stage.clock.advance(HOUR)
    pier.drain()
    assert what_is_known(stage) == before
    assert stage.rows("SELECT kind FROM notices") == []
    assert stage.rows(f"SELECT state FROM kiosks WHERE id = {PIER}") == [("active",)]
    assert pier.machine.journal.queue.not_credited() == []
    assert differences_found(stage.engine) == []
    check_that_it_stays_so(stage, pier)


def check_that_it_stays_so(stage: Stage, pier: KioskAtSea) -> None:
    """The next heartbeats send nothing again; neither do those of a time when starts are named no more."""
    before = what_is_known(stage)
    for days in (0, 39, 10, 10):
        stage.clock.advance(days * DAY + 20)
        assert pier.machine.rounds.greet()
        assert pier.machine.journal.queue_length() == 0
    assert what_is_known(stage) == before


def test_an_empty_database_of_the_same_island_gets_all_that_the_kiosk_holds(
    stage: Stage, pier: KioskAtSea, disks: Path, back_up: Callable[[], Backup]
) -> None:
    stage.member_code("mei")  # her phone has passes for three days
    backup = back_up()
    for _ in range(2):
        day_of_work(stage, pier)
        stage.clock.advance(DAY)
        pier.cut_power(disks)
    pier.drain()
    before = what_is_known(stage)
    for _ in range(2):  # and once more, before anybody has looked
        backup.put_back()
        stage.clock.advance(HOUR)
        pier.drain()
        assert what_is_known(stage) == before
    assert stage.rows("SELECT kind FROM notices") == []
    assert differences_found(stage.engine) == []


def test_a_start_is_named_for_as_long_as_the_kiosk_would_miss_it(stage: Stage, pier: KioskAtSea, disks: Path) -> None:
    """It ran for seventy days, and was heard of to the end."""
    day_of_work(stage, pier)
    for _ in range(7):
        stage.clock.advance(10 * DAY)
        pier.drain()
    day_of_work(stage, pier)
    pier.cut_power(disks)
    pier.drain()
    before = what_is_known(stage)
    for _ in range(7):
        stage.clock.advance(10 * DAY)
        assert pier.machine.rounds.greet()
        assert pier.machine.journal.queue_length() == 0, "nothing is sent again"
    assert what_is_known(stage) == before
