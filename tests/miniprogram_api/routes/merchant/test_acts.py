"""A till confirms acts by the guest's member code or card: each line for itself, once, with ceilings and an undo."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import update
from werkzeug.test import TestResponse

from miniprogram_api.db import public_id
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.models import Merchant
from miniprogram_api.routes.surroundings import surround, surroundings
from miniprogram_api.services.appointments import NewPerson, appoint_person
from miniprogram_api.services.cards import issue_card, print_cards, revoke_card
from miniprogram_api.services.sessions import sign_out_member
from tests.miniprogram_api.cast import EVERY_PROOF, NOON, Stage, token_hash
from tests.miniprogram_api.routes.merchant.till import (
    LINEN,
    MEALS,
    PLATE,
    TABLEWARE,
    Counter,
    at,
    books_are_right,
    nothing_recorded,
    profile,
    states,
)
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_people import Desk


def card_of(stage: Stage, who: str) -> tuple[bytes, str, int]:
    """A printed card: its number, what a camera reads, and the clerk who made it."""
    clerk = stage.clerk(f"desk of {who}")
    card = issue_card(stage.session, stage.members[who], clerk, stage.island, stage.clock)
    [face] = print_cards(stage.session, [card], clerk, stage.island, stage.clock)
    return card, face.code_text, clerk


def test_one_reading_confirms_several_acts_and_each_brings_its_own(stage: Stage, chen: Counter) -> None:
    answer = answered(chen.confirm(stage.member_code("mei"), PLATE, TABLEWARE), 201)
    assert [line[:2] for line in states(answer)] == [("clean-plate", "credited"), ("own-tableware", "credited")]
    assert (answer["person"], answer["nickname"], answer["undone_at"]) == ("陈", "m**", None)
    points = sum(line["points"] for line in answer["results"])
    grams = sum(line["reduction_grams"] for line in answer["results"])
    assert stage.balance("mei") == (points, 0, grams)
    assert points >= MEALS + 1
    assert stage.rows("SELECT merchant_id, kiosk_id, twin, clerk FROM readings") == [(71, None, 0, f"{73:016x}")]
    assert stage.rows("SELECT DISTINCT kiosk_id, epoch FROM acts") == [(0, 0)]
    books_are_right(stage)


def test_a_repeat_with_the_same_key_answers_the_same_and_books_nothing_more(stage: Stage, chen: Counter) -> None:
    code = stage.member_code("mei")
    first = answered(chen.confirm(code, PLATE, key="same"), 201)
    stage.clock.advance(3600)  # the code is long over; the answer was lost
    again = answered(chen.confirm(code, PLATE, key="same"), 201)
    assert first == again
    refused(chen.confirm(code, PLATE, TABLEWARE, key="same"), 409, "idempotency_conflict")
    assert (stage.count("acts"), stage.balance("mei")[0]) == (1, MEALS)


def test_a_minute_counts_once_whoever_reads_it(stage: Stage, chen: Counter) -> None:
    code = stage.member_code("mei")
    answered(chen.confirm(code, PLATE), 201)
    refused(chen.confirm(code, TABLEWARE), 409, "code_already_used")
    assert (stage.count("acts"), stage.count("desk_acts")) == (1, 1)
    stage.clock.advance(60)
    answered(chen.confirm(stage.member_code("mei"), TABLEWARE), 201)
    assert stage.count("acts") == 2


def test_a_line_that_is_refused_refuses_no_other(stage: Stage, chen: Counter) -> None:
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    stage.clock.advance(60)
    unknown = {"scene": "flying", "quantity": 1}
    answer = answered(chen.confirm(stage.member_code("mei"), unknown, PLATE, TABLEWARE, LINEN), 201)
    assert [(scene, state, code) for scene, state, _, code in states(answer)] == [
        ("flying", "refused", "proof_not_allowed"),
        ("clean-plate", "refused", "cool_down"),
        ("own-tableware", "credited", None),
        ("linen-reuse", "refused", "invalid_fields"),
    ]
    assert stage.count("acts") == 2
    books_are_right(stage)


@pytest.mark.parametrize(
    ("acts", "status", "code"),
    [
        ([{"scene": "flying", "quantity": 1}], 403, "proof_not_allowed"),
        ([LINEN], 422, "invalid_fields"),
        ([{**PLATE, "variant": 7}], 422, "invalid_fields"),
        ([{**PLATE, "quantity": 0}], 422, "invalid_fields"),
        ([{**PLATE, "record": "x" * 201}], 422, "invalid_fields"),
        ([PLATE] * 9, 422, "invalid_fields"),
        ([], 422, "invalid_fields"),
    ],
)
def test_only_when_every_line_is_refused_the_call_is_and_then_nothing_is_recorded(
    stage: Stage, chen: Counter, acts: list[dict[str, Any]], status: int, code: str
) -> None:
    refused(chen.confirm(stage.member_code("mei"), *acts), status, code)
    nothing_recorded(stage)
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)


def test_a_room_of_the_homestay_counts_its_nights_and_is_kept_as_a_hash(stage: Stage, chen: Counter) -> None:
    answered(chen.confirm(stage.member_code("mei"), {**LINEN, "room": "听涛302"}), 201)
    assert "听涛302" not in str(stage.rows("SELECT * FROM desk_acts")) + str(stage.rows("SELECT room FROM acts"))
    other = answered(chen.confirm(stage.member_code("bo"), {**LINEN, "room": "听涛302"}), 201)
    assert states(other) == [("linen-reuse", "capped", 0, None)]
    assert other["results"][0]["reason_text"]


@pytest.mark.parametrize("moment", [-121, 121])
def test_a_code_of_another_minute_is_expired(stage: Stage, chen: Counter, moment: int) -> None:
    code = stage.member_code("mei", stage.clock.now() + 600)
    stage.clock.advance(600 + 30 + moment)
    refused(chen.confirm(code, PLATE), 410, "code_expired")
    nothing_recorded(stage)


def test_after_the_sign_out_the_code_is_expired(stage: Stage, chen: Counter) -> None:
    code = stage.member_code("mei")
    sign_out_member(stage.session, token_hash("mei"), stage.clock)
    refused(chen.confirm(code, PLATE), 410, "code_expired")
    nothing_recorded(stage)


@pytest.mark.parametrize("text", ["A", "HTTP://127.0.0.1:8000/S/AAAA", "0123-4567-89AK"])
def test_what_is_no_member_code_is_malformed(stage: Stage, chen: Counter, text: str) -> None:
    problem = chen.confirm(text, PLATE)
    assert problem.get_json()["code"] in ("code_malformed", "code_unknown_version")
    refused(chen.confirm(stage.code(9), PLATE), 400, "code_malformed")
    nothing_recorded(stage)


def test_a_residents_card_earns_and_no_more_than_its_daily_points(stage: Stage, chen: Counter) -> None:
    stage.member("奶奶", "resident")
    card, code, clerk = card_of(stage, "奶奶")
    profile(stage, scenes={**EVERY_PROOF, "23": {"proofs": ["ST"]}})
    tree = {"scene": "tree-care", "quantity": 1}
    assert states(answered(chen.confirm(code, tree), 201))[0][1:3] == ("credited", 30)
    more = answered(chen.confirm(code, PLATE), 201)
    assert states(more) == [("clean-plate", "capped", 0, None)]
    assert more["results"][0]["reason_text"]
    assert stage.balance("奶奶")[0] == LIMITS.card_points_a_day
    revoke_card(stage.session, card, clerk, "lost", stage.clock)
    refused(chen.confirm(code, TABLEWARE), 410, "code_expired")
    books_are_right(stage)


def test_a_card_is_no_proof_where_nobody_stands(stage: Stage, chen: Counter) -> None:
    stage.member("奶奶", "resident")
    _, code, _ = card_of(stage, "奶奶")
    profile(stage, attended=False)
    refused(chen.confirm(code, PLATE), 403, "proof_not_allowed")
    nothing_recorded(stage)


def test_what_only_the_committee_proves_needs_its_record(stage: Stage, chen: Counter) -> None:
    profile(stage, scenes={"22": {"proofs": ["VC"]}, "6": {"proofs": ["ST"]}})
    slug = next(rule.scene.slug for rule in stage.island.directory.rules(NOON) if rule.scene.number == 22)
    stage.member("奶奶", "resident")
    act = {"scene": slug, "quantity": stage.island.directory.rule(22, NOON).scene.variants[0].min_quantity}  # type: ignore[union-attr]  # the catalogue has it
    refused(chen.confirm(stage.member_code("奶奶"), act), 422, "invalid_fields")
    refused(chen.confirm(stage.member_code("奶奶"), {**act, "record": "  "}), 422, "invalid_fields")
    nothing_recorded(stage)
    answer = answered(chen.confirm(stage.member_code("奶奶"), {**act, "record": "电费单 2026-11"}), 201)
    assert states(answer)[0][1] == "credited"
    [(lines,)] = stage.rows("SELECT lines FROM desk_acts")
    assert json.loads(str(lines))[0]["record"] == "电费单 2026-11"


def test_a_merchant_without_a_place_or_a_suspended_one_confirms_nothing(stage: Stage, chen: Counter) -> None:
    at(stage, None)
    assert refused(chen.confirm(stage.member_code("mei"), PLATE), 403, "not_allowed")["why"] == "no_till"
    assert answered(chen.client.get(f"{API}/merchant/scenes", headers=bearer("chen"))) == {"data": [], "next": None}
    at(stage, "island-pier")
    with stage.engine.begin() as connection:
        connection.execute(update(Merchant).values(state="suspended"))
    refused(chen.confirm(stage.member_code("mei"), PLATE), 403, "merchant_suspended")
    nothing_recorded(stage)


def test_the_till_is_told_what_it_may_confirm(stage: Stage, chen: Counter) -> None:
    linen = {"proofs": ["ST"], "max_quantity": 3}
    profile(stage, scenes={"6": {"proofs": ["ST", "TK"]}, "9": {"proofs": ["DK"]}, "12": linen})
    scenes = answered(chen.client.get(f"{API}/merchant/scenes", headers=bearer("chen")))["data"]
    assert [(scene["id"], scene["needs_room"], scene["needs_record"]) for scene in scenes] == [
        ("clean-plate", False, False),
        ("linen-reuse", True, False),
    ]
    assert scenes[1]["variants"][0]["max_quantity"] == 3
    refused(chen.confirm(stage.member_code("mei"), {"scene": "refill-water", "quantity": 1}), 403, "proof_not_allowed")


def test_above_the_desks_ceiling_acts_wait_and_above_the_clerks_they_bring_nothing(
    app: APIFlask, stage: Stage, chen: Counter
) -> None:
    profile(stage, ceilings={"points_per_hour": MEALS})
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    waits = answered(chen.confirm(stage.member_code("bo"), PLATE), 201)
    assert states(waits) == [("clean-plate", "pending", 0, None)]
    assert waits["results"][0]["reason_text"]
    profile(stage)
    with app.app_context():
        here = surroundings()
        here.island.directory.forget()
        limits = replace(LIMITS, clerk_points_a_day=2 * MEALS)
        surround(app, replace(here, island=replace(here.island, limits=limits)))
    stage.clock.advance(60)
    for who, state in (("bo", "credited"), ("gast", "capped")):
        if who not in stage.members:
            stage.member(who)
        stage.clock.advance(60)
        assert states(answered(chen.confirm(stage.member_code(who), PLATE), 201))[0][1] == state, who
    with stage.engine.connect() as connection:
        used = connection.exec_driver_sql("SELECT owner, used FROM caps WHERE name = 'clerk:day'").all()
    assert used == [(73, 2 * MEALS)]
    books_are_right(stage)


def test_the_same_call_twice_at_once_confirms_once(app: APIFlask, stage: Stage, chen: Counter) -> None:
    code, together = stage.member_code("mei"), Barrier(4)

    def call(_: int) -> TestResponse:
        client = app.test_client()
        together.wait()
        return Counter(stage, client).confirm(code, PLATE, key="once")

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(call, range(4)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert (stage.count("acts"), stage.balance("mei")[0]) == (1, MEALS)


def test_the_member_sees_what_was_confirmed(stage: Stage, chen: Counter) -> None:
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    [act] = answered(chen.client.get(f"{API}/member/activities", headers=bearer("mei")))["data"]
    assert (act["scene"], act["state"], act["points"]) == ("clean-plate", "credited", MEALS)
    assert act["place"] == "低碳商店"


def test_the_database_keeps_a_key_for_one_reading(stage: Stage, chen: Counter) -> None:
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    columns = "merchant_id, person_id, reading_id, key, content, lines, created_at"
    with stage.engine.begin() as connection:
        written = connection.exec_driver_sql(
            f"INSERT INTO desk_acts (id, {columns}) SELECT id + 1, {columns} FROM desk_acts"
            " WHERE true ON CONFLICT DO NOTHING RETURNING id"
        ).all()
    assert (written, stage.count("desk_acts")) == ([], 1)


def test_staff_say_where_a_till_stands_and_it_counts_at_once(app: APIFlask, stage: Stage, chen: Counter) -> None:
    at(stage, None)
    wang = NewPerson("wang", "王", "correct horse", "operator", None)
    appoint_person(stage.session, wang, "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("wang"), 201)
    place = f"merchants/{public_id(71)}/place"
    body = {"venue_id": "island-pier", "reason": "the till moved"}
    assert answered(desk("POST", place, body))["venue_id"] == "island-pier"
    answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    refused(desk("POST", place, {**body, "venue_id": "moon"}), 422, "invalid_fields")
    refused(desk("POST", f"merchants/{'0' * 16}/place", body), 404, "not_found")
    assert answered(desk("POST", place, {**body, "venue_id": None}))["venue_id"] is None
    stage.clock.advance(60)
    refused(chen.confirm(stage.member_code("mei"), TABLEWARE), 403, "not_allowed")
    audited = stage.rows("SELECT detail FROM audit_events WHERE act = 'merchant_placed' ORDER BY id")
    assert [json.loads(str(detail))["venue"] for (detail,) in audited] == ["island-pier", None]
