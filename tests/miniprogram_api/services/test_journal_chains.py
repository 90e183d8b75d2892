"""One machine makes one chain: copies are found and wait for staff, a disk put back is told, a pulled plug is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenes.wire.journal import ItemReference
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.journals import Machine, notices, reasons
from tests.miniprogram_api.test_races import check_books

CLEAN_PLATE, REFILL, TREE_CARE = 6, 9, 23
HOUR = 3600


@pytest.fixture
def pier(stage: Stage) -> Iterator[Machine]:
    machine = Machine(stage)
    machine.start()
    yield machine
    check_books(stage)


def state(stage: Stage) -> object:
    return stage.rows("SELECT state FROM kiosks WHERE id = 1")[0][0]


def tell(stage: Stage, machine: Machine, items: int) -> None:
    for _ in range(items):
        machine.issued(stage.code(TREE_CARE, KIND_TICKET))


def test_a_plug_pulled_ten_times_looks_like_no_copy(stage: Stage, pier: Machine) -> None:
    for number in range(10):
        tell(stage, pier, number % 3)
        stage.clock.advance(60)
        pier.start()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    assert set(pier.results()) == {"credited"}
    assert set(pier.results(pier.documents[::-1])) == {"duplicate"}
    assert (notices(stage), state(stage)) == ([], "active")


def test_starts_that_come_in_backwards_look_like_no_copy(stage: Stage, pier: Machine) -> None:
    for _ in range(5):
        tell(stage, pier, 2)
        stage.clock.advance(60)
        pier.start()
    for document in reversed(pier.documents):
        assert pier.results([document]) == ["credited"]
    assert (notices(stage), state(stage)) == ([], "active")


def test_two_starts_that_name_the_same_last_item_are_a_copy(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 2)
    pier.upload()
    copy = pier.copied()
    stage.clock.advance(60)
    pier.start()
    copy.start()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    assert pier.results(pier.documents[3:]) == ["credited", "credited"]
    copy.read(stage.member_code("bo"), (REFILL, 1))
    assert copy.results(copy.documents[3:]) == ["credited", "pending"]
    assert (notices(stage), state(stage)) == (["clone"], "suspended")
    stage.clock.advance(60)
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    assert pier.results(pier.documents[5:]) == ["pending"], "neither of the two is believed any more"
    assert stage.balance("mei")[0] == 2, "what was credited stays"
    assert set(reasons(stage)) == {None, "kiosk_suspended"}
    [(detail,)] = stage.rows("SELECT detail FROM audit_events WHERE act = 'kiosk_suspended'")
    assert pier.boot in str(detail)


def test_what_a_copy_tells_of_the_time_before_it_was_found_waits_too(stage: Stage, pier: Machine) -> None:
    copy = pier.copied()
    pier.start()
    copy.start()
    copy.read(stage.member_code("bo"), (REFILL, 1))
    pier.upload()
    stage.clock.advance(HOUR)
    assert copy.results() == ["duplicate", "credited", "pending"]
    assert reasons(stage) == ["kiosk_copied"]


def test_a_start_that_went_on_past_the_item_a_later_one_named_is_a_copy(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 2)
    copy = pier.copied()
    copy.start()
    copy.upload()
    assert notices(stage) == []
    pier.read(stage.member_code("mei"), (REFILL, 1))
    assert pier.results(pier.documents[3:]) == ["pending"]
    assert (notices(stage), state(stage)) == (["clone"], "suspended")
    tell(stage, pier, 3)
    pier.upload()
    assert notices(stage) == ["clone"], "once is enough"


def test_two_items_of_one_number_are_a_copy_and_both_are_kept(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 1)
    copy = pier.copied()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    copy.read(stage.member_code("bo"), (REFILL, 1))
    assert pier.results() == ["credited"] * 3
    assert copy.results() == ["duplicate", "duplicate", "pending"]
    assert copy.results() == ["duplicate", "duplicate", "duplicate"]
    assert (notices(stage), state(stage)) == (["clone"], "suspended")
    assert stage.rows("SELECT apart FROM journal_items WHERE kind = 'read' ORDER BY apart") == [(0,), (1,)]
    assert stage.rows("SELECT boot FROM readings ORDER BY boot IS NULL") == [(pier.boot,), (None,)]
    assert (stage.balance("mei")[0], stage.balance("bo")[0]) == (2, 0)


def test_both_items_of_one_number_in_one_upload_are_a_copy_too(stage: Stage, pier: Machine) -> None:
    copy = pier.copied()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    copy.read(stage.member_code("bo"), (REFILL, 1))
    assert pier.results([*pier.documents, copy.documents[-1]]) == ["credited", "pending", "pending"]
    assert notices(stage) == ["clone"]


def test_an_item_that_follows_another_than_ours_is_of_a_copy(stage: Stage, pier: Machine) -> None:
    copy = pier.copied()
    tell(stage, pier, 1)
    tell(stage, copy, 2)
    pier.upload()
    copy.upload(copy.documents[2:])
    assert (notices(stage), state(stage)) == (["clone"], "suspended")


def test_a_start_that_names_an_older_item_than_ours_is_told_of_and_goes_on(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 1)
    early = pier.last
    tell(stage, pier, 3)
    pier.upload()
    stage.clock.advance(HOUR)
    pier.start(early)  # the disk was put back
    pier.read(stage.member_code("mei"), (REFILL, 1))
    assert pier.results(pier.documents[5:]) == ["credited", "credited"]
    assert (notices(stage), state(stage)) == (["old_boot"], "active")
    [(details,)] = stage.rows("SELECT details FROM notices")
    assert '"newest": 5' in str(details)


def test_a_start_from_before_the_start_before_is_told_of(stage: Stage, pier: Machine) -> None:
    first = pier.last
    tell(stage, pier, 2)
    pier.start()
    tell(stage, pier, 2)
    pier.upload()
    pier.start(first)
    assert pier.results() == ["duplicate"] * 6 + ["credited"]
    assert notices(stage) == ["old_boot"]


def test_a_disk_that_knows_of_nothing_any_more_is_told_of(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 2)
    pier.upload()
    wiped = Machine(stage)
    wiped.start()
    assert wiped.results() == ["credited"]
    assert (notices(stage), state(stage)) == (["old_boot"], "active")


def test_a_start_that_names_another_item_of_a_number_we_have_is_a_copy(stage: Stage, pier: Machine) -> None:
    tell(stage, pier, 1)
    pier.upload()
    assert pier.last is not None
    pier.start(ItemReference(pier.last.boot, pier.last.seq, "0" * 64))
    pier.upload(pier.documents[2:])
    assert notices(stage) == ["clone"]


def test_two_codes_on_one_counter_suspend_the_kiosk_though_nobody_scanned_them(stage: Stage, pier: Machine) -> None:
    pier.issued(stage.code(TREE_CARE, KIND_TICKET, counter=900, nonce=b"aaaaaa"))
    pier.issued(stage.code(TREE_CARE, KIND_TICKET, counter=900, nonce=b"bbbbbb"))
    assert pier.results() == ["credited"] * 3
    assert (notices(stage), state(stage)) == (["twin"], "suspended")


def test_a_code_on_the_counter_of_one_that_was_scanned_suspends_the_kiosk(stage: Stage, pier: Machine) -> None:
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET, counter=900, nonce=b"aaaaaa"))
    pier.issued(stage.code(TREE_CARE, KIND_TICKET, counter=900, nonce=b"bbbbbb"))
    pier.upload()
    assert (notices(stage), state(stage)) == (["twin"], "suspended")
    assert stage.balance("mei")[0] == 30
