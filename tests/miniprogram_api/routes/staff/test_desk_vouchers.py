"""Somebody without a phone spends points: staff check the person and print a voucher, both in the audit trail."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pypdf import PdfReader

from miniprogram_api.db import public_id
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.lived_island import adjust
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_people import Desk, ids
from tests.qr_reader import read_codes

__all__ = ["ids"]
DAY = 86_400


@pytest.fixture
def wang(app: APIFlask, ids: dict[str, str], stage: Stage) -> Desk:
    """An operator at the desk; 奶奶 has 50 points, a canvas bag costs 35."""
    shop(stage)
    stage.member("奶奶", "resident")
    adjust(stage, "奶奶", 50, stage.clerk("li"), stage.clerk("sun"), key="points")
    desk = Desk(app)
    answered(desk.sign_in("wang"), 201)
    return desk


def path(stage: Stage, who: str = "奶奶") -> str:
    return f"members/{public_id(stage.members[who])}/vouchers"


def wish(**changes: Any) -> dict[str, Any]:
    return {"item_id": public_id(72), "quantity": 1, "checked": "known_in_person", **changes}


def issued(wang: Desk, stage: Stage, key: str = "k1", **changes: Any) -> dict[str, Any]:
    return dict(answered(wang("POST", path(stage), wish(**changes), key), 201))


def audited(stage: Stage) -> list[tuple[str, str, dict[str, Any]]]:
    rows = stage.rows(
        "SELECT act, object, detail FROM audit_events WHERE act LIKE 'voucher_%' OR act = 'person_checked' ORDER BY id"
    )
    return [(str(act), str(thing), json.loads(str(detail))) for act, thing, detail in rows]


def test_the_points_of_a_person_who_was_checked_become_a_voucher_that_the_shop_redeems(
    stage: Stage, wang: Desk, client: FlaskClient
) -> None:
    voucher = issued(wang, stage, checked="identity_card")
    assert (voucher["state"], voucher["points"], stage.balance("奶奶")[:2]) == ("issued", 35, (15, 35))
    member = public_id(stage.members["奶奶"])
    assert audited(stage) == [
        ("person_checked", f"member:{member}", {"how": "identity_card"}),
        ("voucher_issued_at_desk", f"voucher:{voucher['id']}", {"member": member, "points": 35, "quantity": 1}),
    ]
    stage.clock.advance(29 * DAY)  # a code on a phone would have ended after minutes
    redeemed = client.post(
        f"{API}/merchant/redemptions", json={"code": voucher["readable_code"]}, headers=bearer("chen", key="r1")
    )
    assert answered(redeemed, 201)["item"]["id"] == public_id(72)
    assert stage.balance("奶奶")[:2] == (15, 0)


def test_the_slip_says_the_code_and_its_printing_is_recorded(stage: Stage, wang: Desk) -> None:
    voucher = issued(wang, stage)
    response = wang("POST", f"{path(stage)}/{voucher['id']}/slip")
    assert (response.status_code, response.content_type) == (200, "application/pdf")
    [page] = PdfReader(BytesIO(response.data)).pages
    assert voucher["readable_code"] in page.extract_text()
    assert "帆布袋" in page.extract_text()
    [image] = page.images
    assert read_codes(image.image) == [voucher["readable_code"]]
    assert audited(stage)[-1][:2] == ("voucher_printed", f"voucher:{voucher['id']}")


def test_a_repeat_answers_the_same_voucher_and_holds_no_more(stage: Stage, wang: Desk) -> None:
    first, again = issued(wang, stage), issued(wang, stage)
    assert first == again
    assert stage.balance("奶奶")[:2] == (15, 35)
    assert len(audited(stage)) == 2
    refused(wang("POST", path(stage), wish(quantity=2), "k1"), 409, "idempotency_conflict")
    assert stage.count("vouchers") == 1


def test_what_is_not_there_can_not_be_spent(stage: Stage, wang: Desk) -> None:
    issued(wang, stage)
    problem = refused(wang("POST", path(stage), wish(), "k2"), 409, "points_missing")
    assert problem["points_missing"] == 20
    assert (stage.count("vouchers"), len(audited(stage))) == (1, 2)


def test_nobody_spends_the_points_of_their_own_family(stage: Stage, wang: Desk) -> None:
    answered(wang("POST", "account/members", {"member_id": public_id(stage.members["奶奶"])}), 201)
    problem = refused(wang("POST", path(stage), wish(), "k1"), 403, "not_allowed")
    assert problem["why"] == "conflict_of_interest"
    assert (stage.balance("奶奶")[:2], audited(stage)) == ((50, 0), [])


def test_without_a_word_on_how_the_person_was_checked_nothing_happens(stage: Stage, wang: Desk) -> None:
    body = {"item_id": public_id(72), "quantity": 1}
    refused(wang("POST", path(stage), body, "k1"), 422, "invalid_fields")
    refused(wang("POST", path(stage), wish(checked="trusted"), "k1"), 422, "invalid_fields")
    refused(wang("POST", path(stage), wish()), 400, "idempotency_key_missing")
    refused(wang("POST", f"members/{'0' * 16}/vouchers", wish(), "k1"), 404, "not_found")
    refused(wang("POST", path(stage), wish(item_id="0" * 16), "k1"), 404, "not_found")
    assert stage.count("vouchers") == 0


def test_a_voucher_that_was_used_is_not_printed_nor_one_of_somebody_else(
    stage: Stage, wang: Desk, client: FlaskClient
) -> None:
    voucher = issued(wang, stage)
    refused(wang("POST", f"{path(stage, 'mei')}/{voucher['id']}/slip"), 404, "not_found")
    code = {"code": voucher["readable_code"]}
    answered(client.post(f"{API}/merchant/redemptions", json=code, headers=bearer("chen", key="r1")), 201)
    problem = refused(wang("POST", f"{path(stage)}/{voucher['id']}/slip"), 403, "not_allowed")
    assert problem["why"] == "slip_ended"
    assert [act for act, *_ in audited(stage)] == ["person_checked", "voucher_issued_at_desk"]
    assert issued(wang, stage)["readable_code"] is None


def test_a_voucher_of_a_phone_is_not_printed_for_its_code_would_have_ended(
    stage: Stage, wang: Desk, client: FlaskClient
) -> None:
    adjust(stage, "mei", 50, stage.clerk("qian"), stage.clerk("zhu"), key="mei")
    body = {"item_id": public_id(72), "quantity": 1}
    own = answered(client.post(f"{API}/member/vouchers", json=body, headers=bearer("mei", key="p1")), 201)
    problem = refused(wang("POST", f"{path(stage, 'mei')}/{own['id']}/slip"), 403, "not_allowed")
    assert problem["why"] == "slip_ended"
    assert audited(stage) == []


def test_a_key_of_the_desk_never_meets_one_of_the_phone(stage: Stage, wang: Desk, client: FlaskClient) -> None:
    adjust(stage, "mei", 80, stage.clerk("qian"), stage.clerk("zhu"), key="mei")
    body = {"item_id": public_id(72), "quantity": 1}
    own = answered(client.post(f"{API}/member/vouchers", json=body, headers=bearer("mei", key="k1")), 201)
    desk = answered(wang("POST", path(stage, "mei"), wish(), "k1"), 201)
    assert own["id"] != desk["id"]
    assert stage.balance("mei")[:2] == (10, 70)
