"""Every call and who may make it, as a table: a new call without a row fails, and so does a row that isn't kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from miniprogram_api.models import MerchantPerson
from miniprogram_api.routes.api import STAFF, Problem
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.kiosk.test_signatures import signed
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer

pytestmark = SQLITE_ONLY
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238 appendix B, in Base32
ANY_ID = re.compile(r"\{\w+\}")
EVERYONE = {"nobody", "guest", "member", "merchant", "staff", "kiosk"}
MEMBERS = {"guest", "member"}
MAY = {
    "POST /member/sessions": EVERYONE,
    "DELETE /member/sessions/current": MEMBERS,
    "GET /member/me": MEMBERS,
    "GET /member/activities": MEMBERS,
    "GET /member/activities/{activity_id}": MEMBERS,
    "POST /member/activities/{activity_id}/answer": MEMBERS,
    "GET /member/pass": MEMBERS,
    "POST /member/scans": MEMBERS,
    "GET /member/scenes": MEMBERS,
    "GET /member/items": MEMBERS,
    "POST /member/vouchers": MEMBERS,
    "GET /member/vouchers": MEMBERS,
    "GET /member/vouchers/{voucher_id}": MEMBERS,
    "POST /member/vouchers/{voucher_id}/codes": MEMBERS,
    "POST /member/vouchers/{voucher_id}/cancel": MEMBERS,
    "POST /merchant/sessions": EVERYONE,
    "DELETE /merchant/sessions/current": {"merchant"},
    "POST /merchant/lookups": {"merchant"},
    "POST /merchant/redemptions": {"merchant"},
    "GET /merchant/redemptions": {"merchant"},
    "POST /merchant/redemptions/{redemption_id}/undo": {"merchant"},
    "GET /merchant/scenes": {"merchant"},
    "POST /merchant/acts": {"merchant"},
    "GET /merchant/acts": {"merchant"},
    "POST /merchant/acts/{acts_id}/undo": {"merchant"},
    "GET /merchant/people": {"merchant"},
    "POST /merchant/people": {"merchant"},
    "PATCH /merchant/people/{person_id}": {"merchant"},
    "POST /merchant/people/{person_id}/password": {"merchant"},
    "POST /merchant/account/password": {"merchant"},
    "POST /staff/sessions": EVERYONE,
    "GET /staff/sessions/current": {"staff"},
    "DELETE /staff/sessions/current": {"staff"},
    "GET /staff/today": {"staff"},
    "GET /staff/scenes": {"staff"},
    "POST /staff/scenes": {"staff"},
    "POST /staff/scenes/preview": {"staff"},
    "GET /staff/scenes/{scene_id}": {"staff"},
    "GET /staff/scenes/{scene_id}/versions": {"staff"},
    "POST /staff/scenes/{scene_id}/versions": {"staff"},
    "POST /staff/scenes/{scene_id}/versions/preview": {"staff"},
    "POST /staff/scenes/{scene_id}/versions/{version}/approve": {"staff"},
    "POST /staff/scenes/{scene_id}/versions/{version}/reject": {"staff"},
    "POST /staff/scenes/{scene_id}/versions/{version}/withdraw": {"staff"},
    "GET /staff/factors": {"staff"},
    "GET /staff/venues": {"staff"},
    "GET /staff/venues/{venue_id}": {"staff"},
    "GET /staff/venues/{venue_id}/versions": {"staff"},
    "POST /staff/venues/{venue_id}/versions": {"staff"},
    "POST /staff/venues/{venue_id}/versions/preview": {"staff"},
    "POST /staff/venues/{venue_id}/versions/{version}/approve": {"staff"},
    "POST /staff/venues/{venue_id}/versions/{version}/reject": {"staff"},
    "POST /staff/venues/{venue_id}/versions/{version}/withdraw": {"staff"},
    "GET /staff/kiosks": {"staff"},
    "GET /staff/journal": {"staff"},
    "GET /staff/sessions": {"staff"},
    "DELETE /staff/sessions/{session_id}": {"staff"},
    "GET /staff/account": {"staff"},
    "POST /staff/account/password": {"staff"},
    "POST /staff/account/second-factor": {"staff"},
    "POST /staff/account/second-factor/confirmation": {"staff"},
    "POST /staff/account/recovery-codes": {"staff"},
    "GET /staff/people": {"staff"},
    "POST /staff/people": {"staff"},
    "GET /staff/people/{person_id}": {"staff"},
    "PATCH /staff/people/{person_id}": {"staff"},
    "POST /staff/people/{person_id}/password": {"staff"},
    "DELETE /staff/people/{person_id}/sessions": {"staff"},
    "GET /staff/audit": {"staff"},
    "GET /staff/jobs": {"staff"},
    "GET /staff/jobs/runs": {"staff"},
    "POST /staff/account/members": {"staff"},
    "GET /staff/members": {"staff"},
    "GET /staff/members/{member_id}": {"staff"},
    "GET /staff/members/{member_id}/activities": {"staff"},
    "POST /staff/members": {"staff"},
    "POST /staff/members/{member_id}/vouchers": {"staff"},
    "POST /staff/members/{member_id}/vouchers/{voucher_id}/slip": {"staff"},
    "GET /staff/cards": {"staff"},
    "POST /staff/cards": {"staff"},
    "POST /staff/cards/sheets": {"staff"},
    "POST /staff/cards/{card_id}/revoke": {"staff"},
    "POST /staff/activities/{activity_id}/reversals": {"staff"},
    "GET /staff/adjustments": {"staff"},
    "POST /staff/adjustments": {"staff"},
    "GET /staff/adjustments/{adjustment_id}": {"staff"},
    "POST /staff/adjustments/{adjustment_id}/approve": {"staff"},
    "POST /staff/adjustments/{adjustment_id}/reject": {"staff"},
    "POST /staff/adjustments/{adjustment_id}/withdraw": {"staff"},
    "GET /staff/reviews": {"staff"},
    "GET /staff/reviews/{activity_id}": {"staff"},
    "POST /staff/reviews/{activity_id}/accept": {"staff"},
    "POST /staff/reviews/{activity_id}/refuse": {"staff"},
    "POST /staff/reviews/{activity_id}/ask": {"staff"},
    "POST /staff/reviews/accept": {"staff"},
    "POST /staff/reviews/refuse": {"staff"},
    "GET /staff/items": {"staff"},
    "POST /staff/items": {"staff"},
    "GET /staff/items/{item_id}": {"staff"},
    "GET /staff/items/{item_id}/versions": {"staff"},
    "POST /staff/items/{item_id}/versions": {"staff"},
    "POST /staff/items/{item_id}/versions/preview": {"staff"},
    "POST /staff/items/{item_id}/versions/{version}/approve": {"staff"},
    "POST /staff/items/{item_id}/versions/{version}/reject": {"staff"},
    "POST /staff/items/{item_id}/versions/{version}/withdraw": {"staff"},
    "GET /staff/items/{item_id}/stock": {"staff"},
    "POST /staff/items/{item_id}/stock": {"staff"},
    "POST /staff/items/{item_id}/stock/{change_id}/approve": {"staff"},
    "POST /staff/items/{item_id}/stock/{change_id}/reject": {"staff"},
    "POST /staff/items/{item_id}/stock/{change_id}/withdraw": {"staff"},
    "GET /staff/merchants": {"staff"},
    "POST /staff/merchants": {"staff"},
    "GET /staff/merchants/{merchant_id}": {"staff"},
    "PATCH /staff/merchants/{merchant_id}": {"staff"},
    "POST /staff/merchants/{merchant_id}/place": {"staff"},
    "POST /staff/merchants/{merchant_id}/suspend": {"staff"},
    "POST /staff/merchants/{merchant_id}/resume": {"staff"},
    "GET /staff/merchants/{merchant_id}/versions": {"staff"},
    "POST /staff/merchants/{merchant_id}/versions/{version}/approve": {"staff"},
    "POST /staff/merchants/{merchant_id}/versions/{version}/reject": {"staff"},
    "POST /staff/merchants/{merchant_id}/versions/{version}/withdraw": {"staff"},
    "POST /staff/merchants/{merchant_id}/people/{person_id}/password": {"staff"},
    "POST /kiosk/provisioning": set(),  # signed by a key that nobody here has; tests/…/kiosk has its own rules
    "GET /kiosk/agreement": {"kiosk"},
    "GET /kiosk/uses": {"kiosk"},
    "POST /kiosk/heartbeats": {"kiosk"},
    "POST /kiosk/journal": {"kiosk"},
    "GET /public/island": EVERYONE,
    "GET /public/keys": EVERYONE,
}
# With a body like this a call that lets its caller in is refused for another reason, or not at all.
BODIES = {
    "POST /member/sessions": {"guest": True},
    "POST /member/scans": {"code": "A"},
    "POST /member/vouchers": {"item_id": "0" * 16, "quantity": 1},
    "POST /merchant/lookups": {"code": "A"},
    "POST /merchant/redemptions": {"code": "A"},
    "POST /merchant/acts": {"code": "A", "acts": [{"scene": "clean-plate", "quantity": 1}]},
}
STAFF_ROLES = ("operator", "approver", "finance", "fleet", "auditor", "administrator")
ANY = set(STAFF_ROLES)
LOOK_AT_GOODS = {"operator", "approver", "finance", "auditor"}
# Which of the staff's roles may make which call; a call that isn't here is for nobody.
STAFF_MAY = {
    "staff_read_session": ANY,
    "staff_end_session": ANY,
    "staff_list_sessions": ANY,
    "staff_revoke_session": ANY,
    "staff_read_account": ANY,
    "staff_change_password": ANY,
    "staff_begin_second_factor": ANY,
    "staff_confirm_second_factor": ANY,
    "staff_renew_recovery_codes": ANY,
    "staff_read_today": ANY,
    "staff_declare_interest": ANY,
    "staff_list_members": {"operator", "approver", "finance", "auditor"},
    "staff_read_member": {"operator", "approver", "finance", "auditor"},
    "staff_list_member_activities": {"operator", "approver", "finance", "auditor"},
    "staff_list_adjustments": {"operator", "approver", "finance", "auditor"},
    "staff_read_adjustment": {"operator", "approver", "finance", "auditor"},
    "staff_create_adjustment": {"operator"},
    "staff_withdraw_adjustment": {"operator"},
    "staff_create_reversal": {"operator"},
    "staff_list_cards": {"operator", "approver", "auditor"},
    "staff_create_member": {"operator"},
    "staff_create_card": {"operator"},
    "staff_revoke_card": {"operator"},
    "staff_print_card_sheets": {"operator"},
    "staff_create_desk_voucher": {"operator"},
    "staff_print_voucher_slip": {"operator"},
    "staff_approve_adjustment": {"approver"},
    "staff_reject_adjustment": {"approver"},
    "staff_list_reviews": {"operator", "approver", "fleet", "auditor"},
    "staff_read_review": {"operator", "approver", "fleet", "auditor"},
    "staff_accept_review": {"operator", "approver", "fleet"},
    "staff_refuse_review": {"operator", "approver", "fleet"},
    "staff_ask_review": {"operator", "approver", "fleet"},
    "staff_accept_reviews": {"operator", "approver", "fleet"},
    "staff_refuse_reviews": {"operator", "approver", "fleet"},
    "staff_list_scenes": ANY,
    "staff_read_scene": ANY,
    "staff_list_rule_versions": ANY,
    "staff_list_factors": ANY,
    "staff_list_venues": ANY,
    "staff_read_venue": ANY,
    "staff_list_venue_versions": ANY,
    "staff_create_scene": {"operator"},
    "staff_preview_scene": {"operator"},
    "staff_create_rule_version": {"operator"},
    "staff_preview_rule_version": {"operator"},
    "staff_withdraw_rule_version": {"operator"},
    "staff_create_venue_version": {"operator"},
    "staff_preview_venue_version": {"operator"},
    "staff_withdraw_venue_version": {"operator"},
    "staff_approve_rule_version": {"approver"},
    "staff_reject_rule_version": {"approver"},
    "staff_approve_venue_version": {"approver"},
    "staff_reject_venue_version": {"approver"},
    "staff_list_kiosks": ANY,
    "staff_list_journal": ANY,
    "staff_list_jobs": ANY,
    "staff_list_job_runs": ANY,
    "staff_list_items": LOOK_AT_GOODS,
    "staff_read_item": LOOK_AT_GOODS,
    "staff_list_item_versions": LOOK_AT_GOODS,
    "staff_list_stock_changes": LOOK_AT_GOODS,
    "staff_list_merchants": LOOK_AT_GOODS,
    "staff_read_merchant": LOOK_AT_GOODS,
    "staff_list_merchant_versions": LOOK_AT_GOODS,
    "staff_create_item": {"operator"},
    "staff_preview_item_version": {"operator"},
    "staff_create_item_version": {"operator"},
    "staff_withdraw_item_version": {"operator"},
    "staff_create_stock_change": {"operator"},
    "staff_withdraw_stock_change": {"operator"},
    "staff_create_merchant": {"operator"},
    "staff_change_merchant": {"operator"},
    "staff_place_merchant": {"operator"},
    "staff_suspend_merchant": {"operator"},
    "staff_resume_merchant": {"operator"},
    "staff_withdraw_merchant_version": {"operator"},
    "staff_reset_counter_password": {"operator"},
    "staff_approve_item_version": {"approver"},
    "staff_reject_item_version": {"approver"},
    "staff_approve_stock_change": {"approver"},
    "staff_reject_stock_change": {"approver"},
    "staff_approve_merchant_version": {"approver"},
    "staff_reject_merchant_version": {"approver"},
    "staff_list_people": {"administrator"},
    "staff_create_person": {"administrator"},
    "staff_read_person": {"administrator"},
    "staff_change_person": {"administrator"},
    "staff_reset_password": {"administrator"},
    "staff_revoke_sessions": {"administrator"},
    "staff_list_audit": {"administrator", "auditor"},
}
MERCHANT_MAY = {
    "merchant_end_session": {"owner", "cashier"},
    "merchant_create_lookup": {"owner", "cashier"},
    "merchant_create_redemption": {"owner", "cashier"},
    "merchant_list_redemptions": {"owner", "cashier"},
    "merchant_create_undo": {"owner", "cashier"},
    "merchant_list_scenes": {"owner", "cashier"},
    "merchant_create_acts": {"owner", "cashier"},
    "merchant_create_acts_undo": {"owner", "cashier"},
    "merchant_list_acts": {"owner", "cashier"},
    "merchant_change_password": {"owner", "cashier"},
    "merchant_list_people": {"owner"},
    "merchant_create_person": {"owner"},
    "merchant_change_person": {"owner"},
    "merchant_reset_password": {"owner"},
}
OPEN = {"staff_create_session", "merchant_create_session"}
Speak = Callable[[str, str, bytes], dict[str, str]]


def signed_in(client: FlaskClient, stage: Stage, *roles: str) -> tuple[str, str]:
    """Cookie and token of lin with these roles and a second factor; a second time lin signs in anew."""
    lin = NewPerson("lin", "林", "correct horse", roles[0], SECRET, roles[1:])
    appoint_person(stage.session, lin, "system:test", stage.clock)
    stage.clock.advance(30)  # the same digits are taken once
    body = {"login": "lin", "password": "correct horse", "totp": pyotp.TOTP(SECRET).at(stage.clock.now())}
    sign_in = client.post(f"{API}/staff/sessions", json=body)
    return sign_in.headers["Set-Cookie"].partition(";")[0], answered(sign_in, 201)["csrf"]


@pytest.fixture
def headers_of(client: FlaskClient, stage: Stage) -> dict[str, Speak]:
    """For each role, what it sends along with a request."""
    shop(stage)
    stage.member("gast", "guest")
    cookie, csrf = signed_in(client, stage, *STAFF_ROLES)
    return {
        "nobody": lambda *_: {},
        "guest": lambda *_: bearer("gast", key="k"),
        "member": lambda *_: bearer("mei", key="k"),
        "merchant": lambda *_: bearer("chen", key="k"),
        "staff": lambda *_: {"Cookie": cookie, "X-CSRF-Token": csrf},
        "kiosk": lambda method, path, body: signed(stage.kiosk_key, method, path, body),
    }


def test_every_call_has_its_row(app: APIFlask, client: FlaskClient) -> None:
    document = answered(client.get(f"{API}/openapi.json"))
    calls = {
        f"{method.upper()} {path.removeprefix(API)}" for path in document["paths"] for method in document["paths"][path]
    }
    assert calls == set(MAY)


def test_what_is_documented_as_open_is_open_and_nothing_else(client: FlaskClient) -> None:
    document = answered(client.get(f"{API}/openapi.json"))
    for call, roles in MAY.items():
        method, _, path = call.partition(" ")
        operation = document["paths"][API + path][method.lower()]
        assert ("security" not in operation) == (roles == EVERYONE), call


@pytest.mark.parametrize("call", sorted(MAY))
def test_who_may_not_is_not_signed_in_and_who_may_is_let_in(
    app: APIFlask, headers_of: dict[str, Speak], stage: Stage, call: str
) -> None:
    client = app.test_client(use_cookies=False)  # the cookie is a header that one role sends
    method, _, path = call.partition(" ")
    address = API + ANY_ID.sub("0" * 16, path)
    for role in sorted(EVERYONE):
        json = app.json.dumps(BODIES.get(call, {})).encode() if method in ("POST", "PATCH") else b""
        answer = client.open(
            address,
            method=method,
            data=json or None,
            content_type="application/json" if json else None,
            headers=headers_of[role](method, address, json),
        )
        refused = answer.status_code in (401, 403) and answer.get_json()["code"] in ("not_signed_in", "not_allowed")
        assert refused == (role not in MAY[call]), (role, answer.status_code, answer.text)
    assert stage.count("acts") == 0


def operations(client: FlaskClient, tag: str) -> dict[str, tuple[str, str]]:
    """Method and path of each call of this kind of caller, by its id, without the ways in."""
    document = answered(client.get(f"{API}/openapi.json"))
    return {
        call["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
        if call["tags"] == [tag] and call["operationId"] not in OPEN
    }


@pytest.mark.parametrize(("tag", "may"), [("staff", STAFF_MAY), ("merchant", MERCHANT_MAY)])
def test_every_call_of_people_with_roles_says_which_roles(client: FlaskClient, tag: str, may: dict[str, Any]) -> None:
    assert set(operations(client, tag)) == set(may)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_of_the_staff_is_let_in_where_the_table_says_and_nowhere_else(
    app: APIFlask, stage: Stage, role: str
) -> None:
    client = app.test_client(use_cookies=False)
    for operation, (method, path) in operations(client, "staff").items():
        cookie, csrf = signed_in(client, stage, role)
        answer = client.open(
            ANY_ID.sub("0" * 16, path),
            method=method,
            json={} if method in ("POST", "PATCH") else None,
            headers={"Cookie": cookie, "X-CSRF-Token": csrf},
        )
        refused = answer.status_code == 403 and answer.get_json()["why"] == "role"
        assert refused == (role not in STAFF_MAY[operation]), (operation, answer.status_code, answer.text)
    assert stage.count("people") == 1


@pytest.mark.parametrize("role", ["owner", "cashier"])
def test_owner_and_cashier_are_let_in_where_the_table_says(client: FlaskClient, stage: Stage, role: str) -> None:
    shop(stage)
    with stage.engine.begin() as connection:
        connection.execute(update(MerchantPerson).values(role=role))
    for operation, (method, path) in sorted(operations(client, "merchant").items(), key=lambda row: "end" in row[0]):
        body = {"code": "A"} if method == "POST" else None
        answer = client.open(ANY_ID.sub("0" * 16, path), method=method, json=body, headers=bearer("chen", key="k"))
        assert (answer.status_code in (401, 403)) == (role not in MERCHANT_MAY[operation]), (operation, answer.text)


def test_an_operation_without_a_row_is_refused_even_to_somebody_with_every_role(
    headers_of: dict[str, Speak], app: APIFlask
) -> None:
    with app.test_request_context(headers=headers_of["staff"]("GET", "", b"")), pytest.raises(Problem) as refused:
        STAFF.admit("staff_open_the_safe", STAFF.identify())
    assert (refused.value.code, refused.value.helps) == ("not_allowed", {"why": "role"})
