"""The demonstration island: made once by the services, the same after a second run, honest in its prices."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from miniprogram_api.clock import FixedClock
from miniprogram_api.commands.data_folder import DataFolder, FolderBusy
from miniprogram_api.commands.demonstration import read_description, venue_of
from miniprogram_api.commands.seed import seed_island, steps_of_seed
from miniprogram_api.commands.surroundings import StartRefused
from miniprogram_api.db import prepare_engine
from miniprogram_api.services.merchants import sign_in_merchant
from miniprogram_api.services.people import sign_in_staff
from scenes.catalogue import load_catalogue
from tests.architecture.tree import ROOT

NOON = 1_795_320_000
TABLES = ("rule_versions", "venues", "kiosks", "merchants", "items", "stock", "people", "audit_events")
ROLES = ["administrator", "approver", "auditor", "finance", "fleet", "operator"]


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "island")
    folder.make()
    return folder


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = create_engine(database)
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def island(engine: Engine, data: DataFolder) -> Engine:
    """A seeded island."""
    seed_island(engine, data, FixedClock(NOON), lambda: None)
    return engine


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


def document(data: DataFolder) -> dict[str, Any]:
    return json.loads(data.demonstration.read_text(encoding="utf-8"))


def test_the_island_has_its_scenes_venues_merchants_items_and_staff(island: Engine) -> None:
    found = rows(island)
    expected = {"rule_versions": 24, "venues": 10, "kiosks": 10, "merchants": 8, "items": 20, "stock": 20, "people": 6}
    assert {table: found[table] for table in expected} == expected


def test_it_begins_without_members_points_or_vouchers(island: Engine) -> None:
    with island.connect() as connection:
        for table in ("members", "acts", "entries", "vouchers"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_a_second_run_changes_nothing(island: Engine, data: DataFolder) -> None:
    before, kept = rows(island), document(data)
    seed_island(island, data, FixedClock(NOON + 86_400), lambda: None)
    assert rows(island) == before
    assert document(data) == kept


def test_a_run_that_broke_off_is_completed_with_the_same_passwords(engine: Engine, data: DataFolder) -> None:
    seen = []

    def break_off() -> None:
        seen.append(1)
        if len(seen) == 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed_island(engine, data, FixedClock(NOON), break_off)
    kept = document(data)
    seed_island(engine, data, FixedClock(NOON), lambda: None)
    assert document(data) == kept
    assert rows(engine)["people"] == 6


def test_every_owner_can_sign_in_with_the_password_of_the_file(island: Engine, data: DataFolder) -> None:
    with Session(island) as session:
        for one in document(data)["merchants"]:
            counter = sign_in_merchant(session, one["login"], one["password"], FixedClock(NOON))
            assert (counter.merchant_zh, counter.role) == (one["name"], "owner")


def test_there_is_a_sign_in_with_a_second_factor_for_each_role(island: Engine, data: DataFolder) -> None:
    staff = document(data)["staff"]
    assert sorted(one["role"] for one in staff) == ROLES
    with Session(island) as session:
        for one in staff:
            totp = pyotp.TOTP(one["totp_secret"]).at(NOON)
            assert sign_in_staff(session, one["login"], one["password"], totp, FixedClock(NOON)).token


def test_the_file_of_sign_ins_is_for_its_owner_only(island: Engine, data: DataFolder) -> None:
    assert stat.S_IMODE(data.demonstration.stat().st_mode) == 0o600
    assert set(document(data)) == {"merchants", "staff"}
    assert set(document(data)["merchants"][0]) == {"name", "login", "password"}
    assert set(document(data)["staff"][0]) == {"login", "password", "role", "totp_secret"}


def test_sign_ins_that_were_lost_are_not_replaced_by_ones_that_do_not_work(island: Engine, data: DataFolder) -> None:
    data.demonstration.unlink()
    with pytest.raises(StartRefused, match="can't be read back"):
        seed_island(island, data, FixedClock(NOON), lambda: None)
    assert not data.demonstration.exists()


def test_the_progress_knows_how_many_steps_there_are(engine: Engine, data: DataFolder) -> None:
    steps: list[int] = []
    seed_island(engine, data, FixedClock(NOON), lambda: steps.append(1))
    assert len(steps) == steps_of_seed()


def test_all_24_scenes_are_offered_somewhere_and_every_place_prints_tickets() -> None:
    catalogue = load_catalogue()
    venues = [venue_of(row, catalogue) for row in read_description()["venue"]]
    assert {number for venue in venues for number in venue.profile.scenes} == set(range(1, 25))
    offers = [(venue.id, number, offer) for venue in venues for number, offer in venue.profile.scenes.items()]
    assert [(place, number) for place, number, offer in offers if "TK" not in offer.proofs] == []
    own = {
        proof for _, number, offer in offers for proof in offer.proofs - {"TK"} - set(catalogue.scenes[number].proofs)
    }
    assert own == set()


def test_every_scene_keeps_a_way_of_proof_of_its_own_at_some_place() -> None:
    catalogue = load_catalogue()
    found: dict[int, set[str]] = {}
    for venue in (venue_of(row, catalogue) for row in read_description()["venue"]):
        for number, offer in venue.profile.scenes.items():
            found.setdefault(number, set()).update(offer.proofs)
    assert {number: set(catalogue.scenes[number].proofs) - found[number] for number in found} == {
        number: set() for number in found
    }


def test_a_settlement_follows_the_budget_of_about_a_tenth_of_a_yuan_for_a_point() -> None:
    for item in read_description()["item"]:
        assert 9 <= item["settlement_fen"] / item["points"] <= 11, item["name_en"]


def test_a_guest_of_one_day_finds_something_to_take_home() -> None:
    assert sum(item["points"] <= 35 for item in read_description()["item"]) >= 5


def test_every_picture_of_an_item_is_among_the_vendored_icons() -> None:
    icons = set((ROOT / "static/shared/vendor/icons.txt").read_text(encoding="utf-8").split())
    assert [item["icon"] for item in read_description()["item"] if item["icon"] not in icons] == []


def test_two_islands_never_share_a_folder(data: DataFolder) -> None:
    with data.held():
        second = DataFolder(data.path)
        with pytest.raises(FolderBusy, match="already running"), second.held():
            pass
