"""A member code or card that is read: once a minute, at places that offer it, each walk from one end to the other."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from miniprogram_api.commands.jobs import Runner
from miniprogram_api.domain.refusals import CodeAlreadyUsed, CodeExpired, CodeSignatureInvalid, ProofNotAllowed
from miniprogram_api.models import ResidentCard
from miniprogram_api.services.held_codes import open_held_code
from miniprogram_api.services.readings import Read, Reader, Reading, judge_reading
from scenes.wire import resident_card
from scenes.wire.code_text import code_bytes, code_text
from scenes.wire.journal import ReadLine
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, PIER, Stage
from tests.miniprogram_api.journals import Machine, another_kiosk, notices, offer, reasons
from tests.miniprogram_api.test_races import check_books

FERRY, BUS, TRAIL, CLEAN_PLATE, REFILL, LITTER, TREE_CARE = 1, 2, 4, 6, 9, 15, 23
HOUR, DAY = 3600, 86_400
MINUTE = 60


@pytest.fixture
def pier(stage: Stage) -> Iterator[Machine]:
    machine = Machine(stage)
    machine.start()
    yield machine
    check_books(stage)


def read(stage: Stage, code: str, *lines: tuple[int, int], kiosk: int = PIER) -> Read:
    """Read online, as a till does."""
    now = stage.clock.now()
    reader = Reader(lambda moment: stage.island.directory.kiosk(kiosk, moment), kiosk_id=kiosk)  # type: ignore[arg-type,return-value]  # it is there
    whole = tuple(ReadLine(scene, 0, quantity) for scene, quantity in lines)
    reading = Reading(reader, open_held_code(code, stage.island), whole, now, now, now, live=True)
    return judge_reading(stage.session, reading, stage.island)


def card_of(stage: Stage, who: str, days: int = 365) -> str:
    """A card that the office printed."""
    keys, number = stage.island.keys, secrets.token_bytes(8)
    card = resident_card.ResidentCard(keys.pass_key_id, number, stage.clock.now(), days)
    with stage.engine.begin() as connection:
        connection.execute(
            insert(ResidentCard).values(
                card=number,
                member_id=stage.members[who],
                key_id=keys.pass_key_id,
                valid_from=stage.clock.now(),
                days=days,
                created_by=stage.clerk(f"lin-{number.hex()}"),
                created_at=stage.clock.now(),
            )
        )
    return code_text(resident_card.encode_card(card, keys.pass_privates[keys.pass_key_id]))


def test_online_the_lines_of_a_code_are_judged_one_by_one(stage: Stage, pier: Machine) -> None:
    lines = read(stage, stage.member_code("mei"), (REFILL, 1), (CLEAN_PLATE, 1), (REFILL, 1)).lines
    assert [line.result for line in lines] == ["credited", "credited", "refused:cool_down"]
    assert stage.balance("mei") == (7, 0, 201)


def test_where_every_line_is_refused_the_first_refusal_is_raised(stage: Stage, pier: Machine) -> None:
    with pytest.raises(ProofNotAllowed):
        read(stage, stage.member_code("mei"), (99, 1), (98, 1))
    assert (stage.count("readings"), stage.count("acts")) == (0, 0)


@pytest.mark.parametrize("late", [121, -120, 3600])
def test_online_another_minute_than_this_one_is_refused(stage: Stage, pier: Machine, late: int) -> None:
    code = stage.member_code("mei", stage.clock.now() + 3600)
    stage.clock.advance(3600 + late)
    with pytest.raises(CodeExpired):
        read(stage, code, (REFILL, 1))


def test_the_same_minute_at_the_same_place_is_used(stage: Stage, pier: Machine) -> None:
    code = stage.member_code("mei")
    read(stage, code, (REFILL, 1))
    with pytest.raises(CodeAlreadyUsed):
        read(stage, code, (CLEAN_PLATE, 1))
    pier.read(code, (BUS, 1))
    assert pier.results() == ["credited", "duplicate"]
    assert stage.balance("mei")[0] == 2


def test_a_value_of_another_chain_is_refused_also_for_a_pass_that_was_proved(stage: Stage, pier: Machine) -> None:
    stage.member_code("mei")  # the pass begins
    stage.clock.advance(10 * MINUTE)
    raw = code_bytes(stage.member_code("mei"), stage.island.code_base_url)
    read(stage, code_text(raw), (REFILL, 1))
    for slot in (1, 10, 11, 12, 1440):
        forged = code_text(raw[:96] + slot.to_bytes(2, "big") + secrets.token_bytes(16))
        with pytest.raises(CodeSignatureInvalid):
            open_held_code(forged, stage.island)
    stage.clock.advance(-5 * MINUTE)
    assert open_held_code(stage.member_code("mei"), stage.island).slot == 6
    stage.clock.advance(20 * MINUTE)
    assert open_held_code(stage.member_code("mei"), stage.island).slot == 26


def test_read_at_two_places_the_earliest_counts_and_the_other_waits(stage: Stage, pier: Machine) -> None:
    far = another_kiosk(stage)
    code = stage.member_code("mei")
    pier.read(code, (REFILL, 1))
    stage.clock.advance(40)
    far.read(code, (CLEAN_PLATE, 1), (BUS, 1))
    assert pier.results() == ["credited", "credited"]
    assert far.results() == ["credited", "pending"]
    assert notices(stage) == ["read_twice"]
    [(details,)] = stage.rows("SELECT details FROM notices")
    assert [place["kiosk"] for place in json.loads(str(details))["places"]] == [PIER, 2]
    assert stage.rows("SELECT kiosk_id, twin FROM readings ORDER BY kiosk_id") == [(PIER, 0), (2, 1)]
    assert stage.balance("mei")[0] == 2


def test_what_was_credited_stays_though_an_earlier_reading_comes_later(stage: Stage, pier: Machine) -> None:
    far = another_kiosk(stage)
    code = stage.member_code("mei")
    pier.read(code, (REFILL, 1))
    stage.clock.advance(40)
    far.read(code, (CLEAN_PLATE, 1))
    assert far.results() == ["credited", "credited"]
    assert pier.results() == ["credited", "pending"]
    assert stage.balance("mei")[0] == 5
    assert set(reasons(stage)) == {None, "read_twice"}


def test_of_two_that_wait_the_earlier_one_counts_when_its_time_is_known(stage: Stage, pier: Machine) -> None:
    far = another_kiosk(stage)
    far.trusted, far.slow_by = False, NOON
    far.start()
    code = stage.member_code("mei")
    far.read(code, (CLEAN_PLATE, 1))
    far.start()
    assert far.results()[-2:] == ["pending", "credited"]
    stage.clock.advance(30)
    pier.read(code, (REFILL, 1))
    assert pier.results() == ["credited", "credited"]
    assert stage.balance("mei")[0] == 2
    assert notices(stage) == ["read_twice"]


def test_read_at_two_places_at_once_exactly_one_counts(stage: Stage, pier: Machine) -> None:
    far = another_kiosk(stage)
    for scene in (REFILL, CLEAN_PLATE, FERRY, LITTER):
        code = stage.member_code("mei")
        bodies = []
        for machine in (pier, far):
            machine.documents.clear()
            machine.read(code, (scene, 100 if scene == LITTER else 1))
            bodies.append(machine.body())
        results = [*at_once(stage, pier, bodies[:1], far, bodies[1:])]
        assert sorted(results) == ["credited", "pending"]
        stage.clock.advance(120)
    assert stage.balance("mei")[0] == 27


def at_once(stage: Stage, one: Machine, first: list[bytes], other: Machine, second: list[bytes]) -> list[str]:
    """Both uploads by workers of their own."""
    results: list[str] = []
    gate = threading.Barrier(2)

    def worker(machine: Machine, body: bytes) -> None:
        with Session(stage.engine) as session:
            here = Stage(stage.engine, session, stage.island, stage.clock, stage.kiosk_key)
            mine = Machine(here, machine.kiosk, machine.key)
            gate.wait()
            results.append(mine.upload(body=body).items[-1].result)

    pairs = ((one, first[0]), (other, second[0]))
    threads = [threading.Thread(target=worker, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_card_earns_thirty_points_a_day_at_attended_places(stage: Stage, pier: Machine) -> None:
    card = card_of(stage, "mei")
    pier.read(card, (LITTER, 200), (CLEAN_PLATE, 1))
    stage.clock.advance(4 * HOUR)
    pier.read(card, (LITTER, 200))
    stage.clock.advance(HOUR)
    pier.read(card, (FERRY, 1))
    assert pier.results() == ["credited"] * 4
    acts = stage.rows("SELECT points, reason, state FROM acts ORDER BY occurred_at, counter")
    assert acts == [
        (20, None, "credited"),
        (5, None, "credited"),
        (5, "card:day", "credited"),
        (0, "card:day", "capped"),
    ]
    stage.scan("mei", stage.code(REFILL))
    assert stage.balance("mei")[0] == 32
    stage.clock.advance(DAY)
    pier.read(card, (FERRY, 1))
    pier.upload()
    assert stage.balance("mei")[0] == 42


def test_a_card_is_not_taken_where_nobody_stands_nor_after_its_days_nor_revoked(stage: Stage, pier: Machine) -> None:
    card, short, gone = card_of(stage, "mei"), card_of(stage, "bo", days=1), None
    stage.member("gu", "resident")
    gone = card_of(stage, "gu")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE resident_cards SET revoked_at = {stage.clock.now()} WHERE member_id = {stage.members['gu']}"
        )
    pier.read(gone, (REFILL, 1))
    stage.clock.advance(DAY)
    pier.read(short, (REFILL, 1))
    lonely = another_kiosk(stage, attended=False)
    lonely.read(card, (REFILL, 1))
    assert pier.results() == ["credited", "refused:code_expired", "refused:code_expired"]
    assert lonely.results() == ["credited", "refused:proof_not_allowed"]
    assert stage.count("acts") == 0


def test_a_reversal_gives_a_cards_day_its_room_back(stage: Stage, pier: Machine) -> None:
    from tests.miniprogram_api.lived_island import reverse

    card = card_of(stage, "mei")
    pier.read(card, (TREE_CARE, 1))
    pier.upload()
    [(act,)] = stage.rows("SELECT id FROM acts")
    reverse(stage, int(str(act)), stage.clerk("wen"), key="r1")
    pier.read(card, (FERRY, 1))
    pier.upload()
    assert stage.balance("mei")[0] == 10


def trailheads(stage: Stage) -> tuple[Machine, Machine]:
    routes = [{"start": 2, "end": 3, "quantity": 40}]
    scenes = {str(TRAIL): {"proofs": ["2P"], "max_quantity": 100}, str(REFILL): {"proofs": ["ST"], "max_quantity": 4}}
    return (
        another_kiosk(stage, 2, routes=routes, scenes=scenes, attended=False),
        another_kiosk(stage, 3, routes=routes, scenes=scenes, attended=False),
    )


def walk(stage: Stage, *stops: tuple[Machine, int], who: str = "mei") -> None:
    for machine, seconds in stops:
        machine.read(stage.member_code(who), (TRAIL, 10))
        stage.clock.advance(seconds)


def walked(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows(
        "SELECT state, reason, quantity, points, occurred_at FROM acts WHERE reason IS NULL ORDER BY occurred_at"
    )


def test_a_walk_from_one_end_to_the_other_counts_when_both_are_here(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, 20 * MINUTE), (down, 0))
    assert up.results() == ["credited", "pending"]
    assert stage.balance("mei")[0] == 0
    assert down.results() == ["credited", "credited"]
    assert walked(stage) == [("credited", None, 40, 8, NOON + 20 * MINUTE)]
    assert stage.rows("SELECT decision, code FROM reviews") == [("joined", "trail_paired")]


def test_the_end_that_comes_in_later_may_be_the_earlier_one(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, HOUR), (down, HOUR))
    assert down.results()[-1] == "pending"
    assert up.results()[-1] == "credited"
    assert walked(stage) == [("credited", None, 40, 8, NOON + HOUR)]


@pytest.mark.parametrize("seconds", [20 * MINUTE - 1, 6 * HOUR + 1])
def test_ends_that_are_too_near_or_too_far_apart_are_no_walk(stage: Stage, pier: Machine, seconds: int) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, seconds), (down, 0))
    assert up.results()[-1] == "pending"
    assert down.results()[-1] == "pending"
    assert set(reasons(stage)) == {"trail_half"}


def test_the_same_end_twice_is_no_walk_and_the_latest_pairs(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, 30 * MINUTE), (up, 30 * MINUTE), (down, 30 * MINUTE), (up, 0))
    up.upload()
    down.upload()
    assert [row[4] for row in walked(stage)] == [NOON + HOUR]
    assert stage.count("reviews") == 1


def test_there_and_back_in_one_upload_are_two_walks(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, HOUR), (down, HOUR), (down, HOUR), (up, 0))
    down.upload()
    up.upload()
    assert [row[4] for row in walked(stage)] == [NOON + HOUR, NOON + 3 * HOUR]
    assert stage.balance("mei")[0] == 16


def test_two_members_do_not_walk_for_one_another(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, HOUR))
    walk(stage, (down, 0), who="bo")
    up.upload()
    down.upload()
    assert walked(stage) == []


def test_a_trail_is_proved_at_two_points_or_not_at_all(stage: Stage, pier: Machine) -> None:
    offer(stage, scenes={str(TRAIL): {"proofs": ["2P"], "max_quantity": 100}})
    pier.read(stage.member_code("mei"), (TRAIL, 40))
    assert pier.results() == ["credited", "refused:proof_not_allowed"]  # no way begins here
    assert stage.count("acts") == 0


def test_a_line_above_what_the_place_offers_is_refused(stage: Stage, pier: Machine) -> None:
    offer(stage, scenes={str(LITTER): {"proofs": ["WT"], "max_quantity": 100}})
    pier.read(stage.member_code("mei"), (LITTER, 101), (LITTER, 100))
    assert pier.upload().items[1].lines == ("refused:proof_not_allowed", "credited")


def test_a_scan_at_sea_and_a_reading_on_the_island_know_of_one_another(stage: Stage, pier: Machine) -> None:
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    pier.upload()
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE venues SET side = 'mainland'")
    stage.island.directory.forget()
    stage.clock.advance(20 * MINUTE)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    assert pier.results(pier.documents[2:]) == ["pending"]
    assert "too_far" in reasons(stage)
    assert stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET)).act["state"] == "credited"


def test_an_end_whose_other_end_nobody_read_is_refused_after_its_month(stage: Stage, pier: Machine) -> None:
    up, down = trailheads(stage)
    walk(stage, (up, 7 * HOUR), (down, 30 * MINUTE), (up, 0))
    up.upload()
    down.upload()
    runner = Runner(stage.engine, stage.clock, "one")
    stage.clock.advance(30 * DAY - HOUR)
    assert (runner.run_all() or {})["refuse_half_walks"] == 1
    assert stage.rows("SELECT decision, code FROM reviews ORDER BY decision") == [
        ("joined", "trail_paired"),
        ("refused", "trail_unpaired"),
    ]
    stage.clock.advance(DAY)
    assert (runner.run_all() or {})["refuse_half_walks"] == 0
    assert len(walked(stage)) == 1
