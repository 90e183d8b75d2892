"""The operator's commands: one code, from the process where one runs, else from a boot of its own; never doubled."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk import commands
from kiosk.__main__ import main
from kiosk.boot import Boot
from kiosk.folder import KioskBusy, KioskFolder, KioskLock
from kiosk.identity import read_identity
from kiosk.refusals import ProofNotAllowed, SceneNotOffered
from kiosk.status_table import status_table
from scenes.wire import signing
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET
from scenes.wire.kiosk_code import KioskCode, open_kiosk_code
from tests.kiosk.office import Office
from tests.kiosk.test_issue import issued_items

ROOT = Path(__file__).resolve().parents[2]
STARTS_SECONDS = 60.0


def opened(folder: KioskFolder, text: str) -> KioskCode:
    public = signing.public_key_of(read_identity(folder).private_key)
    return open_kiosk_code(text, "HTTPS://ISLAND.EXAMPLE", lambda kiosk, epoch: public)


@contextmanager
def running(folder: KioskFolder) -> Iterator[dict[str, Any]]:
    """The kiosk's own process, until the block ends; the content of its control.json."""
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "kiosk",
        "run",
        folder.name,
        "--data",
        str(folder.path.parent.parent),
    ]
    process = subprocess.Popen([*command, "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        yield control_of(folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=STARTS_SECONDS)[1]
        assert "Traceback" not in said, said


def control_of(folder: KioskFolder, process: subprocess.Popen[str]) -> dict[str, Any]:
    until = time.monotonic() + STARTS_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if folder.control.exists():
            control: dict[str, Any] = json.loads(folder.control.read_text())
            if control["pid"] == process.pid:
                return control
        time.sleep(0.02)
    pytest.fail(f"the kiosk did not start: {process.communicate(timeout=5)[1] if process.poll() is not None else '…'}")


def boots(folder: KioskFolder) -> int:
    with closing(sqlite3.connect(folder.journal)) as connection:
        return int(connection.execute("SELECT count(*) FROM boots").fetchone()[0])


def test_without_a_process_a_code_comes_from_a_boot_of_its_own(folder: KioskFolder) -> None:
    text = commands.code(folder.path, "refill-water")
    assert opened(folder, text).kind == KIND_SINGLE_USE
    assert issued_items(folder) == [text]
    assert boots(folder) == 1
    with KioskLock(folder):
        pass  # the folder is free again
    assert not folder.control.exists()


def test_where_there_is_no_touch_it_is_a_ticket(folder: KioskFolder) -> None:
    assert opened(folder, commands.code(folder.path, "24")).kind == KIND_TICKET
    assert opened(folder, commands.code(folder.path, "carry-litter-off")).kind == KIND_TICKET
    assert opened(folder, commands.code(folder.path, "carry-litter-off")).quantity == 100


def test_a_group_code_sends_a_heartbeat_first(folder: KioskFolder, office: Office) -> None:
    office.asked.clear()
    text = commands.code(folder.path, "1", way="group")
    assert opened(folder, text).kind == KIND_GROUP
    assert office.asked[0].path.endswith("/heartbeats")
    assert issued_items(folder) == []


@pytest.mark.parametrize(
    ("scene", "way", "refusal"),
    [
        ("no-such-scene", None, SceneNotOffered),
        ("2", None, SceneNotOffered),
        ("9", "group", ProofNotAllowed),
        ("1", "single", ProofNotAllowed),
    ],
)
def test_what_is_not_offered_starts_no_boot(
    folder: KioskFolder, scene: str, way: str | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        commands.code(folder.path, scene, way=way)
    assert not folder.journal.exists()


def test_two_processes_never_share_a_folder(folder: KioskFolder) -> None:
    with KioskLock(folder):
        with pytest.raises(KioskBusy), KioskLock(folder):
            pass
        with pytest.raises(KioskBusy):
            commands.run(folder.path, 0)
    assert not folder.journal.exists()


def test_a_running_kiosk_is_asked_and_writes_each_code_once(folder: KioskFolder, office: Office) -> None:
    with running(folder) as control:
        texts = [commands.code(folder.path, "9"), commands.code(folder.path, "24"), commands.code(folder.path, "24")]
        group = commands.code(folder.path, "1", way="group")
        status = commands.status(folder.path)
        page = httpx.get(f"http://127.0.0.1:{control['port']}/", trust_env=False)
        with pytest.raises(KioskBusy):
            commands.run(folder.path, 0)
    assert issued_items(folder) == texts
    assert boots(folder) == 1
    codes = [opened(folder, text) for text in [*texts, group]]
    assert [code.counter for code in codes] == [1, 2, 3, 4]
    assert (status["running"], status["kiosk"], status["online"]) == (True, 4, True)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert not folder.control.exists(), "a process that was told to stop tidies up"


def test_what_the_process_refuses_is_said_in_its_words(folder: KioskFolder, capsys: pytest.CaptureFixture[str]) -> None:
    with running(folder):
        exit_code, out, err = run_main(capsys, "code", "18", "--quantity", "500", "--data", str(folder.path.parents[1]))
    assert (exit_code, out) == (1, "")
    assert err == "What was sent is not as agreed. quantity: from 1 to 15\n"
    assert issued_items(folder) == []


def test_a_killed_process_leaves_a_folder_that_works(folder: KioskFolder) -> None:
    with running(folder) as control:
        first = commands.code(folder.path, "9")
        os.kill(control["pid"], signal.SIGKILL)
        time.sleep(0.2)
        assert folder.control.exists()
        second = commands.code(folder.path, "9")
        assert commands.status(folder.path)["running"] is False
    assert [opened(folder, text).counter for text in (first, second)] == [1, 1_001]
    assert issued_items(folder) == [first, second]


def test_the_kiosk_that_runs_is_preferred_then_the_lowest_number(folder: KioskFolder, office: Office) -> None:
    data = folder.path.parent.parent
    other = KioskFolder(folder.path.with_name("a-kiosk-without-agreement"))
    other.make()
    other.identity.write_bytes(folder.identity.read_bytes())
    assert commands.find_kiosk(data, "9") == folder.path
    with pytest.raises(SceneNotOffered):
        commands.find_kiosk(data, "2")
    with pytest.raises(ProofNotAllowed):
        commands.find_kiosk(data, "9", "group")


def run_main(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    exit_code = main(arguments)
    said = capsys.readouterr()
    return exit_code, said.out, said.err


def test_the_command_line_prints_one_bare_code(folder: KioskFolder, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(folder.path.parent.parent)
    exit_code, out, err = run_main(capsys, "code", "18", "--quantity", "2", "--data", data)
    assert (exit_code, err) == (0, "")
    assert opened(folder, out.strip()).quantity == 2
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("code", "99"), 2),
        (("code", "nonsense"), 2),
        (("code", "9", "--group"), 2),
        (("code", "9", "--quantity", "500"), 1),
        (("code", "9", "--kiosk", "no-such-kiosk"), 1),
        (("status", "no-such-kiosk"), 1),
        (("run", "no-such-kiosk"), 1),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_an_exit_code(
    folder: KioskFolder, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], exit_code: int
) -> None:
    code, out, err = run_main(capsys, *arguments, "--data", str(folder.path.parent.parent))
    assert (code, out) == (exit_code, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_status_of_all_kiosks_as_json(folder: KioskFolder, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, out, _ = run_main(capsys, "status", "--json", "--data", str(folder.path.parent.parent))
    assert exit_code == 0
    assert json.loads(out)["island-pier"]["agreement"] == {"version": 1, "age_days": 0}


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en_GB.UTF-8",
            ("Process      not running", "Queue        1 item since ", "Agreement    version 1", "Codes        yes"),
        ),
        ("zh_CN.UTF-8", ("程序      没有运行", "待上传    1 条，从 ", "协议      第 1 版", "出码      可以")),
    ],
)
def test_status_is_written_for_a_person_in_the_language_of_the_locale(
    folder: KioskFolder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    said: tuple[str, ...],
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    Boot(folder).close()
    exit_code, out, _ = run_main(capsys, "status", "island-pier", "--data", str(folder.path.parent.parent))
    assert exit_code == 0
    assert out.startswith("island-pier (")
    for line in said:
        assert f"  {line}" in out


def test_a_kiosk_that_never_ran_is_no_trouble(
    folder: KioskFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    exit_code, out, _ = run_main(capsys, "status", "island-pier", "--data", str(folder.path.parent.parent))
    assert exit_code == 0
    assert "has never run; ./island kiosk run starts it" in out
    assert "nothing waits" in out
    assert "Trouble" not in out


def test_a_line_that_was_cut_on_purpose_is_said_once() -> None:
    silent = "UplinkUnavailable: the line is cut by `./island kiosk offline`"
    status = {
        "kiosk": 1,
        "running": True,
        "cut": True,
        "queue": 2,
        "agreement": {"version": 1, "age_days": 0},
        "issuing_reason": None,
        "kept_aside": [],
        "trouble": silent,
    }
    assert silent not in status_table({"island-pier": status}, "en")
    assert silent in status_table({"island-pier": status | {"cut": False}}, "en")


def test_status_without_any_kiosk_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert run_main(capsys, "status", "--data", str(tmp_path))[:2] == (0, "There is no kiosk in this data folder.\n")


def test_each_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["provision"], ["run"], ["status"], ["code"]):
        with pytest.raises(SystemExit) as left:
            main([*command, "--help"])
        assert left.value.code == 0
        assert "usage: ./island kiosk" in capsys.readouterr().out
