"""Lives that chance seldom leads: each goes where rules are hardest, compared with the model at each step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.miniprogram_api.cast import PIER
from tests.miniprogram_api.model.exchanging import Held
from tests.miniprogram_api.model.ground import BEACH, MAINLAND, Ground
from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE
from tests.miniprogram_api.model.known_scenes import COOLING, PICK_LITTER, REFILL, TREE_CARE
from tests.miniprogram_api.model.living_corrections import IslandLife
from tests.miniprogram_api.model.scanning import SINGLE, TICKET

NEW_YEARS_EVE = 1_830_225_600  # 2027-12-31 08:00 on the island: the last day of all points of 2026
CHEAP, PLAIN, DEAR = 0, 1, 2


class Tour:
    """A life that is led by hand."""

    def __init__(self, ground: Ground) -> None:
        self.life = IslandLife(ground)
        self.ground = ground

    def purse(self, who: str) -> tuple[int, int, int]:
        purse = self.life.model.purses[self.life.stage.members[who]]
        return purse.available, purse.held, purse.debt

    def voucher(self, who: str, which: int, quantity: int = 1) -> Held:
        item = self.ground.goods[which].number
        voucher = self.life.exchange(who, item, quantity, self.life.fresh_key())
        assert voucher is not None
        return voucher

    def scan(
        self, who: str, scene: int, age: int = 0, kiosk: int = PIER, kind: int = TICKET, **more: int
    ) -> str | None:
        """The state of the act, None when it was refused."""
        room = more.pop("room", None)
        before = len(self.life.model.scans.acts)
        self.life.scan(self.life.show(kind, scene, age, kiosk, **more), who, room=room)
        self.check()
        acts = self.life.model.scans.acts
        return acts[-1].state if len(acts) > before else None

    def adjust(self, who: str, points: int) -> None:
        self.life.ask(who, points, "wen", True, [("lin", "approved")])
        self.check()

    def wait(self, seconds: int, jobs: int = 0) -> None:
        self.life.time_passes(seconds, jobs)
        self.check()

    def steps(self, voucher: Held, *steps: str) -> None:
        self.life.go_on(voucher, list(steps))
        self.check()

    def check(self) -> None:
        self.life.the_books_are_what_the_model_says()


@pytest.fixture
def tour(ground: Ground) -> Iterator[Tour]:
    tour = Tour(ground)
    tour.life.begin(1_795_320_000, 3)
    yield tour
    tour.check()
    tour.life.teardown()


def test_points_that_died_in_a_voucher_come_back_for_a_week_and_only_once(tour: Tour) -> None:
    tour.life.stage.clock.set(NEW_YEARS_EVE)
    late = tour.voucher("mei", PLAIN, 3)
    tour.wait(2 * DAY)
    tour.steps(late, "cancel")
    assert tour.purse("mei") == (90, 0, 0)  # 75 of grace, and 15 that nobody may spend any more
    tour.wait(1, jobs=2)
    assert tour.purse("mei") == (75, 0, 0)
    again = tour.voucher("mei", PLAIN, 2)
    tour.wait(31 * DAY, jobs=1)
    assert again.state == "expired"
    assert tour.purse("mei") == (0, 0, 0)  # no second grace, and the rest of the first week is over


def test_a_job_that_is_late_changes_nothing_about_what_can_be_spent(tour: Tour) -> None:
    tour.life.stage.clock.set(NEW_YEARS_EVE + 3 * DAY)
    assert tour.purse("mei") == (90, 0, 0)
    assert tour.life.exchange("mei", tour.ground.goods[CHEAP].number, 1, "late") is None
    tour.wait(10 * DAY, jobs=2)
    assert tour.purse("mei") == (0, 0, 0)


def test_a_debt_is_paid_by_later_credits_and_by_refunds(tour: Tour) -> None:
    kept, spent = tour.voucher("mei", PLAIN), tour.voucher("mei", PLAIN, 2)
    tour.steps(spent, "redeem")
    for which in range(len(tour.life.model.scans.acts)):
        tour.life.reverse(which, "wen", 1)
        tour.check()
    assert tour.purse("mei") == (0, 25, 75)
    assert tour.scan("mei", TREE_CARE) == "credited"
    assert tour.purse("mei") == (0, 25, 45)
    tour.steps(kept, "cancel")
    assert tour.purse("mei") == (0, 0, 20)
    tour.adjust("mei", 60)
    assert tour.purse("mei") == (40, 0, 0)
    tour.adjust("mei", -60)
    assert tour.purse("mei") == (0, 0, 20)


def test_a_debt_is_paid_by_points_of_grace_and_the_shop_stays_paid(tour: Tour) -> None:
    tour.life.stage.clock.set(NEW_YEARS_EVE)
    kept, spent = tour.voucher("mei", DEAR), tour.voucher("mei", CHEAP)
    tour.steps(spent, "redeem")
    tour.adjust("mei", -40)
    assert tour.purse("mei") == (0, 70, 30)
    tour.wait(2 * DAY)
    tour.steps(kept, "cancel")
    assert tour.purse("mei") == (40, 0, 0)
    assert sum(tour.life.model.shelves.payable.values()) == 150
    tour.wait(10 * DAY, jobs=1)
    assert tour.purse("mei") == (0, 0, 0)


def test_an_act_whose_points_are_over_loses_its_grams_and_what_has_days_of_grace(tour: Tour) -> None:
    tour.life.stage.clock.set(NEW_YEARS_EVE)
    late = tour.voucher("mei", PLAIN)
    tour.wait(2 * DAY)
    tour.steps(late, "cancel")
    tour.wait(1, jobs=1)
    assert tour.purse("mei") == (25, 0, 0)
    for which in range(len(tour.life.model.scans.acts)):
        tour.life.reverse(which, "wen", 2)
        tour.check()
    assert tour.purse("mei") == (0, 0, 0)
    assert all(act.reversed for act in tour.life.model.scans.acts)


def test_a_reversed_act_gives_its_room_back_and_no_longer_cools_down(tour: Tour) -> None:
    assert tour.scan("bo", PICK_LITTER, quantity=500) == "credited"
    assert tour.scan("bo", PICK_LITTER, quantity=100) is None  # inside the hour
    tour.life.reverse(0, "wen", 2)
    assert tour.scan("bo", PICK_LITTER, quantity=100) == "credited"
    tour.life.reverse(0, "lin", 1)  # bo is lin's sister
    assert not tour.life.model.scans.acts[-1].reversed


def test_a_room_has_its_nights_once_whoever_sleeps_in_it(tour: Tour) -> None:
    assert tour.scan("mei", COOLING, kind=SINGLE, quantity=2, room=1001) == "credited"
    assert tour.scan("bo", COOLING, kind=SINGLE, quantity=2, room=1001) == "capped"
    assert tour.scan("bo", COOLING, kind=SINGLE, quantity=3, room=1001) == "credited"  # one night was free
    assert tour.scan("guest", COOLING, kind=SINGLE) is None  # which room?


def test_what_has_to_be_looked_at_waits_and_books_nothing(tour: Tour) -> None:
    assert tour.scan("mei", REFILL) == "credited"
    assert tour.scan("mei", TREE_CARE, kiosk=MAINLAND, age=29 * MINUTE) == "pending"  # too far to have come
    assert tour.scan("mei", TREE_CARE, kiosk=MAINLAND, age=31 * MINUTE) == "credited"
    for who in ("bo", "guest"):
        assert tour.scan(who, TREE_CARE, kiosk=BEACH) == "credited"
    assert tour.scan("mei", PICK_LITTER, kiosk=BEACH, quantity=20) == "pending"  # above the kiosk's ceiling
    tour.wait(HOUR)
    assert tour.scan("mei", PICK_LITTER, kiosk=BEACH, quantity=20) == "credited"
