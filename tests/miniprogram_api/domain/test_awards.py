"""Awards: which limits an act counts against, what of it fits, and what it takes of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.awards import (
    Award,
    CapUse,
    Doing,
    Earlier,
    cap_uses,
    caps_of,
    check_cool_down,
    check_open,
    decide_award,
    is_full,
    nights_text,
    uses_of_credited,
)
from miniprogram_api.domain.calendar import day_number, nights_before, period_number
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import Refusal
from scenes.reduction import points_for, reduction_grams
from tests.miniprogram_api.domain.rules_at_hand import (
    BUS,
    CANS,
    CLEAN_PLATE,
    ENERGY,
    LITTER,
    MEI,
    NIGHTS,
    NOON,
    PIER,
    ROOM_NIGHTS,
    SAVE_FOOD,
    TREES,
    WEEKLY,
    doing,
    rule,
)

TODAY = day_number(NOON)
Used = dict[tuple[int, str, int], int]


def award(number: int, used: Used, ceiling: int | None = None, **of: Any) -> Award:
    """What an act is worth when so much of the limits is used already."""
    judged, act = rule(number), doing(**of)
    variant = judged.scene.variant(act.variant)
    assert variant is not None
    return decide_award(judged, variant, act, caps_of(judged, act, ceiling, LIMITS), used)


def taken(award: Award) -> dict[tuple[str, int], int]:
    return {(use.name, use.period): use.amount for use in award.cap_uses}


def refusal(decide: Any, *arguments: Any) -> tuple[str, dict[str, Any]] | None:
    try:
        decide(*arguments)
    except Refusal as refused:
        return refused.code, refused.helps
    return None


# ── which limits ──


def limits_of(number: int, ceiling: int | None = None, **of: Any) -> set[tuple[int, str, int, int, str]]:
    caps = caps_of(rule(number), doing(**of), ceiling, LIMITS)
    assert all(cap.amount == 0 for cap in caps)
    return {(cap.owner, cap.name, cap.period, cap.cap, cap.unit) for cap in caps}


def test_an_act_counts_against_its_scene_its_group_a_guests_ceilings_and_the_kiosks() -> None:
    own = (MEI, "scene:2", TODAY, 4, "units")
    group = (MEI, "group:island-ride", TODAY, 20, "points")
    assert limits_of(BUS) == {own, group}
    assert limits_of(TREES) == {(MEI, "scene:23", TODAY, 1, "units")}
    assert limits_of(BUS, ceiling=100, member_kind="guest") == {
        own,
        group,
        (MEI, "guest:day", TODAY, 60, "points"),
        (MEI, "guest:all", 0, 120, "points"),
        (PIER, "kiosk:hour", NOON // 3600, 100, "points"),
    }
    assert limits_of(BUS, ceiling=100, occurred_at=NOON + 3599) >= {(PIER, "kiosk:hour", NOON // 3600, 100, "points")}


def test_a_child_has_the_scenes_limits_for_itself_and_shares_a_guests() -> None:
    assert {name for _, name, *_ in limits_of(BUS, companion=2, member_kind="guest")} == {
        "scene:2:2",
        "group:island-ride:2",
        "guest:day",
        "guest:all",
    }


def test_weeks_and_months_are_counted_as_they_are_called() -> None:
    assert {period for _, _, period, *_ in limits_of(WEEKLY)} == {period_number("week", NOON)}
    assert {period for _, _, period, *_ in limits_of(ENERGY)} == {202611}


def test_nights_are_limits_of_their_own_and_a_rooms_belong_to_the_room() -> None:
    assert {(owner, name, period) for owner, name, period, *_ in limits_of(NIGHTS, quantity=2)} == {
        (MEI, "scene:11", TODAY - 1),
        (MEI, "scene:11", TODAY - 2),
    }
    assert limits_of(ROOM_NIGHTS) == {
        (0, "room:13", TODAY - 1, 1, "units")
    }  # asked for before a missing room is refused
    assert limits_of(ROOM_NIGHTS, room=501) == {(501, "room:13", TODAY - 1, 1, "units")}
    assert limits_of(ROOM_NIGHTS, ticket=True) == set()  # a ticket counts as a room of its own
    assert limits_of(NIGHTS, ticket=True) == {(MEI, "scene:11", TODAY - 1, 1, "units")}


@pytest.mark.parametrize(("nights", "looked_up"), [(30, 30), (31, 31), (32, 31), (65_535, 31)])
def test_of_an_absurd_stay_no_more_nights_are_looked_up_than_any_variant_allows(nights: int, looked_up: int) -> None:
    assert {period for _, _, period, *_ in limits_of(NIGHTS, quantity=nights)} == {
        TODAY - night for night in range(1, looked_up + 1)
    }


# ── open or closed ──


def test_an_open_scene_answers_the_variant_that_was_done() -> None:
    assert check_open(rule(CANS), doing(variant=1)).factor == "aluminium-can"


def at(month: int, day: int) -> int:
    return int(datetime(2027, month, day, 4, tzinfo=UTC).timestamp())  # noon on the island


@pytest.mark.parametrize(
    ("number", "changes", "of", "expected"),
    [
        (BUS, {}, {}, None),
        (BUS, {"active": False}, {}, ("scene_closed", {"why": "paused"})),
        (BUS, {"audience": "residents"}, {}, ("scene_closed", {"why": "audience"})),
        (BUS, {"audience": "residents"}, {"member_kind": "resident"}, None),
        (BUS, {"audience": "visitors"}, {"member_kind": "resident"}, ("scene_closed", {"why": "audience"})),
        (BUS, {"audience": "visitors"}, {"member_kind": "guest"}, None),
        (BUS, {}, {"variant": 1}, ("invalid_fields", {"fields": [{"field": "variant", "reason": "unknown"}]})),
        (CANS, {}, {"variant": 1}, None),
        (LITTER, {}, {"quantity": 20}, None),
        (LITTER, {}, {"quantity": 19}, ("quantity_too_small", {"min_quantity": 20})),
        (LITTER, {}, {"quantity": 1000}, None),
        (
            *(LITTER, {}, {"quantity": 1001}),
            ("invalid_fields", {"fields": [{"field": "quantity", "reason": "too_large"}]}),
        ),
        (ROOM_NIGHTS, {}, {}, ("invalid_fields", {"fields": [{"field": "room", "reason": "missing"}]})),
        (ROOM_NIGHTS, {}, {"room": 501}, None),
        (ROOM_NIGHTS, {}, {"ticket": True}, None),
        (NIGHTS, {}, {}, None),
    ],
)
def test_a_scene_is_open_to_whom_it_is_meant_for(number: int, changes: Any, of: Any, expected: Any) -> None:
    assert refusal(check_open, rule(number, **changes), doing(**of)) == expected


@pytest.mark.parametrize(
    ("season", "when", "is_open"),
    [
        (("05-01", "10-07"), at(5, 1), True),
        (("05-01", "10-07"), at(10, 7), True),
        (("05-01", "10-07"), at(4, 30), False),
        (("05-01", "10-07"), at(10, 8), False),
        (("11-15", "02-29"), at(11, 15), True),
        (("11-15", "02-29"), at(3, 1), False),
        (("11-15", "02-28"), at(2, 28), True),
        (("11-15", "02-28"), at(11, 14), False),
        (("11-15", "02-28"), at(7, 1), False),
        (("06-05", "06-05"), at(6, 5), True),
        (("06-05", "06-05"), at(6, 6), False),
    ],
)
def test_a_season_holds_both_its_days_and_may_reach_over_new_year(season: Any, when: int, is_open: bool) -> None:
    found = refusal(check_open, rule(TREES, season=season), doing(occurred_at=when))
    assert found == (None if is_open else ("scene_closed", {"why": "season"}))


# ── cool-down ──


@pytest.mark.parametrize(
    ("earlier", "again_at"),
    [
        ([], None),
        ([Earlier(CLEAN_PLATE, NOON - 10_800)], None),
        ([Earlier(CLEAN_PLATE, NOON - 10_799)], NOON + 1),
        ([Earlier(CLEAN_PLATE, NOON + 10_800)], None),
        ([Earlier(CLEAN_PLATE, NOON + 10_799)], NOON + 21_599),
        ([Earlier(CLEAN_PLATE, NOON + 60), Earlier(CLEAN_PLATE, NOON - 60)], NOON + 10_860),
        ([Earlier(SAVE_FOOD, NOON - 3600)], None),  # the pair is an hour apart here
        ([Earlier(SAVE_FOOD, NOON - 3599)], NOON + 1),
        ([Earlier(SAVE_FOOD, NOON + 3599), Earlier(CLEAN_PLATE, NOON - 1)], NOON + 10_799),
        ([Earlier(BUS, NOON)], None),
    ],
)
def test_inside_a_cool_down_it_is_the_same_act_before_and_after(earlier: list[Earlier], again_at: int | None) -> None:
    found = refusal(check_cool_down, rule(CLEAN_PLATE).scene, NOON, earlier, {SAVE_FOOD: 3600})
    assert found == (None if again_at is None else ("cool_down", {"allowed_again_at": again_at}))


# ── what fits ──


def test_units_fill_what_is_left_and_the_rest_has_its_reason() -> None:
    whole = award(CANS, {}, quantity=20)
    assert (whole.state, whole.credited_quantity, whole.points, whole.reason) == ("credited", 20, 20, None)
    part = award(CANS, {(MEI, "scene:18", TODAY): 15}, quantity=8, variant=1)
    assert (part.state, part.credited_quantity, part.points, part.reason) == ("credited", 5, 5, "scene:18")
    assert part.reduction_grams == 527  # 5 × 105.56
    assert taken(part) == {("scene:18", TODAY): 5}
    full = award(CANS, {(MEI, "scene:18", TODAY): 20}, quantity=1)
    assert full == Award("capped", 0, 0, 0, "scene:18", ())
    lowered = award(CANS, {(MEI, "scene:18", TODAY): 25}, quantity=1)  # the cap was higher once
    assert lowered == Award("capped", 0, 0, 0, "scene:18", ())


def test_the_first_act_of_a_day_is_cut_at_the_limit_itself() -> None:
    assert award(CANS, {}, quantity=21).credited_quantity == 20
    assert award(BUS, {}, ceiling=4) == Award("pending", 0, 0, 0, "kiosk_ceiling", ())
    assert award(CANS, {}, quantity=70, member_kind="guest").points == 20
    assert award(LITTER, {}, quantity=700, member_kind="guest").points == 50


def test_a_ceiling_in_points_takes_whole_units_only() -> None:
    used = {(MEI, "group:island-ride", TODAY): 16}
    assert award(BUS, used) == Award("capped", 0, 0, 0, "group:island-ride", ())
    fits = award(BUS, {(MEI, "group:island-ride", TODAY): 15})
    assert taken(fits) == {("scene:2", TODAY): 1, ("group:island-ride", TODAY): 5}
    assert (fits.points, fits.reduction_grams, fits.reason) == (5, 80, None)
    guest = award(LITTER, {(MEI, "guest:all", 0): 93}, member_kind="guest", quantity=500)
    assert (guest.credited_quantity, guest.points, guest.reason) == (279, 27, "guest:all")
    assert taken(guest) == {("scene:16", TODAY): 279, ("guest:day", TODAY): 27, ("guest:all", 0): 27}
    over = award(TREES, {(MEI, "guest:day", TODAY): 70}, member_kind="guest")
    assert over == Award("capped", 0, 0, 0, "guest:day", ())


def test_the_limit_that_made_it_smallest_is_the_reason() -> None:
    both = award(CANS, {(MEI, "scene:18", TODAY): 5, (MEI, "guest:day", TODAY): 50}, member_kind="guest", quantity=18)
    assert (both.credited_quantity, both.reason) == (10, "guest:day")
    scene = award(CANS, {(MEI, "scene:18", TODAY): 15, (MEI, "guest:day", TODAY): 50}, member_kind="guest", quantity=18)
    assert (scene.credited_quantity, scene.reason) == (5, "scene:18")


def test_above_a_kiosks_ceiling_nothing_is_decided() -> None:
    used = {(PIER, "kiosk:hour", NOON // 3600): 71}
    assert award(TREES, used, ceiling=100) == Award("pending", 0, 0, 0, "kiosk_ceiling", ())
    at_the_edge = award(TREES, {(PIER, "kiosk:hour", NOON // 3600): 70}, ceiling=100)
    assert taken(at_the_edge) == {("scene:23", TODAY): 1, ("kiosk:hour", NOON // 3600): 30}
    full = award(TREES, {**used, (MEI, "scene:23", TODAY): 1}, ceiling=100)
    assert full.state == "capped"  # nothing is left to wait for


def test_nights_that_are_free_are_credited_the_latest_first() -> None:
    used = {(MEI, "scene:11", TODAY - 2): 1}
    three = award(NIGHTS, used, quantity=3)
    assert (three.credited_quantity, three.points, three.reduction_grams, three.reason) == (2, 10, 126, "scene:11")
    assert taken(three) == {("scene:11", TODAY - 1): 1, ("scene:11", TODAY - 3): 1}
    assert nights_text(rule(NIGHTS).scene, three) == f"{TODAY - 1},{TODAY - 3}"
    none = award(NIGHTS, {(MEI, "scene:11", TODAY - 1): 1})
    assert none == Award("capped", 0, 0, 0, "scene:11", ())
    assert nights_text(rule(NIGHTS).scene, none) is None
    guest = award(NIGHTS, {**used, (MEI, "guest:day", TODAY): 54}, member_kind="guest", quantity=4)
    assert taken(guest) == {("scene:11", TODAY - 1): 1, ("guest:day", TODAY): 5, ("guest:all", 0): 5}
    assert guest.reason == "guest:day"


def test_a_ticket_of_a_room_is_credited_whole() -> None:
    ticket = award(ROOM_NIGHTS, {}, quantity=30, ticket=True)
    assert (ticket.state, ticket.credited_quantity, ticket.reason, ticket.cap_uses) == ("credited", 30, None, ())
    assert nights_text(rule(ROOM_NIGHTS).scene, ticket) is None
    assert nights_text(rule(CANS).scene, award(CANS, {})) is None


def test_units_without_points_are_credited_and_take_no_points_of_a_ceiling() -> None:
    little = award(LITTER, {(MEI, "guest:day", TODAY): 60}, member_kind="guest", quantity=20)
    assert (little.credited_quantity, little.points, little.reason) == (9, 0, "guest:day")
    assert taken(little) == {("scene:16", TODAY): 9}


QUANTITIES, KINDS = st.integers(1, 400), st.sampled_from(["guest", "visitor"])
SCENES = st.sampled_from([BUS, CANS, LITTER, WEEKLY, ENERGY, TREES])


@given(
    SCENES,
    QUANTITIES,
    st.integers(0, 700),
    st.integers(0, 70),
    st.integers(0, 130),
    st.sampled_from(["guest", "visitor"]),
)
def test_as_many_units_as_fit_and_not_one_more(
    number: int, quantity: int, units: int, today: int, in_all: int, kind: str
) -> None:
    judged, act = rule(number), doing(quantity=quantity, member_kind=kind)
    variant = judged.scene.variants[0]
    caps = caps_of(judged, act, None, LIMITS)
    levels = {"units": units, "guest:day": today, "guest:all": in_all, "group:island-ride": today}
    used = {cap.key: levels["units" if cap.unit == "units" else cap.name] for cap in caps}
    given_to = decide_award(judged, variant, act, caps, used)
    fits = [amount for amount in range(quantity + 1) if room(judged, caps, used, amount)]
    assert given_to.credited_quantity == max(fits, default=0)
    assert given_to.points == points_for(given_to.credited_quantity, variant)
    factor = judged.factor_of(variant).value
    assert given_to.reduction_grams == reduction_grams(given_to.credited_quantity, variant.unit, factor)
    assert (given_to.reason is None) == (given_to.credited_quantity == quantity)
    for use in given_to.cap_uses:
        assert use.amount > 0
        assert used[use.key] + use.amount <= use.cap


def room(judged: Any, caps: list[CapUse], used: Used, amount: int) -> bool:
    """Whether so many units fit, looked at one limit after the other."""
    points = points_for(amount, judged.scene.variants[0])
    return all((amount if cap.unit == "units" else points) <= max(0, cap.cap - used[cap.key]) for cap in caps)


# ── what is given back ──


@given(
    st.sampled_from([BUS, CANS, LITTER, NIGHTS, TREES]),
    st.integers(1, 30),
    KINDS,
    st.sets(st.integers(1, 30)),
)
def test_a_reversal_gives_back_what_the_award_took(number: int, quantity: int, kind: str, nights: set[int]) -> None:
    judged, act = rule(number), doing(quantity=quantity, member_kind=kind)
    used: Used = {(MEI, "scene:11", TODAY - night): 1 for night in nights}
    caps = caps_of(judged, act, 100_000, LIMITS)
    given_to = decide_award(judged, judged.scene.variants[0], act, caps, used)
    text = nights_text(judged.scene, given_to)
    back = uses_of_credited(judged, act, LIMITS, given_to.credited_quantity, given_to.points, text)
    assert {use.key: use.amount for use in back} == {
        use.key: use.amount for use in given_to.cap_uses if use.name != "kiosk:hour"
    }


def test_where_the_nights_were_not_kept_they_were_the_latest() -> None:
    act = doing(quantity=4)
    back = uses_of_credited(rule(NIGHTS), act, LIMITS, 2, 10, None)
    assert [use.period for use in back] == nights_before(NOON, 2)


def test_uses_are_counted_by_unit() -> None:
    caps = caps_of(rule(BUS), doing(), 50, LIMITS)
    uses = cap_uses(rule(BUS), caps, {}, 1, 5)
    assert [(use.name, use.amount) for use in uses] == [("scene:2", 1), ("group:island-ride", 5), ("kiosk:hour", 5)]


# ── windows ──


@pytest.mark.parametrize(
    ("used", "began", "full"),
    [
        (4, NOON, False),
        (5, NOON, True),
        (5, NOON - 1799, True),
        (5, NOON - 1800, False),  # the window is over, its seats are free again
        (9, NOON - 9999, False),
    ],
)
def test_a_window_that_is_over_has_all_its_room_again(used: int, began: int, full: bool) -> None:
    seats = CapUse(PIER, "seats:1", 0, 5, "uses", 1, 1800, NOON)
    assert is_full(seats, used, began) is full


def test_a_window_of_one_second_is_over_after_one() -> None:
    moment = CapUse(PIER, "seats:1", 0, 5, "uses", 1, 1, NOON)
    assert [is_full(moment, 5, began) for began in (NOON, NOON - 1)] == [True, False]


def test_a_limit_has_no_window_and_takes_nothing_unless_it_says_so() -> None:
    plain = CapUse(PIER, "code:1:7", 0, 3, "uses")
    assert (plain.amount, plain.window_seconds, plain.window_start) == (0, 0, 0)


def test_a_limit_without_a_window_stays_full() -> None:
    people = CapUse(PIER, "code:1:7", 0, 3, "uses", 1)
    assert [is_full(people, used, 0) for used in (2, 3)] == [False, True]
    assert is_full(replace(people, window_start=NOON), 3, 0)


def test_a_doing_is_no_ticket_and_has_no_room_unless_it_says_so() -> None:
    plain = Doing(MEI, "visitor", 0, 0, 1, NOON, PIER)
    assert (plain.ticket, plain.room) == (False, None)
