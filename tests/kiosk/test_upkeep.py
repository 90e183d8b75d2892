"""Looking after a kiosk: status, drain, offline and online, export, diagnose, the next key with the same journal."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk import commands
from kiosk.boot import Boot
from kiosk.control import ProcessSilent
from kiosk.folder import KioskFolder, KioskLock
from kiosk.identity import read_identity
from kiosk.provisioning import AlreadyProvisioned
from kiosk.rotation import WrongInvitation, rotate_key
from scenes.wire import signing
from scenes.wire.binary_text import binary_text
from scenes.wire.journal import CodeIssued, open_item
from scenes.wire.journal_export import parse_export
from tests.kiosk.office import INVITATION, Asked, Office, Reply, problem
from tests.kiosk.test_commands import run_main, running
from tests.kiosk.test_disk_troubles import until
from tests.kiosk.test_forwarder import journal_alone, poisonous
from tests.kiosk.test_issue import issued_items


def data_of(folder: KioskFolder) -> str:
    return str(folder.path.parents[1])


def keep(folder: KioskFolder, *texts: str) -> None:
    """A start of its own that issues these codes."""
    with KioskLock(folder), closing(Boot(folder)) as boot:
        for text in texts:
            boot.journal.keep_issued(text, boot.journal.next_counter())


def status(folder: KioskFolder) -> dict[str, Any]:
    return commands.status(folder.path)


def test_drain_without_a_process_uploads_from_a_boot_of_its_own(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "AA", "BB")
    assert status(folder)["queue"] == 3
    assert run_main(capsys, "drain", "--data", data_of(folder)) == (0, "island-pier: nothing waits.\n", "")
    assert office.books.codes() == ["AA", "BB"]
    assert status(folder)["queue"] == 0
    with KioskLock(folder):
        pass


def test_drain_says_what_stands_in_the_way(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "AA")
    office.instead = journal_alone(lambda asked: Reply(502, b"", "text/html"))
    exit_code, out, _ = run_main(capsys, "drain", "island-pier", "--data", data_of(folder))
    assert exit_code == 1
    assert out.startswith("island-pier: 3 items wait")
    assert out.endswith("UplinkUnavailable: status 502 with text/html is no answer of ours\n")


def test_drain_names_what_was_put_aside(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "AA", "BB")
    office.instead = poisonous(office, {"AA"}, problem(422, "invalid_fields"))
    exit_code, out, _ = run_main(capsys, "drain", "--data", data_of(folder))
    assert exit_code == 1
    assert out.startswith("island-pier: 1 item waits, 1 put aside (see diagnose).")
    assert office.books.codes() == ["BB"]


def test_a_running_kiosk_drains_by_itself_and_when_asked(folder: KioskFolder, office: Office) -> None:
    with running(folder):
        commands.code(folder.path, "9")
        assert until(lambda: status(folder)["queue"] == 0)
        commands.code(folder.path, "24")
        assert commands_drain(folder) == 0
    assert office.books.codes() == issued_items(folder)
    assert office.books.faults == []


def commands_drain(folder: KioskFolder) -> int:
    from kiosk.__main__ import main

    return main(["drain", folder.name, "--data", data_of(folder)])


def test_a_running_kiosk_says_why_it_can_not_drain(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.instead = journal_alone(lambda asked: Reply(200, b"<html>Welcome aboard</html>", "text/html"))
    with running(folder):
        commands.code(folder.path, "9")
        exit_code, out, _ = run_main(capsys, "drain", "--data", data_of(folder))
    assert exit_code == 1
    assert "2 items wait. UplinkUnavailable" in out


def test_the_line_of_a_running_kiosk_is_cut_and_restored(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(folder) as control:
        assert until(lambda: status(folder)["online"])
        assert run_main(capsys, "offline", "--data", data_of(folder))[:2] == (0, "island-pier: the line is cut.\n")
        state = httpx.get(f"http://127.0.0.1:{control['port']}/api/state", trust_env=False).json()
        assert (state["cut"], state["online"]) == (True, False)
        office.asked.clear()
        commands.code(folder.path, "9")
        assert commands_drain(folder) == 1
        assert office.asked == []
        assert status(folder)["waiting"]["since"] is not None
        assert run_main(capsys, "online", "--data", data_of(folder))[0] == 0
        assert commands_drain(folder) == 0
        assert until(lambda: status(folder)["online"])
    assert office.books.codes() == issued_items(folder)


def test_without_a_process_the_cut_holds_too(folder: KioskFolder, office: Office) -> None:
    commands.cut_line(folder)
    office.asked.clear()
    assert commands_drain(folder) == 1
    assert office.asked == []
    assert status(folder)["cut"] is True
    commands.restore_line(folder)
    assert commands_drain(folder) == 0


def test_status_tells_of_each_kiosk_what_staff_need(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "AA")
    exit_code, out, _ = run_main(capsys, "status", "--json", "--data", data_of(folder))
    found = json.loads(out)["island-pier"]
    assert exit_code == 0
    assert (found["running"], found["queue"], found["last_sync"], found["issuing_reason"]) == (False, 2, None, None)
    assert found["waiting"]["since"].endswith("+08:00")
    assert found["agreement"] == {"version": 1, "age_days": 0}
    commands_drain(folder)
    assert status(folder)["last_sync"] is not None
    with running(folder):
        found = status(folder)
        assert (found["running"], found["clock"], found["printer"]["state"]) == (True, {"trusted": True}, "ready")
        assert found["epoch"] == 1


def test_status_of_a_kiosk_that_never_ran(folder: KioskFolder) -> None:
    found = status(folder)
    assert (found["running"], found["never_ran"], found["queue"]) == (False, True, 0)
    assert not folder.journal.exists(), "looking changes nothing"


def test_status_of_a_kiosk_whose_journal_is_gone(folder: KioskFolder) -> None:
    keep(folder, "AA")
    for file in folder.path.glob("journal.sqlite*"):
        file.unlink()
    found = status(folder)
    assert (found["running"], found["queue"]) == (False, None)
    assert "there is no journal" in found["journal"]
    assert not folder.journal.exists(), "looking changes nothing"


def test_an_export_holds_the_signed_items_that_wait(
    folder: KioskFolder, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "AA", "BB")
    commands_drain(folder)
    keep(folder, "CC")
    stick = tmp_path / "stick.jsonl"
    assert run_main(capsys, "export", str(stick), "--data", data_of(folder))[0] == 0
    export = parse_export(stick.read_bytes())
    public = signing.public_key_of(read_identity(folder).private_key)
    items = [open_item(item, lambda kiosk, epoch: public) for item in export.items]
    assert [item.content for item in items[1:]] == [CodeIssued("CC")]
    assert (export.kiosk, export.epoch, export.complete) == (4, 1, True)
    assert list(export.offsets.values()) == [0] or abs(next(iter(export.offsets.values()))) <= 2
    assert status(folder)["queue"] == 2, "the export ends no waiting"
    run_main(capsys, "export", str(stick), "--all", "--data", data_of(folder))
    assert len(parse_export(stick.read_bytes()).items) == 6


def test_an_export_works_beside_a_running_kiosk(
    folder: KioskFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.cut_line(folder)
    with running(folder):
        text = commands.code(folder.path, "9")
        stick = tmp_path / "stick.jsonl"
        assert run_main(capsys, "export", str(stick), "--data", data_of(folder))[0] == 0
        codes = [json.loads(item["body"]).get("code") for item in parse_export(stick.read_bytes()).items]
    assert codes == [None, text]


def test_what_can_be_read_of_a_damaged_journal_can_be_exported(
    folder: KioskFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, *(f"CODE{number}" for number in range(200)))
    with folder.journal.open("r+b") as file:
        file.seek(folder.journal.stat().st_size // 2 // 4_096 * 4_096)
        file.write(b"\0" * 8_192)
    keep(folder, "NEW")
    [kept] = folder.path.glob("journal.damaged-*.sqlite")
    stick = tmp_path / "stick.jsonl"
    exit_code, out, _ = run_main(capsys, "export", str(stick), "--journal", str(kept), "--data", data_of(folder))
    export = parse_export(stick.read_bytes())
    assert exit_code == 0
    assert "what could be read" in out
    assert export.complete is False
    assert 20 < len(export.items) < 201


def test_an_export_of_several_kiosks_asks_which(
    folder: KioskFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder.path, folder.path.with_name("canteen"))
    exit_code, _, err = run_main(capsys, "export", str(tmp_path / "x"), "--data", data_of(folder))
    assert (exit_code, err) == (1, "WhichKiosk: name one with --kiosk; there is: canteen, island-pier\n")
    assert not (tmp_path / "x").exists()


def test_a_diagnosis_holds_versions_settings_queue_and_log_and_no_secret(
    folder: KioskFolder, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.books.judge = lambda item: "refused:code_expired"
    with running(folder) as control:
        text = commands.code(folder.path, "9")
        assert until(lambda: status(folder)["queue"] == 0)
        assert run_main(capsys, "diagnose", str(tmp_path / "d.json"), "--data", data_of(folder))[0] == 0
    written = (tmp_path / "d.json").read_text()
    found = json.loads(written)
    assert found["status"]["running"] is True
    assert found["settings"]["printer"]["transport"] == "simulated"
    assert {"kiosk", "python", "sqlite", "journal_layout"} <= set(found["versions"])
    assert {each["result"] for each in found["journal"]["not_credited"]} == {"refused:code_expired"}
    assert any("kiosk 4 (island-pier) at" in line for line in found["log"])
    assert found["disk"]["free_bytes"] > 0
    for secret in (binary_text(read_identity(folder).private_key), control["token"], text):
        assert secret not in written


def test_a_diagnosis_of_a_kiosk_that_is_hardly_there_says_so(folder: KioskFolder, tmp_path: Path) -> None:
    from kiosk.diagnosis import diagnose_kiosk

    folder.identity.unlink()
    folder.settings.write_text("printer = 3")
    diagnose_kiosk(folder, tmp_path / "d.json")
    found = json.loads((tmp_path / "d.json").read_text())
    assert "NotProvisioned" in found["status"]["trouble"]
    assert "printer must be a table" in found["settings"]["trouble"]
    assert "there is no journal" in found["journal"]["trouble"]


def test_the_next_key_goes_on_with_the_same_journal_and_old_items_are_still_taken(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, "OLD")
    old = read_identity(folder)
    said = run_main(capsys, "rotate", "island-pier", "--invitation", INVITATION, "--data", data_of(folder))
    assert said == (0, "island-pier has key 4.2 now.\n", "")
    new = read_identity(folder)
    assert (new.kiosk, new.epoch, new.office_keys) == (4, 2, old.office_keys)
    assert new.private_key != old.private_key
    keep(folder, "NEW")
    assert commands_drain(folder) == 0
    assert office.books.codes() == ["OLD", "NEW"]
    assert {item.head.epoch for item in office.books.order} == {1, 2}
    assert office.asked[-1].key_id == "4.2"


def test_a_running_kiosk_ends_for_its_next_key(
    folder: KioskFolder, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(folder):
        commands.code(folder.path, "9")
        arguments = ("rotate", "island-pier", "--invitation", INVITATION, "--data", data_of(folder))
        exit_code, out, _ = run_main(capsys, *arguments)
    assert exit_code == 0
    assert "Its process was ended for that" in out
    assert status(folder)["running"] is False
    with running(folder):
        text = commands.code(folder.path, "9")
        assert until(lambda: status(folder)["queue"] == 0)
    assert office.books.codes() == issued_items(folder)
    assert text in office.books.codes()
    assert {item.head.epoch for item in office.books.order} == {1, 2}


def test_a_wrong_invitation_leaves_a_running_kiosk_alone(
    folder: KioskFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(folder):
        arguments = ("rotate", "island-pier", "--invitation", "WRONG-CODE1", "--data", data_of(folder))
        assert run_main(capsys, *arguments)[0] == 1
        assert status(folder)["running"] is True
    assert read_identity(folder).epoch == 1


def test_a_process_that_does_not_end_keeps_its_key(folder: KioskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.control.APPEARS_SECONDS", 0.1)
    with KioskLock(folder), pytest.raises(ProcessSilent):
        rotate_key(folder, INVITATION)
    assert read_identity(folder).epoch == 1


def test_a_lost_answer_to_a_rotation_is_asked_again_with_the_same_key(folder: KioskFolder, office: Office) -> None:
    def lose_it(asked: Asked) -> Reply | None:
        office.instead = lambda asked: None
        office.answer(asked)
        return Reply(502, b"", "text/html")

    before = folder.identity.read_bytes()
    office.instead = lose_it
    with pytest.raises(Exception, match="502"):
        rotate_key(folder, INVITATION)
    assert folder.identity.read_bytes() == before
    assert rotate_key(folder, INVITATION).epoch == 2
    assert len(office.kiosk_keys) == 2


def test_the_invitation_of_another_kiosk_changes_nothing(folder: KioskFolder, office: Office) -> None:
    before = folder.identity.read_bytes()
    office.kiosk = 5
    with pytest.raises(WrongInvitation):
        rotate_key(folder, INVITATION)
    assert folder.identity.read_bytes() == before


def test_a_new_machine_with_the_old_disk_sends_what_the_old_key_signed(folder: KioskFolder, office: Office) -> None:
    """The key stays behind on purpose; journal and counters come along."""
    keep(folder, "OLD")
    folder.identity.unlink()
    commands.provision(folder.path, office.address, INVITATION, office.fingerprint)
    assert read_identity(folder).epoch == 2
    keep(folder, "NEW")
    assert commands_drain(folder) == 0
    assert office.books.codes() == ["OLD", "NEW"]
    with pytest.raises(AlreadyProvisioned):
        commands.provision(folder.path, office.address, INVITATION)


def test_the_journal_of_another_kiosk_is_kept_aside(folder: KioskFolder, office: Office) -> None:
    keep(folder, "OLD")
    folder.identity.unlink()
    office.kiosk = 5
    office.agreement = office.sign_agreement(1, kiosk=5)
    folder.agreement.unlink()
    commands.provision(folder.path, office.address, INVITATION)
    [kept] = folder.path.glob("journal.kiosk-4-*.sqlite")
    assert not folder.journal.exists()
    keep(folder, "NEW")
    assert issued_items(folder) == ["NEW"]
    assert kept.stat().st_size > 0


def test_each_upkeep_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    from kiosk.__main__ import main

    for command in ("rotate", "drain", "offline", "online", "export", "diagnose"):
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0
        assert f"usage: ./island kiosk {command}" in capsys.readouterr().out
