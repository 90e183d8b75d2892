"""One's own account: a password of one's own, a second factor that can't be replayed, recovery codes that work once."""

from __future__ import annotations

import pyotp
import pytest
from apiflask import APIFlask

from miniprogram_api.domain.permissions import BEFORE_SECOND_FACTOR
from miniprogram_api.services.appointments import NewPerson, appoint_person
from miniprogram_api.services.passwords import WRONG_TRIES_MAX
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import answered, refused
from tests.miniprogram_api.routes.staff.test_people import OWN, PASSWORD, Desk


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    """Lin at the own desk, without a second factor yet."""
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "operator", None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


def enrol(lin: Desk, stage: Stage) -> tuple[pyotp.TOTP, list[str]]:
    """Lin takes a second factor; answers the authenticator and the recovery codes."""
    made = answered(lin("POST", "account/second-factor", {"password": PASSWORD}), 201)
    authenticator = pyotp.TOTP(made["secret"])
    digits = authenticator.at(stage.clock.now())
    codes = answered(lin("POST", "account/second-factor/confirmation", {"totp": digits}), 201)["recovery_codes"]
    return authenticator, codes


def test_the_second_factor_holds_once_it_is_confirmed(app: APIFlask, lin: Desk, stage: Stage) -> None:
    made = answered(lin("POST", "account/second-factor", {"password": PASSWORD}), 201)
    assert made["link"].startswith("otpauth://totp/Tanyu:lin?secret=" + made["secret"])
    refused(lin("POST", "account/second-factor/confirmation", {"totp": "000000"}), 403, "not_allowed")
    answered(Desk(app).sign_in("lin"), 201)
    enrol(lin, stage)
    assert refused(Desk(app).sign_in("lin"), 401, "not_signed_in")["why"] == "totp_missing"
    assert answered(lin("GET", "account")).items() >= {"second_factor": True, "recovery_codes_left": 10}.items()


def test_confirming_without_having_begun_is_refused(lin: Desk) -> None:
    refused(lin("POST", "account/second-factor/confirmation", {"totp": "123456"}), 404, "not_found")
    refused(lin("POST", "account/recovery-codes", {"password": PASSWORD}), 404, "not_found")


def test_digits_are_taken_once_and_older_ones_never_again(app: APIFlask, lin: Desk, stage: Stage) -> None:
    authenticator, _ = enrol(lin, stage)
    used = authenticator.at(stage.clock.now())
    assert refused(Desk(app).sign_in("lin", totp=used), 401, "not_signed_in")["why"] == "totp"
    stage.clock.advance(60)
    fresh, older = authenticator.at(stage.clock.now()), authenticator.at(stage.clock.now() - 30)
    answered(Desk(app).sign_in("lin", totp=fresh), 201)
    for replayed in (fresh, older):
        assert refused(Desk(app).sign_in("lin", totp=replayed), 401, "not_signed_in")["why"] == "totp"


def test_a_recovery_code_stands_in_for_the_authenticator_once(app: APIFlask, lin: Desk, stage: Stage) -> None:
    _, codes = enrol(lin, stage)
    assert len(set(codes)) == 10
    typed = codes[0].lower().replace("-", " ")
    answered(Desk(app).sign_in("lin", recovery_code=typed), 201)
    again = refused(Desk(app).sign_in("lin", recovery_code=codes[0]), 401, "not_signed_in")
    assert again["why"] == "staff_recovery_code"
    assert answered(lin("GET", "account"))["recovery_codes_left"] == 9
    stored = str(stage.rows("SELECT * FROM recovery_codes"))
    assert all(code not in stored and code.replace("-", "") not in stored for code in codes)


def test_new_recovery_codes_make_the_old_ones_worthless(app: APIFlask, lin: Desk, stage: Stage) -> None:
    _, old = enrol(lin, stage)
    fresh = answered(lin("POST", "account/recovery-codes", {"password": PASSWORD}), 201)["recovery_codes"]
    assert Desk(app).sign_in("lin", recovery_code=old[1]).status_code == 401
    answered(Desk(app).sign_in("lin", recovery_code=fresh[1]), 201)


def test_a_recovery_code_without_the_password_opens_nothing(app: APIFlask, lin: Desk, stage: Stage) -> None:
    _, codes = enrol(lin, stage)
    assert refused(Desk(app).sign_in("lin", "wrong", recovery_code=codes[0]), 401, "not_signed_in")["why"] == "login"
    answered(Desk(app).sign_in("lin", recovery_code=codes[0]), 201)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(app: APIFlask, lin: Desk) -> None:
    other = Desk(app)
    answered(other.sign_in("lin"), 201)
    assert lin("POST", "account/password", {"current": PASSWORD, "fresh": OWN}).status_code == 204
    answered(lin("GET", "today"))
    refused(other("GET", "today"), 401, "not_signed_in")
    assert Desk(app).sign_in("lin").status_code == 401
    answered(Desk(app).sign_in("lin", OWN), 201)


def test_a_new_password_is_long_and_new_and_the_old_one_is_asked_for(lin: Desk) -> None:
    change = "account/password"
    refused(lin("POST", change, {"current": PASSWORD, "fresh": "eleven-char"}), 422, "invalid_fields")
    same = refused(lin("POST", change, {"current": PASSWORD, "fresh": PASSWORD}), 403, "not_allowed")
    assert same["why"] == "same_password"
    wrong = refused(lin("POST", change, {"current": "wrong", "fresh": OWN}), 403, "not_allowed")
    assert wrong["why"] == "password"
    answered(lin("GET", "today"))


def test_guessing_the_password_at_an_open_console_locks_it(lin: Desk) -> None:
    for _ in range(WRONG_TRIES_MAX):
        lin("POST", "account/second-factor", {"password": "wrong"})
    refused(lin("POST", "account/second-factor", {"password": PASSWORD}), 429, "too_many_tries")


def test_no_secret_is_in_the_audit_trail(app: APIFlask, lin: Desk, stage: Stage) -> None:
    authenticator, codes = enrol(lin, stage)
    lin("POST", "account/password", {"current": PASSWORD, "fresh": OWN})
    said = str(stage.rows("SELECT * FROM audit_events"))
    assert all(act in said for act in ("second_factor_begun", "second_factor_confirmed", "password_changed"))
    assert not any(secret in said for secret in (authenticator.secret, PASSWORD, OWN, *codes))


DECIDING = ["approver", "finance", "administrator"]


@pytest.mark.parametrize("role", DECIDING)
def test_who_decides_can_only_set_up_a_second_factor_before_anything_else(
    app: APIFlask, stage: Stage, role: str
) -> None:
    appoint_person(stage.session, NewPerson("wen", "文", PASSWORD, role, None), "system:test", stage.clock)
    wen = Desk(app, enrolled=False)
    session = answered(wen.sign_in("wen"), 201)
    assert session["must_set_second_factor"]
    assert set(session["may"]) == BEFORE_SECOND_FACTOR
    for method, path in (("GET", "today"), ("GET", "people"), ("GET", "sessions"), ("POST", "account/recovery-codes")):
        assert refused(wen(method, path, {}), 403, "not_allowed")["why"] == "second_factor_needed", path
    enrol(wen, stage)
    session = answered(wen("GET", "sessions/current"))
    assert (session["must_set_second_factor"], "staff_read_today" in session["may"]) == (False, True)
    answered(wen("GET", "today"))


def test_a_second_factor_that_was_begun_and_not_confirmed_opens_nothing(app: APIFlask, stage: Stage) -> None:
    appoint_person(stage.session, NewPerson("wen", "文", PASSWORD, "approver", None), "system:test", stage.clock)
    wen = Desk(app, enrolled=False)
    answered(wen.sign_in("wen"), 201)
    answered(wen("POST", "account/second-factor", {"password": PASSWORD}), 201)
    assert refused(wen("GET", "today"), 403, "not_allowed")["why"] == "second_factor_needed"


def test_a_role_that_decides_asks_for_the_second_factor_from_the_next_call_on(
    app: APIFlask, lin: Desk, stage: Stage
) -> None:
    answered(lin("GET", "today"))
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person_roles SET role = 'finance'")
    assert refused(lin("GET", "today"), 403, "not_allowed")["why"] == "second_factor_needed"
    enrol(lin, stage)
    answered(lin("GET", "today"))


def test_an_own_password_comes_before_the_second_factor(app: APIFlask, stage: Stage) -> None:
    once = NewPerson("wen", "文", PASSWORD, "approver", None, once_until=stage.clock.now() + 60)
    appoint_person(stage.session, once, "system:test", stage.clock)
    wen = Desk(app, enrolled=False)
    session = answered(wen.sign_in("wen"), 201)
    assert (session["must_change_password"], session["must_set_second_factor"]) == (True, True)
    begin = wen("POST", "account/second-factor", {"password": PASSWORD})
    assert refused(begin, 403, "not_allowed")["why"] == "password_change"
    assert wen("POST", "account/password", {"current": PASSWORD, "fresh": OWN}).status_code == 204
    assert refused(wen("GET", "today"), 403, "not_allowed")["why"] == "second_factor_needed"
