"""A key belongs to one request of its caller for ever, whatever came of that: credited, held, given back, pending."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import Writes
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    IdempotencyConflict,
    NotFound,
    Refusal,
    UndoTooLate,
    VoucherCancelled,
)
from miniprogram_api.services.earning import Scan, record_scan
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.refunds import cancel_voucher
from miniprogram_api.services.undos import Undo, undo_redemption
from miniprogram_api.services.vouchers import Wish, exchange_points
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_refunds import CHEN, SHOP, cancel, undo
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem, rich

CLEAN_PLATE, REFILL = 6, 9
ROUNDS = 5
Deed = Callable[[Session], object]


def untimed(stage: Stage) -> str:
    """A ticket of a kiosk that had no time: it waits for a person."""
    return stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)


def books(stage: Stage) -> tuple[object, ...]:
    """Everything that one of these requests could move."""
    tables = ("acts", "entries", "transfers", "caps", "vouchers", "redemptions", "redemption_undos")
    purse = (stage.balance("mei"), stage.rows("SELECT SUM(remaining) FROM lots"))
    return (*purse, *stage.rows("SELECT remaining FROM stock"), *(stage.count(table) for table in tables))


def refused(stage: Stage, kind: type[Refusal], deed: Callable[[], object]) -> None:
    """The refusal comes, and nothing has moved."""
    before = books(stage)
    with pytest.raises(kind):
        deed()
    assert books(stage) == before
    assert whole(stage)


def test_the_key_of_an_act_that_waits_is_not_good_for_another_code(stage: Stage) -> None:
    code = untimed(stage)
    waiting = stage.scan("mei", code, key="k")
    refused(stage, IdempotencyConflict, lambda: stage.scan("mei", stage.code(REFILL), key="k"))
    refused(stage, IdempotencyConflict, lambda: stage.scan("mei", untimed(stage), key="k"))
    again = stage.scan("mei", code, key="k")
    assert (again.act["id"], again.act["state"]) == (waiting.act["id"], "pending")
    assert stage.scan("bo", stage.code(REFILL), key="k").act["state"] == "credited"  # a key belongs to its caller


def test_the_key_of_a_credited_act_is_not_good_for_a_code_that_would_wait(stage: Stage) -> None:
    code = stage.code(REFILL)
    credited = stage.scan("mei", code, key="k")
    late = untimed(stage)
    refused(stage, IdempotencyConflict, lambda: stage.scan("mei", late, key="k"))
    assert stage.scan("mei", code, key="k").act["id"] == credited.act["id"]
    assert stage.scan("mei", late, key="another").act["state"] == "pending"  # the code itself is unused


def test_the_key_of_an_act_that_waits_is_not_good_for_an_exchange(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    stage.scan("mei", untimed(stage), key="k")
    refused(stage, IdempotencyConflict, lambda: exchange(stage, item, key="k"))
    assert exchange(stage, item, key="another").voucher_id


def test_the_key_of_an_exchange_is_not_good_for_a_code_that_would_wait(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item, key="k")
    refused(stage, IdempotencyConflict, lambda: stage.scan("mei", untimed(stage), key="k"))
    assert exchange(stage, item, key="k").voucher_id == issued.voucher_id


def test_the_key_of_an_act_that_waits_gives_no_voucher_back(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    stage.scan("mei", untimed(stage), key="k")
    refused(stage, IdempotencyConflict, lambda: cancel(stage, voucher, key="k"))
    refused(stage, IdempotencyConflict, lambda: cancel(stage, 5, key="k"))  # whether or not there is such a voucher
    refused(stage, NotFound, lambda: cancel(stage, voucher, key="k", who="bo"))
    cancel(stage, voucher, key="another")
    assert stage.rows("SELECT state FROM vouchers") == [("cancelled",)]
    refused(stage, VoucherCancelled, lambda: cancel(stage, voucher, key="a third"))
    refused(stage, IdempotencyConflict, lambda: cancel(stage, voucher, key="k"))


def test_the_key_of_a_voucher_given_back_is_not_good_for_a_code_that_would_wait(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    cancel(stage, voucher, key="k")
    refused(stage, IdempotencyConflict, lambda: stage.scan("mei", untimed(stage), key="k"))
    cancel(stage, voucher, key="k")  # a repeat does nothing more
    assert stage.rows("SELECT state FROM vouchers") == [("cancelled",)]


def test_a_scan_without_a_key_meets_no_key(stage: Stage) -> None:
    for _ in range(2):
        assert stage.scan("mei", untimed(stage)).act["state"] == "pending"
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"


def test_a_key_that_took_a_redemption_back_redeems_nothing(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    undo(stage, redeem(stage, live_code(stage, issued), key="r"), key="u")
    refused(stage, IdempotencyConflict, lambda: redeem(stage, live_code(stage, issued), key="u"))
    redeem(stage, live_code(stage, issued), key="r2")
    refused(stage, IdempotencyConflict, lambda: redeem(stage, live_code(stage, issued), key="u"))
    refused(stage, IdempotencyConflict, lambda: redeem(stage, "0123-4567-89AK", key="u"))
    assert stage.count("redemptions") == 2


def test_a_key_that_redeemed_takes_nothing_back(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    redemption = redeem(stage, live_code(stage, issued), key="r")
    refused(stage, IdempotencyConflict, lambda: undo(stage, redemption, key="r"))
    undo(stage, redemption, key="u")
    refused(stage, UndoTooLate, lambda: undo(stage, redemption, key="u2"))
    for number in (redemption, 5):
        refused(stage, IdempotencyConflict, lambda number=number: undo(stage, number, key="r"))


def scans(stage: Stage, code: str, key: str) -> Deed:
    scan = Scan(token_hash("mei"), code, key=key)
    return lambda session: record_scan(session, scan, stage.island, stage.clock)


def exchanges(stage: Stage, item: int, key: str) -> Deed:
    wish = Wish(token_hash("mei"), item, 1, key)
    return lambda session: exchange_points(session, wish, stage.island, stage.clock)


def gives_back(stage: Stage, voucher: int, key: str) -> Deed:
    mei = stage.members["mei"]
    return lambda session: cancel_voucher(session, mei, voucher, key, stage.island, stage.clock)


def pairs(stage: Stage, item: int, number: int) -> dict[str, tuple[Deed, Deed]]:
    """Two deeds with one key: of the first only an act remains that waits for a person."""
    voucher = exchange(stage, item, key=f"voucher {number}").voucher_id
    key = f"k{number}"
    others = {
        "scan": scans(stage, stage.code(REFILL), key),
        "scan that waits": scans(stage, untimed(stage), key),
        "exchange": exchanges(stage, item, key),
        "cancel": gives_back(stage, voucher, key),
    }
    return {name: (scans(stage, untimed(stage), key), other) for name, other in others.items()}


DEEDS = ("scan", "scan that waits", "exchange", "cancel")


@pytest.mark.parametrize("waiting_first", [True, False])
@pytest.mark.parametrize("name", DEEDS)
def test_a_request_that_read_before_another_took_its_key_sees_that_in_the_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, waiting_first: bool
) -> None:
    item = shop(stage, points=30)
    rich(stage, times=3)
    waiting, other = pairs(stage, item, 1)[name]
    first, second = (waiting, other) if waiting_first else (other, waiting)
    write, between = Writes.commit, [first]

    def commit(writes: Writes) -> None:
        """Somebody else comes between the reading and the writing of the second, once."""
        if between:
            with Session(stage.engine) as session:
                between.pop()(session)
            between_books.append(books(stage))
        write(writes)

    between_books: list[tuple[object, ...]] = []
    monkeypatch.setattr(Writes, "commit", commit)
    with Session(stage.engine) as session, pytest.raises(IdempotencyConflict):
        second(session)
    assert between_books == [books(stage)]
    assert whole(stage)


@pytest.mark.parametrize("name", DEEDS)
def test_of_two_at_once_with_one_key_one_is_done(stage: Stage, name: str) -> None:
    item = shop(stage, points=30, stock=100)
    rich(stage, times=ROUNDS * 2 + 1)
    for number in range(ROUNDS):
        stage.clock.advance(3600)  # past the cool-down
        before = books_with_keys(stage)
        deeds = pairs(stage, item, number)[name]
        before += 1  # the voucher that the pair needed
        assert at_once(stage, list(deeds)) == {"done": 1, "idempotency_conflict": 1}
        assert books_with_keys(stage) == before + 1
    assert whole(stage)


def books_with_keys(stage: Stage) -> int:
    [(entries,)] = stage.rows("SELECT count(*) FROM entries WHERE key IS NOT NULL")
    [(acts,)] = stage.rows("SELECT count(*) FROM acts WHERE pending_key IS NOT NULL")
    return int(str(entries)) + int(str(acts))


def test_of_a_redemption_and_an_undo_at_once_with_one_key_one_is_done(stage: Stage) -> None:
    item = shop(stage, points=30, stock=100)
    rich(stage, times=ROUNDS * 2)
    done: Tally[str] = Tally()
    for number in range(ROUNDS):
        issued = [exchange(stage, item, key=f"{number}-{one}") for one in range(2)]
        redemption = redeem(stage, live_code(stage, issued[0]), key=f"r{number}")
        key = f"k{number}"
        counter, wish = Counter(token_hash("chen"), live_code(stage, issued[1]), key), Undo(SHOP, CHEN, redemption, key)
        done += at_once(
            stage,
            [
                partial(redeem_voucher, counter=counter, island=stage.island, clock=stage.clock),
                partial(undo_redemption, wish=wish, island=stage.island, clock=stage.clock),
            ],
        )
    assert done == {"done": ROUNDS, "idempotency_conflict": ROUNDS}
    assert whole(stage)


def test_one_request_sent_many_times_at_once_is_one_act_that_waits(stage: Stage) -> None:
    code = untimed(stage)
    assert at_once(stage, [scans(stage, code, "k")] * 6) == {"done": 6}
    assert (stage.count("acts"), stage.count("entries")) == (1, 0)
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("mei", code, key="another")
