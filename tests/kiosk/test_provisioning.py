"""A machine becomes a kiosk: its own key, the office's word, and nothing kept that the office did not say."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from kiosk.commands import provision
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.provisioning import AlreadyProvisioned, WrongOffice
from kiosk.refusals import NotProvisioned
from kiosk.uplink import UplinkRefused, UplinkUnavailable
from scenes.wire import signing
from scenes.wire.binary_text import binary_text
from tests.kiosk.office import INVITATION, KIOSK, Asked, Office, Reply, json_reply


def test_the_kiosk_makes_its_key_itself_and_keeps_it_for_its_owner_only(folder: KioskFolder, office: Office) -> None:
    identity = read_identity(folder)
    assert binary_text(signing.public_key_of(identity.private_key)) == json.loads(office.asked[0].body)["public_key"]
    assert binary_text(identity.private_key) not in office.asked[0].body.decode()
    assert stat.S_IMODE(folder.identity.stat().st_mode) == 0o600
    assert (identity.kiosk, identity.epoch, identity.code_base_url) == (KIOSK, 1, "HTTPS://ISLAND.EXAMPLE")


def test_the_request_is_signed_by_the_new_key_and_names_it(folder: KioskFolder, office: Office) -> None:
    asked = office.asked[0]
    assert asked.key_id == json.loads(asked.body)["public_key"]
    assert asked.covered == ('"@method"', '"@path"', '"@query"', '"content-digest"', '"@signature-params"')


def test_the_first_agreement_is_fetched_and_kept(folder: KioskFolder, office: Office) -> None:
    assert office.asked[-1].query == {"since": ["0"]}
    assert json.loads(folder.agreement.read_text())["document"] == office.agreement


def test_a_wrong_invitation_leaves_no_identity(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UplinkRefused) as refused:
        provision(tmp_path / "pier", office.address, "WRONG-CODE1")
    assert refused.value.code == "not_found"
    with pytest.raises(NotProvisioned):
        read_identity(KioskFolder(tmp_path / "pier"))


def test_another_office_than_the_invitation_names_is_not_believed(office: Office, tmp_path: Path) -> None:
    with pytest.raises(WrongOffice):
        provision(tmp_path / "pier", office.address, INVITATION, "00" * 32)
    assert not KioskFolder(tmp_path / "pier").identity.exists()
    assert not KioskFolder(tmp_path / "pier").agreement.exists()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Welcome to Harbour WiFi</html>", "text/html"),
        Reply(201, b"", "application/json"),
        json_reply(201, {"kiosk": 4}),
        json_reply(201, {"kiosk": 0, "epoch": 1, "office_keys": [], "code_base_url": "HTTPS://X"}),
        Reply(302, b"", "text/html", {"Location": "http://127.0.0.1:9/portal"}),
        Reply(511, b"{}", "application/json"),
    ],
    ids=["portal page", "empty", "half", "nonsense", "redirect", "network log-in"],
)
def test_a_captive_portal_leaves_no_identity(office: Office, tmp_path: Path, reply: Reply) -> None:
    office.instead = lambda asked: reply
    with pytest.raises(UplinkUnavailable):
        provision(tmp_path / "pier", office.address, INVITATION)
    assert not KioskFolder(tmp_path / "pier").identity.exists()


def test_after_a_lost_answer_the_kiosk_asks_again_with_the_same_key(office: Office, tmp_path: Path) -> None:
    def lose_it(asked: Asked) -> Reply:
        office.instead = lambda asked: None
        office.answer(asked)
        return Reply(502, b"", "text/html")

    office.instead = lose_it
    with pytest.raises(UplinkUnavailable):
        provision(tmp_path / "pier", office.address, INVITATION)
    assert provision(tmp_path / "pier", office.address, INVITATION) == KIOSK
    keys = {json.loads(asked.body)["public_key"] for asked in office.asked if asked.method == "POST"}
    assert len(keys) == 1


def test_another_invitation_begins_with_another_key(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UplinkRefused):
        provision(tmp_path / "pier", office.address, "WRONG-CODE1")
    provision(tmp_path / "pier", office.address, INVITATION)
    first, second = (json.loads(asked.body)["public_key"] for asked in office.asked if asked.method == "POST")
    assert first != second


def test_an_agreement_that_the_office_did_not_sign_is_not_kept(office: Office, tmp_path: Path) -> None:
    other = office.sign_agreement(1)
    forged = {**other, "body": other["body"].replace('"max_quantity":4', '"max_quantity":9')}
    office.instead = lambda asked: json_reply(200, forged) if asked.method == "GET" else None
    with pytest.raises(UplinkUnavailable):
        provision(tmp_path / "pier", office.address, INVITATION)
    assert not KioskFolder(tmp_path / "pier").agreement.exists()
    assert not KioskFolder(tmp_path / "pier").identity.exists()


def test_a_provisioned_folder_takes_no_second_invitation(folder: KioskFolder, office: Office) -> None:
    before = folder.identity.read_bytes()
    with pytest.raises(AlreadyProvisioned):
        provision(folder.path, office.address, INVITATION)
    assert folder.identity.read_bytes() == before
