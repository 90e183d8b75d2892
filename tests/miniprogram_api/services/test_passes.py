"""Passes of a phone: three days ahead, the same ones while they last, none after the sign-out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.services.passes import Pass, passes_of_session
from miniprogram_api.services.sessions import sign_out_member
from scenes.wire.member_code import MemberCode, member_code, open_member_code, parse_member_code
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import BASE_URL, Stage, token_hash

DAY = 86_400


def passes(stage: Stage, who: str = "mei") -> list[Pass]:
    return passes_of_session(stage.session, token_hash(who), stage.island, stage.clock)


def said(day: Pass, slot: int = 1) -> MemberCode:
    return parse_member_code(member_code(day.signed, day.last_value, slot))


def sign_out(stage: Stage, who: str = "mei") -> None:
    sign_out_member(stage.session, token_hash(who), stage.clock)


def test_three_passes_of_a_day_follow_each_other_and_the_first_runs_now(stage: Stage) -> None:
    stage.clock.advance(59)
    minute = stage.clock.now() - 59
    codes = [said(day) for day in passes(stage)]
    assert [(code.not_before, code.slots) for code in codes] == [(minute + day * DAY, 1440) for day in range(3)]
    assert len({code.alias for code in codes}) == 3
    assert stage.rows("SELECT member_id, number, revoked_at FROM member_passes ORDER BY number") == [
        (stage.members["mei"], number, None) for number in range(3)
    ]


def test_what_the_phone_shows_opens_with_the_key_that_agreements_name(stage: Stage) -> None:
    keys = stage.island.keys
    code = open_member_code(
        stage.member_code("mei"), BASE_URL, lambda number: public_key_of(keys.pass_privates[number])
    )
    assert code.fits(stage.clock.now())
    assert code.key_id == keys.pass_key_id


def test_each_call_answers_the_same_passes_until_one_is_over(stage: Stage) -> None:
    first = passes(stage)
    stage.clock.advance(DAY - 1)
    assert passes(stage) == first
    stage.clock.advance(1)
    second = passes(stage)
    assert second[:2] == first[1:]
    assert said(second[2]).not_before == said(first[2]).not_before + DAY
    assert stage.count("member_passes") == 4


def test_after_a_long_absence_the_first_pass_begins_now(stage: Stage) -> None:
    before = passes(stage)
    stage.clock.advance(40 * DAY)
    after = passes(stage)
    assert not set(after) & set(before)
    assert said(after[0]).not_before == stage.clock.now()
    assert stage.count("member_passes") == 6


def test_two_sessions_have_no_alias_in_common(stage: Stage) -> None:
    assert not {said(day).alias for day in passes(stage, "mei")} & {said(day).alias for day in passes(stage, "bo")}


def test_signing_out_revokes_the_passes_of_this_session_alone(stage: Stage) -> None:
    passes(stage, "bo")
    passes(stage)
    stage.clock.advance(DAY)  # the first is over; nobody can show it any more
    sign_out(stage)
    assert stage.rows("SELECT number, revoked_at FROM member_passes WHERE revoked_at IS NOT NULL ORDER BY number") == [
        (1, stage.clock.now()),
        (2, stage.clock.now()),
    ]
    stage.clock.advance(60)
    sign_out(stage)
    assert stage.rows("SELECT DISTINCT revoked_at FROM member_passes WHERE revoked_at IS NOT NULL") == [
        (stage.clock.now() - 60,)
    ]


def test_an_ended_session_gets_no_passes(stage: Stage) -> None:
    sign_out(stage)
    with pytest.raises(NotSignedIn):
        passes(stage)
    assert stage.count("member_passes") == 0


def test_calls_at_once_get_the_same_three_passes(stage: Stage) -> None:
    together = threading.Barrier(6)

    def call() -> list[Pass]:
        with Session(stage.engine) as session:
            together.wait()
            return passes_of_session(session, token_hash("mei"), stage.island, stage.clock)

    with ThreadPoolExecutor(6) as threads:
        calls = [threads.submit(call) for _ in range(6)]
    assert {tuple(done.result()) for done in calls} == {tuple(passes(stage))}
    assert stage.count("member_passes") == 3


def test_a_sign_out_at_the_same_moment_leaves_no_pass_that_counts(stage: Stage) -> None:
    together = threading.Barrier(2)

    def call(what: str) -> None:
        with Session(stage.engine) as session:
            together.wait()
            if what == "out":
                sign_out_member(session, token_hash("mei"), stage.clock)
            else:
                with suppress(NotSignedIn):
                    passes_of_session(session, token_hash("mei"), stage.island, stage.clock)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(call, what) for what in ("in", "out")]:
            done.result()
    assert stage.rows("SELECT 1 FROM member_passes WHERE revoked_at IS NULL") == []


def test_a_pass_whose_key_was_given_up_makes_room_for_another(stage: Stage) -> None:
    old = passes(stage)
    keys = replace(stage.island.keys, pass_privates={2: generate_private_key()}, pass_begins={2: 0}, pass_key_id=2)
    stage.island = replace(stage.island, keys=keys)
    new = passes(stage)
    assert {said(day).key_id for day in new} == {2}
    assert said(new[0]).not_before == said(old[0]).not_before


def test_the_database_keeps_a_number_of_a_session_for_one_pass(stage: Stage) -> None:
    passes(stage)
    columns = "member_id, session, number, key_id, not_before, slots, created_at"
    other = "x'0102030405060708'" if stage.engine.dialect.name == "sqlite" else "'\\x0102030405060708'"
    with pytest.raises(IntegrityError), stage.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO member_passes (alias, {columns})"
            f" SELECT {other}, {columns} FROM member_passes WHERE number = 0"
        )
