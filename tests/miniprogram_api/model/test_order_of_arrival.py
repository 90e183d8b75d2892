"""Acts arrive in any order: what was true of the order in which they were done must not depend on it (issue 3, 5).

(a) No limit of any period is passed. (b) No two credited acts of a person lie inside a cool-down, nor the two scenes
of one meal. (c) Where a scene's own limit alone decides, the units credited are the same for every order. (d) A
refusal books nothing and leaves the code to somebody else.

The exact condition of (c): acts of one scene and variant, none of them inside the cool-down of another, of a member who
is no guest, at a kiosk below its ceiling. Then units per period are the same. Points and grams are, too, where every
quantity and the limit are multiples of an amount that is worth whole points and whole grams, or where an act is one
unit; otherwise each act is rounded down by itself, and two orders may differ by less than one for each credited act.
Bus and shuttle share a ceiling in points: their points together are the same, how many are of which is not.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from miniprogram_api.domain.refusals import CoolDown, Refusal
from miniprogram_api.models import MemberSession
from tests.miniprogram_api.cast import PIER
from tests.miniprogram_api.model.ground import LONG, Ground
from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE, nights_of, period_of
from tests.miniprogram_api.model.known_scenes import (
    BUS,
    CONTAINERS,
    GUEST_A_DAY,
    GUEST_IN_ALL,
    PICK_LITTER,
    REFILL,
    RIDES_A_DAY,
    SCENES,
    SECOND_HAND,
    SHUTTLE,
    TOILETRIES,
)
from tests.miniprogram_api.model.scanning import CROSSING, TICKET, Shown

# Midnights on the island at which a day, a week, a month, a leap February and a year begin; we stand a week later.
MIDNIGHTS = (1_795_276_800, 1_796_572_800, 1_796_054_400, 1_835_366_400, 1_798_732_800)
WEEK = 7 * DAY
# So many units are worth whole points and whole grams (of their first variant).
WHOLE = {CONTAINERS: 4, PICK_LITTER: 10, SECOND_HAND: 10, REFILL: 1}
ORDERS = 3
HOW_MANY = pytest.mark.parametrize(
    "examples", [pytest.param(10), pytest.param(400, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)


@dataclass(frozen=True)
class Deed:
    """What somebody did, and when, from the midnight in the middle."""

    scene: int
    quantity: int
    after: int  # seconds, negative before midnight


@dataclass(frozen=True)
class Credited:
    scene: int
    units: int
    points: int
    grams: int
    occurred_at: int
    quantity: int


DEEDS = st.builds(
    Deed,
    st.sampled_from([scene for scene in SCENES if not SCENES[scene].rooms]),
    st.sampled_from([1, 1, 2, 3, 20, 35, 200, 455]),
    st.sampled_from([-1, 0, 1, -MINUTE, HOUR, -HOUR, 3 * HOUR, -3 * HOUR, 11 * MINUTE, -21 * MINUTE, 19 * HOUR])
    | st.integers(-6 * DAY, 6 * DAY),
)


class Arrivals:
    """Hands the same deeds in for one fresh member after the other."""

    _names = itertools.count(1)

    def __init__(self, ground: Ground, midnight: int, kind: str) -> None:
        self.ground, self.stage, self.midnight, self.kind = ground, ground.stage, midnight, kind
        self.stage.clock.set(midnight + WEEK)

    def member(self) -> str:
        name = f"somebody-{next(self._names)}"
        self.stage.member(name, self.kind)
        with self.stage.engine.begin() as connection:  # the cast's sessions end after a year
            connection.execute(update(MemberSession).where(MemberSession.expires_at < LONG).values(expires_at=LONG))
        return name

    def ticket(self, deed: Deed) -> Shown:
        scene, moment = SCENES[deed.scene], self.midnight + deed.after
        quantity = min(max(deed.quantity, scene.least), scene.most) if scene.most > 1 else 1
        return self.ground.code(TICKET, PIER, deed.scene, 0, quantity, moment)

    def hand_in(self, deeds: Sequence[Deed]) -> list[Credited]:
        """In this order; answers what was credited."""
        who, credited = self.member(), []
        for deed in deeds:
            code, before = self.ticket(deed), self.books_of(who)
            try:
                act = self.stage.scan(who, code.text).act
            except CoolDown:
                assert self.books_of(who) == before
                assert self.stage.scan(self.member(), code.text).act["state"] == "credited", "the code is still good"
                continue
            except Refusal:
                assert self.books_of(who) == before
                continue
            if act["state"] == "credited":
                units, points, grams = act["credited_quantity"], act["points"], act["reduction_grams"]
                credited.append(Credited(deed.scene, units, points, grams, act["occurred_at"], code.quantity))
        return credited

    def books_of(self, who: str) -> list[tuple[Any, ...]]:
        member = self.stage.members[who]
        looks = [
            f"SELECT available, held, debt, reduction_grams, version FROM member_balances WHERE member_id = {member}",
            *(f"SELECT count(*) FROM {table} WHERE member_id = {member}" for table in ("acts", "entries", "lots")),
            f"SELECT count(*), sum(used) FROM caps WHERE owner = {member}",
        ]
        return [row for look in looks for row in self.stage.rows(look)]


def settled(examples: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@HOW_MANY
def test_in_no_order_is_a_limit_passed_or_a_cool_down_broken(ground: Ground, examples: int) -> None:
    @settled(examples)
    @given(
        midnight=st.sampled_from(MIDNIGHTS),
        kind=st.sampled_from(["visitor", "resident", "guest"]),
        deeds=st.lists(DEEDS, min_size=4, max_size=14),
        order=st.randoms(use_true_random=False),
    )
    def check(midnight: int, kind: str, deeds: list[Deed], order: Any) -> None:
        arrivals = Arrivals(ground, midnight, kind)
        for _ in range(ORDERS):
            credited = arrivals.hand_in(order.sample(deeds, len(deeds)))
            check_limits(credited, kind)
            check_cool_downs(credited)

    check()


def check_limits(credited: list[Credited], kind: str) -> None:
    units: Counter[tuple[int, int]] = Counter()
    rides: Counter[int] = Counter()
    of_a_guest: Counter[int] = Counter()
    nights: Counter[int] = Counter()
    covered: dict[int, set[int]] = {}
    for act in credited:
        scene, day = SCENES[act.scene], period_of("day", act.occurred_at)
        if scene.period == "night":
            nights[act.scene] += act.units
            covered.setdefault(act.scene, set()).update(nights_of(act.occurred_at, act.quantity))
        else:
            units[act.scene, period_of(scene.period, act.occurred_at)] += act.units
        rides[day] += act.points if scene.group else 0
        of_a_guest[day] += act.points
    assert all(amount <= SCENES[scene].cap for (scene, _), amount in units.items())
    assert all(amount <= len(covered[scene]) for scene, amount in nights.items())
    assert all(points <= RIDES_A_DAY for points in rides.values())
    if kind == "guest":
        assert all(points <= GUEST_A_DAY for points in of_a_guest.values())
        assert sum(of_a_guest.values()) <= GUEST_IN_ALL


def check_cool_downs(credited: list[Credited]) -> None:
    for one, other in itertools.combinations(credited, 2):
        scene = SCENES[one.scene]
        if one.scene == other.scene or (scene.meal and SCENES[other.scene].meal):
            assert abs(one.occurred_at - other.occurred_at) >= scene.cool_down


def apart(scene: int, quantities: st.SearchStrategy[int]) -> st.SearchStrategy[list[Deed]]:
    """Deeds of one scene around midnight, a cool-down between each and the next."""
    cool_down = SCENES[scene].cool_down
    most = min(20, 6 * DAY // cool_down)
    places = st.lists(st.integers(-most, most), min_size=3, max_size=12, unique=True)
    offset = st.integers(0, min(cool_down, HOUR) - 1)

    def deeds(drawn: tuple[list[int], int, list[int]]) -> list[Deed]:
        return [
            Deed(scene, units, place * cool_down + drawn[1]) for place, units in zip(drawn[0], drawn[2], strict=False)
        ]

    return st.tuples(places, offset, st.lists(quantities, min_size=12, max_size=12)).map(deeds)


def by_period(credited: list[Credited]) -> tuple[Counter[Any], Counter[Any], Counter[Any]]:
    """Units, points and grams of each period; nights are one period here, for an act may cover many."""
    units, points, grams = Counter[Any](), Counter[Any](), Counter[Any]()
    for act in credited:
        period = SCENES[act.scene].period
        key = 0 if period == "night" else period_of(period, act.occurred_at)
        units[key] += act.units
        points[key] += act.points
        grams[key] += act.grams
    return units, points, grams


@HOW_MANY
def test_where_a_limit_alone_decides_every_order_gives_the_same_units(ground: Ground, examples: int) -> None:
    scenes = st.sampled_from([CONTAINERS, PICK_LITTER, SECOND_HAND, REFILL, TOILETRIES])

    @settled(examples)
    @given(data=st.data(), midnight=st.sampled_from(MIDNIGHTS), order=st.randoms(use_true_random=False))
    def check(data: Any, midnight: int, order: Any) -> None:
        scene = data.draw(scenes)
        deeds = data.draw(apart(scene, st.integers(1, 300 if SCENES[scene].weighed else 9)))
        arrivals = Arrivals(ground, midnight, "visitor")
        first = by_period(arrivals.hand_in(deeds))
        for _ in range(ORDERS - 1):
            units, points, grams = by_period(arrivals.hand_in(order.sample(deeds, len(deeds))))
            assert units == first[0]
            for mine, others in ((points, first[1]), (grams, first[2])):
                assert abs(sum(mine.values()) - sum(others.values())) < len(deeds)  # each rounded down by itself

    check()


@HOW_MANY
def test_where_units_are_worth_whole_points_and_grams_every_order_gives_the_same_of_them(
    ground: Ground, examples: int
) -> None:
    @settled(examples)
    @given(data=st.data(), midnight=st.sampled_from(MIDNIGHTS), order=st.randoms(use_true_random=False))
    def check(data: Any, midnight: int, order: Any) -> None:
        scene = data.draw(st.sampled_from(sorted(WHOLE)))
        some = st.integers(2, 12).map(lambda times: times * WHOLE[scene])
        deeds = data.draw(apart(scene, some))
        arrivals = Arrivals(ground, midnight, "visitor")
        first = by_period(arrivals.hand_in(deeds))
        for _ in range(ORDERS - 1):
            assert by_period(arrivals.hand_in(order.sample(deeds, len(deeds)))) == first

    check()


@HOW_MANY
def test_rides_of_two_scenes_fill_their_common_ceiling_in_every_order(ground: Ground, examples: int) -> None:
    @settled(examples)
    @given(
        rides=st.lists(
            st.tuples(st.sampled_from([BUS, SHUTTLE]), st.integers(-12, 12)), min_size=3, max_size=12, unique=True
        ),
        midnight=st.sampled_from(MIDNIGHTS),
        order=st.randoms(use_true_random=False),
    )
    def check(rides: list[tuple[int, int]], midnight: int, order: Any) -> None:
        deeds = [Deed(scene, 1, place * CROSSING) for scene, place in rides]
        arrivals = Arrivals(ground, midnight, "visitor")
        _, points, grams = by_period(arrivals.hand_in(deeds))
        for _ in range(ORDERS - 1):
            assert by_period(arrivals.hand_in(order.sample(deeds, len(deeds))))[1:] == (points, grams)

    check()
