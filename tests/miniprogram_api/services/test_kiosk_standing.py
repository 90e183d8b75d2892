"""Kiosks: invited by two people, stopped by one at once, and what their codes and journals are worth then."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.kiosk_changes import INVITED, LOST, RESUMED, RETIRED, ROTATED, SUSPENDED
from miniprogram_api.domain.refusals import CodeExpired, InvalidFields, KioskSuspended, NotAllowed, NotFound
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN
from miniprogram_api.services.kiosk_invitations import (
    AGREED_SECONDS,
    INVITATION_SECONDS,
    agreed_until,
    ask_for_kiosk,
    end_invitation,
    show_invitation,
)
from miniprogram_api.services.kiosk_standing import Wish, change_kiosk, decide_kiosk_change
from miniprogram_api.services.kiosks import provision_kiosk
from miniprogram_api.services.version_decisions import Verdict
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.journals import Machine, reasons

REFILL, CLEAN_PLATE, TREE_CARE = 9, 6, 23
HOUR = 3_600


def change(stage: Stage, what: str, by: int, since: int | None = None, kiosk: int = PIER) -> int:
    wish = Wish(what, "seen on the round", by, since)
    return change_kiosk(stage.session, kiosk, wish, stage.island, stage.clock)


def decide(stage: Stage, version: int, decision: str, by: int, kiosk: int = PIER) -> None:
    verdict = Verdict(decision, by, "" if decision == APPROVED else "not so")
    decide_kiosk_change(stage.session, kiosk, version, verdict, stage.island, stage.clock)


def agreed(stage: Stage, lin: int, wen: int, kiosk: int = PIER) -> None:
    decide(stage, change(stage, INVITED, lin, kiosk=kiosk), APPROVED, wen, kiosk)


def shown(stage: Stage, by: int, kiosk: int = PIER) -> str:
    return show_invitation(stage.session, kiosk, by, stage.island, stage.clock).code


def provision(stage: Stage, code: str, key: bytes | None = None) -> int:
    public = public_key_of(key or generate_private_key())
    return int(provision_kiosk(stage.session, code, public, stage.island, stage.clock)["epoch"])


def state(stage: Stage, kiosk: int = PIER) -> tuple[object, ...]:
    return stage.rows(f"SELECT state, state_since FROM kiosks WHERE id = {kiosk}")[0]


def why(refusal: pytest.ExceptionInfo[NotAllowed]) -> str:
    return str(refusal.value.helps["why"])


def ticket(stage: Stage, **more: object) -> str:
    return stage.code(REFILL, KIND_TICKET, **more)


def test_a_kiosk_is_there_for_a_machine_only_when_two_people_agreed(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    kiosk = ask_for_kiosk(stage.session, "island-pier", "pier-2", "more guests", lin, stage.clock)
    with pytest.raises(NotAllowed) as early:
        shown(stage, lin, kiosk)
    with pytest.raises(NotAllowed) as own:
        decide(stage, 1, APPROVED, lin, kiosk)
    assert (why(early), why(own), stage.count("kiosk_invitations")) == ("no_invitation", "own_request", 0)
    decide(stage, 1, APPROVED, wen, kiosk)
    assert provision(stage, shown(stage, lin, kiosk)) == 1
    assert state(stage, kiosk) == ("active", stage.clock.now())
    acts = [act for (act,) in stage.rows("SELECT act FROM audit_events WHERE object = 'kiosk:2' ORDER BY id")]
    assert acts == ["kiosk_invitation_asked", "kiosk_invitation_approved", "kiosk_invited", "kiosk_provisioned"]
    assert stage.rows("SELECT asked_by, decided_by FROM approvals WHERE subject = 'kiosk'") == [(lin, wen)]


@pytest.mark.parametrize(("decision", "who"), [(REJECTED, "wen"), (WITHDRAWN, "lin")])
def test_a_kiosk_that_nobody_agreed_to_never_comes_to_be(stage: Stage, decision: str, who: str) -> None:
    people = {name: stage.clerk(name) for name in ("lin", "wen")}
    kiosk = ask_for_kiosk(stage.session, "island-pier", "pier-2", "more guests", people["lin"], stage.clock)
    decide(stage, 1, decision, people[who], kiosk)
    assert state(stage, kiosk)[0] == "retired"
    with pytest.raises(NotAllowed):
        change(stage, INVITED, people["lin"], kiosk=kiosk)


def test_a_place_that_is_none_and_a_name_that_is_taken_get_no_kiosk(stage: Stage) -> None:
    lin = stage.clerk("lin")
    with pytest.raises(InvalidFields):
        ask_for_kiosk(stage.session, "nowhere", "pier-2", "-", lin, stage.clock)
    with pytest.raises(NotAllowed) as taken:
        ask_for_kiosk(stage.session, "island-pier", "island-pier", "-", lin, stage.clock)
    assert (why(taken), stage.count("kiosks")) == ("kiosk_name_taken", 1)


def test_a_short_code_is_good_for_half_an_hour_once_and_until_the_next_is_shown(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    agreed(stage, lin, wen)
    first = shown(stage, lin)
    second = shown(stage, wen)
    with pytest.raises(NotAllowed) as gone:
        provision(stage, first)
    stage.clock.advance(INVITATION_SECONDS)
    with pytest.raises(CodeExpired):
        provision(stage, second)
    assert why(gone) == "invitation_withdrawn"
    assert provision(stage, shown(stage, lin)) == 2
    with pytest.raises(NotAllowed) as used:
        shown(stage, lin)
    assert why(used) == "no_invitation"
    assert stage.count("kiosk_keys") == 2


def test_what_two_people_agreed_on_lasts_a_day(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    agreed(stage, lin, wen)
    assert agreed_until(stage.session, PIER, stage.clock) == stage.clock.now() + AGREED_SECONDS
    stage.clock.advance(AGREED_SECONDS - 1)
    shown(stage, lin)
    stage.clock.advance(1)
    assert agreed_until(stage.session, PIER, stage.clock) is None
    with pytest.raises(NotAllowed):
        shown(stage, lin)


@pytest.mark.parametrize("what", ["end", SUSPENDED, LOST, RETIRED])
def test_an_invitation_that_was_shown_is_over_when_it_is_ended_or_the_kiosk_stops(stage: Stage, what: str) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    agreed(stage, lin, wen)
    code = shown(stage, lin)
    if what == "end":
        end_invitation(stage.session, PIER, "wrong place", wen, stage.island, stage.clock)
    else:
        change(stage, what, wen)
    with pytest.raises(NotAllowed):
        provision(stage, code)
    with pytest.raises(NotAllowed):
        shown(stage, lin)
    assert stage.count("kiosk_keys") == 1


def test_a_code_shown_before_the_journal_suspended_the_kiosk_is_not_taken(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    agreed(stage, lin, wen)
    code = shown(stage, lin)
    stage.clock.advance(1)
    with stage.engine.begin() as connection:  # as services.journal_chains does it
        connection.exec_driver_sql(f"UPDATE kiosks SET state = 'suspended', state_since = {stage.clock.now()}")
    for attempt in (lambda: provision(stage, code), lambda: shown(stage, lin)):
        with pytest.raises(NotAllowed):
            attempt()


def test_one_person_suspends_at_once_and_two_let_it_work_again(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    change(stage, SUSPENDED, lin)
    with pytest.raises(KioskSuspended):
        stage.scan("mei", stage.code(REFILL))
    version = change(stage, RESUMED, lin)
    with pytest.raises(NotAllowed) as own:
        decide(stage, version, APPROVED, lin)
    with pytest.raises(NotAllowed) as twice:
        change(stage, RESUMED, wen)
    assert (why(own), why(twice), state(stage)[0]) == ("own_request", "version_waiting", "suspended")
    decide(stage, version, APPROVED, wen)
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"


def test_what_does_not_fit_the_state_is_refused_and_changes_nothing(stage: Stage) -> None:
    lin = stage.clerk("lin")
    with pytest.raises(NotAllowed) as resumed:
        change(stage, RESUMED, lin)
    with pytest.raises(NotFound):
        change(stage, SUSPENDED, lin, kiosk=99)
    change(stage, RETIRED, lin)
    for what in (INVITED, SUSPENDED, LOST, RETIRED, ROTATED):
        with pytest.raises(NotAllowed) as refused:
            change(stage, what, lin)
        assert why(refused) == "kiosk_state"
    assert (why(resumed), stage.count("kiosk_changes")) == ("kiosk_state", 1)


def test_a_kiosk_is_not_lost_in_the_future_or_before_time(stage: Stage) -> None:
    lin = stage.clerk("lin")
    for since in (stage.clock.now() + 1, -1):
        with pytest.raises(InvalidFields):
            change(stage, LOST, lin, since=since)
    assert state(stage)[0] == "active"


def test_of_a_lost_kiosk_codes_count_that_were_journaled_before_and_no_others(stage: Stage) -> None:
    """code | made | journaled | becomes"""
    lin, machine = stage.clerk("lin"), Machine(stage)
    machine.start()
    known, unknown = ticket(stage), ticket(stage)
    machine.issued(known)
    machine.upload()
    stage.clock.advance(HOUR)
    lost_at = stage.clock.now()
    after = ticket(stage)
    stage.clock.advance(HOUR)
    change(stage, LOST, lin, since=lost_at)
    assert state(stage) == ("lost", lost_at)
    with pytest.raises(KioskSuspended):
        stage.scan("mei", after)
    assert stage.scan("mei", known).act["state"] == "credited"
    waits = stage.scan("bo", unknown).act
    assert (waits["state"], waits["reason"]) == ("pending", "kiosk_lost")


def test_a_lost_kiosks_late_journal_is_refused_from_then_on_and_waits_before(stage: Stage) -> None:
    lin, machine = stage.clerk("lin"), Machine(stage)
    machine.start()
    machine.heartbeat()
    machine.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(HOUR)
    change(stage, LOST, lin)
    stage.clock.advance(60)
    machine.read(stage.member_code("bo"), (REFILL, 1))
    assert machine.results() == ["credited", "pending", "refused:kiosk_suspended"]
    assert reasons(stage) == ["kiosk_lost"]
    assert stage.balance("mei") == stage.balance("bo") == (0, 0, 0)


def test_a_thiefs_key_stays_barred_when_the_kiosk_has_a_new_one(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    thief = Machine(stage)
    thief.start()
    change(stage, LOST, lin)
    agreed(stage, lin, wen)
    key = generate_private_key()
    assert provision(stage, shown(stage, lin), key) == 2
    stage.clock.advance(HOUR)
    stolen = stage.code(REFILL)
    with pytest.raises(KioskSuspended):
        stage.scan("mei", stolen)
    thief.read(stage.member_code("mei"), (REFILL, 1))
    assert thief.results()[-1] == "refused:kiosk_suspended"
    stage.kiosk_key = key
    assert stage.scan("mei", stage.code(REFILL, epoch=2)).act["state"] == "credited"


def test_a_copied_key_stays_barred_when_the_kiosk_has_a_new_one(stage: Stage) -> None:
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    before = ticket(stage)
    stage.clock.advance(1)
    change(stage, SUSPENDED, lin)
    agreed(stage, lin, wen)
    provision(stage, shown(stage, lin))
    stage.clock.advance(HOUR)
    with pytest.raises(KioskSuspended):
        stage.scan("mei", ticket(stage))
    assert stage.scan("mei", before).act["state"] == "credited"


def test_a_lost_kiosk_that_is_retired_stays_lost_since_then(stage: Stage) -> None:
    lin = stage.clerk("lin")
    stage.clock.advance(60)
    change(stage, LOST, lin)
    stage.clock.advance(60)
    stolen = ticket(stage)
    stage.clock.advance(60)
    change(stage, RETIRED, lin)
    with pytest.raises(KioskSuspended):
        stage.scan("mei", stolen)


def test_a_retired_kiosks_tickets_from_before_count_and_new_ones_do_not(stage: Stage) -> None:
    before = ticket(stage)
    stage.clock.advance(1)
    change(stage, RETIRED, stage.clerk("lin"))
    with pytest.raises(KioskSuspended):
        stage.scan("bo", ticket(stage))
    assert stage.scan("mei", before).act["state"] == "credited"


def test_a_retired_kiosks_journal_is_taken_for_thirty_days(stage: Stage) -> None:
    machine = Machine(stage)
    machine.start()
    machine.heartbeat()
    machine.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(1)
    change(stage, RETIRED, stage.clerk("lin"))
    stage.clock.advance(29 * 24 * HOUR)
    assert machine.results() == ["credited", "credited"]
    machine.read(stage.member_code("bo"), (REFILL, 1))
    stage.clock.advance(24 * HOUR + 1)
    assert machine.results()[-1] == "refused:kiosk_suspended"
