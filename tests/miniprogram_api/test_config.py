"""Settings and secrets: a wrong one stops the start with a sentence that names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram_api.config import SettingsRefused, create_keys, load_keys, load_settings

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
