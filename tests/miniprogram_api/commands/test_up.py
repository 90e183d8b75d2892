"""`./island up` before anything runs: what can not work is refused with one sentence; provisioned kiosks come along."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest

from miniprogram_api.commands import up
from miniprogram_api.commands.addresses import Addresses
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder, data_folder
from miniprogram_api.commands.fleet import follow_address
from miniprogram_api.commands.surroundings import StartRefused, settings_of


def test_a_taken_port_is_refused_with_the_way_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert up.main(["--port", str(port), "--data", str(tmp_path / "island")]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert f"Port {port}, for the server, is taken by another program." in said
    assert "./island up --port" in said
    assert not (tmp_path / "island" / "island.sqlite").exists()


def test_the_kiosks_port_is_looked_at_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert up.main(["--port", str(port - 1), "--data", str(tmp_path / "island")]) == 1
    assert f"Port {port}, for the pier's kiosk, is taken" in " ".join(capsys.readouterr().out.split())


def test_without_a_network_there_is_no_door_for_phones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "lan_address", lambda: "127.0.0.1")
    with pytest.raises(StartRefused, match="start without --lan"):
        up.addresses_of(8000, lan=True)


@pytest.mark.parametrize("port", ["0", "65535", "-1", "eight"])
def test_a_port_that_can_not_be_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        up.main(["--port", port])
    assert stopped.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_an_island_that_runs_already_is_not_started_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = DataFolder(tmp_path)
    data.make()
    with data.held():
        assert up.main(["--port", "65000", "--data", str(tmp_path)]) == 1
    assert "already running" in capsys.readouterr().out


def test_the_demonstration_does_not_start_with_a_production_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANYU_ENVIRONMENT", "production")
    with pytest.raises(StartRefused, match="demonstration"):
        settings_of(DataFolder(tmp_path), Addresses(8000, None))


def test_a_database_of_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://island@/island")
    settings = settings_of(DataFolder(tmp_path), Addresses(8000, None))
    assert settings["DATABASE_URL"] == "postgresql+psycopg://island@/island"


def test_the_folder_is_below_where_the_person_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_folder("mine").path == tmp_path / "mine"
    assert data_folder(DEFAULT).path == tmp_path / "instance"


def test_a_provisioned_kiosk_follows_the_server_to_another_port(tmp_path: Path) -> None:
    identity = tmp_path / "identity.json"
    before = {
        "private_key": "k",
        "kiosk": 1,
        "server": "http://127.0.0.1:8000",
        "code_base_url": "HTTP://127.0.0.1:8000",
    }
    identity.write_text(json.dumps(before))
    follow_address(identity, Addresses(8010, None))
    after = json.loads(identity.read_text())
    moved = {"server": "http://127.0.0.1:8010", "code_base_url": "HTTP://127.0.0.1:8010"}
    assert after == {**before, **moved}
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600


def test_a_kiosk_at_the_same_address_is_left_alone(tmp_path: Path) -> None:
    identity = tmp_path / "identity.json"
    identity.write_text('{"server": "http://127.0.0.1:8000", "code_base_url": "HTTP://127.0.0.1:8000"}')
    before = identity.stat().st_mtime_ns
    follow_address(identity, Addresses(8000, None))
    assert identity.stat().st_mtime_ns == before
