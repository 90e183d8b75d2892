"""Fifty at once on two real worker processes: exactly the right number wins, losers are told, the books stay whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram_api.clock import SystemClock
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.vouchers import Wish, exchange_points, issued
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from scenes.wire.voucher_code import voucher_code
from tests.benchmarks.load import Round, post, send_all
from tests.benchmarks.servers import served
from tests.miniprogram_api.cast import BASE_URL, Stage, keys_in, shop, staged, token_hash

AT_ONCE = 50
TREE_CARE, REFILL, FERRY = 23, 9, 1


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


def crowd(stage: Stage, points: bool = False) -> list[str]:
    """Fifty members, each with thirty points where the test wants them."""
    names = [f"guest-{number}" for number in range(AT_ONCE)]
    for name in names:
        stage.member(name)
        if points:
            stage.scan(name, stage.code(TREE_CARE, KIND_TICKET))
    return names


def check_books(stage: Stage) -> None:
    """What must hold after every race: the whole reconciliation."""
    with snapshot(stage.engine) as connection:
        assert [difference.sentence for difference in differences(connection)] == []


def answers(port: int, requests: list[bytes]) -> Round:
    result = send_all(port, requests, AT_ONCE)
    assert not [status for status in result.statuses if status >= 500], dict(result.statuses)
    return result


def test_one_code_scanned_by_fifty_phones_credits_one(island: tuple[Stage, int]) -> None:
    stage, port = island
    names = crowd(stage)
    code = stage.code(REFILL)
    assert dict(answers(port, [scan(name, code) for name in names]).statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.rows("SELECT SUM(available) FROM member_balances") == [(2,)]
    check_books(stage)


def test_one_code_sent_fifty_times_by_one_phone_with_one_key_is_one_activity(island: tuple[Stage, int]) -> None:
    stage, port = island
    code = stage.code(REFILL)
    assert dict(answers(port, [scan("mei", code, "the-key") for _ in range(AT_ONCE)]).statuses) == {201: AT_ONCE}
    assert stage.count("acts") == 1
    assert stage.balance("mei")[0] == 2
    check_books(stage)


def test_fifty_codes_of_one_member_at_once_stay_inside_the_cool_down(island: tuple[Stage, int]) -> None:
    stage, port = island
    codes = [stage.code(REFILL) for _ in range(AT_ONCE)]
    assert dict(answers(port, [scan("mei", code) for code in codes]).statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.balance("mei")[0] == 2
    check_books(stage)


def test_a_group_code_with_three_places_takes_three_of_fifty(island: tuple[Stage, int]) -> None:
    stage, port = island
    names = crowd(stage)
    code = stage.code(FERRY, KIND_GROUP)
    assert dict(answers(port, [scan(name, code) for name in names]).statuses) == {201: 3, 409: AT_ONCE - 3}
    assert stage.rows("SELECT SUM(available) FROM member_balances") == [(30,)]
    check_books(stage)


def test_the_last_pieces_go_to_as_many_as_there_are(island: tuple[Stage, int]) -> None:
    stage, port = island
    names = crowd(stage, points=True)
    item = shop(stage, points=30, stock=3)
    assert dict(answers(port, [exchange(name, item) for name in names]).statuses) == {201: 3, 409: AT_ONCE - 3}
    assert stage.rows("SELECT SUM(held) FROM member_balances") == [(90,)]
    check_books(stage)


def test_one_voucher_shown_fifty_times_is_redeemed_once(island: tuple[Stage, int]) -> None:
    stage, port = island
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    item = shop(stage, points=30)
    issued = exchange_points(stage.session, Wish(token_hash("mei"), item, 1, "e"), stage.island, stage.clock)
    assert issued.key is not None
    raw = voucher_code(issued.key, issued.key_id, issued.voucher_id.to_bytes(8, "big"), stage.clock.now() // 60)
    result = answers(port, [redeem(code_text(raw)) for _ in range(AT_ONCE)])
    assert dict(result.statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(350,)]
    assert stage.balance("mei")[:2] == (0, 0)
    check_books(stage)


def test_points_for_one_piece_buy_one_piece(island: tuple[Stage, int]) -> None:
    stage, port = island
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    item = shop(stage, points=30, stock=100)
    result = answers(port, [exchange("mei", item) for _ in range(AT_ONCE)])
    assert dict(result.statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.balance("mei")[:2] == (0, 30)
    check_books(stage)


def voucher_of(stage: Stage) -> int:
    """mei holds thirty points in a voucher of chen's shop."""
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    item = shop(stage, points=30, limit=1)
    return exchange_points(stage.session, Wish(token_hash("mei"), item, 1, "e"), stage.island, stage.clock).voucher_id


def test_a_voucher_given_back_fifty_times_comes_back_once(island: tuple[Stage, int]) -> None:
    stage, port = island
    path = f"/api/v1/member/vouchers/{voucher_of(stage):016x}/cancel"
    wishes = [
        post(path, b"", {"Authorization": "Bearer mei", "Idempotency-Key": secrets.token_hex(8)})
        for _ in range(AT_ONCE)
    ]
    assert dict(answers(port, wishes).statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.balance("mei")[:2] == (30, 0)
    check_books(stage)


def test_a_redemption_taken_back_fifty_times_is_taken_back_once(island: tuple[Stage, int]) -> None:
    stage, port = island
    voucher = voucher_of(stage)
    issued_now = issued(voucher, 1, 0, stage.island)
    redemption = redeem_voucher(
        stage.session, Counter(token_hash("chen"), str(issued_now.readable_code), "r"), stage.island, stage.clock
    )
    path = f"/api/v1/merchant/redemptions/{redemption:016x}/undo"
    wishes = [
        post(path, b"", {"Authorization": "Bearer chen", "Idempotency-Key": secrets.token_hex(8)})
        for _ in range(AT_ONCE)
    ]
    assert dict(answers(port, wishes).statuses) == {201: 1, 409: AT_ONCE - 1}
    assert stage.balance("mei")[:2] == (0, 30)
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(0,)]
    check_books(stage)
