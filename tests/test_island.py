"""The one command: it sets itself up once, repairs what is half-made, and says in a sentence what it can't do."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def island(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command as a module whose root is an empty folder with one requirement."""
    loader = importlib.machinery.SourceFileLoader("island", str(ROOT / "island"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location("island", loader=loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed.json")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("flask==3.1.3 \\\n    --hash=sha256:00\n")
    (tmp_path / "requirements-dev.txt").write_text("flask==3.1.3 \\\n    --hash=sha256:00\npytest==9.2.0 \\\n")
    return module


@pytest.fixture
def followed(island: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The long commands that would have been run."""
    calls: list[list[str]] = []
    monkeypatch.setattr(island, "follow", lambda command, *_rest: calls.append([str(part) for part in command]))
    return calls


def test_packages_are_installed_with_checksums_and_only_once(island: ModuleType, followed: list[list[str]]) -> None:
    island.ensure_requirements(island.RUN)
    island.ensure_requirements(island.RUN)
    assert len(followed) == 1
    assert "--require-hashes" in followed[0]
    assert followed[0][-1].endswith("/requirements.txt")


def test_a_changed_requirement_is_installed_again(island: ModuleType, followed: list[list[str]]) -> None:
    island.ensure_requirements(island.RUN)
    (island.ROOT / "requirements.txt").write_text("flask==3.1.4 \\\n    --hash=sha256:00\n")
    island.ensure_requirements(island.RUN)
    assert len(followed) == 2


def test_the_development_packages_cover_a_later_start(island: ModuleType, followed: list[list[str]]) -> None:
    island.ensure_requirements(island.DEVELOP)
    island.ensure_requirements(island.RUN)
    assert [command[-1].rpartition("/")[2] for command in followed] == ["requirements-dev.txt"]


def test_an_install_that_broke_off_is_not_taken_for_done(island: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_off(*_arguments: object) -> None:
        raise KeyboardInterrupt

    island.STAMP.write_text(json.dumps({"requirements.txt": "of an older list"}))
    monkeypatch.setattr(island, "follow", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        island.ensure_requirements(island.RUN)
    assert not island.STAMP.exists()


def test_a_half_made_environment_is_made_anew(island: ModuleType, followed: list[list[str]]) -> None:
    island.ensure_environment()
    assert followed[0][1:4] == ["-m", "venv", "--clear"]


def test_without_rights_one_sentence_says_what_to_install(island: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(island.os, "geteuid", lambda: 1000)
    with pytest.raises(island.Stopped, match=r"sudo apt-get install python3-venv .*run \./island again"):
        island.need_debian_packages(["python3-venv"])


def test_a_failed_step_shows_the_end_of_what_it_said(island: ModuleType) -> None:
    with pytest.raises(island.Stopped, match="no space left") as stopped:
        island.follow([sys.executable, "-c", "import sys; sys.exit('no space left')"], "Installing packages")
    assert "Installing packages failed" in str(stopped.value)


def test_an_unknown_command_is_refused_with_a_sentence_and_sets_nothing_up() -> None:
    done = subprocess.run([ROOT / "island", "fly"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no command 'fly'" in done.stderr


def test_the_help_lists_every_command_and_only_those_that_are_built() -> None:
    done = subprocess.run([ROOT / "island", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for name in ("up", "test", "kiosk", "seed"):
        assert f"\n  {name} " in done.stdout


def test_every_listed_command_has_its_module(island: ModuleType) -> None:
    missing = [name for name, row in island.COMMANDS.items() if not (ROOT / f"{row[1].replace('.', '/')}.py").exists()]
    assert missing == []
