"""The next key that the office asks for: signed for by the one before, in force with a signed answer, never lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from kiosk import commands
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.invitation import read_invitation
from kiosk.machine import Machine
from kiosk.screen_state import screen_state
from scenes.wire.agreement import Revoked
from scenes.wire.binary_text import binary_bytes
from scenes.wire.errors import FieldsInvalid
from scenes.wire.key_change import proves_key
from tests.kiosk.office import INVITATION, KIOSK, Asked, Office, Reply, json_reply, problem
from tests.kiosk.test_commands import ROOT, STARTS_SECONDS, control_of, run_main
from tests.kiosk.test_disk_troubles import until


@dataclass
class Asking:
    """An office that asks for the next key, as the server does."""

    office: Office
    rotate: bool = True
    lose: int = 0  # so many answers get lost on their way
    handed_in: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path != "/api/v1/kiosk/keys":
            return None if asked.key_id == self.in_force else problem(401, "not_signed_in")
        if asked.method == "GET":
            return json_reply(200, {"epoch": int(self.in_force.rpartition(".")[2]), "rotate": self.rotate})
        return self._take(asked)

    @property
    def in_force(self) -> str:
        return f"{KIOSK}.{len(self.office.kiosk_keys)}"

    def _take(self, asked: Asked) -> Reply:
        self.handed_in.append(asked.key_id)
        body = json.loads(asked.body)
        public, proof = binary_bytes(body["public_key"], 32, "key"), binary_bytes(body["proof"], 64, "proof")
        if asked.key_id != self.in_force:
            return problem(401, "not_signed_in")
        if public != self.office.kiosk_keys[self.in_force]:
            if not self.rotate:
                return problem(403, "not_allowed")
            following = len(self.office.kiosk_keys) + 1
            assert proves_key(KIOSK, following, public, proof)
            self.office.kiosk_keys[f"{KIOSK}.{following}"] = public
            self.rotate = False
        if self.lose:
            self.lose -= 1
            return Reply(502, b"", "text/html")
        return json_reply(200, self.office.verdict_on(asked.body))


@pytest.fixture
def asking(office: Office, folder: KioskFolder) -> Asking:
    office.instead = Asking(office)
    return office.instead


def test_the_next_key_is_in_force_after_one_contact_and_this_start_is_over(
    pier: Machine, folder: KioskFolder, office: Office, asking: Asking
) -> None:
    told: list[bool] = []
    pier.renewed = lambda: told.append(True)
    old = read_identity(folder)
    assert pier.rounds.greet()
    new = read_identity(folder)
    assert (new.kiosk, new.epoch, new.office_keys, new.counters_kept) == (KIOSK, 2, old.office_keys, True)
    assert new.private_key != old.private_key
    assert (asking.handed_in, told, folder.next_key.exists()) == (["4.1"], [True], False)
    asked = len(office.asked)
    assert not pier.rounds.greet()
    assert len(office.asked) == asked, "the old key says nothing more"


def test_nobody_asks_and_the_key_stays(pier: Machine, folder: KioskFolder, asking: Asking) -> None:
    asking.rotate = False
    assert pier.rounds.greet()
    assert (read_identity(folder).epoch, asking.handed_in, folder.next_key.exists()) == (1, [], False)


def test_after_a_lost_answer_the_next_key_asks_in_its_own_name(
    pier: Machine, folder: KioskFolder, asking: Asking, office: Office
) -> None:
    asking.lose = 1
    pier.rounds.greet()
    assert (read_identity(folder).epoch, folder.next_key.exists()) == (1, True)
    pier.rounds.greet()
    assert asking.handed_in == ["4.1", "4.1", "4.2"]
    assert (read_identity(folder).epoch, len(office.kiosk_keys)) == (2, 2)


@pytest.mark.parametrize("answer", [json_reply(200, {}), json_reply(200, {"body": "{}", "key": "x", "signature": ""})])
def test_an_answer_that_the_office_did_not_sign_changes_no_key(
    pier: Machine, folder: KioskFolder, office: Office, answer: Reply
) -> None:
    def stranger(asked: Asked) -> Reply | None:
        if asked.path != "/api/v1/kiosk/keys":
            return None
        return json_reply(200, {"epoch": 1, "rotate": True}) if asked.method == "GET" else answer

    office.instead = stranger
    before = folder.identity.read_bytes()
    assert pier.rounds.greet()
    assert folder.identity.read_bytes() == before
    assert not pier.key_change.done


def test_a_key_that_nobody_wants_is_thrown_away(pier: Machine, folder: KioskFolder, asking: Asking) -> None:
    asking.rotate = False
    pier.key_change.hand_in()
    assert (folder.next_key.exists(), read_identity(folder).epoch) == (False, 1)


def test_a_running_kiosk_starts_anew_with_its_next_key_on_the_same_port(
    folder: KioskFolder, office: Office, asking: Asking
) -> None:
    command = [sys.executable, "-W", "error", "-m", "kiosk", "run", folder.name, "--data", str(folder.path.parents[1])]
    process = subprocess.Popen([*command, "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        port = control_of(folder, process)["port"]
        assert until(lambda: read_identity(folder).epoch == 2)
        assert until(lambda: office.asked[-1].key_id == "4.2")
        assert until(folder.control.exists)
        assert control_of(folder, process)["port"] == port
        assert commands.code(folder.path, "9")
        assert until(lambda: commands.status(folder.path)["queue"] == 0)
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=STARTS_SECONDS)[1]
    assert (process.returncode, "Traceback" in said) == (0, False), said
    assert {item.head.epoch for item in office.books.order} == {1, 2}


def test_a_kiosk_that_is_told_to_stop_asks_for_the_agreement_that_says_so(pier: Machine, office: Office) -> None:
    pier.rounds.greet()
    office.instead = lambda asked: problem(403, "kiosk_suspended") if asked.path.endswith("heartbeats") else None
    asked = len(office.asked)
    assert not pier.rounds.greet()
    assert [one.path.rpartition("/")[2] for one in office.asked[asked:]] == ["heartbeats", "agreement"]
    assert pier.mint.keeper.suspends_this_kiosk is False, "what nobody signed stops nothing"
    office.agreement = office.sign_agreement(2, revoked=Revoked(kiosks=frozenset({KIOSK})))
    pier.rounds.greet()
    state = screen_state(pier)
    assert (state["issuing"], state["reading"], state["issuing_reason"]) == (False, False, "kiosk_suspended")
    office.instead = lambda asked: None
    office.agreement = office.sign_agreement(3)
    assert pier.rounds.greet()
    assert screen_state(pier)["issuing"], "staff let it work again"


def test_what_the_qr_code_says_is_all_that_a_machine_needs(office: Office, tmp_path, capsys) -> None:
    text = f"{office.address.upper()} {INVITATION} {office.fingerprint.upper()}"
    assert read_invitation(text) == (office.address, INVITATION, office.fingerprint)
    exit_code, out, _ = run_main(capsys, "provision", "pier", "--qr", text, "--data", str(tmp_path))
    assert (exit_code, out) == (0, "pier is kiosk 4 now.\n")
    assert run_main(capsys, "provision", "other", "--data", str(tmp_path))[0] == 2


@pytest.mark.parametrize("text", ["", "https://x", "ftp://x CODE " + "0" * 64, "https://x CODE 00", "CODE " * 3])
def test_a_qr_code_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(FieldsInvalid):
        read_invitation(text)
