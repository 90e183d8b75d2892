"""Many accounts on one phone wait for a person, a family of four does not; in any order and at one moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books import facts, prepared
from miniprogram_api.books.prepared import Rows, Statement, execute_all
from miniprogram_api.commands.jobs import Runner
from miniprogram_api.domain.calendar import DAY_SECONDS, period_number
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.models import MemberSession, PhoneMember
from miniprogram_api.queries.notices import NoticeSearch, notice_page, notice_read
from miniprogram_api.services.earning import Scan, Scanned, record_scan
from miniprogram_api.services.fair_use import PHONES_KEPT_SECONDS
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage, token_hash
from tests.miniprogram_api.journals import Machine, reasons
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_readings import card_of, read
from tests.miniprogram_api.services.test_reviews import accept
from tests.miniprogram_api.test_races import check_books

REFILL, CLEAN_PLATE, TREE_CARE = 9, 6, 23
FAMILY = ("mei", "bo", "an", "lei")
TODAY, THIS_MONTH = period_number("day", NOON), period_number("month", NOON)


@pytest.fixture(autouse=True)
def books(stage: Stage) -> Iterator[None]:
    """Whatever happens, the books agree afterwards."""
    yield
    check_books(stage)


def signs_in(stage: Stage, who: str, phone: str = "one", kind: str = "visitor") -> str:
    """A member on this phone, new where the cast doesn't know them."""
    if who not in stage.members:
        stage.member(who, kind)
    mine = MemberSession.token_hash == token_hash(who)
    with stage.engine.begin() as connection:
        connection.execute(update(MemberSession).where(mine).values(device=phone))
    return who


@pytest.fixture
def family(stage: Stage) -> tuple[str, ...]:
    return tuple(signs_in(stage, who) for who in FAMILY)


def refill(stage: Stage, who: str, **more: object) -> tuple[object, object]:
    act = stage.scan(who, stage.code(REFILL, **more)).act  # type: ignore[arg-type]  # by name
    return act["state"], act["reason"]


def on_phone(stage: Stage, period: int = TODAY) -> list[tuple[object, ...]]:
    return stage.rows(f"SELECT number, member_id FROM phone_members WHERE period = {period} ORDER BY number")


def notices(stage: Stage) -> list[tuple[str, dict[str, object]]]:
    rows = stage.rows("SELECT subject_id, details FROM notices WHERE kind = 'shared_phone' ORDER BY raised_at, id")
    names = {number: name for name, number in stage.members.items()}
    return [(names[int(str(member))], json.loads(str(details))) for member, details in rows]


def test_a_family_of_four_earns_on_one_phone_all_day(stage: Stage, family: tuple[str, ...]) -> None:
    for scene in (REFILL, CLEAN_PLATE, TREE_CARE):
        stage.clock.advance(1800)
        for who in family:
            assert stage.scan(who, stage.code(scene)).act["state"] == "credited"
    assert on_phone(stage) == [(place, stage.members[who]) for place, who in enumerate(family, 1)]
    assert notices(stage) == []


def test_the_fifth_waits_reads_why_and_the_staff_are_told_once(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    signs_in(stage, "xu")
    assert refill(stage, "xu") == ("pending", "phone_members")
    assert stage.scan("xu", stage.code(CLEAN_PLATE)).act["reason"] == "phone_members"
    assert stage.balance("xu") == (0, 0, 0)
    assert len(on_phone(stage)) == 4
    members = [f"{stage.members[who]:016x}" for who in family]
    assert notices(stage) == [("xu", {"period": TODAY, "members": members})]
    assert refill(stage, signs_in(stage, "yan")) == ("pending", "phone_members")
    assert {who for who, _ in notices(stage)} == {"xu", "yan"}


def test_another_day_and_another_phone_begin_anew(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    signs_in(stage, "xu")
    assert refill(stage, "xu")[0] == "pending"
    signs_in(stage, "xu", "another phone")
    assert refill(stage, "xu")[0] == "credited"
    signs_in(stage, "yan")
    stage.clock.advance(DAY_SECONDS)
    assert refill(stage, "yan")[0] == "credited"


def test_a_phone_that_says_nothing_of_itself_is_no_phone(stage: Stage) -> None:
    for number in range(6):
        stage.member(f"old phone {number}")
        assert refill(stage, f"old phone {number}")[0] == "credited"
    assert stage.count("phone_members") == 0


def test_guests_one_after_the_other_wait_from_the_fifth_of_a_month_on(stage: Stage) -> None:
    for number in range(4):
        assert refill(stage, signs_in(stage, f"guest {number}", kind="guest"))[0] == "credited"
        stage.clock.advance(DAY_SECONDS)
    fifth = signs_in(stage, "guest 5", kind="guest")
    assert refill(stage, fifth) == ("pending", "phone_guests")
    assert refill(stage, signs_in(stage, "xu"))[0] == "credited", "a member with WeChat is no guest"
    assert len(on_phone(stage, THIS_MONTH)) == 4
    stage.clock.advance(10 * DAY_SECONDS)
    assert refill(stage, fifth)[0] == "credited", "in the next month"


def test_a_guardian_hands_in_the_tickets_of_three_children(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    for child in (1, 2, 3):
        act = stage.scan("mei", stage.code(REFILL, KIND_TICKET), companion=child).act
        assert (act["state"], act["companion"]) == ("credited", child)
    assert len(on_phone(stage)) == 4


def test_what_brings_nothing_takes_no_place(stage: Stage) -> None:
    while refill(stage, "mei")[0] == "credited":
        stage.clock.advance(3600)
    stage.clock.advance(3600)
    assert refill(stage, signs_in(stage, "mei"))[0] == "capped"
    assert stage.count("phone_members") == 0


def test_an_act_counts_for_the_day_on_which_it_was_done(stage: Stage, family: tuple[str, ...]) -> None:
    yesterday = stage.clock.now()
    tickets = [stage.code(REFILL, KIND_TICKET) for _ in range(5)]
    stage.clock.advance(DAY_SECONDS)
    signs_in(stage, "xu")
    states = [stage.scan(who, ticket).act["state"] for who, ticket in zip((*family, "xu"), tickets, strict=True)]
    assert states == ["credited"] * 4 + ["pending"]
    assert len(on_phone(stage, period_number("day", yesterday))) == 4
    assert refill(stage, "xu")[0] == "credited"


def test_member_codes_of_one_phone_count_however_they_are_read(stage: Stage, family: tuple[str, ...]) -> None:
    signs_in(stage, "xu")
    for who in family[:2]:
        assert [line.result for line in read(stage, stage.member_code(who), (REFILL, 1), (CLEAN_PLATE, 1)).lines] == [
            "credited",
            "credited",
        ]
    for who in family[2:]:
        refill(stage, who)
    both = read(stage, stage.member_code("xu"), (REFILL, 1), (CLEAN_PLATE, 1)).lines
    assert [line.result for line in both] == ["pending", "pending"]
    assert [who for who, _ in notices(stage)] == ["xu"]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 2, 0, 3, 1)])
def test_a_journal_that_comes_a_week_late_credits_four_in_whatever_order(
    stage: Stage, family: tuple[str, ...], order: tuple[int, ...]
) -> None:
    pier = Machine(stage)
    first = pier.start()
    everybody = (*family, signs_in(stage, "xu"))
    documents = [pier.read(stage.member_code(who), (CLEAN_PLATE, 1)) for who in everybody]
    stage.clock.advance(7 * DAY_SECONDS)
    pier.upload([first])
    for place in order[:2]:
        pier.upload([documents[place]])
    pier.upload([documents[place] for place in order[2:]])
    states = stage.rows("SELECT state, COUNT(*) FROM acts GROUP BY state ORDER BY state")
    assert states == [("credited", 4), ("pending", 1)]
    assert [reason for reason in reasons(stage) if reason] == ["phone_members"]
    assert len(notices(stage)) == 1


def test_a_card_is_on_no_phone(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    signs_in(stage, "xu")
    assert read(stage, card_of(stage, "xu"), (CLEAN_PLATE, 1)).lines[0].result == "credited"


def test_a_ticket_without_a_time_takes_its_place_when_it_is_handed_in(stage: Stage, family: tuple[str, ...]) -> None:
    pier = Machine(stage, slow_by=NOON, trusted=False)
    pier.start()
    tickets = [stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0) for _ in range(5)]
    for ticket in tickets:
        pier.issued(ticket)
    signs_in(stage, "xu")
    handed_in = [stage.scan(who, ticket).act["reason"] for who, ticket in zip((*family, "xu"), tickets, strict=True)]
    assert handed_in == ["clock_untrusted"] * 4 + ["phone_members"]
    pier.upload()
    states = stage.rows("SELECT member_id, state FROM acts WHERE entry_id IS NOT NULL")
    assert {state for _, state in states} == {"credited"}
    assert {member for member, _ in states} == {stage.members[who] for who in family}


def test_of_eight_at_one_moment_exactly_four_earn(stage: Stage) -> None:
    names = [signs_in(stage, f"guest {number}") for number in range(8)]
    for round_number in range(3):
        codes = {who: stage.code(REFILL) for who in names}

        def scan(who: str, codes: dict[str, str], session: Session) -> Scanned:
            return record_scan(session, Scan(token_hash(who), codes[who]), stage.island, stage.clock)

        assert at_once(stage, [partial(scan, who, codes) for who in names]) == {"done": 8}
        states = stage.rows(f"SELECT state, COUNT(*) FROM acts WHERE recorded_at = {stage.clock.now()} GROUP BY state")
        assert sorted(states) == [("credited", 4), ("pending", 4)], round_number
        stage.clock.advance(DAY_SECONDS)


def test_in_every_order_of_five_the_last_one_waits(stage: Stage) -> None:
    names = [signs_in(stage, name) for name in (*FAMILY, "xu")]
    for order in list(permutations(names))[::29]:
        assert [refill(stage, who)[0] for who in order] == ["credited"] * 4 + ["pending"]
        stage.clock.advance(DAY_SECONDS)


def test_a_person_who_has_looked_may_accept_it(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    waiting = stage.scan(signs_in(stage, "xu"), stage.code(REFILL)).act["id"]
    outcome = accept(stage, int(str(waiting)), Decider(stage.clerk("lin"), any_points=True))
    assert (outcome.state, stage.balance("xu")[0] > 0) == ("credited", True)
    assert len(on_phone(stage)) == 4


def test_the_notice_names_who_earned_and_what_waits(stage: Stage, family: tuple[str, ...]) -> None:
    for who in family:
        refill(stage, who)
    refill(stage, signs_in(stage, "xu"))
    stage.session.rollback()
    [listed] = notice_page(stage.session, NoticeSearch(kind="shared_phone"), "en", stage.clock.now())["data"]
    assert (listed["period"], listed["kiosk"], listed["places"]) == ("2026-11-22", None, [])
    number = int(listed["id"], 16)
    shown = notice_read(stage.session, number, stage.island.directory, "en", stage.clock.now())
    assert shown is not None
    assert [member["nickname"] for member in shown["members"]] == [*family, "xu"]
    assert [act["state"] for act in shown["acts"]] == ["pending"]


def test_phones_are_forgotten_after_two_months(stage: Stage, family: tuple[str, ...]) -> None:
    refill(stage, "mei")
    stage.clock.advance(PHONES_KEPT_SECONDS)
    refill(stage, "bo")
    assert stage.count("phone_members") == 2
    stage.clock.advance(1)
    Runner(stage.engine, stage.clock, "one").run_all()
    assert stage.rows("SELECT member_id FROM phone_members") == [(stage.members["bo"],)]


@pytest.mark.parametrize(
    "row",
    [
        {"number": 0, "member_id": 1},
        {"number": 1, "member_id": 2},
        {"number": 2, "member_id": 1},
        {"number": 3, "member_id": 999},
    ],
)
def test_the_database_keeps_each_number_and_each_member_once(stage: Stage, row: dict[str, int]) -> None:
    """A number below one, one that is taken, a member twice, nobody."""
    whose = {1: stage.members["mei"], 2: stage.members["bo"], 999: 999}
    phone = {"phone": "one", "period": TODAY, "created_at": NOON}
    with stage.engine.begin() as connection:
        connection.execute(insert(PhoneMember).values(**phone, number=1, member_id=stage.members["mei"]))
    bad = {**phone, "number": row["number"], "member_id": whose[row["member_id"]]}
    with pytest.raises(IntegrityError), stage.engine.begin() as connection:
        connection.execute(insert(PhoneMember).values(bad))
    assert stage.count("phone_members") == 1


def test_a_scan_has_no_statement_more_for_it(
    stage: Stage, family: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the first act of the day writes the number it takes, in the transaction that is there anyway."""

    def statements(who: str, scene: int) -> int:
        code = stage.code(scene)
        sent: list[object] = []

        def noting(connection: Connection, texts: Sequence[Statement]) -> list[Rows]:
            sent.extend(texts)
            return execute_all(connection, texts)

        with monkeypatch.context() as patch:
            patch.setattr(facts, "execute_all", noting)
            patch.setattr(prepared, "execute_all", noting)
            assert stage.scan(who, code).act["state"] == "credited"
        return len(sent)

    stage.member("nobody's phone")
    refill(stage, "bo")  # now the rules are known
    without = statements("nobody's phone", REFILL)
    first, later = statements("mei", REFILL), statements("mei", CLEAN_PLATE)
    assert without == {"postgresql": 2, "sqlite": 9}[stage.engine.dialect.name]
    assert later == without
    assert first == without + (stage.engine.dialect.name == "sqlite")
