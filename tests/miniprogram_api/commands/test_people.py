"""`./island people add`: the first administrator, with a password from the terminal and from nowhere else."""

from __future__ import annotations

import getpass
import sqlite3
import sys
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from miniprogram_api.clock import FixedClock
from miniprogram_api.commands import people
from miniprogram_api.db import prepare_engine
from miniprogram_api.services.people import sign_in_staff
from tests.miniprogram_api.cast import NOON

PASSWORD = "correct horse battery"
WHO = ["add", "lin", "--role", "administrator", "--role", "auditor"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What lin types, line by line, without an echo."""
    typed = [PASSWORD, PASSWORD]
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: typed.pop(0))
    return typed


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return ["--data", str(tmp_path / "island")]


def people_in(data: list[str]) -> list[tuple[str, str]]:
    with sqlite3.connect(Path(data[1]) / "island.sqlite") as connection:
        found = connection.execute("SELECT login, role FROM people JOIN person_roles ON person_id = id ORDER BY role")
        return found.fetchall()


def test_the_first_administrator_signs_in_with_the_password_and_the_secret_that_was_printed(
    terminal: list[str], data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert people.main([*WHO, *data]) == 0
    said = capsys.readouterr().out
    secret = said.splitlines()[1].strip()
    assert f"otpauth://totp/Tanyu:lin?secret={secret}&issuer=Tanyu" in said
    assert PASSWORD not in said
    assert people_in(data) == [("lin", "administrator"), ("lin", "auditor")]
    engine = create_engine(f"sqlite:///{data[1]}/island.sqlite")
    prepare_engine(engine)
    with Session(engine) as session:
        digits = pyotp.TOTP(secret).at(NOON)
        assert sign_in_staff(session, "lin", PASSWORD, digits, FixedClock(NOON)).token
    engine.dispose()


@pytest.mark.parametrize("typed", [["short", "short"], [PASSWORD, "another password"], ["lin", "lin"]])
def test_a_short_password_or_a_slip_adds_nobody(terminal: list[str], data: list[str], typed: list[str]) -> None:
    terminal[:] = typed
    assert people.main([*WHO, *data]) == 1
    assert not (Path(data[1]) / "island.sqlite").exists()


def test_a_login_that_is_there_keeps_its_password(terminal: list[str], data: list[str]) -> None:
    assert people.main([*WHO, *data]) == 0
    terminal[:] = ["quite another one"] * 2
    assert people.main([*WHO, *data]) == 1
    assert len(people_in(data)) == 2


def test_without_a_terminal_nobody_is_added(data: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert people.main([*WHO, *data]) == 1
    assert not Path(data[1]).exists()


@pytest.mark.parametrize("slip", [["add", "lin"], ["add", "lin", "--role", "king"], ["add", "lin", "--password", "x"]])
def test_a_missing_or_unknown_role_and_a_password_as_an_argument_are_refused(slip: list[str], data: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        people.main([*slip, *data])
    assert stopped.value.code == 2
