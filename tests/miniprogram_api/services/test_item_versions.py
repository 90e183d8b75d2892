"""An item changes by versions: the newest that stands and has begun is in force; a second person agrees to costs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.domain.items import ItemTerms
from miniprogram_api.domain.refusals import (
    IdempotencyConflict,
    InvalidFields,
    LimitReached,
    NotAllowed,
    NotFound,
    Refusal,
)
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN
from miniprogram_api.services.item_versions import (
    Draft,
    ask_for_version,
    decide_version,
    preview_version,
    propose_item,
)
from miniprogram_api.services.refunds import cancel_voucher
from miniprogram_api.services.version_decisions import Verdict
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem, rich

BAG = ItemTerms("帆布袋", "Canvas bag", "-", "-", "shopping-bag", 35, 350, None, True, 0)
SHOP = 71


class Office:
    """Lin asks and wen decides about chen's bag."""

    def __init__(self, stage: Stage, limit: int | None = None) -> None:
        self.stage, self.item = stage, shop(stage, limit=limit)
        self.lin, self.wen = stage.clerk("lin"), stage.clerk("wen")
        self.terms = replace(BAG, limit_per_person=limit)

    def draft(self, starts_at: int | None = None, **changes: object) -> Draft:
        return Draft(replace(self.terms, **changes), starts_at, "because")  # type: ignore[arg-type]  # by name

    def ask(self, starts_at: int | None = None, **changes: object) -> int:
        return ask_for_version(
            self.stage.session, self.item, self.draft(starts_at, **changes), self.lin, self.stage.clock
        )

    def decide(self, version: int, decision: str = APPROVED, by: int | None = None, **more: bytes) -> None:
        verdict = Verdict(decision, by or self.wen, "so be it", **more)
        decide_version(self.stage.session, self.item, version, verdict, self.stage.clock)

    @property
    def decisions(self) -> list[tuple[object, ...]]:
        return self.stage.rows("SELECT version, decision, alone FROM approvals ORDER BY version")


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def held(stage: Stage, item: int, key: str) -> tuple[object, ...]:
    """Points and fen of a voucher that mei exchanges now."""
    issued = exchange(stage, item, key=key)
    [row] = stage.rows(f"SELECT points, settlement_fen, item_version FROM vouchers WHERE id = {issued.voucher_id}")
    return row


def why(refused: pytest.ExceptionInfo[Refusal]) -> object:
    return refused.value.helps["why"]


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        ({"points": 36}, True),
        ({"points": 34}, False),
        ({"settlement_fen": 349}, True),
        ({"settlement_fen": 351}, False),
        ({"limit_per_person": 1}, True),
        ({"name_en": "Bag", "position": 3}, True),
        ({"active": False}, True),
        ({"points": 36, "settlement_fen": 351}, False),
    ],
)
def test_a_second_person_agrees_to_what_costs_and_to_nothing_else(
    stage: Stage, office: Office, changes: dict[str, object], alone: bool
) -> None:
    assert preview_version(stage.session, office.item, office.draft(**changes), stage.clock).second_person is not alone
    assert stage.count("item_versions") == 1, "looking writes nothing"
    office.ask(**changes)
    assert office.decisions == ([(2, "approved", 1)] if alone else [])
    assert whole(stage)


@pytest.mark.parametrize(("limit", "after"), [(2, 3), (2, None)])
def test_a_higher_limit_and_none_at_all_wait(stage: Stage, limit: int, after: int | None) -> None:
    office = Office(stage, limit)
    office.ask(limit_per_person=after)
    assert office.decisions == []


def test_what_is_paused_is_offered_again_by_two_people(stage: Stage, office: Office) -> None:
    office.ask(active=False)
    with pytest.raises(NotFound):
        exchange(stage, office.item)
    office.ask(points=36)
    assert office.decisions == [(2, "approved", 1)], "offering again waits"
    office.decide(3)
    rich(stage)
    assert held(stage, office.item, "again") == (36, 350, 3)


def test_a_price_holds_from_its_start_and_vouchers_keep_the_price_of_their_exchange(
    stage: Stage, office: Office
) -> None:
    rich(stage, times=5)
    start = stage.clock.now() + 3600
    version = office.ask(start, points=30, settlement_fen=400)
    assert held(stage, office.item, "before") == (35, 350, 1)
    office.decide(version)
    assert held(stage, office.item, "approved") == (35, 350, 1)
    stage.clock.advance(3599)
    assert held(stage, office.item, "last second") == (35, 350, 1)
    stage.clock.advance(1)
    after = exchange(stage, office.item, key="first second")
    redeem(stage, live_code(stage, after))
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(400,)]
    assert stage.balance("mei")[:2] == (150 - 3 * 35 - 30, 3 * 35)
    assert whole(stage)


def test_nobody_approves_what_they_asked_for_and_a_decision_stands(stage: Stage, office: Office) -> None:
    version = office.ask(points=30)
    with pytest.raises(NotAllowed) as own:
        office.decide(version, by=office.lin)
    assert why(own) == "own_request"
    with pytest.raises(NotAllowed) as foreign:
        office.decide(version, WITHDRAWN)
    assert why(foreign) == "not_your_request"
    with pytest.raises(IdempotencyConflict):
        office.decide(version, payload=b"x" * 32)
    assert office.decisions == []
    office.decide(version, REJECTED)
    office.decide(version, REJECTED)
    with pytest.raises(NotAllowed) as late:
        office.decide(version)
    assert why(late) == "already_decided"
    with pytest.raises(NotFound):
        office.decide(9)
    assert office.decisions == [(2, "rejected", 0)]
    rich(stage)
    assert held(stage, office.item, "as before") == (35, 350, 1)


def test_who_asked_may_withdraw_and_ask_again(stage: Stage, office: Office) -> None:
    version = office.ask(points=30)
    with pytest.raises(NotAllowed) as waiting:
        office.ask(points=31)
    assert why(waiting) == "version_waiting"
    office.decide(version, WITHDRAWN, by=office.lin)
    assert office.ask(points=31) == 3


def test_a_pause_waits_for_nobody_and_overtakes_what_was_asked_before(stage: Stage, office: Office) -> None:
    waiting = office.ask(points=30)
    office.ask(active=False)
    with pytest.raises(NotAllowed) as overtaken:
        office.decide(waiting)
    assert why(overtaken) == "version_overtaken"
    with pytest.raises(NotFound):
        exchange(stage, office.item)
    office.decide(waiting, REJECTED)


def test_a_plan_of_last_week_does_not_end_a_pause_of_today(stage: Stage, office: Office) -> None:
    office.decide(office.ask(stage.clock.now() + 3600, points=30))
    office.ask(active=False)
    stage.clock.advance(7200)
    with pytest.raises(NotFound):
        exchange(stage, office.item)


def test_what_one_person_may_do_is_compared_with_what_will_be_in_force_then(stage: Stage, office: Office) -> None:
    office.ask(stage.clock.now() + 3600, points=50)
    assert preview_version(stage.session, office.item, office.draft(points=40), stage.clock).second_person is False
    later = office.draft(stage.clock.now() + 7200, points=40)
    assert preview_version(stage.session, office.item, later, stage.clock).second_person is True


def test_a_start_is_at_least_five_seconds_ahead_and_something_changes(stage: Stage, office: Office) -> None:
    with pytest.raises(NotAllowed) as early:
        office.ask(stage.clock.now() + 4, points=36)
    assert why(early) == "start_passed"
    with pytest.raises(InvalidFields):
        office.ask()
    version = office.ask(stage.clock.now() + 60, points=30)
    stage.clock.advance(60)
    with pytest.raises(NotAllowed) as passed:
        office.decide(version)
    assert why(passed) == "start_passed"
    assert (stage.count("item_versions"), stage.count("approvals")) == (2, 0)


def test_a_new_item_is_offered_once_a_second_person_agrees(stage: Stage, office: Office) -> None:
    rich(stage)
    draft = Draft(replace(BAG, name_zh="明信片", points=15, settlement_fen=150), None, "a new one")
    with pytest.raises(NotAllowed) as taken:
        propose_item(stage.session, SHOP, replace(draft, terms=BAG), office.lin, stage.clock)
    assert why(taken) == "name_taken"
    with pytest.raises(NotFound):
        propose_item(stage.session, 99, draft, office.lin, stage.clock)
    item = propose_item(stage.session, SHOP, draft, office.lin, stage.clock)
    with pytest.raises(NotFound):
        exchange(stage, item)
    decide_version(stage.session, item, 1, Verdict(APPROVED, office.wen), stage.clock)
    assert stage.rows(f"SELECT put_in, remaining FROM stock WHERE item_id = {item}") == [(0, 0)]
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE stock SET put_in = 1, remaining = 1 WHERE item_id = {item}")
    assert held(stage, item, "new") == (15, 150, 1)


def test_a_limit_that_came_later_does_not_count_what_was_had_before_and_frees_only_what_it_counted(
    stage: Stage, office: Office
) -> None:
    rich(stage, times=4)
    free = exchange(stage, office.item, key="free")
    office.ask(limit_per_person=1)
    counted = exchange(stage, office.item, key="counted")
    with pytest.raises(LimitReached):
        exchange(stage, office.item, key="over")
    for voucher in (free, counted):
        cancel_voucher(
            stage.session, stage.members["mei"], voucher.voucher_id, f"c{voucher.voucher_id}", stage.island, stage.clock
        )
    assert stage.rows("SELECT used FROM caps WHERE name = 'item:48'") == [(0,)]
    assert whole(stage)


def test_of_two_approvers_at_one_moment_one_decides(stage: Stage, office: Office) -> None:
    version, other = office.ask(points=30), stage.clerk("sun")
    start = Barrier(2)

    def decide(by: int, decision: str) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                decide_version(session, office.item, version, Verdict(decision, by, "so"), stage.clock)
            except NotAllowed as refusal:
                return str(refusal.helps["why"])
        return "done"

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(decide, (office.wen, other), (APPROVED, REJECTED)))
    assert sorted(outcomes) == ["already_decided", "done"]
    assert stage.count("approvals") == 1
    assert whole(stage)
