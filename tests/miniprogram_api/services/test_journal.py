"""A kiosk's journal: each item once, in any order and however often; each judged for itself, late or not."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from scenes.wire.journal import ReadLine
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, PIER, Stage, shop
from tests.miniprogram_api.journals import Machine, another_kiosk, notices, offer, reasons, set_state
from tests.miniprogram_api.lived_island import reverse
from tests.miniprogram_api.services.test_vouchers import exchange
from tests.miniprogram_api.test_races import check_books

FERRY, BUS, CLEAN_PLATE, REFILL, LINEN, LITTER, HOME_ENERGY, TREE_CARE = 1, 2, 6, 9, 12, 15, 22, 23
DAY, HOUR = 86_400, 3600


@pytest.fixture
def pier(stage: Stage) -> Iterator[Machine]:
    """The pier's kiosk, started; whatever a test does, the books hold afterwards."""
    machine = Machine(stage)
    machine.start()
    yield machine
    check_books(stage)


def balances(stage: Stage) -> tuple[int, int]:
    return stage.balance("mei")[0], stage.balance("bo")[0]


def test_a_reading_is_credited_line_by_line_and_the_verdict_says_so(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1), (CLEAN_PLATE, 1), clerk="lin")
    verdict = pier.upload()
    assert [item.result for item in verdict.items] == ["credited", "credited"]
    assert verdict.items[1].lines == ("credited", "credited")
    assert verdict.contiguous == {pier.boot: 2}
    assert stage.balance("mei") == (7, 0, 201)
    [reading] = stage.rows("SELECT kind, kiosk_id, clerk, boot, seq, twin, occurred_at FROM readings")
    assert reading == (0x14, PIER, "lin", pier.boot, 2, 0, NOON)
    acts = stage.rows("SELECT kiosk_id, epoch, counter, kind, state FROM acts ORDER BY counter")
    assert acts == [(PIER, 0, 0, 0x14, "credited"), (PIER, 0, 1, 0x14, "credited")]
    assert stage.rows("SELECT DISTINCT caller_kind, caller FROM entries WHERE kind = 'earn'") == [("kiosk", PIER)]


def test_an_upload_again_is_a_duplicate_and_books_nothing(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    pier.issued(stage.code(TREE_CARE, KIND_TICKET))
    assert pier.results() == ["credited", "credited", "credited"]
    stage.clock.advance(60)
    verdict = pier.upload()
    assert [item.result for item in verdict.items] == ["duplicate"] * 3
    assert verdict.items[1].lines == ("duplicate",)
    assert (balances(stage), stage.count("acts"), stage.count("journal_items")) == ((2, 0), 1, 3)


def test_a_line_that_is_refused_refuses_no_other_and_stays_refused(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1), (REFILL, 1), (99, 1), (HOME_ENERGY, 5))
    pier.upload()
    again = pier.upload().items[1]
    assert again.lines == ("duplicate", "refused:cool_down", "refused:proof_not_allowed", "refused:scene_closed")
    assert again.result == "duplicate"
    assert balances(stage) == (2, 0)


def test_where_every_line_is_refused_nothing_is_recorded_and_the_minute_stays_free(stage: Stage, pier: Machine) -> None:
    code = stage.member_code("mei")
    pier.read(code, (HOME_ENERGY, 5))
    assert pier.results() == ["credited", "refused:scene_closed"]
    assert (stage.count("readings"), stage.count("acts")) == (0, 0)
    pier.read(code, (REFILL, 1))
    assert pier.results(pier.documents[2:]) == ["credited"]
    assert pier.results(pier.documents[1:2]) == ["refused:scene_closed"]


def busy_day(stage: Stage, pier: Machine) -> None:
    """Two members, some hours, ten minutes between one reading and the next."""
    for number in range(8):
        who = "mei" if number % 2 else "bo"
        pier.read(stage.member_code(who), (REFILL, 1), (BUS, 1))
        if number % 3 == 0:
            pier.issued(stage.code(TREE_CARE, KIND_TICKET))
        stage.clock.advance(20 * 60)


def test_the_order_of_arrival_changes_nothing_and_every_batch_may_come_twice(stage: Stage, pier: Machine) -> None:
    busy_day(stage, pier)
    first, chance = len(pier.documents), random.Random(4)
    for _ in range(2):
        shuffled = chance.sample(pier.documents, first)
        for start in range(0, first, 3):
            pier.upload(shuffled[start : start + 3])
            pier.upload(shuffled[start : start + 3])
    assert stage.count("journal_items") == first
    assert pier.upload([]).contiguous == {pier.boot: first}
    assert balances(stage) == (28, 28)
    assert notices(stage) == []


def test_an_item_that_is_missing_shows_in_what_is_contiguous_until_it_comes(stage: Stage, pier: Machine) -> None:
    for _ in range(4):
        pier.issued(stage.code(TREE_CARE, KIND_TICKET))
    gap = [pier.documents[0], *pier.documents[2:]]
    assert pier.upload(gap).contiguous == {pier.boot: 1}
    assert pier.upload(pier.documents[1:2]).contiguous == {pier.boot: 5}
    pier.heartbeat()
    assert notices(stage) == []


def test_a_bad_item_is_refused_and_holds_up_no_other(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    good = pier.documents[1]
    forged = {**good, "body": good["body"].replace(f'"scene":{REFILL}', f'"scene":{TREE_CARE}')}
    other = Machine(stage, key=bytes(32), kiosk=PIER)
    other.start()
    odd = [forged, {"body": 5}, None, [], "x", {**good, "signature": "A" * 86}, *other.documents]
    verdict = pier.upload([pier.documents[0], *odd, good])
    by_hash = {item.hash: item.result for item in verdict.items}
    assert sorted(by_hash.values()) == ["credited"] * 2 + ["refused:code_signature_invalid"] * 2
    assert balances(stage) == (2, 0)
    assert notices(stage) == ["poison_item"] * 3
    pier.upload([pier.documents[0], *odd, good])
    assert stage.count("notices") == 3
    assert stage.rows("SELECT count(*) FROM journal_items WHERE kind = 'unreadable' AND apart = 1") == [(3,)]


def test_codes_inside_an_item_that_are_none_are_refused(stage: Stage, pier: Machine) -> None:
    foreign = another_kiosk(stage)
    pier.issued("CEAA")
    pier.read(stage.code(REFILL), (REFILL, 1))
    pier.read(stage.member_code("mei").swapcase(), (REFILL, 1))
    foreign.issued(stage.code(REFILL, KIND_TICKET))  # the pier's
    assert pier.results() == ["credited", "refused:code_malformed", "refused:code_malformed", "credited"]
    assert foreign.results() == ["credited", "refused:code_signature_invalid"]
    assert balances(stage) == (2, 0)


def test_another_kiosks_items_are_not_taken_from_this_one(stage: Stage, pier: Machine) -> None:
    foreign = another_kiosk(stage)
    foreign.read(stage.member_code("mei"), (REFILL, 1))
    assert pier.results(foreign.documents) == ["refused:code_signature_invalid"] * 2
    assert foreign.results() == ["credited", "credited"]
    assert balances(stage) == (2, 0)


def test_limits_hold_inside_one_upload(stage: Stage, pier: Machine) -> None:
    stage.member("gu", "guest")
    for number in range(5):
        pier.read(stage.member_code("gu"), (TREE_CARE if number == 0 else LITTER, 1 if number == 0 else 100))
        stage.clock.advance(4 * HOUR if number < 2 else 5 * HOUR)
    pier.upload()
    points = [int(str(points)) for (points,) in stage.rows("SELECT points FROM acts ORDER BY occurred_at")]
    assert points == [30, 10, 10, 10, 10]
    assert stage.balance("gu")[0] == 70


def test_a_guests_day_ends_at_its_limit_wherever_the_acts_come_from(stage: Stage, pier: Machine) -> None:
    stage.member("gu", "guest")
    stage.scan("gu", stage.code(TREE_CARE, KIND_TICKET))
    pier.read(stage.member_code("gu"), (LITTER, 300), (FERRY, 1))
    verdict = pier.upload()
    assert verdict.items[1].lines == ("credited", "credited")
    assert stage.balance("gu")[0] == 60
    assert ("guest:day", "capped") in stage.rows("SELECT reason, state FROM acts")


def test_a_kiosks_ceiling_makes_later_lines_wait(stage: Stage, pier: Machine) -> None:
    offer(stage, ceilings={"points_per_hour": 9})
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1), (REFILL, 1), (BUS, 1))
    assert pier.upload().items[1].lines == ("credited", "credited", "pending")
    assert reasons(stage)[-1] == "kiosk_ceiling"
    assert balances(stage) == (7, 0)


def test_a_room_is_asked_for_where_the_limit_is_the_rooms(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), ReadLine(LINEN, 0, 1, "听涛301"), ReadLine(LINEN, 0, 1))
    pier.read(stage.member_code("bo"), ReadLine(LINEN, 0, 1, " 听涛301 "))
    items = pier.upload().items
    assert items[1].lines == ("credited", "refused:invalid_fields")
    assert items[2].result == "credited"
    assert balances(stage) == (4, 0)  # the room's night was taken
    assert "听涛301" not in str(stage.rows("SELECT room FROM acts"))


def test_debts_are_paid_first_also_from_the_journal(stage: Stage, pier: Machine) -> None:
    item = shop(stage, points=30)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act["id"]
    exchange(stage, item)
    reverse(stage, act, stage.clerk("lin"), key="r1")
    assert stage.debt("mei") == 30
    pier.read(stage.member_code("mei"), (REFILL, 1), (CLEAN_PLATE, 1), (LITTER, 300))
    assert pier.results() == ["credited", "credited"]
    assert (stage.debt("mei"), stage.balance("mei")[0]) == (0, 7)


def test_a_revoked_pass_is_refused_from_then_on_and_what_was_read_before_counts(stage: Stage, pier: Machine) -> None:
    code = stage.member_code("mei")
    pier.read(code, (REFILL, 1))
    stage.clock.advance(60)
    late = stage.member_code("mei")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE member_passes SET revoked_at = {stage.clock.now()}")
    stage.clock.advance(30)
    pier.read(late, (CLEAN_PLATE, 1))
    assert pier.results() == ["credited", "credited", "refused:code_expired"]
    assert balances(stage) == (2, 0)


def at_once(stage: Stage, machine: Machine, bodies: list[bytes]) -> list[list[str]]:
    """Each upload by a worker of its own, as near to one another as threads get."""
    results: list[list[str]] = []
    gate = threading.Barrier(len(bodies))

    def worker(body: bytes) -> None:
        with Session(stage.engine) as session:
            mine = Machine(Stage(stage.engine, session, stage.island, stage.clock, stage.kiosk_key), machine.kiosk)
            mine.key = machine.key
            gate.wait()
            results.append([item.result for item in mine.upload(body=body).items])

    threads = [threading.Thread(target=worker, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_workers_with_the_same_batch_at_once_take_it_once(stage: Stage, pier: Machine) -> None:
    busy_day(stage, pier)
    body = pier.body()
    results = at_once(stage, pier, [body] * 4)
    assert len(results) == 4
    for column in zip(*results, strict=True):
        assert sorted(column) == ["credited", "duplicate", "duplicate", "duplicate"]
    assert balances(stage) == (28, 28)


def test_batches_that_overlap_at_once_are_taken_once(stage: Stage, pier: Machine) -> None:
    busy_day(stage, pier)
    chance = random.Random(7)
    bodies = [pier.body(chance.sample(pier.documents, 9)) for _ in range(6)]
    at_once(stage, pier, bodies)
    pier.upload()
    assert balances(stage) == (28, 28)
    assert stage.count("journal_items") == len(pier.documents)


def test_a_scan_and_an_upload_of_one_member_at_once_both_count(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    code = stage.code(REFILL)

    def scan() -> None:
        with Session(stage.engine) as session:
            other = Stage(stage.engine, session, stage.island, stage.clock, stage.kiosk_key)
            other.scan("mei", code)

    thread = threading.Thread(target=scan)
    thread.start()
    pier.upload()
    thread.join()
    assert balances(stage) == (7, 0)


def test_a_chunk_in_which_one_item_trips_us_is_taken_item_by_item(
    stage: Stage, pier: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from miniprogram_api.services import read_batches

    judged = read_batches._judge_line

    def trips(whose, number, line, *rest):  # type: ignore[no-untyped-def]  # a fault of ours, for the test
        if line.scene == BUS:
            raise RuntimeError("a fault of ours")
        return judged(whose, number, line, *rest)

    monkeypatch.setattr(read_batches, "_judge_line", trips)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    pier.read(stage.member_code("bo"), (BUS, 1))
    verdict = pier.upload()
    assert [item.result for item in verdict.items] == ["credited", "credited", "refused:fault"]
    assert verdict.items[2].lines == ("refused:fault",)
    assert notices(stage) == ["poison_item"]
    assert pier.results() == ["duplicate", "duplicate", "refused:fault"]
    [(body,)] = stage.rows("SELECT body FROM journal_items WHERE result = 'refused:fault'")
    assert json.loads(str(body))["lines"][0]["scene"] == BUS
    assert "a fault of ours" in caplog.text


@pytest.mark.parametrize(("age", "result"), [(30 * DAY - 60, "credited"), (30 * DAY + 60, "refused:code_expired")])
def test_a_journal_is_taken_thirty_days_late(stage: Stage, pier: Machine, age: int, result: str) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(age)
    assert pier.results() == ["credited", result]


def test_a_suspended_kiosks_acts_wait_from_then_on(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(60)
    set_state(stage, "suspended", stage.clock.now())
    pier.read(stage.member_code("bo"), (REFILL, 1), (99, 1))
    items = pier.upload().items
    assert [item.result for item in items] == ["credited", "credited", "pending"]
    assert items[2].lines == ("pending", "refused:proof_not_allowed")
    assert balances(stage) == (2, 0)
    assert "kiosk_suspended" in reasons(stage)


def test_of_a_lost_kiosk_later_acts_are_refused_and_earlier_ones_wait_unless_they_came_before(
    stage: Stage, pier: Machine
) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    pier.upload()
    pier.read(stage.member_code("bo"), (REFILL, 1))
    stage.clock.advance(60)
    set_state(stage, "lost", stage.clock.now())
    stage.clock.advance(60)
    pier.read(stage.member_code("bo"), (CLEAN_PLATE, 1))
    assert pier.results() == ["duplicate", "duplicate", "pending", "refused:kiosk_suspended"]
    assert balances(stage) == (2, 0)
    assert "kiosk_lost" in reasons(stage)


def test_of_a_lost_kiosk_a_ticket_counts_that_its_journal_had_told_before(stage: Stage, pier: Machine) -> None:
    told, untold = stage.code(TREE_CARE, KIND_TICKET), stage.code(TREE_CARE, KIND_TICKET)
    pier.issued(told)
    pier.upload()
    stage.clock.advance(60)
    set_state(stage, "lost", stage.clock.now())
    stage.clock.advance(HOUR)
    assert stage.scan("mei", told).act["state"] == "credited"
    waiting = stage.scan("bo", untold).act
    assert (waiting["state"], waiting["reason"]) == ("pending", "kiosk_lost")


def test_a_retired_kiosks_journal_is_taken_for_thirty_days(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(60)
    set_state(stage, "retired", stage.clock.now())
    stage.clock.advance(60)
    pier.read(stage.member_code("bo"), (REFILL, 1))
    assert pier.results() == ["credited", "credited", "pending"]
    stage.clock.advance(30 * DAY)
    pier.issued(stage.code(TREE_CARE, KIND_TICKET))
    assert pier.results()[-1] == "refused:kiosk_suspended"
    assert balances(stage) == (2, 0)
