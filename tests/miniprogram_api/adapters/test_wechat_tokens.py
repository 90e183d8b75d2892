"""The token of all workers: renewed by one, five minutes early; forced only where WeChat insists on a dead one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from miniprogram_api.adapters.wechat import Wechat
from miniprogram_api.domain.refusals import TooManyTries
from miniprogram_api.domain.wechat import WechatAway, WechatRefused
from miniprogram_api.services.wechat_tokens import FORCED_A_DAY, LEASE_SECONDS
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.wechats import server, wechat_at
from tests.wechat_server import MINI, MINI_SECRET, WechatServer

__all__ = ["server"]
STABLE, SIGN = "/cgi-bin/stable_token", "/wxa/getwxacodeunlimit"


def renewals(server: WechatServer) -> int:
    return server.paths().count(STABLE)


def forced(server: WechatServer) -> list[bool]:
    return [body["force_refresh"] for path, _, body in server.calls if path == STABLE]


def test_two_processes_share_one_token_and_neither_the_database_nor_a_log_holds_it(
    server: WechatServer, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    wechat_at(server, stage).sign_picture("a")
    wechat_at(server, stage).sign_picture("b")
    assert renewals(server) == 1
    (token,) = server.tokens[MINI]
    kept = repr(stage.rows("SELECT * FROM wechat_tokens"))
    for secret in (token.text, MINI_SECRET):
        assert secret not in kept
        assert secret not in caplog.text


def test_five_minutes_before_its_end_the_token_is_renewed_and_both_are_good(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    wechat.sign_picture("a")
    stage.clock.advance(7200 - 301)
    wechat.sign_picture("b")
    assert renewals(server) == 1
    stage.clock.advance(1)
    wechat.sign_picture("c")
    assert renewals(server) == 2
    old, new = server.tokens[MINI]
    assert old.ends_at > stage.clock.now(), "who still has the old one goes on with it"
    assert [query["access_token"] for path, query, _ in server.calls if path == SIGN] == [old.text, old.text, new.text]
    assert forced(server) == [False, False]


def test_of_many_who_renew_at_once_one_asks_wechat(server: WechatServer, stage: Stage) -> None:
    many: list[Wechat] = [wechat_at(server, stage) for _ in range(8)]
    begin = threading.Barrier(len(many))

    def sign(wechat: Wechat) -> bytes:
        begin.wait()
        return wechat.sign_picture("a")

    with ThreadPoolExecutor(len(many)) as pool:
        assert all(list(pool.map(sign, many)))
    assert renewals(server) == 1


def test_while_one_renews_the_others_use_the_token_that_is_still_good(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    wechat.sign_picture("a")
    stage.clock.advance(7000)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE wechat_tokens SET renewing_until = {stage.clock.now() + 5}")
    wechat.sign_picture("b")
    assert renewals(server) == 1


def test_a_renewer_that_died_holds_nobody_back_for_long(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    wechat.sign_picture("a")
    stage.clock.advance(7200)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE wechat_tokens SET renewing_until = {stage.clock.now() + LEASE_SECONDS}")
    timer = threading.Timer(0.3, lambda: stage.clock.advance(LEASE_SECONDS))
    timer.start()
    wechat.sign_picture("b")
    timer.join()
    assert renewals(server) == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_somebody_else_ended_is_renewed_once_and_the_call_made_once_more(
    server: WechatServer, stage: Stage, errcode: int
) -> None:
    wechat = wechat_at(server, stage)
    wechat.sign_picture("a")
    server.tokens[MINI].clear()  # forced by somebody who has the secret too
    if errcode != 40001:
        server.troubles[SIGN].append({"errcode": errcode, "errmsg": "no"})
    assert wechat.sign_picture("b").startswith(b"\x89PNG")
    assert forced(server) == [False, False], "a plain renewal was enough"
    assert server.paths()[-3:] == [SIGN, STABLE, SIGN]


def test_a_token_that_wechat_gives_and_rejects_is_forced_at_most_every_half_minute(
    server: WechatServer, stage: Stage
) -> None:
    wechat = wechat_at(server, stage)
    rejected = {"errcode": 40001, "errmsg": "invalid credential"}
    server.troubles[SIGN].append(rejected)
    wechat.sign_picture("a")
    assert forced(server) == [False, False, True]
    server.troubles[SIGN].append(rejected)
    with pytest.raises(WechatAway):
        wechat.sign_picture("b")
    assert forced(server) == [False, False, True, False]
    stage.clock.advance(30)
    server.troubles[SIGN].append(rejected)
    wechat.sign_picture("c")
    assert forced(server)[-2:] == [False, True]


def test_nobody_forces_more_than_twenty_times_a_day(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    wechat.sign_picture("a")
    with stage.engine.begin() as connection:
        spent = f"forced_count = {FORCED_A_DAY}, forced_on = {(stage.clock.now() + 28_800) // 86_400}"
        connection.exec_driver_sql(f"UPDATE wechat_tokens SET {spent}")
    server.troubles[SIGN].append({"errcode": 40001, "errmsg": "invalid credential"})
    with pytest.raises(WechatAway):
        wechat.sign_picture("b")
    stage.clock.advance(86_400)
    wechat.sign_picture("c")
    server.troubles[SIGN].append({"errcode": 40001, "errmsg": "invalid credential"})
    wechat.sign_picture("d")
    assert forced(server)[-1]


@pytest.mark.parametrize(
    ("trouble", "refusal"),
    [
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, WechatRefused),
        ({"errcode": 45009, "errmsg": "quota"}, TooManyTries),
        ({"expires_in": 7200}, WechatAway),
        ({"access_token": "t" * 3000, "expires_in": 7200}, WechatAway),
        ({"access_token": "t", "expires_in": "7200"}, WechatAway),
        (b"<html>", WechatAway),
    ],
)
def test_a_renewal_that_fails_lets_go_and_the_next_one_works(
    server: WechatServer, stage: Stage, trouble: object, refusal: type[Exception]
) -> None:
    server.troubles[STABLE].append(trouble)
    wechat = wechat_at(server, stage)
    with pytest.raises(refusal):
        wechat.sign_picture("a")
    assert stage.rows("SELECT sealed, renewing_until FROM wechat_tokens") == [(None, 0)]
    assert wechat.sign_picture("a").startswith(b"\x89PNG")


def test_a_token_of_a_secret_that_was_changed_is_fetched_anew(server: WechatServer, stage: Stage) -> None:
    wechat_at(server, stage).sign_picture("a")
    with stage.engine.begin() as connection:
        (sealed,) = connection.exec_driver_sql("SELECT sealed FROM wechat_tokens").scalars()
        edited = bytes(sealed)[:-1] + bytes([bytes(sealed)[-1] ^ 1])
        literal = f"'\\x{edited.hex()}'" if stage.engine.dialect.name == "postgresql" else f"x'{edited.hex()}'"
        connection.exec_driver_sql(f"UPDATE wechat_tokens SET sealed = {literal}")
    wechat_at(server, stage).sign_picture("b")
    assert renewals(server) == 2
