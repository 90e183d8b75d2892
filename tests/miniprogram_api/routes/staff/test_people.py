"""People of the staff: an administrator looks after them, and everything they do is in the audit trail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pyotp
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from miniprogram_api.db import db, public_id
from miniprogram_api.domain.permissions import NEEDS_SECOND_FACTOR
from miniprogram_api.domain.refusals import NotAllowed
from miniprogram_api.models import Person, PersonRole
from miniprogram_api.routes.surroundings import surroundings
from miniprogram_api.services.appointments import NewPerson, appoint_person
from miniprogram_api.services.passwords import LOCK_SECONDS, WRONG_TRIES_MAX
from miniprogram_api.services.staffing import ONCE_SECONDS, Change, change_person
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, answered, refused

STAFF = f"{API}/staff"
PASSWORD, OWN = "correct horse", "correct horse battery"


SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238 appendix B, in Base32


class Desk:
    """A browser with its own cookies; it sends the token of its own page with each write.

    `enrolled`: who needs a second factor and has none is given the tests' one, and its digits are sent along.
    """

    def __init__(self, app: APIFlask, enrolled: bool = True) -> None:
        self.app, self.enrolled = app, enrolled
        self.client = app.test_client()
        self.csrf = ""

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
        if self.enrolled and not more:
            more = self._digits(login)
        answer = self.client.post(f"{STAFF}/sessions", json={"login": login, "password": password, **more})
        self.csrf = answer.get_json().get("csrf", "")
        return answer

    def _digits(self, login: str) -> dict[str, str]:
        with self.app.app_context(), db.engine.begin() as connection:
            trusted = select(PersonRole.person_id).where(PersonRole.role.in_(NEEDS_SECOND_FACTOR))
            without = (Person.login == login, Person.totp_secret.is_(None), Person.once_until.is_(None))
            connection.execute(update(Person).where(*without, Person.id.in_(trusted)).values(totp_secret=SECRET))
            # The clock of a test may stand still, and the same digits are taken once.
            known = update(Person).where(Person.login == login, Person.totp_secret == SECRET).values(totp_last_step=0)
            digits = pyotp.TOTP(SECRET).at(surroundings().clock.now())
            return {"totp": digits} if connection.execute(known).rowcount else {}

    def __call__(self, method: str, path: str, json: Any = None, key: str | None = None) -> TestResponse:
        headers = {"X-CSRF-Token": self.csrf, **({"Idempotency-Key": key} if key else {})}
        return self.client.open(f"{STAFF}/{path}", method=method, json=json, headers=headers)


@pytest.fixture
def ids(stage: Stage) -> dict[str, str]:
    """Lin is the administrator, wang an operator, zhao the auditor."""
    roles = {"lin": "administrator", "wang": "operator", "zhao": "auditor"}
    people = {login: NewPerson(login, login.title(), PASSWORD, role, None) for login, role in roles.items()}
    found = {login: appoint_person(stage.session, who, "system:test", stage.clock) for login, who in people.items()}
    return {login: public_id(number or 0) for login, number in found.items()}


@pytest.fixture
def lin(app: APIFlask, ids: dict[str, str]) -> Desk:
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


@pytest.fixture
def wang(app: APIFlask, ids: dict[str, str]) -> Desk:
    desk = Desk(app)
    answered(desk.sign_in("wang"), 201)
    return desk


def acts(stage: Stage) -> list[object]:
    return [row[0] for row in stage.rows("SELECT act FROM audit_events ORDER BY id")]


def test_a_new_person_signs_in_once_and_can_do_nothing_before_they_have_their_own_password(
    app: APIFlask, lin: Desk, stage: Stage
) -> None:
    body = {"login": "sun", "name": "孙", "roles": ["operator", "fleet"]}
    made = answered(lin("POST", "people", body), 201)
    assert (made["person"]["roles"], made["person"]["must_change_password"]) == (["fleet", "operator"], True)
    sun = Desk(app)
    session = answered(sun.sign_in("sun", made["password"]), 201)
    assert session["must_change_password"]
    assert session["may"] == ["staff_change_password", "staff_end_session", "staff_read_session"]
    assert refused(sun("GET", "today"), 403, "not_allowed")["why"] == "password_change"
    assert sun("POST", "account/password", {"current": made["password"], "fresh": OWN}).status_code == 204
    answered(sun("GET", "today"))
    assert Desk(app).sign_in("sun", made["password"]).status_code == 401
    assert made["password"] not in str(stage.rows("SELECT * FROM people") + stage.rows("SELECT * FROM audit_events"))


def test_a_one_time_password_runs_out(app: APIFlask, lin: Desk, stage: Stage) -> None:
    made = answered(lin("POST", "people", {"login": "sun", "name": "孙", "roles": ["fleet"]}), 201)
    stage.clock.advance(ONCE_SECONDS)
    assert refused(Desk(app).sign_in("sun", made["password"]), 401, "not_signed_in")["why"] == "once_expired"


def test_a_login_is_given_once(lin: Desk, stage: Stage) -> None:
    body = {"login": "wang", "name": "王", "roles": ["fleet"]}
    assert refused(lin("POST", "people", body), 403, "not_allowed")["why"] == "login_taken"
    slips: list[dict[str, Any]] = [
        {"login": "Sun"},
        {"login": "s"},
        {"roles": []},
        {"roles": ["king"]},
        {"password": "x"},
    ]
    for wrong in slips:
        refused(lin("POST", "people", body | wrong), 422, "invalid_fields")
    assert stage.count("people") == 3


def test_a_change_of_roles_holds_from_the_next_call_on(
    lin: Desk, wang: Desk, ids: dict[str, str], stage: Stage
) -> None:
    assert refused(wang("GET", "audit"), 403, "not_allowed")["why"] == "role"
    person = answered(lin("PATCH", f"people/{ids['wang']}", {"roles": ["auditor"]}))
    assert person["roles"] == ["auditor"]
    answered(wang("GET", "audit"))
    lin("PATCH", f"people/{ids['wang']}", {"roles": ["operator"]})
    refused(wang("GET", "audit"), 403, "not_allowed")
    assert acts(stage).count("roles_changed") == 2


def test_a_block_ends_the_sessions_and_looks_like_a_wrong_password(
    app: APIFlask, lin: Desk, wang: Desk, ids: dict[str, str], stage: Stage
) -> None:
    assert answered(lin("PATCH", f"people/{ids['wang']}", {"blocked": True}))["sessions"] == 0
    refused(wang("GET", "today"), 401, "not_signed_in")
    assert refused(Desk(app).sign_in("wang"), 401, "not_signed_in")["why"] == "login"
    lin("PATCH", f"people/{ids['wang']}", {"blocked": False})
    refused(wang("GET", "today"), 401, "not_signed_in")
    answered(wang.sign_in("wang"), 201)
    assert [act for act in acts(stage) if "block" in str(act)] == ["person_blocked", "person_unblocked"]


def test_nobody_blocks_themselves_and_the_last_administrator_stays(
    app: APIFlask, lin: Desk, ids: dict[str, str], stage: Stage
) -> None:
    mine = f"people/{ids['lin']}"
    assert refused(lin("PATCH", mine, {"blocked": True}), 403, "not_allowed")["why"] == "yourself"
    assert refused(lin("PATCH", mine, {"roles": ["auditor"]}), 403, "not_allowed")["why"] == "last_administrator"
    assert refused(lin("POST", f"{mine}/password", {}), 403, "not_allowed")["why"] == "yourself"
    assert answered(lin("GET", mine))["roles"] == ["administrator"]
    lin("PATCH", f"people/{ids['wang']}", {"roles": ["administrator"], "blocked": True})
    assert refused(lin("PATCH", mine, {"roles": ["auditor"]}), 403, "not_allowed")["why"] == "last_administrator"
    lin("PATCH", f"people/{ids['wang']}", {"blocked": False})
    assert answered(lin("PATCH", mine, {"roles": ["auditor"]}))["roles"] == ["auditor"]
    assert stage.rows("SELECT login FROM people JOIN person_roles ON person_id = id WHERE role = 'administrator'") == [
        ("wang",)
    ]


def test_two_administrators_who_take_each_others_role_at_one_moment_leave_one(
    lin: Desk, ids: dict[str, str], stage: Stage
) -> None:
    lin("PATCH", f"people/{ids['wang']}", {"roles": ["administrator"]})
    start, numbers = Barrier(2), {login: int(ids[login], 16) for login in ("lin", "wang")}

    def demote(by: str, whom: str) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                change_person(session, numbers[whom], Change(["auditor"]), numbers[by], stage.clock)
            except NotAllowed as refusal:
                return str(refusal.helps["why"])
        return "done"

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(demote, ("lin", "wang"), ("wang", "lin")))
    assert sorted(outcomes) == ["done", "last_administrator"]
    assert stage.rows("SELECT count(*) FROM person_roles WHERE role = 'administrator'") == [(1,)]


def test_a_reset_ends_the_sessions_opens_the_lock_and_can_forget_the_second_factor(
    app: APIFlask, lin: Desk, wang: Desk, ids: dict[str, str], stage: Stage
) -> None:
    for _ in range(WRONG_TRIES_MAX):
        Desk(app).sign_in("wang", "wrong")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE people SET totp_secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'")
    made = answered(lin("POST", f"people/{ids['wang']}/password", {"forget_second_factor": True}), 201)
    refused(wang("GET", "today"), 401, "not_signed_in")
    assert answered(wang.sign_in("wang", made["password"]), 201)["must_change_password"]
    assert made["person"]["second_factor"] is False


def test_all_sessions_of_a_person_end_at_once(lin: Desk, wang: Desk, ids: dict[str, str]) -> None:
    assert lin("DELETE", f"people/{ids['wang']}/sessions").status_code == 204
    refused(wang("GET", "today"), 401, "not_signed_in")
    answered(lin("GET", "today"))
    refused(lin("DELETE", f"people/{'0' * 16}/sessions"), 404, "not_found")
    refused(lin("GET", "people/nobody"), 404, "not_found")


def test_i_see_my_own_sessions_and_end_one_of_them(app: APIFlask, lin: Desk, wang: Desk) -> None:
    other = Desk(app)
    other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    answered(other.sign_in("lin"), 201)
    rows = answered(lin("GET", "sessions"))["data"]
    assert sorted(row["current"] for row in rows) == [False, True]
    strange = next(row for row in rows if not row["current"])
    assert strange["device"] == "Firefox · Windows"
    refused(wang("DELETE", f"sessions/{strange['id']}"), 404, "not_found")
    answered(other("GET", "today"))
    assert lin("DELETE", f"sessions/{strange['id']}").status_code == 204
    refused(other("GET", "today"), 401, "not_signed_in")
    assert len(answered(lin("GET", "sessions"))["data"]) == 1


def test_the_lock_answers_the_same_whether_or_not_there_is_such_a_login(
    client: FlaskClient, lin: Desk, stage: Stage
) -> None:
    tries: dict[str, list[Any]] = {login: [] for login in ("wang", "nobody")}
    for login, found in tries.items():
        for _ in range(WRONG_TRIES_MAX + 1):
            answer = client.post(f"{STAFF}/sessions", json={"login": login, "password": "wrong"})
            found.append((answer.status_code, answer.get_json(), answer.headers.get("Retry-After")))
    assert tries["wang"] == tries["nobody"]
    assert [status for status, _, _ in tries["wang"]] == [401] * WRONG_TRIES_MAX + [429]
    assert acts(stage).count("staff_sign_in_locked") == 2
    stage.clock.advance(LOCK_SECONDS)
    answered(client.post(f"{STAFF}/sessions", json={"login": "wang", "password": PASSWORD}), 201)


def test_the_audit_trail_names_who_did_what_and_can_be_searched_page_by_page(
    lin: Desk, wang: Desk, ids: dict[str, str]
) -> None:
    lin("PATCH", f"people/{ids['wang']}", {"roles": ["fleet"]})
    newest = answered(lin("GET", "audit?limit=1"))
    line = newest["data"][0]
    assert (line["act"], line["actor_name"], line["object_name"]) == ("roles_changed", "Lin", "Wang")
    assert line["detail"] == {"before": ["operator"], "after": ["fleet"]}
    following = answered(lin("GET", f"audit?limit=1&cursor={newest['next']}"))["data"][0]
    assert int(following["id"]) < int(line["id"])
    assert {row["act"] for row in answered(lin("GET", "audit?search=Wang"))["data"]} >= {"roles_changed", "signed_in"}
    assert {row["act"] for row in answered(lin("GET", "audit?search=roles_"))["data"]} == {"roles_changed"}
    assert answered(lin("GET", "audit?search=%25%25"))["data"] == []
    assert {row["act"] for row in answered(lin("GET", "audit?act=signed_in"))["data"]} == {"signed_in"}
    assert [row["actor_name"] for row in answered(lin("GET", "audit?act=signed_in&search=Wang"))["data"]] == ["Wang"]
    assert answered(lin("GET", "audit?act=signed"))["data"] == [], "an act is named in full"
