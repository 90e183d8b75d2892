"""While people scan, one upload at a time is worked on; a kiosk that is sent away lost nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from kiosk.uplink import UplinkBusy
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.right_of_way import ABOUT_SECONDS, RightOfWay
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import KioskAtSea, kiosk_on_the_line
from tests.miniprogram_api.routes.kiosk.test_return_of_the_fleet import batches_of, send


@pytest.fixture
def file(tmp_path: Path, app: APIFlask) -> Path:
    """What the workers of the machine share, made by the application."""
    file = tmp_path / "uploads.lock"
    assert file.exists()
    return file


@pytest.fixture
def other_worker(file: Path) -> RightOfWay:
    return RightOfWay(file)


@pytest.fixture
def kiosk(stage: Stage, app: APIFlask, tmp_path: Path) -> Iterator[KioskAtSea]:
    kiosk = kiosk_on_the_line(stage, app, tmp_path, PIER)
    assert kiosk.machine.rounds.greet()
    yield kiosk
    kiosk.machine.close()


def test_beside_another_upload_a_kiosk_comes_again_while_people_are_about(
    stage: Stage, client: FlaskClient, kiosk: KioskAtSea, other_worker: RightOfWay
) -> None:
    [batch] = batches_of(kiosk, 200)
    client.get("/api/v1/member/me", headers={"Authorization": "Bearer mei"})
    with other_worker.upload(), pytest.raises(UplinkBusy):
        send(kiosk, batch)
    assert stage.count("journal_items") == 0
    assert send(kiosk, batch) == len(batch)
    assert stage.count("journal_items") == len(batch)


def test_where_nobody_is_about_all_workers_take_uploads(
    stage: Stage, kiosk: KioskAtSea, other_worker: RightOfWay
) -> None:
    [batch] = batches_of(kiosk, 200)
    with other_worker.upload():
        assert send(kiosk, batch) == len(batch)
    assert stage.count("journal_items") == len(batch)


def test_people_are_about_for_seconds_after_each_call_of_theirs(file: Path) -> None:
    one, other = RightOfWay(file), RightOfWay(file)
    with one.upload(), other.upload():
        pass
    other.note_person()
    with one.upload(), pytest.raises(Problem) as busy, other.upload():
        raise AssertionError("two at once")
    assert (busy.value.code, busy.value.helps) == ("busy", {"retry_after": 1})
    gone = time.time() - ABOUT_SECONDS
    os.utime(file, (gone, gone))
    with one.upload(), other.upload():
        pass


def test_an_upload_that_breaks_off_blocks_nobody(file: Path) -> None:
    one = RightOfWay(file)
    one.note_person()
    with pytest.raises(ZeroDivisionError), one.upload():
        raise ZeroDivisionError
    with one.upload():
        pass


def test_where_the_file_can_not_be_made_nobody_is_sent_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = RightOfWay(tmp_path / "no" / "folder" / "x.lock")
    assert "take turns" in caplog.text
    nowhere.note_person()
    with nowhere.upload(), nowhere.upload():
        pass
