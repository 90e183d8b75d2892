"""Settings and secrets: a wrong one stops the start with a sentence that names it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram_api.app import create_app
from miniprogram_api.clock import FixedClock
from miniprogram_api.config import SettingsRefused, create_keys, load_keys, load_settings
from tests.miniprogram_api.cast import NOON
from tests.miniprogram_api.routes.speech import settings_for

GOOD = {
    "TANYU_ENVIRONMENT": "production",
    "TANYU_KEYS_FILE": "/etc/tanyu/keys.json",
    "DATABASE_URL": "postgresql+psycopg://host/books",
    "CODE_BASE_URL": "HTTPS://ISLE.CN",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_are_taken(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TANYU_HOSTS", "3")
    assert (load_settings().hosts, load_settings().demonstration) == (3, False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"TANYU_HOSTS": "2", "DATABASE_URL": "sqlite:////srv/island.sqlite"}, "TANYU_HOSTS is 2"),
        ({"TANYU_HOSTS": "0"}, "hosts"),
        ({"TANYU_TRUSTED_PROXIES": "the proxy"}, "trusted_proxies"),
        ({"TANYU_TRUSTED_PROXIES": "10.0.0.1/8"}, "trusted_proxies"),
        ({"DATABASE_URL": "mysql://host/books"}, "DATABASE_URL must begin with"),
        ({"DATABASE_URL": "postgresql://host/books"}, "DATABASE_URL must begin with"),
        ({"CODE_BASE_URL": "isle.cn"}, "CODE_BASE_URL"),
        ({"TANYU_ENVIRONMENT": "staging"}, "environment"),
        ({"TANYU_KEY_FILE": "/x"}, "Unknown setting: TANYU_KEY_FILE"),
    ],
)
def test_a_wrong_setting_is_named(environment: pytest.MonkeyPatch, changes: dict[str, str], said: str) -> None:
    for name, value in changes.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsRefused, match=said):
        load_settings()


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({}, "灵山岛（示范）", "Lingshan Island (demonstration)"),
        ({"TANYU_ISLAND_NAME": "青岛"}, "青岛", "青岛"),
        ({"TANYU_ISLAND_NAME": "青岛", "TANYU_ISLAND_NAME_EN": "Green Isle"}, "青岛", "Green Isle"),
    ],
)
def test_an_island_without_an_english_name_keeps_its_own_on_english_pages(
    environment: pytest.MonkeyPatch, changes: dict[str, str], zh: str, en: str
) -> None:
    for name, value in changes.items():
        environment.setenv(name, value)
    assert load_settings().island_names == {"zh": zh, "en": en}


def test_proxies_are_addresses_and_networks_with_commas_between(environment: pytest.MonkeyPatch) -> None:
    assert load_settings().trusted_proxies == ()
    environment.setenv("TANYU_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")
    assert [str(network) for network in load_settings().trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize("name", GOOD)
def test_nothing_that_has_to_be_said_has_a_default(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SettingsRefused):
        load_settings()


def keys_with(folder: Path, changes: dict[str, Any]) -> Path:
    file = folder / "keys.json"
    create_keys(file)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return file


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"arrival": bytes(range(32)).hex()}, "a sample"),
        ({"arrival": "00" * 32}, "a sample"),
        ({"readable_code": "deadbeef" * 8}, "a sample"),
        ({"office": {"id": "office-1", "private": b"change me please".hex() * 2}}, "a sample"),
        ({"voucher": {"current": 1, "masters": {"1": "ab" * 32}}}, "a sample"),
        ({"arrival": "00"}, "not 32 bytes"),
        ({"arrival": "secret"}, "not a keys file"),
        ({"pass": {"current": 1, "keys": {"1": {"private": "ab" * 32, "from": 0}}, "seed": "ab" * 32}}, "a sample"),
        ({"pass": {"current": 2, "keys": {}, "seed": "ab" * 32}}, "the current key is 2"),
        ({"pass": "secret"}, "not a keys file"),
        ({"pass": {"current": 1}}, "it has no 'keys'"),
        ({"voucher": {"current": 7, "masters": {}}}, "the current key is 7"),
    ],
)
def test_a_secret_that_is_none_stops_the_start(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsRefused, match=said):
        load_keys(keys_with(tmp_path, changes))


def test_two_secrets_that_are_the_same_stop_the_start(tmp_path: Path) -> None:
    file = keys_with(tmp_path, {})
    same = json.loads(file.read_text())["arrival"]
    with pytest.raises(SettingsRefused, match="two of the secrets are the same"):
        load_keys(keys_with(tmp_path, {"readable_code": same}))


def test_a_file_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    file = keys_with(tmp_path, {})
    load_keys(file)
    file.chmod(0o640)
    with pytest.raises(SettingsRefused, match="can be read by others"):
        load_keys(file)


def early_file(folder: Path) -> dict[str, Any]:
    """A keys file from before there were passes; answers what it says."""
    file = keys_with(folder, {})
    early = {name: value for name, value in json.loads(file.read_text()).items() if name != "pass"}
    file.write_text(json.dumps(early))
    return early


def test_a_file_made_earlier_gets_the_missing_secrets_once_and_loses_none(tmp_path: Path) -> None:
    early, file = early_file(tmp_path), tmp_path / "keys.json"
    with pytest.raises(SettingsRefused, match="it has no 'pass'"):
        load_keys(file)
    create_keys(file)
    completed = json.loads(file.read_text())
    assert {name: completed[name] for name in early} == early
    assert set(completed) - set(early) == {"pass"}
    assert file.stat().st_mode & 0o777 == 0o600
    keys = load_keys(file)
    assert keys.pass_begins == {keys.pass_key_id: 0}
    create_keys(file)
    assert json.loads(file.read_text()) == completed
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_two_starts_at_once_make_the_missing_secrets_once(tmp_path: Path) -> None:
    early_file(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: _seed_after_start(tmp_path / "keys.json"), range(16)))
    assert len(set(seen)) == 1


def _seed_after_start(file: Path) -> bytes:
    create_keys(file)
    return load_keys(file).pass_seed


@pytest.mark.parametrize("said", ["", "{", "[]", "null"])
def test_a_file_that_is_none_is_left_as_it_is(tmp_path: Path, said: str) -> None:
    file = tmp_path / "keys.json"
    file.touch(0o600)
    file.write_text(said)
    create_keys(file)
    assert file.read_text() == said
    with pytest.raises(SettingsRefused):
        load_keys(file)


def test_a_file_that_others_can_read_gets_no_new_secrets(tmp_path: Path) -> None:
    early, file = early_file(tmp_path), tmp_path / "keys.json"
    file.chmod(0o644)
    create_keys(file)
    assert json.loads(file.read_text()) == early


def test_a_half_written_file_of_a_power_cut_is_not_taken_for_the_secrets(tmp_path: Path) -> None:
    early_file(tmp_path)
    (tmp_path / ".keys.json.new").write_text('{"pass"')
    create_keys(tmp_path / "keys.json")
    assert load_keys(tmp_path / "keys.json").pass_privates
    assert not (tmp_path / ".keys.json.new").exists()


def test_a_link_to_the_secrets_stays_a_link(tmp_path: Path) -> None:
    early_file(tmp_path)
    link = tmp_path / "elsewhere" / "keys.json"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "keys.json")
    create_keys(link)
    assert link.is_symlink()
    assert load_keys(link).pass_seed == load_keys(tmp_path / "keys.json").pass_seed


def test_a_pass_key_whose_day_has_not_come_stops_the_start(tmp_path: Path) -> None:
    file = keys_with(tmp_path, {})
    keys = load_keys(file)
    early = replace(keys, pass_begins={keys.pass_key_id: NOON + 1})
    settings = settings_for(f"sqlite:///{tmp_path / 'none.sqlite'}", file)
    with pytest.raises(SettingsRefused, match="Pass key 1"):
        create_app(settings, clock=FixedClock(NOON), keys=early)
    create_app(settings, clock=FixedClock(NOON + 1), keys=early)
