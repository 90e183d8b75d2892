"""Rules of a scan: what is credited, what is refused, and that a refusal moves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from miniprogram_api.books import facts, prepared
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    CodeExpired,
    CodeFull,
    CodeSignatureInvalid,
    CoolDown,
    IdempotencyConflict,
    InvalidFields,
    KioskSuspended,
    NotSignedIn,
    ProofNotAllowed,
    SceneClosed,
)
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage

REFILL, CLEAN_PLATE, SAVE_FOOD, BUS, SHUTTLE, FERRY, NO_DISPOSABLES, LITTER, HOME_ENERGY = 9, 6, 7, 2, 3, 1, 11, 15, 22


def books(stage: Stage) -> tuple[int, ...]:
    return tuple(stage.count(table) for table in ("acts", "entries", "transfers", "lots", "caps"))


def test_a_scan_credits_points_and_grams_and_leaves_one_entry_with_its_leaf(stage: Stage) -> None:
    scanned = stage.scan("mei", stage.code(REFILL))
    assert (scanned.act["points"], scanned.act["reduction_grams"], scanned.act["state"]) == (2, 57, "credited")
    assert stage.balance("mei") == (2, 0, 57)
    assert stage.balance("bo") == (0, 0, 0)
    [(leaf,)] = stage.rows("SELECT leaf FROM entries")
    fields = json.loads(bytes(leaf))
    assert fields["kind"] == "earn"
    assert fields["day"] == "2026-11-22"
    assert (fields["scene"], fields["points"], fields["grams"], fields["quantity"]) == (REFILL, 2, 57, 1)
    assert "mei" not in json.dumps(fields)
    assert len(fields["member"]) == 43


def test_transfers_balance_with_lots_and_the_balance_row(stage: Stage) -> None:
    stage.scan("mei", stage.code(REFILL))
    stage.scan("mei", stage.code(BUS))
    assert stage.rows("SELECT SUM(remaining), SUM(granted) FROM lots") == [(7, 7)]
    points = stage.rows(
        "SELECT SUM(amount) FROM transfers WHERE credit = 'member_available' AND debit = 'points_issued'"
    )
    grams = stage.rows("SELECT SUM(amount) FROM transfers WHERE unit = 'grams'")
    assert (points, grams) == ([(7,)], [(137,)])


def test_the_same_code_again_by_the_same_member_is_refused_with_the_activity(stage: Stage) -> None:
    code = stage.code(REFILL)
    first, before = stage.scan("mei", code), books(stage)
    with pytest.raises(CodeAlreadyUsed) as refused:
        stage.scan("mei", code)
    assert refused.value.helps == {"activity": f"{first.act['id']:016x}"}
    assert books(stage) == before


def test_the_same_code_by_another_member_is_refused_without_the_activity(stage: Stage) -> None:
    code = stage.code(REFILL)
    stage.scan("mei", code)
    before = books(stage)
    with pytest.raises(CodeAlreadyUsed) as refused:
        stage.scan("bo", code)
    assert refused.value.helps == {}
    assert books(stage) == before
    assert stage.balance("bo") == (0, 0, 0)


def test_a_repeat_with_the_same_key_answers_the_same_activity_even_when_the_code_is_old(stage: Stage) -> None:
    code = stage.code(REFILL)
    first = stage.scan("mei", code, key="k1")
    before = books(stage)
    stage.clock.advance(3600)
    again = stage.scan("mei", code.lower(), key="k1")
    assert again.act["id"] == first.act["id"]
    assert books(stage) == before


def test_the_same_key_with_another_code_is_a_conflict(stage: Stage) -> None:
    stage.scan("mei", stage.code(REFILL), key="k1")
    before = books(stage)
    with pytest.raises(IdempotencyConflict):
        stage.scan("mei", stage.code(BUS), key="k1")
    assert books(stage) == before
    assert stage.scan("bo", stage.code(BUS), key="k1").act["points"] == 5  # a key belongs to its caller


def test_inside_the_cool_down_it_is_the_same_act_again_and_the_code_stays_good(stage: Stage) -> None:
    stage.scan("mei", stage.code(REFILL))
    stage.clock.advance(29 * 60)
    code, before = stage.code(REFILL), books(stage)
    with pytest.raises(CoolDown) as refused:
        stage.scan("mei", code)
    assert refused.value.helps == {"allowed_again_at": NOON + 30 * 60}
    assert books(stage) == before
    assert stage.scan("bo", code).act["points"] == 2
    stage.clock.advance(60)
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"


def test_clean_plate_and_save_food_are_one_meal(stage: Stage) -> None:
    stage.scan("mei", stage.code(CLEAN_PLATE, KIND_TICKET))
    with pytest.raises(CoolDown):
        stage.scan("mei", stage.code(SAVE_FOOD, KIND_TICKET))
    stage.clock.advance(3 * 3600)
    assert stage.scan("mei", stage.code(SAVE_FOOD, KIND_TICKET)).act["points"] == 3


def test_a_cap_fills_and_what_does_not_fit_is_recorded_with_nothing(stage: Stage) -> None:
    first = stage.scan("mei", stage.code(LITTER, quantity=250))
    stage.clock.advance(4 * 3600)
    second = stage.scan("mei", stage.code(LITTER, quantity=250))
    stage.clock.advance(4 * 3600)
    third = stage.scan("mei", stage.code(LITTER, quantity=250))
    shown = [(one.act["credited_quantity"], one.act["points"], one.act["state"]) for one in (first, second, third)]
    assert shown == [(250, 25, "credited"), (50, 5, "credited"), (0, 0, "capped")]
    assert stage.balance("mei") == (30, 0, 0)
    assert stage.count("entries") == 3  # a capped act is an entry without transfers
    with pytest.raises(CodeAlreadyUsed):
        stage.scan(
            "bo", stage.code(LITTER, quantity=250, counter=stage.counter, nonce=stage.counter.to_bytes(6, "big"))
        )


def test_rides_share_one_ceiling_in_points(stage: Stage) -> None:
    points = []
    for scene in (BUS, SHUTTLE, BUS, SHUTTLE, BUS):
        points.append(stage.scan("mei", stage.code(scene)).act["points"])
        stage.clock.advance(20 * 60)
    assert points == [5, 5, 5, 5, 0]


def test_a_new_day_begins_at_midnight_of_the_island(stage: Stage) -> None:
    stage.clock.set(NOON + 12 * 3600 - 60)  # 23:59
    late = stage.scan("mei", stage.code(FERRY))
    stage.clock.advance(6 * 3600)
    assert stage.scan("mei", stage.code(FERRY)).act["points"] == 10  # another day, past the cool-down
    [(leaf,)] = stage.rows(f"SELECT leaf FROM entries WHERE act_id = {late.act['id']}")
    assert json.loads(bytes(leaf))["day"] == "2026-11-22"


def test_a_stay_of_more_nights_than_any_act_has_is_refused_by_its_quantity(stage: Stage) -> None:
    for quantity in (32, 101, 65_535):
        with pytest.raises(InvalidFields) as refused:
            stage.scan("mei", stage.code(11, KIND_TICKET, quantity=quantity))
        assert refused.value.helps["fields"] == [{"field": "quantity", "reason": "too_large"}]
    assert stage.count("acts") == 0


def test_nights_are_capped_one_by_one(stage: Stage) -> None:
    stage.scan("mei", stage.code(NO_DISPOSABLES, KIND_TICKET, quantity=2))
    stage.clock.advance(86_400)
    scanned = stage.scan("mei", stage.code(NO_DISPOSABLES, KIND_TICKET, quantity=3))
    assert scanned.act["credited_quantity"] == 1  # of three nights, two were credited yesterday


def test_a_guest_stops_at_sixty_points_a_day(stage: Stage) -> None:
    stage.member("guest", "guest")
    stage.scan("guest", stage.code(23, KIND_TICKET))
    second = stage.scan("guest", stage.code(LITTER, quantity=300))
    assert (second.act["points"], stage.balance("guest")[0]) == (30, 60)
    third = stage.scan("guest", stage.code(REFILL))
    assert (third.act["state"], third.act["reason"]) == ("capped", "guest:day")


def test_a_group_code_counts_once_for_each_member_up_to_its_limit(stage: Stage) -> None:
    code = stage.code(FERRY, KIND_GROUP)
    for name in ("ada", "eve", "joy"):
        stage.member(name)
    assert [stage.scan(name, code).act["points"] for name in ("mei", "bo", "ada")] == [10, 10, 10]
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("mei", code)
    with pytest.raises(CodeFull):
        stage.scan("eve", code)
    assert [stage.scan(name, stage.code(FERRY, KIND_GROUP)).act["points"] for name in ("eve", "joy")] == [10, 10]
    stage.member("kim")
    with pytest.raises(CodeFull):  # five seats in this boarding
        stage.scan("kim", stage.code(FERRY, KIND_GROUP))
    stage.clock.advance(30 * 60)
    assert stage.scan("kim", stage.code(FERRY, KIND_GROUP)).act["points"] == 10


def test_a_guest_gets_nothing_from_a_group_code(stage: Stage) -> None:
    stage.member("guest", "guest")
    with pytest.raises(ProofNotAllowed):
        stage.scan("guest", stage.code(FERRY, KIND_GROUP))
    assert stage.count("acts") == 0


@pytest.mark.parametrize(("age", "good"), [(-31, False), (-30, True), (90, True), (91, False)])
def test_a_screen_code_lives_ninety_seconds(stage: Stage, age: int, good: bool) -> None:
    code = stage.code(REFILL, issued_at=NOON - age)
    if good:
        assert stage.scan("mei", code).act["points"] == 2
    else:
        with pytest.raises(CodeExpired):
            stage.scan("mei", code)
        assert stage.count("acts") == 0


def test_a_ticket_lives_fourteen_days_and_counts_on_the_day_it_was_printed(stage: Stage) -> None:
    code = stage.code(CLEAN_PLATE, KIND_TICKET)
    old = stage.code(CLEAN_PLATE, KIND_TICKET)
    stage.clock.advance(14 * 86_400)
    assert stage.scan("mei", code).act["occurred_at"] == NOON
    stage.clock.advance(1)
    with pytest.raises(CodeExpired):
        stage.scan("bo", old)


def test_a_ticket_without_a_trusted_clock_is_kept_as_pending_and_credits_nothing(stage: Stage) -> None:
    scanned = stage.scan("mei", stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0), key="k")
    assert (scanned.act["state"], scanned.act["points"]) == ("pending", 0)
    assert stage.count("entries") == 0
    assert stage.balance("mei") == (0, 0, 0)
    again = stage.scan(
        "mei", stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0, counter=1, nonce=b"\0\0\0\0\0\1"), key="k"
    )
    assert again.act["id"] == scanned.act["id"]


def test_the_same_counter_with_another_nonce_is_pending_and_suspends_the_kiosk(stage: Stage) -> None:
    stage.scan("mei", stage.code(REFILL))
    twin = stage.scan("bo", stage.code(REFILL, counter=1, nonce=b"other!"))
    assert (twin.act["state"], twin.act["reason"]) == ("pending", "code_twin")
    assert stage.rows("SELECT state FROM kiosks") == [("suspended",)]
    assert stage.rows("SELECT act FROM audit_events") == [("kiosk_suspended",)]
    stage.island.directory.forget()
    stage.clock.advance(60)
    with pytest.raises(KioskSuspended):
        stage.scan("bo", stage.code(BUS))


def test_a_scene_for_residents_is_closed_to_visitors(stage: Stage) -> None:
    code = stage.code(HOME_ENERGY, KIND_TICKET, quantity=10)
    with pytest.raises(SceneClosed):
        stage.scan("mei", code)
    stage.member("lao", "resident")
    assert stage.scan("lao", code).act["reduction_grams"] == 530


def test_a_way_of_proof_that_the_place_does_not_offer_is_refused(stage: Stage) -> None:
    with stage.engine.begin() as connection:
        profile = {"attended": False, "scenes": {"9": {"proofs": ["TK"], "max_quantity": 1}}}
        connection.exec_driver_sql(f"UPDATE venues SET profile = '{json.dumps(profile)}'")
    for code in (stage.code(REFILL), stage.code(BUS, KIND_TICKET), stage.code(REFILL, KIND_TICKET, quantity=2)):
        with pytest.raises(ProofNotAllowed):
            stage.scan("mei", code)
    assert stage.scan("mei", stage.code(REFILL, KIND_TICKET)).act["points"] == 2


def test_an_unknown_or_ended_session_is_told_to_sign_in_before_anything_else(stage: Stage) -> None:
    good = stage.code(REFILL)
    for code in (good, "NONSENSE!"):
        with pytest.raises(NotSignedIn):
            stage.scan("nobody", code)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE member_sessions SET revoked_at = {NOON}")
    with pytest.raises(NotSignedIn):
        stage.scan("mei", good)
    assert stage.count("acts") == 0


def test_a_code_signed_by_another_key_is_refused(stage: Stage) -> None:
    code = stage.code(REFILL)
    other = code[:-2] + ("A" if code[-2] != "A" else "B") + code[-1]
    with pytest.raises(CodeSignatureInvalid):
        stage.scan("mei", other)


def test_children_hand_in_tickets_beside_the_guardian(stage: Stage) -> None:
    points = [stage.scan("mei", stage.code(CLEAN_PLATE, KIND_TICKET), companion=who).act["points"] for who in (0, 1, 2)]
    assert points == [5, 5, 5]
    assert stage.balance("mei")[0] == 15
    with pytest.raises(CoolDown):
        stage.scan("mei", stage.code(CLEAN_PLATE, KIND_TICKET), companion=1)
    with pytest.raises(ProofNotAllowed):
        stage.scan("mei", stage.code(REFILL), companion=1)


def test_a_scan_takes_nine_statements_or_two_where_all_writes_are_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.scan("mei", stage.code(BUS))  # the directory is read
    seen: list[str] = []
    event.listen(stage.engine, "before_cursor_execute", lambda c, cursor, said, *rest: seen.append(said))
    for module in (facts, prepared):
        monkeypatch.setattr(module, "execute_all", counting(seen))
    stage.scan("mei", stage.code(REFILL))
    if stage.engine.dialect.name == "postgresql":
        assert (seen[0][:6], seen[1][:5], len(seen)) == ("SELECT", "WITH ", 2)
    else:
        assert (seen[0][:6], seen[1][:5], seen[-1], len(seen)) == ("SELECT", "BEGIN", "COMMIT", 9)


def counting(seen: list[str]) -> Callable[..., Any]:
    def execute_all(connection: Connection, statements: list[tuple[str, Any]]) -> Any:
        seen.extend(text for text, _ in statements)
        return original(connection, statements)

    original = prepared.execute_all
    return execute_all
