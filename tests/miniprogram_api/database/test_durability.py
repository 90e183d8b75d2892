"""In production the server does not start on a database that may forget what it has committed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from miniprogram_api import durability
from miniprogram_api.app import create_app
from miniprogram_api.commands.data_folder import DataFolder
from miniprogram_api.commands.surroundings import StartRefused, open_database
from miniprogram_api.config import Settings, SettingsRefused, create_keys
from miniprogram_api.db import db, engine_options, prepare_engine
from miniprogram_api.durability import DatabaseUnsafe, file_system_of, require_durability
from tests.architecture.tree import ROOT
from tests.miniprogram_api.cast import BASE_URL
from tests.miniprogram_api.database.own_postgresql import OwnServer
from tests.miniprogram_api.routes.speech import refused

APP_FAILED_TO_LOAD = 4  # of gunicorn


def settings(url: str, folder: Path, environment: str = "production") -> Settings:
    create_keys(folder / "keys.json")
    values = {"environment": environment, "keys_file": folder / "keys.json", "DATABASE_URL": url}
    return Settings.model_validate(values | {"CODE_BASE_URL": BASE_URL})


def started(url: str, folder: Path, environment: str = "production") -> FlaskClient:
    """A server that has started; its connections are closed again."""
    app = create_app(settings(url, folder, environment))
    with app.app_context():
        db.engine.dispose()
    return app.test_client()


def test_a_database_with_the_usual_settings_is_fine(database: str, tmp_path: Path) -> None:
    assert started(database, tmp_path).get("/healthz").status_code == 200


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_postgresql_server_that_does_not_wait_for_its_disk_stops_the_start(
    own_server: OwnServer, own_database: str, tmp_path: Path, setting: str
) -> None:
    own_server.administer(f"ALTER SYSTEM SET {setting} = off", "SELECT pg_reload_conf()")
    try:
        with pytest.raises(SettingsRefused, match=f"DATABASE_URL .* {setting} = off"):
            _when_reloaded(own_server, own_database, tmp_path)
        assert started(own_server.url(own_database), tmp_path, "demonstration").get("/healthz").status_code == 200
    finally:
        own_server.administer(f"ALTER SYSTEM RESET {setting}", "SELECT pg_reload_conf()")


def _when_reloaded(own_server: OwnServer, own_database: str, folder: Path) -> None:
    """A reload reaches new connections after a moment."""
    for _ in range(200):
        started(own_server.url(own_database), folder)


@pytest.mark.parametrize("whose", ["DATABASE {database}", "ROLE postgres", "ROLE postgres IN DATABASE {database}"])
def test_what_database_or_role_switch_off_stops_the_start(
    own_server: OwnServer, own_database: str, tmp_path: Path, whose: str
) -> None:
    which = whose.format(database=own_database)
    own_server.administer(f"ALTER {which} SET synchronous_commit = off")
    try:
        with pytest.raises(SettingsRefused, match="synchronous_commit = off"):
            started(own_server.url(own_database), tmp_path)
    finally:
        own_server.administer(f"ALTER {which} RESET synchronous_commit")


def test_what_the_address_itself_switches_off_stops_the_start(
    own_server: OwnServer, own_database: str, tmp_path: Path
) -> None:
    url = f"{own_server.url(own_database)}&options=-c%20synchronous_commit%3Doff"
    with pytest.raises(SettingsRefused, match="synchronous_commit = off"):
        started(url, tmp_path)


def test_a_setting_that_is_changed_later_stops_the_serving(
    own_server: OwnServer, own_database: str, tmp_path: Path
) -> None:
    client = started(own_server.url(own_database), tmp_path)
    own_server.administer(f"ALTER DATABASE {own_database} SET synchronous_commit = off")
    refused(client.get("/readyz"), 503, "database_away")
    own_server.administer(f"ALTER DATABASE {own_database} RESET synchronous_commit")
    assert client.get("/readyz").status_code == 200
    with client.application.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_database_that_is_away_at_the_start_is_asked_when_it_comes_back(
    own_server: OwnServer, own_database: str, tmp_path: Path
) -> None:
    own_server.stop()
    try:
        client = started(own_server.url(own_database), tmp_path)
        refused(client.get("/readyz"), 503, "database_away")
    finally:
        own_server.start()
    own_server.administer(f"ALTER DATABASE {own_database} SET synchronous_commit = off")
    refused(client.get("/readyz"), 503, "database_away")


@pytest.fixture
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system would say about its file systems."""
    file = tmp_path / "mounts"
    monkeypatch.setattr(durability, "MOUNTS", file)
    return file


def test_a_sqlite_file_on_a_network_file_system_stops_the_start(tmp_path: Path, mounts: Path) -> None:
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/books {tmp_path} nfs4 rw 0 0\n")
    with pytest.raises(SettingsRefused, match=r"DATABASE_URL names .* network file system \(nfs4\)"):
        started(f"sqlite:///{tmp_path}/island.sqlite", tmp_path)


def test_without_a_list_of_file_systems_nothing_is_held_against_the_file(tmp_path: Path, mounts: Path) -> None:
    assert not mounts.exists()
    assert started(f"sqlite:///{tmp_path}/island.sqlite", tmp_path).get("/healthz").status_code == 200


def test_a_sqlite_database_in_memory_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="names no file"):
        started("sqlite://", tmp_path)


@pytest.mark.parametrize(
    ("statement", "name"), [("journal_mode = DELETE", "journal_mode"), ("synchronous = NORMAL", "synchronous")]
)
def test_a_sqlite_file_without_wal_or_full_is_never_used(tmp_path: Path, statement: str, name: str) -> None:
    from sqlalchemy import event

    engine = create_engine(f"sqlite:///{tmp_path}/island.sqlite")
    prepare_engine(engine)
    event.listen(engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {statement}").close())
    with pytest.raises(DatabaseUnsafe, match=name):
        require_durability(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("file", "kind"),
    [("/a/x", "ext4"), ("/srv/books/x", "nfs"), ("/srv/booksellers/x", "ext4"), ("/srv/my books/x", "cifs")],
)
def test_the_nearest_mount_says_where_a_file_lies(file: str, kind: str) -> None:
    mounts = "/dev/a / ext4 rw 0 0\nb:/ /srv/books nfs rw 0 0\n//c/d /srv/my\\040books cifs rw 0 0\n"
    assert file_system_of(Path(file), mounts) == kind
    assert file_system_of(Path(file), "") is None


def test_the_jobs_and_the_first_administrator_need_a_safe_database_too(
    tmp_path: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts.write_text("server:/ / nfs rw 0 0\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    data = DataFolder(tmp_path)
    open_database(data).dispose()
    monkeypatch.setenv("TANYU_ENVIRONMENT", "production")
    with pytest.raises(StartRefused, match="network file system"):
        open_database(data)


def test_nobody_waits_for_minutes_for_a_server_that_does_not_answer() -> None:
    assert engine_options("sqlite:///island.sqlite") == {}
    given = engine_options("postgresql+psycopg://host/books?connect_timeout=2")["connect_args"]
    assert given == {"tcp_user_timeout": 10_000}, "what the operator says holds"
    assert "connect_timeout" in engine_options("postgresql+psycopg://host/books")["connect_args"]


def test_the_server_ends_with_the_sentence_instead_of_trying_for_ever(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys.json")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TANYU_ENVIRONMENT": "production",
        "TANYU_KEYS_FILE": str(tmp_path / "keys.json"),
        "TANYU_HOSTS": "2",
        "DATABASE_URL": f"sqlite:///{tmp_path}/island.sqlite",
        "CODE_BASE_URL": BASE_URL,
    }
    command = [sys.executable, "-m", "gunicorn", "miniprogram_api.wsgi:application", "--workers", "2"]
    command += ["--bind", f"unix:{tmp_path}/socket", "--no-control-socket"]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    # It has ended by itself; two workers that give up in one moment make gunicorn end with 1.
    assert done.returncode in (APP_FAILED_TO_LOAD, 1), done.stderr
    assert "The server does not start: TANYU_HOSTS is 2, but DATABASE_URL is a SQLite file" in done.stderr
