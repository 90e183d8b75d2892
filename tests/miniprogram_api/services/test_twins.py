"""Two codes on one counter: the first claim stands; each twin waits for a person, once, and the kiosk is suspended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import Writes
from miniprogram_api.domain.refusals import CodeAlreadyUsed, KioskSuspended
from miniprogram_api.migrations import downgrade, upgrade
from miniprogram_api.models import Act
from miniprogram_api.services.earning import Scan, record_scan
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import NOON, PIER, Stage, token_hash
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_reversals import whole

CLEAN_PLATE, FERRY = 6, 1
HOUR, ROUNDS = 3600, 5


def twin(stage: Stage, nonce: bytes = b"other!", scene: int = CLEAN_PLATE, **changes: object) -> str:
    """A ticket on the counter of the last code, printed before anybody noticed."""
    kind = changes.pop("kind", KIND_TICKET)
    assert isinstance(kind, int)
    counter = stage.counter
    made = stage.code(scene, kind, counter=counter, nonce=nonce, **{"issued_at": NOON - HOUR, **changes})
    stage.counter = counter
    return made


def first_and_twin(stage: Stage) -> tuple[str, str]:
    return stage.code(CLEAN_PLATE, KIND_TICKET), twin(stage)


def notice(stage: Stage) -> None:
    """A second later everybody knows how the kiosk stands."""
    stage.island.directory.forget()


def waiting(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT member_id FROM acts WHERE state = 'pending' AND reason = 'code_twin'")


def recorded(stage: Stage) -> tuple[object, ...]:
    return (stage.rows("SELECT id FROM acts ORDER BY id"), stage.count("entries"), stage.rows("SELECT * FROM kiosks"))


def test_a_twin_waits_once_and_then_it_is_used_by_its_member(stage: Stage) -> None:
    first, other = first_and_twin(stage)
    stage.scan("bo", first)
    waits = stage.scan("mei", other)
    assert (waits.act["state"], waits.act["reason"]) == ("pending", "code_twin")
    notice(stage)
    before = recorded(stage)
    for _ in range(2):
        stage.clock.advance(60)
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan("mei", other)
        assert refused.value.helps == {"activity": f"{waits.act['id']:016x}"}
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("mei", other, key="a key changes nothing")
    assert recorded(stage) == before
    assert whole(stage)


def test_a_twin_is_used_for_everybody_else_too(stage: Stage) -> None:
    first, other = first_and_twin(stage)
    stage.scan("bo", first)
    stage.scan("mei", other)
    stage.member("ada")
    before = recorded(stage)
    for who, companion in (("ada", 0), ("ada", 1), ("bo", 0)):  # bo had the first code, not this one
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan(who, other, companion=companion)
        assert refused.value.helps == {}
    assert recorded(stage) == before


def test_each_twin_of_many_waits(stage: Stage) -> None:
    stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET))
    others = [twin(stage, nonce) for nonce in (b"second", b"third.")]
    for code in others:
        assert stage.scan("mei", code).act["reason"] == "code_twin"
    assert len(waiting(stage)) == 2
    another_picture = twin(stage, b"second", issued_at=NOON - HOUR + 20)  # counter and nonce say which code it is
    for code in (*others, another_picture):
        with pytest.raises(CodeAlreadyUsed):
            stage.scan("mei", code)
    assert len(waiting(stage)) == 2


def test_the_first_claim_stands_beside_its_twins(stage: Stage) -> None:
    first, other = first_and_twin(stage)
    credited = stage.scan("bo", first)
    for nonce in (b"second", b"third.", b"fourth"):
        stage.scan("mei", twin(stage, nonce))
    with pytest.raises(CodeAlreadyUsed) as refused:
        stage.scan("bo", first)
    assert refused.value.helps == {"activity": f"{credited.act['id']:016x}"}
    assert (stage.balance("bo")[0], stage.balance("mei")[0], len(waiting(stage))) == (5, 0, 3)
    assert stage.scan("mei", other).act["state"] == "pending"


def test_a_member_may_hold_a_code_and_its_twin(stage: Stage) -> None:
    first, other = first_and_twin(stage)
    credited, waits = stage.scan("mei", first), stage.scan("mei", other)
    for code, scanned in ((first, credited), (other, waits)):
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan("mei", code)
        assert refused.value.helps == {"activity": f"{scanned.act['id']:016x}"}


def test_a_twin_of_a_group_code_waits_once_for_each_member(stage: Stage) -> None:
    stage.member("ada")
    code = stage.code(FERRY, KIND_GROUP)
    stage.scan("bo", code)
    other = twin(stage, scene=FERRY, kind=KIND_GROUP, issued_at=NOON)
    for who in ("mei", "ada"):
        assert stage.scan(who, other).act["reason"] == "code_twin"
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan(who, other)
        assert refused.value.helps
    assert len(waiting(stage)) == 2
    assert stage.scan("mei", code).act["state"] == "credited"  # the first code is still what it was


def test_a_later_twin_does_not_move_the_moment_of_the_suspension(stage: Stage) -> None:
    stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET))
    others = [twin(stage, nonce) for nonce in (b"second", b"third.")]
    stage.scan("mei", others[0])
    stage.clock.advance(60)
    between = stage.code(CLEAN_PLATE, KIND_TICKET)
    stage.clock.advance(60)
    notice(stage)
    stage.scan("mei", others[1])
    notice(stage)
    assert stage.rows("SELECT state, state_since FROM kiosks") == [("suspended", NOON)]
    with pytest.raises(KioskSuspended):
        stage.scan("mei", between)


def test_a_kiosk_that_is_lost_stays_lost_when_a_twin_turns_up(stage: Stage) -> None:
    stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET))
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE kiosks SET state = 'lost', state_since = {NOON - 60} WHERE id = {PIER}")
    notice(stage)
    assert stage.scan("mei", twin(stage)).act["reason"] == "code_twin"
    assert stage.rows("SELECT state, state_since FROM kiosks") == [("lost", NOON - 60)]


def scans(stage: Stage, who: str, code: str) -> Callable[[Session], object]:
    scan = Scan(token_hash(who), code)
    return lambda session: record_scan(session, scan, stage.island, stage.clock)


def test_one_twin_scanned_by_many_at_once_waits_once(stage: Stage) -> None:
    for _ in range(ROUNDS):
        first, other = first_and_twin(stage)
        stage.clock.advance(4 * HOUR)
        stage.scan("bo", first)
        before = len(waiting(stage))
        done = at_once(stage, [scans(stage, who, other) for who in ("mei", "mei", "mei", "bo", "bo")])
        assert done == {"done": 1, "code_already_used": 4}
        assert len(waiting(stage)) == before + 1
        reopen(stage)
    assert whole(stage)


def test_of_two_codes_on_one_counter_at_once_one_stands_and_the_other_waits(stage: Stage) -> None:
    for number in range(ROUNDS):
        first, other = stage.code(CLEAN_PLATE, KIND_TICKET), twin(stage, issued_at=stage.clock.now())
        names = [f"{name} {number}" for name in ("ada", "eve")]
        for name in names:
            stage.member(name)
        assert at_once(stage, [scans(stage, *each) for each in zip(names, (first, other), strict=True)]) == {"done": 2}
        assert sorted(stage.balance(name)[0] for name in names) == [0, 5]
        assert len(waiting(stage)) == number + 1
        reopen(stage)
    assert whole(stage)


STOPPED = "kiosk_suspended"  # whoever is later than the alarm, by a second or so
GROUP_AND_ANOTHER = [(KIND_GROUP, FERRY), (KIND_TICKET, CLEAN_PLATE)]


@pytest.mark.parametrize(("kind", "scene"), GROUP_AND_ANOTHER)
@pytest.mark.parametrize("group_first", [True, False])
def test_a_code_that_takes_a_group_codes_counter_while_it_is_judged_stands_and_the_other_waits(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, kind: int, scene: int, group_first: bool
) -> None:
    codes = [stage.code(FERRY, KIND_GROUP), twin(stage, scene=scene, kind=kind, issued_at=stage.clock.now())]
    first, second = codes if group_first else codes[::-1]
    write, between = Writes.commit, [scans(stage, "bo", first)]

    def commit(writes: Writes) -> None:
        """The first is booked between the reading and the writing of the second."""
        if between:
            with Session(stage.engine) as session:
                between.pop()(session)
        write(writes)

    monkeypatch.setattr(Writes, "commit", commit)
    waits = stage.scan("mei", second).act
    assert (waits["state"], waits["reason"]) == ("pending", "code_twin")
    assert (stage.balance("mei")[0], stage.balance("bo")[0] > 0, stage.count("entries")) == (0, True, 1)
    assert stage.rows("SELECT state FROM kiosks") == [("suspended",)]
    assert whole(stage)


@pytest.mark.parametrize(("kind", "scene"), GROUP_AND_ANOTHER)
def test_of_a_group_code_and_another_on_its_counter_at_once_one_stands(stage: Stage, kind: int, scene: int) -> None:
    for number in range(ROUNDS):
        stage.clock.advance(4 * HOUR)
        now = stage.clock.now()
        codes = [stage.code(FERRY, KIND_GROUP), twin(stage, scene=scene, kind=kind, issued_at=now)]
        names = [f"{name} {number}" for name in ("ada", "eve", "ida", "oda")]
        for name in names:
            stage.member(name)
        sent = [scans(stage, name, codes[place % 2]) for place, name in enumerate(names)]
        answers = at_once(stage, sent)
        assert set(answers) <= {"done", "code_already_used", STOPPED}
        assert answers["done"] >= 1
        booked = stage.rows(f"SELECT DISTINCT nonce FROM acts WHERE state = 'credited' AND counter = {stage.counter}")
        assert len(booked) == 1
        reopen(stage)
    assert whole(stage)


def test_one_member_gets_points_for_one_of_two_group_codes_on_a_counter(stage: Stage) -> None:
    for number in range(ROUNDS):
        stage.clock.advance(4 * HOUR)
        first = stage.code(FERRY, KIND_GROUP)
        other = twin(stage, scene=FERRY, kind=KIND_GROUP, issued_at=stage.clock.now())
        name = f"ada {number}"
        stage.member(name)
        assert at_once(stage, [scans(stage, name, code) for code in (first, other, first)]) in (
            {"done": 2, "code_already_used": 1},
            {"done": 2, "cool_down": 1},
            {"done": 2, STOPPED: 1},
        )
        assert stage.balance(name)[0] == 10
        reopen(stage)
    assert whole(stage)


def test_members_who_are_first_with_one_group_code_at_once_all_get_their_points(stage: Stage) -> None:
    names = ["mei", "bo", "ada"]
    stage.member("ada")
    code = stage.code(FERRY, KIND_GROUP)
    assert at_once(stage, [scans(stage, name, code) for name in names]) == {"done": 3}
    assert [stage.balance(name)[0] for name in names] == [10, 10, 10]
    for name in names:
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan(name, code)
        assert refused.value.helps
    assert stage.count("acts") == 3
    assert whole(stage)


def test_the_database_keeps_a_member_from_a_second_act_of_one_group_code(stage: Stage) -> None:
    act = stage.scan("mei", stage.code(FERRY, KIND_GROUP)).act
    again = {**act, "id": act["id"] ^ 1, "claimant": stage.members["mei"]}
    with pytest.raises((IntegrityError, AssertionError)), stage.engine.begin() as connection:
        assert connection.execute(insert(Act).values(**again)).rowcount  # SQLite leaves it out
    assert stage.count("acts") == 1


def reopen(stage: Stage) -> None:
    """Staff have looked, and the kiosk works again."""
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE kiosks SET state = 'active', state_since = state_since - 1")
    notice(stage)


def test_twins_of_before_keep_their_acts_and_wait_no_second_time(stage: Stage) -> None:
    stage.member("ada")
    stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET))
    tickets = [twin(stage, nonce) for nonce in (b"second", b"third.")]
    kept = [stage.scan("mei", code).act["id"] for code in tickets]
    stage.scan("bo", stage.code(FERRY, KIND_GROUP))
    group = twin(stage, scene=FERRY, kind=KIND_GROUP, issued_at=NOON)
    kept += [stage.scan(who, group).act["id"] for who in ("mei", "ada")]
    now = stage.rows("SELECT id, claimant FROM acts ORDER BY id")
    stage.session.rollback()
    downgrade(stage.engine, "20261127_daily_sums")
    assert stage.rows("SELECT id FROM acts WHERE claimant = id ORDER BY id") == [(one,) for one in sorted(kept)]
    recorded_twice(stage, kept[0])
    upgrade(stage.engine)
    assert stage.rows(f"SELECT id, claimant FROM acts WHERE id <> {kept[0] + 1} ORDER BY id") == now
    assert stage.rows(f"SELECT claimant FROM acts WHERE id = {kept[0] + 1}") == [(-(kept[0] + 1),)]
    for who, code, act in zip(("mei", "mei", "mei", "ada"), (*tickets, group, group), kept, strict=True):
        with pytest.raises(CodeAlreadyUsed) as refused:
            stage.scan(who, code)
        assert refused.value.helps["activity"] in (f"{act:016x}", f"{act + 1:016x}")
    assert whole(stage)


def recorded_twice(stage: Stage, act: int) -> None:
    """As it could be before a twin counted once: the same act a second later, with an id and claim of its own."""
    with stage.engine.connect() as connection:
        names = list(connection.exec_driver_sql("SELECT * FROM acts LIMIT 1").mappings().one())
    later = {"id": "id + 1", "claimant": "id + 1", "recorded_at": "recorded_at + 1"}
    columns = ", ".join(later.get(name, name) for name in names)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO acts ({', '.join(names)}) SELECT {columns} FROM acts WHERE id = {act}")
