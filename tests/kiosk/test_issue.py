"""Codes come into being: what may be issued, what is on disk before anybody sees it, what is never issued at 0."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from kiosk.folder import KioskFolder
from kiosk.issue import CodeRequest, IssuedCode, issue_kiosk_code
from kiosk.machine import Machine
from kiosk.refusals import (
    ClockNotTrusted,
    FieldsNotValid,
    Offline,
    ProofNotAllowed,
    Refusal,
    SceneClosed,
    SceneNotOffered,
)
from scenes.wire import signing
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET
from scenes.wire.kiosk_code import KioskCode, open_kiosk_code
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, Office


def read(pier: Machine, text: str) -> KioskCode:
    """The code as the office reads it."""
    public = signing.public_key_of(pier.identity.private_key)
    keys = {(KIOSK, 1): public}
    return open_kiosk_code(text, "HTTPS://ISLAND.EXAMPLE", lambda kiosk, epoch: keys.get((kiosk, epoch)))


def issued_items(folder: KioskFolder) -> list[str]:
    """The codes that stand in the journal's file."""
    with closing(sqlite3.connect(folder.journal)) as connection:
        bodies = [json.loads(body) for (body,) in connection.execute("SELECT body FROM items ORDER BY number")]
    return [body["code"] for body in bodies if body["kind"] == "issued"]


def touch(pier: Machine, scene: int, way: str, variant: int = 0, quantity: int | None = None) -> IssuedCode:
    return issue_kiosk_code(pier.mint, CodeRequest(scene, variant, quantity, way), by_touch=True)


def test_a_touch_gives_a_code_that_the_office_can_read(pier: Machine) -> None:
    issued = touch(pier, 9, "single")
    code = read(pier, issued.link)
    assert (code.kind, code.kiosk, code.epoch, code.counter) == (KIND_SINGLE_USE, KIOSK, 1, 1)
    assert (code.scene, code.variant, code.quantity) == (9, 0, 1)
    assert code.issued_at == pier.clock.now()
    assert read(pier, issued.text) == code
    assert issued.link == "HTTPS://ISLAND.EXAMPLE/S/" + issued.text


def test_single_use_codes_and_tickets_are_on_disk_and_group_codes_are_not(pier: Machine) -> None:
    pier.rounds.greet()
    single, ticket, group = touch(pier, 9, "single"), touch(pier, 1, "ticket"), touch(pier, 1, "group")
    assert issued_items(pier.folder) == [single.text, ticket.text]
    assert [read(pier, each.text).kind for each in (single, ticket, group)] == [
        KIND_SINGLE_USE,
        KIND_TICKET,
        KIND_GROUP,
    ]


def test_all_kinds_draw_from_one_row_of_counters_and_no_two_nonces_are_alike(pier: Machine) -> None:
    codes = [read(pier, touch(pier, 1, way).text) for way in ("ticket", "group", "ticket", "group")]
    assert [code.counter for code in codes] == [1, 2, 3, 4]
    assert len({code.nonce for code in codes}) == 4


def test_what_cannot_be_kept_is_not_shown(pier: Machine) -> None:
    pier.journal._file.close()
    with pytest.raises(sqlite3.Error):
        touch(pier, 9, "single")


@pytest.mark.parametrize(
    ("scene", "way", "variant", "quantity", "refusal"),
    [
        (2, "ticket", 0, None, SceneNotOffered),  # of the catalogue, not of this place
        (99, "single", 0, None, SceneNotOffered),
        (1, "single", 0, None, ProofNotAllowed),  # GK and TK only
        (9, "group", 0, None, ProofNotAllowed),
        (15, "single", 0, 100, ProofNotAllowed),  # a weight is not typed in
        (15, "ticket", 0, 100, ProofNotAllowed),
        (9, "single", 1, None, FieldsNotValid),  # no such variant
        (9, "single", 0, 0, FieldsNotValid),
        (9, "single", 0, 2, FieldsNotValid),  # the scene says 1 at most
        (18, "ticket", 0, 16, FieldsNotValid),  # the place says 15 at most
    ],
)
def test_what_is_not_offered_is_refused_and_leaves_no_item(
    pier: Machine, scene: int, way: str, variant: int, quantity: int | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        touch(pier, scene, way, variant, quantity)
    assert issued_items(pier.folder) == []


def test_an_operator_may_have_a_code_for_a_weight(pier: Machine) -> None:
    issued = issue_kiosk_code(pier.mint, CodeRequest(15, 0, 120, "single"), by_touch=False)
    assert (read(pier, issued.text).scene, read(pier, issued.text).quantity) == (15, 120)


def test_without_a_quantity_it_is_one_whole_unit(pier: Machine) -> None:
    issued = issue_kiosk_code(pier.mint, CodeRequest(15, 0, None, "single"), by_touch=False)
    assert read(pier, issued.text).quantity == 100, "1 kg in units of 10 g"


def test_only_a_ticket_is_issued_while_the_clock_is_not_trusted_and_it_says_0(pier: Machine) -> None:
    pier.clock.trusted = False
    for way, scene in (("single", 9), ("group", 1)):
        with pytest.raises(ClockNotTrusted):
            touch(pier, scene, way)
    assert read(pier, touch(pier, 9, "ticket").text).issued_at == 0
    assert len(issued_items(pier.folder)) == 1


def test_a_scene_out_of_season_is_closed(pier: Machine, office: Office) -> None:
    documents = json.loads(office.agreement["body"])["scenes"]
    documents[1]["season"] = ["05-01", "10-07"]  # the test stands in November
    pier.keeper.take(office.sign_agreement(2, scenes=tuple(documents)))
    with pytest.raises(SceneClosed):
        touch(pier, 9, "single")
    documents[1]["season"] = ["11-01", "03-31"]
    pier.keeper.take(office.sign_agreement(3, scenes=tuple(documents)))
    assert touch(pier, 9, "single").facts.scene == 9


# Pictures of one touch


def test_the_pictures_of_one_touch_share_counter_and_nonce(pier: Machine, time_now: MovedClock) -> None:
    shown = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    pictures = [read(pier, shown.issued.text)]
    for _ in range(2):
        time_now.move(20)
        pictures.append(read(pier, pier.touches.show(shown.id).issued.text))
    assert {(code.counter, code.nonce) for code in pictures} == {(pictures[0].counter, pictures[0].nonce)}
    assert [code.issued_at - pictures[0].issued_at for code in pictures] == [0, 20, 40]
    assert issued_items(pier.folder) == [shown.issued.text], "only the first picture is an item"


def test_a_picture_stands_20_seconds_and_a_touch_60(pier: Machine, time_now: MovedClock) -> None:
    shown = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    seen = []
    for _ in range(7):
        now = pier.touches.show(shown.id)
        seen.append((now.picture, now.seconds_left, now.state))
        time_now.move(10)
    assert seen == [
        (1, 60, "showing"),
        (1, 50, "showing"),
        (2, 40, "showing"),
        (2, 30, "showing"),
        (3, 20, "showing"),
        (3, 10, "showing"),
        (3, 0, "expired"),
    ]


def test_a_code_that_was_used_leaves_the_screen(pier: Machine, office: Office, time_now: MovedClock) -> None:
    shown = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    other = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    office.uses.append({"epoch": 1, "counter": shown.issued.facts.counter, "used_at": int(time_now.wall)})
    pier.rounds.hear_uses()
    assert pier.touches.show(shown.id).state == "used"
    assert pier.touches.show(other.id).state == "showing"


def test_a_use_of_the_last_second_still_turns_run_out_into_thanks(
    pier: Machine, office: Office, time_now: MovedClock
) -> None:
    shown = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    time_now.move(64)
    assert pier.touches.show(shown.id).state == "expired"
    office.uses.append({"epoch": 1, "counter": shown.issued.facts.counter, "used_at": int(time_now.wall)})
    pier.rounds.hear_uses()
    assert pier.touches.show(shown.id).state == "used"


def test_nobody_asks_for_uses_while_no_code_stands(pier: Machine, office: Office, time_now: MovedClock) -> None:
    def times_asked() -> int:
        return sum(asked.path.endswith("/uses") for asked in office.asked)

    pier.rounds.hear_uses()
    assert times_asked() == 0
    pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    pier.rounds.hear_uses()
    assert times_asked() == 1
    time_now.move(71)
    pier.rounds.hear_uses()
    assert times_asked() == 1


# Group codes


def test_a_group_code_stands_20_seconds_and_then_another_does(pier: Machine, time_now: MovedClock) -> None:
    pier.rounds.greet()
    first = pier.groups.show(1)
    time_now.move(19)
    assert pier.groups.show(1) is first
    assert first.seconds_left(pier.clock.uptime()) == 1
    time_now.move(1)
    second = pier.groups.show(1)
    assert second.issued.facts.counter == first.issued.facts.counter + 1
    assert second.issued.facts.nonce != first.issued.facts.nonce


def test_group_codes_stand_only_60_seconds_after_a_verified_answer(
    pier: Machine, office: Office, time_now: MovedClock
) -> None:
    with pytest.raises(Offline):
        pier.groups.show(1)
    pier.rounds.greet()
    time_now.move(60)
    assert pier.groups.show(1).issued.facts.kind == KIND_GROUP
    time_now.move(1)
    with pytest.raises(Offline):
        pier.groups.show(1)
    pier.rounds.greet()
    assert pier.groups.show(1).issued.facts.kind == KIND_GROUP
