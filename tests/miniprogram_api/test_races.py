"""Fifty at once on two real worker processes: exactly the right number wins, losers are told, the books stay whole.

One round in the fast run, twenty in the full one (R3); each round has members, codes and items of its own.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from miniprogram_api.clock import SystemClock
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.models import Venue
from miniprogram_api.services.items import NewItem, offer_item
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.vouchers import Wish, exchange_points, issued
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from scenes.wire.voucher_code import voucher_code
from tests.benchmarks.load import Round, post, send_all
from tests.benchmarks.servers import served
from tests.miniprogram_api.cast import BASE_URL, Stage, keys_in, shop, staged, token_hash
from tests.miniprogram_api.model.island_time import DAY, midnight_before

AT_ONCE = 50
TREE_CARE, REFILL, FERRY, CONTAINERS = 23, 9, 1, 18
CONTAINERS_A_DAY, CONTAINERS_COOL_DOWN = 20, 600
CHENS_SHOP = 71
ROUNDS = pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(range(1), id="once"),
        pytest.param(range(20), id="20-rounds", marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)


@pytest.fixture
def island(database: str, tmp_path: Path) -> Iterator[tuple[Stage, int]]:
    """The stage at the present time, and the port of two workers on its database."""
    with staged(database, keys_in(tmp_path), SystemClock()) as stage:
        environment = {
            "DATABASE_URL": database,
            "CODE_BASE_URL": BASE_URL,
            "TANYU_ENVIRONMENT": "demonstration",
            "TANYU_KEYS_FILE": str(tmp_path / "keys.json"),
        }
        with served("miniprogram_api.wsgi:application", environment) as port:
            yield stage, port


def scan(who: str, code: str, key: str | None = None) -> bytes:
    headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": key or secrets.token_hex(8)}
    return post("/api/v1/member/scans", json.dumps({"code": code}).encode(), headers)


def redeem(code: str) -> bytes:
    headers = {"Authorization": "Bearer chen", "Idempotency-Key": secrets.token_hex(8)}
    return post("/api/v1/merchant/redemptions", json.dumps({"code": code}).encode(), headers)


def exchange(who: str, item: int) -> bytes:
    headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": secrets.token_hex(8)}
    return post("/api/v1/member/vouchers", json.dumps({"item_id": f"{item:016x}", "quantity": 1}).encode(), headers)


def crowd(stage: Stage, number: int, points: bool = False) -> list[str]:
    """Fifty members, each with thirty points where the test wants them."""
    names = [f"guest-{number}-{one}" for one in range(AT_ONCE)]
    for name in names:
        stage.member(name)
        if points:
            stage.scan(name, stage.code(TREE_CARE, KIND_TICKET))
    return names


def rich(stage: Stage, number: int) -> str:
    """One member with thirty points."""
    stage.member(f"mei-{number}")
    stage.scan(f"mei-{number}", stage.code(TREE_CARE, KIND_TICKET))
    return f"mei-{number}"


def shelf(stage: Stage, number: int, stock: int, limit: int | None = None) -> int:
    """A new item of chen's shop for thirty points."""
    if number == 0:
        return shop(stage, points=30, stock=stock, limit=limit)
    before = set(stage.rows("SELECT id FROM items"))
    words = (f"帆布袋 {number}", f"Canvas bag {number}", "-", "-", "shopping-bag")
    assert offer_item(
        stage.session, NewItem(CHENS_SHOP, *words, 30, 350, stock, limit, number), "system:1", stage.clock
    )
    [(added,)] = set(stage.rows("SELECT id FROM items")) - before
    return int(str(added))


def profile(stage: Stage, **changes: object) -> None:
    """Other terms of the pier, known to all workers a second later."""
    [(stored,)] = stage.rows("SELECT profile FROM venues")
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(profile=json.dumps({**json.loads(str(stored)), **changes})))
    time.sleep(1.1)
    stage.island.directory.forget()


def figures(stage: Stage) -> tuple[int, ...]:
    """Points available and held by everybody, and fen owed to everybody."""
    [points] = stage.rows("SELECT SUM(available), SUM(held) FROM member_balances")
    [fen] = stage.rows("SELECT COALESCE(SUM(payable_fen), 0) FROM merchant_balances")
    return tuple(int(str(figure)) for figure in (*points, *fen))


def moved(stage: Stage, before: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(now - then for now, then in zip(figures(stage), before, strict=True))


def check_books(stage: Stage) -> None:
    """What must hold after every race: the whole reconciliation."""
    with snapshot(stage.engine) as connection:
        assert [difference.sentence for difference in differences(connection)] == []


def answers(port: int, requests: list[bytes]) -> Round:
    result = send_all(port, requests, AT_ONCE)
    assert not [status for status in result.statuses if status >= 500], dict(result.statuses)
    return result


def post_with_key(path: str, who: str) -> bytes:
    return post(path, b"", {"Authorization": f"Bearer {who}", "Idempotency-Key": secrets.token_hex(8)})


@ROUNDS
def test_one_code_scanned_by_fifty_phones_credits_one(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        names, before, code = crowd(stage, number), figures(stage), stage.code(REFILL)
        assert dict(answers(port, [scan(name, code) for name in names]).statuses) == {201: 1, 409: AT_ONCE - 1}
        assert moved(stage, before) == (2, 0, 0)
    check_books(stage)


@ROUNDS
def test_one_code_sent_fifty_times_by_one_phone_with_one_key_is_one_activity(
    island: tuple[Stage, int], rounds: range
) -> None:
    stage, port = island
    for number in rounds:
        stage.member(f"mei-{number}")
        code = stage.code(REFILL)
        sent = [scan(f"mei-{number}", code, "the-key") for _ in range(AT_ONCE)]
        assert dict(answers(port, sent).statuses) == {201: AT_ONCE}
        assert stage.count("acts") == number + 1
        assert stage.balance(f"mei-{number}")[0] == 2
    check_books(stage)


@ROUNDS
def test_one_key_for_two_codes_of_which_one_would_wait_is_good_for_one_of_them(
    island: tuple[Stage, int], rounds: range
) -> None:
    stage, port = island
    for number in rounds:
        stage.member(f"mei-{number}")
        codes = stage.code(TREE_CARE, KIND_TICKET, issued_at=0), stage.code(REFILL)
        sent = [scan(f"mei-{number}", codes[one % 2], "the-key") for one in range(AT_ONCE)]
        assert dict(answers(port, sent).statuses) in [{202: 25, 409: 25}, {201: 25, 409: 25}]
        assert stage.count("acts") == number + 1
        waiting = stage.count("acts WHERE state = 'pending'")
        assert stage.count("entries") == number + 1 - waiting
    check_books(stage)


@ROUNDS
def test_a_twin_scanned_by_fifty_phones_waits_once(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    printed = {"kind": KIND_TICKET, "issued_at": stage.clock.now() - 3600}  # before the kiosk is suspended for it
    for number in rounds:
        names = crowd(stage, number)
        stage.scan(names[0], stage.code(REFILL, **printed))
        before, twin = figures(stage), stage.code(REFILL, counter=stage.counter, nonce=b"other!", **printed)
        assert dict(answers(port, [scan(name, twin) for name in names]).statuses) == {202: 1, 409: AT_ONCE - 1}
        assert moved(stage, before) == (0, 0, 0)
        assert stage.count("acts WHERE reason = 'code_twin'") == number + 1
    check_books(stage)


@ROUNDS
def test_fifty_codes_of_one_member_at_once_stay_inside_the_cool_down(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        stage.member(f"mei-{number}")
        sent = [scan(f"mei-{number}", stage.code(REFILL)) for _ in range(AT_ONCE)]
        assert dict(answers(port, sent).statuses) == {201: 1, 409: AT_ONCE - 1}
        assert stage.balance(f"mei-{number}")[0] == 2
    check_books(stage)


@ROUNDS
def test_fifty_acts_of_one_day_fill_the_limit_of_that_day_and_no_more(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    yesterday = midnight_before(stage.clock.now()) - DAY
    times = [yesterday + CONTAINERS_COOL_DOWN * place for place in range(AT_ONCE)]
    for number in rounds:
        stage.member(f"mei-{number}")
        tickets = [stage.code(CONTAINERS, KIND_TICKET, issued_at=moment) for moment in times]
        sent = [scan(f"mei-{number}", ticket) for ticket in tickets]
        assert dict(answers(port, sent).statuses) == {201: AT_ONCE}
        assert stage.balance(f"mei-{number}")[0] == CONTAINERS_A_DAY
        mine = stage.members[f"mei-{number}"]
        states = stage.rows(f"SELECT state, count(*) FROM acts WHERE member_id = {mine} GROUP BY state")
        assert sorted(states) == [("capped", AT_ONCE - CONTAINERS_A_DAY), ("credited", CONTAINERS_A_DAY)]
    check_books(stage)


@ROUNDS
def test_above_a_kiosks_ceiling_fifty_at_once_wait_for_a_look(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    profile(stage, ceilings={"points_per_hour": 10})
    hour = stage.clock.now() // 3600
    for number in rounds:
        names, before = crowd(stage, number), figures(stage)
        moment = (hour - 1 - number) * 3600
        tickets = [stage.code(REFILL, KIND_TICKET, issued_at=moment) for _ in names]
        sent = [scan(name, ticket) for name, ticket in zip(names, tickets, strict=True)]
        assert dict(answers(port, sent).statuses) == {201: 5, 202: AT_ONCE - 5}
        assert moved(stage, before) == (10, 0, 0)
    check_books(stage)


@ROUNDS
def test_a_group_code_with_three_places_takes_three_of_fifty(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    profile(stage, group={"per_code": 3, "seats": 3 * len(rounds), "window_minutes": 30})
    for number in rounds:
        names, before, code = crowd(stage, number), figures(stage), stage.code(FERRY, KIND_GROUP)
        assert dict(answers(port, [scan(name, code) for name in names]).statuses) == {201: 3, 409: AT_ONCE - 3}
        assert moved(stage, before) == (30, 0, 0)
    check_books(stage)


@ROUNDS
def test_the_last_pieces_go_to_as_many_as_there_are(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        names, item = crowd(stage, number, points=True), shelf(stage, number, stock=3)
        before = figures(stage)
        assert dict(answers(port, [exchange(name, item) for name in names]).statuses) == {201: 3, 409: AT_ONCE - 3}
        assert moved(stage, before) == (-90, 90, 0)
    check_books(stage)


@ROUNDS
def test_one_voucher_shown_fifty_times_is_redeemed_once(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        voucher = voucher_of(stage, number)
        before, key = figures(stage), issued(voucher, 1, 0, stage.island).key
        assert key is not None
        raw = voucher_code(key, 1, voucher.to_bytes(8, "big"), stage.clock.now() // 60)
        result = answers(port, [redeem(code_text(raw)) for _ in range(AT_ONCE)])
        assert dict(result.statuses) == {201: 1, 409: AT_ONCE - 1}
        assert moved(stage, before) == (0, -30, 350)
    check_books(stage)


@ROUNDS
def test_points_for_one_piece_buy_one_piece(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        who, item = rich(stage, number), shelf(stage, number, stock=100)
        result = answers(port, [exchange(who, item) for _ in range(AT_ONCE)])
        assert dict(result.statuses) == {201: 1, 409: AT_ONCE - 1}
        assert stage.balance(who)[:2] == (0, 30)
    check_books(stage)


def voucher_of(stage: Stage, number: int) -> int:
    """Somebody holds thirty points in a voucher of chen's shop."""
    who, item = rich(stage, number), shelf(stage, number, stock=10, limit=1)
    return exchange_points(stage.session, Wish(token_hash(who), item, 1, "e"), stage.island, stage.clock).voucher_id


@ROUNDS
def test_a_voucher_given_back_fifty_times_comes_back_once(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        path = f"/api/v1/member/vouchers/{voucher_of(stage, number):016x}/cancel"
        wishes = [post_with_key(path, f"mei-{number}") for _ in range(AT_ONCE)]
        assert dict(answers(port, wishes).statuses) == {201: 1, 409: AT_ONCE - 1}
        assert stage.balance(f"mei-{number}")[:2] == (30, 0)
    check_books(stage)


@ROUNDS
def test_a_redemption_taken_back_fifty_times_is_taken_back_once(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        shown = issued(voucher_of(stage, number), 1, 0, stage.island)
        counter = Counter(token_hash("chen"), str(shown.readable_code), f"r-{number}")
        redemption = redeem_voucher(stage.session, counter, stage.island, stage.clock).redemption_id
        before, path = figures(stage), f"/api/v1/merchant/redemptions/{redemption:016x}/undo"
        wishes = [post_with_key(path, "chen") for _ in range(AT_ONCE)]
        assert dict(answers(port, wishes).statuses) == {201: 1, 409: AT_ONCE - 1}
        assert moved(stage, before) == (0, 30, -350)
    check_books(stage)


@ROUNDS
def test_of_fifty_who_redeem_and_give_back_at_once_one_wins(island: tuple[Stage, int], rounds: range) -> None:
    stage, port = island
    for number in rounds:
        voucher = voucher_of(stage, number)
        before, key = figures(stage), issued(voucher, 1, 0, stage.island).key
        assert key is not None
        code = code_text(voucher_code(key, 1, voucher.to_bytes(8, "big"), stage.clock.now() // 60))
        path = f"/api/v1/member/vouchers/{voucher:016x}/cancel"
        wishes = [post_with_key(path, f"mei-{number}") if one % 2 else redeem(code) for one in range(AT_ONCE)]
        assert dict(answers(port, wishes).statuses) == {201: 1, 409: AT_ONCE - 1}
        assert moved(stage, before) in [(0, -30, 350), (30, -30, 0)]
    check_books(stage)
