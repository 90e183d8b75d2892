"""One consent, one message: written down before it is sent, never knowingly sent twice, given back when it was not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from miniprogram_api.adapters.wechat import Asking, SimulatedWechat, Wechat
from miniprogram_api.db import public_id
from miniprogram_api.domain.messages import CONSENTS_MAX, POINTS_EXPIRE, TRIES_MAX, VOUCHER_EXPIRES, Outgoing
from miniprogram_api.domain.refusals import LimitReached, NotAllowed
from miniprogram_api.models import MemberIdentity
from miniprogram_api.services.job_runs import JobFailed
from miniprogram_api.services.leases import LEASE_SECONDS, LeaseLost, take_lease
from miniprogram_api.services.message_consents import give_message_consent
from miniprogram_api.services.messages import send_messages
from tests.miniprogram_api.cast import NOON, Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, redeem, rich
from tests.miniprogram_api.wechats import server, wechat_at
from tests.wechat_server import MINI, ONCE_TEMPLATE, POINTS_TEMPLATE, VOUCHER_TEMPLATE, WEB, WechatServer

__all__ = ["server"]
DAY = 86_400
SEND = "/cgi-bin/message/subscribe/send"


def known_as(stage: Stage, who: str, openid: str, provider: str = f"wechat:{MINI}") -> None:
    """The member signed in with WeChat."""
    row = {"provider": provider, "subject": openid, "member_id": stage.members[who], "created_at": NOON}
    with stage.engine.begin() as connection:
        connection.execute(insert(MemberIdentity).values(**row))


def consents(stage: Stage, wechat: Wechat, who: str = "mei", occasion: str = VOUCHER_EXPIRES) -> None:
    give_message_consent(stage.session, stage.members[who], occasion, "zh", wechat, stage.clock)


def told(stage: Stage, wechat: Wechat, holder: str = "one") -> int:
    """The job's run."""
    fence = take_lease(stage.session, holder, stage.clock)
    assert fence is not None
    return send_messages(stage.session, wechat, fence, stage.clock)


def messages(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT state, tries, answer FROM messages ORDER BY begun_at, id")


def left(stage: Stage) -> list[int]:
    return [int(str(row[0])) for row in stage.rows("SELECT remaining FROM message_consents ORDER BY occasion")]


@pytest.fixture
def voucher(stage: Stage) -> int:
    """Mei's bag, three days before it expires; mei is known to WeChat."""
    known_as(stage, "mei", "o-mei")
    rich(stage)
    issued = exchange(stage, shop(stage))
    stage.clock.advance(27 * DAY + 3600)
    return issued.voucher_id


def test_who_asked_is_told_once_what_expires_and_when(stage: Stage, server: WechatServer, voucher: int) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE, 5)
    assert told(stage, wechat) == 0, "nobody asked yet"
    consents(stage, wechat)
    consents(stage, wechat)
    assert told(stage, wechat) == 1
    assert told(stage, wechat) == 0
    (sent,) = server.sent
    assert (sent["touser"], sent["template_id"]) == ("o-mei", VOUCHER_TEMPLATE)
    assert (sent["data"]["thing1"], sent["data"]["time2"]) == ({"value": "帆布袋"}, {"value": "2026-12-24 12:00"})
    assert sent["page"].endswith(f"vouchers%2F{public_id(voucher)}")
    assert (messages(stage), left(stage)) == ([("sent", 1, None)], [1])


def test_nobody_is_told_of_a_voucher_that_lasts_longer_or_was_used(stage: Stage, server: WechatServer) -> None:
    known_as(stage, "mei", "o-mei")
    rich(stage, times=3)
    item, wechat = shop(stage), wechat_at(server, stage)
    used = exchange(stage, item)
    exchange(stage, item, key="e2")
    redeem(stage, str(used.readable_code))
    server.subscribe("o-mei", VOUCHER_TEMPLATE, 5)
    consents(stage, wechat)
    consents(stage, wechat)
    assert told(stage, wechat) == 0
    stage.clock.advance(28 * DAY)
    assert told(stage, wechat) == 1
    stage.clock.advance(3 * DAY)
    assert told(stage, wechat) == 0, "it is over"
    assert left(stage) == [1]


def test_points_that_expire_on_the_last_of_december_are_told_of_in_december(stage: Stage, server: WechatServer) -> None:
    known_as(stage, "bo", "o-bo")
    rich(stage, "bo", times=1)
    wechat = wechat_at(server, stage)
    server.subscribe("o-bo", POINTS_TEMPLATE)
    consents(stage, wechat, "bo", POINTS_EXPIRE)
    assert told(stage, wechat) == 0
    stage.clock.set(NOON + 375 * DAY)  # 2 December 2027
    assert told(stage, wechat) == 1
    assert server.sent[0]["data"] == {"number1": {"value": "30"}, "date2": {"value": "2027-12-31"}}


def test_one_who_took_the_consent_back_is_not_asked_again(stage: Stage, server: WechatServer, voucher: int) -> None:
    wechat = wechat_at(server, stage)
    for _ in range(3):
        consents(stage, wechat)
    assert told(stage, wechat) == 0
    assert (messages(stage), left(stage)) == ([("refused", 1, "43101")], [0])
    assert told(stage, wechat) == 0
    assert server.paths().count(SEND) == 1


def test_a_message_whose_answer_never_came_is_unknown_and_not_sent_again(
    stage: Stage, server: WechatServer, voucher: int
) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE, 2)
    consents(stage, wechat)
    consents(stage, wechat)
    server.troubles[SEND].append(b"<html>the hotel's page</html>")
    assert told(stage, wechat) == 0
    assert messages(stage) == [("unknown", 1, "no_answer")]
    assert told(stage, wechat) == 0
    assert (server.sent, left(stage)) == ([], [1])


class _Dies:
    """A WeChat whose caller is killed in the middle of a message: before it, or after it was taken."""

    def __init__(self, wechat: Wechat, *, after: bool) -> None:
        self._wechat, self._after = wechat, after

    def asking(self, provider: str, occasion: str) -> Asking | None:
        return self._wechat.asking(provider, occasion)

    def send(self, message: Outgoing) -> None:
        if self._after:
            self._wechat.send(message)
        raise KeyboardInterrupt


@pytest.mark.parametrize("after", [False, True])
def test_a_job_that_dies_in_the_middle_leaves_it_unknown_and_nothing_is_sent_twice(
    stage: Stage, server: WechatServer, voucher: int, after: bool
) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE, 2)
    consents(stage, wechat)
    consents(stage, wechat)
    with pytest.raises(KeyboardInterrupt):
        told(stage, _Dies(wechat, after=after))  # type: ignore[arg-type]  # what the job asks of it
    assert messages(stage) == [("sending", 1, None)]
    stage.clock.advance(LEASE_SECONDS + 1)
    assert told(stage, wechat, "two") == 0
    assert messages(stage) == [("unknown", 1, "ended")]
    assert (len(server.sent), left(stage)) == (int(after), [1])


def test_what_was_surely_not_sent_gives_its_consent_back_and_is_tried_three_times(
    stage: Stage, server: WechatServer, voucher: int
) -> None:
    wechat = wechat_at(server, stage)
    consents(stage, wechat)
    server.troubles[SEND].extend([{"errcode": 40003, "errmsg": "invalid openid"}] * 5)
    for tries in range(1, TRIES_MAX + 1):
        assert told(stage, wechat) == 0
        assert (messages(stage), left(stage)) == ([("failed", tries, "40003")], [1])
    told(stage, wechat)
    assert server.paths().count(SEND) == TRIES_MAX


@pytest.mark.parametrize("errcode", [45009, 40037, 41030])
def test_when_wechat_takes_no_message_at_all_the_run_ends_and_the_next_one_sends_it(
    stage: Stage, server: WechatServer, voucher: int, errcode: int
) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE)
    consents(stage, wechat)
    for _ in range(TRIES_MAX + 2):
        server.troubles[SEND].append({"errcode": errcode, "errmsg": "no"})
        with pytest.raises(JobFailed) as failed:
            told(stage, wechat)
        assert failed.value.detail == {"why": "wechat", "error": str(errcode)}
    assert told(stage, wechat) == 1
    assert (len(server.sent), left(stage)) == (1, [0])


def test_who_lost_the_lease_sends_nothing(stage: Stage, server: WechatServer, voucher: int) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE)
    consents(stage, wechat)
    fence = take_lease(stage.session, "one", stage.clock)
    stage.clock.advance(LEASE_SECONDS + 1)
    take_lease(stage.session, "two", stage.clock)
    assert fence is not None
    with pytest.raises(LeaseLost):
        send_messages(stage.session, wechat, fence, stage.clock)
    assert (server.sent, stage.count("messages"), left(stage)) == ([], 0, [1])


def test_consents_add_up_to_twenty_and_those_of_wechats_page_to_one(stage: Stage, server: WechatServer) -> None:
    known_as(stage, "mei", "o-mei")
    known_as(stage, "bo", "o-bo", f"wechat:{WEB}")
    wechat = wechat_at(server, stage)
    for _ in range(CONSENTS_MAX):
        consents(stage, wechat)
    with pytest.raises(LimitReached):
        consents(stage, wechat)
    consents(stage, wechat, "bo")
    consents(stage, wechat, "bo")
    assert sorted(left(stage)) == [1, CONSENTS_MAX]


def test_a_service_account_sends_its_one_text_to_who_said_yes_on_its_page(stage: Stage, server: WechatServer) -> None:
    known_as(stage, "mei", "o-web", f"wechat:{WEB}")
    rich(stage)
    exchange(stage, shop(stage))
    wechat = wechat_at(server, stage)
    consents(stage, wechat)
    server.subscribe("o-web", ONCE_TEMPLATE)
    stage.clock.advance(28 * DAY)
    assert told(stage, wechat) == 1
    assert "帆布袋" in server.sent[0]["data"]["content"]["value"]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE message_consents SET remaining = -1",
        "UPDATE message_consents SET remaining = 21",
        "UPDATE messages SET state = 'lost'",
        "UPDATE messages SET ended_at = NULL",
        "INSERT INTO messages SELECT id + 1, member_id, occasion, subject, provider, language, words, state, tries,"
        " answer, begun_at, ended_at FROM messages",
    ],
)
def test_the_database_itself_counts_consents_and_knows_one_message_of_a_kind(
    stage: Stage, server: WechatServer, voucher: int, edit: str
) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE)
    consents(stage, wechat)
    assert told(stage, wechat) == 1
    with pytest.raises(IntegrityError), stage.engine.begin() as connection:
        connection.exec_driver_sql(edit)
    assert (messages(stage), left(stage)) == ([("sent", 1, None)], [0])


def test_nobody_consents_whom_wechat_does_not_know(stage: Stage, server: WechatServer) -> None:
    with pytest.raises(NotAllowed) as unknown:
        consents(stage, wechat_at(server, stage))
    assert unknown.value.helps == {"why": "wechat_needed"}
    known_as(stage, "mei", "mei", "simulated")
    with pytest.raises(NotAllowed) as absent:
        consents(stage, wechat_at(server, stage))
    assert absent.value.helps == {"why": "message_absent"}
    assert stage.count("message_consents") == 0


def test_the_twins_messages_are_written_down_and_leave_nobodys_machine(stage: Stage) -> None:
    known_as(stage, "mei", "visitor:mei", "simulated")
    rich(stage)
    exchange(stage, shop(stage))
    twin = SimulatedWechat("demonstration")
    consents(stage, twin)
    stage.clock.advance(28 * DAY)
    assert told(stage, twin) == 1
    assert stage.rows("SELECT provider, state FROM messages") == [("simulated", "sent")]
