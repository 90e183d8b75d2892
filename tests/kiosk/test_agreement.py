"""The agreement a kiosk runs on: signed by the office, its version only rising, too old after 30 days."""

from __future__ import annotations

import json

import pytest

from kiosk.agreement import AgreementKeeper, AgreementNotNewer
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.issue import issuing_agreement
from kiosk.machine import Machine
from kiosk.refusals import AgreementOld, KioskSuspended
from scenes.wire import signing
from scenes.wire.agreement import OfficeKey, Revoked
from scenes.wire.errors import CodeRefused
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, TEXTS, Asked, Office, Reply, json_reply

DAY = 86_400


def test_a_newer_agreement_comes_into_force_and_survives_a_restart(pier: Machine, office: Office) -> None:
    office.agreement = office.sign_agreement(2, texts={**TEXTS, "venue": {"zh": "新码头", "en": "New pier"}})
    assert pier.rounds.greet()
    assert pier.keeper.version == 2
    again = AgreementKeeper(pier.folder, read_identity(pier.folder))
    assert again.current is not None
    assert again.current.agreement.texts["venue"]["zh"] == "新码头"


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_or_equal_version_is_refused_though_genuine(pier: Machine, office: Office, version: int) -> None:
    older = office.sign_agreement(version)
    pier.keeper.take(office.sign_agreement(2))
    with pytest.raises(AgreementNotNewer):
        pier.keeper.take(older)
    assert pier.keeper.version == 2


def test_what_the_office_did_not_sign_changes_nothing(pier: Machine, office: Office) -> None:
    before = pier.folder.agreement.read_bytes()
    stranger = Office()
    try:
        for document in (
            stranger.sign_agreement(9),
            {**office.sign_agreement(9), "key": "office-2"},
            {**office.sign_agreement(9), "signature": "A" * 86},
            office.sign_agreement(9, kiosk=KIOSK + 1),
            {"body": "{}"},
            None,
        ):
            with pytest.raises(CodeRefused):
                pier.keeper.take(document)
    finally:
        stranger.close()
    assert pier.keeper.version == 1
    assert pier.folder.agreement.read_bytes() == before


def test_a_damaged_file_is_fetched_anew(folder: KioskFolder, office: Office) -> None:
    folder.agreement.write_text('{"document": {"body": "{}", "key": "office-1"}, "confirmed_at": 5')
    keeper = AgreementKeeper(folder, read_identity(folder))
    assert keeper.current is None
    assert keeper.take(office.agreement).version == 1


def test_after_30_days_without_the_office_no_codes_are_made(pier: Machine, time_now: MovedClock) -> None:
    kept = pier.keeper.current
    assert kept is not None
    time_now.move(kept.confirmed_at + 30 * DAY - pier.clock.now())
    assert issuing_agreement(pier.keeper, pier.clock) is kept
    time_now.move(1)
    with pytest.raises(AgreementOld):
        issuing_agreement(pier.keeper, pier.clock)


def test_nothing_newer_beside_a_verified_heartbeat_makes_it_young_again(pier: Machine, time_now: MovedClock) -> None:
    time_now.move(20 * DAY)
    assert pier.keeper.age_days(pier.clock.now()) == 20
    assert pier.rounds.greet()
    assert pier.keeper.age_days(pier.clock.now()) == 0
    again = AgreementKeeper(pier.folder, read_identity(pier.folder))
    assert again.age_days(pier.clock.now()) == 0


def test_a_portal_that_answers_204_to_everything_makes_nothing_young(
    pier: Machine, office: Office, time_now: MovedClock
) -> None:
    office.instead = lambda asked: Reply(204)
    time_now.move(20 * DAY)
    assert not pier.rounds.greet()
    assert pier.keeper.age_days(pier.clock.now()) == 20


def test_an_agreement_that_lists_this_kiosk_stops_it(pier: Machine, office: Office) -> None:
    pier.keeper.take(office.sign_agreement(2, revoked=Revoked(kiosks=frozenset({KIOSK}))))
    with pytest.raises(KioskSuspended):
        issuing_agreement(pier.keeper, pier.clock)


def test_rolled_office_keys_are_believed_and_the_old_one_no_more(pier: Machine, office: Office) -> None:
    old, old_id = office.private, office.key_id
    fresh = signing.generate_private_key()
    both = (OfficeKey(old_id, signing.public_key_of(old)), OfficeKey("office-2", signing.public_key_of(fresh)))
    pier.keeper.take(office.sign_agreement(2, office_keys=both))
    by_old_key_later = office.sign_agreement(4)
    office.private, office.key_id = fresh, "office-2"
    pier.keeper.take(office.sign_agreement(3))
    with pytest.raises(CodeRefused):
        pier.keeper.take(by_old_key_later)
    again = AgreementKeeper(pier.folder, read_identity(pier.folder))
    assert again.version == 3
    assert again.office_key(old_id) is None


def test_a_scene_that_this_software_cannot_read_leaves_the_others_offered(pier: Machine, office: Office) -> None:
    documents = json.loads(office.agreement["body"])["scenes"]
    documents[0]["colour"] = "green"  # a member of some later version
    pier.keeper.take(office.sign_agreement(2, scenes=tuple(documents)))
    assert pier.keeper.current is not None
    assert [offer.scene.number for offer in pier.keeper.current.offers.all()] == [9, 15, 18, 24]


def test_a_scene_with_a_factor_of_its_own_is_offered(pier: Machine, office: Office) -> None:
    documents = json.loads(office.agreement["body"])["scenes"]
    documents[1]["variants"][0]["factor"] = "a-factor-that-staff-added"
    pier.keeper.take(office.sign_agreement(2, scenes=tuple(documents)))
    assert pier.keeper.current is not None
    assert pier.keeper.current.offers.find("refill-water") is not None


def test_a_paused_scene_is_not_offered(pier: Machine, office: Office) -> None:
    documents = json.loads(office.agreement["body"])["scenes"]
    documents[1]["active"] = False
    pier.keeper.take(office.sign_agreement(2, scenes=tuple(documents)))
    assert pier.keeper.current is not None
    assert pier.keeper.current.offers.get(9) is None


def test_a_lost_agreement_answer_is_asked_for_again_soon(pier: Machine, office: Office, time_now: MovedClock) -> None:
    office.agreement = office.sign_agreement(2)

    def broken(asked: Asked) -> Reply | None:
        return json_reply(200, {"body": "half"}) if asked.path.endswith("agreement") else None

    office.instead = broken
    assert pier.rounds.greet()
    assert pier.keeper.version == 1
    office.instead = lambda asked: None
    assert pier.rounds.greet()
    assert pier.keeper.version == 2
