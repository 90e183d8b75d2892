"""Forgetting against everything else at one moment: it happens once, and nobody slips through."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import WechatPerson
from miniprogram_api.services.earning import Scan, record_scan
from miniprogram_api.services.forgetting import forget_member
from miniprogram_api.services.passes import passes_of_session
from miniprogram_api.services.sessions import Phone, sign_in_by_code
from miniprogram_api.services.vouchers import Wish, exchange_points
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_correction_races import AT_ONCE, ROUNDS, at_once
from tests.miniprogram_api.test_reconcile import found

TREE_CARE = 23


class Stranger:
    """A WeChat that knows one person."""

    simulated = True

    def __init__(self, name: str) -> None:
        self.person = WechatPerson("simulated", name, "visitor", name)

    def person_of_code(self, code: str) -> WechatPerson:
        return self.person

    person_of_oauth_code = person_of_code


def test_asked_by_many_at_once_a_member_is_forgotten_once(stage: Stage) -> None:
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    mei = token_hash("mei")
    same = partial(forget_member, token_hash=mei, key="same", island=stage.island, clock=stage.clock)
    other = partial(forget_member, token_hash=mei, key="other", island=stage.island, clock=stage.clock)
    done = at_once(stage, [same] * (AT_ONCE // 2) + [other] * (AT_ONCE // 2))
    assert done == {"done": AT_ONCE // 2, "not_signed_in": AT_ONCE // 2}
    assert stage.count("forgotten_members") == 1
    assert found(stage.engine) == []


def test_whatever_they_do_at_that_moment_counts_before_or_not_at_all(stage: Stage) -> None:
    item = shop(stage, points=5)
    for number in range(ROUNDS):
        name = f"mei-{number}"
        member = stage.member(name)
        stage.scan(name, stage.code(TREE_CARE, KIND_TICKET))
        hashed = token_hash(name)
        tickets = [stage.code(TREE_CARE + 1, KIND_TICKET) for _ in range(3)]
        wishes = [
            *(partial(_scan, stage=stage, scan=Scan(hashed, code)) for code in tickets),
            *(partial(_exchange, stage=stage, wish=Wish(hashed, item, 1, f"e{place}")) for place in range(2)),
            lambda session, hashed=hashed: passes_of_session(session, hashed, stage.island, stage.clock),
            lambda session, hashed=hashed: forget_member(session, hashed, "f", stage.island, stage.clock),
        ]
        at_once(stage, wishes)
        assert stage.rows(f"SELECT available, held FROM member_balances WHERE member_id = {member}") == [(0, 0)]
        for table in ("member_sessions", "member_passes"):
            assert stage.rows(f"SELECT count(*) FROM {table} WHERE member_id = {member}") == [(0,)]
    assert found(stage.engine) == []


def _scan(session: Session, stage: Stage, scan: Scan) -> object:
    return record_scan(session, scan, stage.island, stage.clock)


def _exchange(session: Session, stage: Stage, wish: Wish) -> object:
    return exchange_points(session, wish, stage.island, stage.clock)


def test_who_signs_in_at_that_moment_is_the_old_member_before_or_a_new_one_after(stage: Stage) -> None:
    for number in range(ROUNDS):
        wechat = Stranger(f"lan-{number}")
        first = sign_in_by_code(stage.session, wechat, "-", Phone(), None, stage.clock)
        hashed = token_hash(first.token)
        sign_in = partial(sign_in_by_code, wechat=wechat, code="-", phone=Phone(), carried=None, clock=stage.clock)
        forget = partial(forget_member, token_hash=hashed, key="f", island=stage.island, clock=stage.clock)
        done = at_once(stage, [sign_in, sign_in, forget, sign_in])
        assert done == {"done": 4}
        assert stage.rows(f"SELECT count(*) FROM member_sessions WHERE member_id = {first.member_id}") == [(0,)]
        assert stage.rows(f"SELECT count(*) FROM member_identities WHERE subject = 'lan-{number}'")[0][0] in (0, 1)
    assert found(stage.engine) == []
