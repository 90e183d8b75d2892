"""A redemption under way while its merchant is suspended, on PostgreSQL: one of the two comes first, wholly.

A third connection holds a row that the redemption writes, so that it stands still with its statement begun.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.services.merchant_standing import suspend_merchant
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, rich

SHOP = 71
WAITING = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PATIENCE_SECONDS = 9  # less than a statement waits for a lock

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class Counters:
    """mei's voucher at chen's counter, and lin who may suspend it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, item = stage, shop(stage)
        self.lin = stage.clerk("lin")
        rich(stage)
        self.code = live_code(stage, exchange(stage, item))

    def redeem(self) -> str:
        counter = Counter(token_hash("chen"), self.code, "r1")
        return self._said(lambda session: redeem_voucher(session, counter, self.stage.island, self.stage.clock))

    def suspend(self) -> str:
        return self._said(lambda session: suspend_merchant(session, SHOP, "complaints", self.lin, self.stage.clock))

    def _said(self, deed: Callable[[Session], object]) -> str:
        with Session(self.stage.engine) as session:
            try:
                deed(session)
            except Refusal as refusal:
                return refusal.code
        return "done"

    @contextmanager
    def held(self, row: str) -> Iterator[None]:
        with self.stage.engine.connect() as connection, connection.begin():
            connection.execute(text(f"SELECT 1 FROM {row} FOR UPDATE"))
            yield

    def until_waiting(self, count: int, *deeds: Future[str]) -> None:
        """Until so many statements wait for a lock, or one of the deeds is over."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.stage.rows(WAITING) != [(count,)] and not any(deed.done() for deed in deeds):
            assert time.monotonic() < deadline, "nobody waits"

    @property
    def booked(self) -> tuple[int, str]:
        [(standing,)] = self.stage.rows("SELECT state FROM merchants")
        return self.stage.count("redemptions"), str(standing)


@pytest.fixture
def counters(stage: Stage) -> Counters:
    return Counters(stage)


def test_a_redemption_that_is_still_before_the_merchants_row_sees_the_suspension(counters: Counters) -> None:
    with ThreadPoolExecutor(1) as pool:
        with counters.held("member_balances"):
            redeemed = pool.submit(counters.redeem)
            counters.until_waiting(1, redeemed)
            assert counters.suspend() == "done"
        assert redeemed.result() == "merchant_suspended"
    assert counters.booked == (0, "suspended")
    assert counters.stage.rows("SELECT state FROM vouchers") == [("issued",)]
    assert whole(counters.stage)


def test_a_suspension_waits_for_a_redemption_that_has_passed_the_merchants_row(counters: Counters) -> None:
    with ThreadPoolExecutor(2) as pool:
        with counters.held("merchant_balances"):
            redeemed = pool.submit(counters.redeem)
            counters.until_waiting(1, redeemed)
            suspended = pool.submit(counters.suspend)
            counters.until_waiting(2, redeemed, suspended)
            assert not suspended.done(), "it would stand before a redemption that comes after it"
            assert counters.booked == (0, "active")
        assert (redeemed.result(), suspended.result()) == ("done", "done")
    assert counters.booked == (1, "suspended")
    assert whole(counters.stage)
