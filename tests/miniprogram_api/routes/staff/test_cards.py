"""Residents' cards at the desk: made, printed, found and revoked, each step in the audit trail."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask
from pypdf import PdfReader
from sqlalchemy.exc import IntegrityError

from miniprogram_api.db import public_id
from scenes.wire.resident_card import ResidentCard, open_card
from scenes.wire.signing import public_key_of
from tests.miniprogram_api.cast import BASE_URL, Stage
from tests.miniprogram_api.routes.speech import answered, refused
from tests.miniprogram_api.routes.staff.test_people import Desk, ids
from tests.qr_reader import read_codes

__all__ = ["ids"]
YEARS = 730 * 86_400
POINTS_PER_INCH = 72


@pytest.fixture
def wang(app: APIFlask, ids: dict[str, str], stage: Stage) -> Desk:
    """An operator at the desk; 奶奶 is a resident without a phone."""
    stage.member("奶奶", "resident")
    desk = Desk(app)
    answered(desk.sign_in("wang"), 201)
    return desk


def member_id(stage: Stage, who: str = "奶奶") -> str:
    return public_id(stage.members[who])


def issued(wang: Desk, member: str) -> dict[str, Any]:
    return dict(answered(wang("POST", "cards", {"member_id": member}), 201))


def printed(wang: Desk, *cards: dict[str, Any]) -> PdfReader:
    response = wang("POST", "cards/sheets", {"cards": [card["id"] for card in cards]})
    assert (response.status_code, response.content_type) == (200, "application/pdf"), response.text
    assert response.headers["Cache-Control"] == "no-store"
    return PdfReader(BytesIO(response.data))


def codes_on(sheet: PdfReader) -> list[str]:
    """What a camera reads on the sheets, in the order in which it was drawn."""
    found = []
    for page in sheet.pages:
        contents = page.get_contents()
        assert contents is not None
        for name in re.findall(rb"(/FormXob\.\w+) Do", contents.get_data()):
            found += read_codes(page.images[name.decode()].image)
    return found


def opened(stage: Stage, text: str) -> ResidentCard:
    keys = stage.island.keys
    return open_card(text, BASE_URL, lambda number: public_key_of(keys.pass_privates[number]))


def audited(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    rows = stage.rows("SELECT act, detail FROM audit_events WHERE object LIKE 'card:%' ORDER BY id")
    return [(str(act), json.loads(str(detail))) for act, detail in rows]


def test_a_card_is_made_printed_and_opens_at_a_reader(stage: Stage, wang: Desk) -> None:
    card = issued(wang, member_id(stage))
    assert (card["state"], card["member"]["nickname"], card["created_by"]) == ("valid", "奶奶", "Wang")
    (text,) = codes_on(printed(wang, card))
    read = opened(stage, text)
    assert read.card.hex() == card["id"]
    assert read.is_valid(stage.clock.now())
    assert not read.is_valid(stage.clock.now() + YEARS)
    assert audited(stage) == [("card_issued", {"member": member_id(stage)}), ("card_printed", {})]


def test_a_sheet_is_a4_with_ten_cards_and_no_more_of_a_person_than_the_nickname(stage: Stage, wang: Desk) -> None:
    names = [f"老{surname}" for surname in "赵钱孙李周吴郑王冯陈褚"]
    for name in names:
        stage.member(name, "resident")
    cards = [issued(wang, member_id(stage, name)) for name in names]
    sheet = printed(wang, *cards)
    assert [round(float(side) / POINTS_PER_INCH * 25.4) for side in sheet.pages[0].mediabox[2:]] == [210, 297]
    assert [len(page.images) for page in sheet.pages] == [10, 1]
    assert [opened(stage, text).card.hex() for text in codes_on(sheet)] == [card["id"] for card in cards]
    said = "".join(page.extract_text() for page in sheet.pages)
    places = [said.index(name) for name in names]
    assert places == sorted(places), "each name stands beside its own code"
    assert member_id(stage, names[0]) not in said


def test_a_resident_without_a_phone_is_admitted_by_a_nickname_alone(stage: Stage, wang: Desk) -> None:
    made = answered(wang("POST", "members", {"nickname": "老周"}), 201)
    assert (made["nickname"], made["kind"]) == ("老周", "resident")
    assert issued(wang, made["id"])["member"] == {"id": made["id"], "nickname": "老周"}
    assert stage.rows("SELECT act FROM audit_events WHERE object LIKE 'member:%'") == [("resident_admitted",)]
    assert stage.rows(f"SELECT count(*) FROM member_identities WHERE member_id = {int(made['id'], 16)}") == [(0,)]


@pytest.mark.parametrize("kind", ["guest", "visitor"])
def test_only_residents_get_cards(stage: Stage, wang: Desk, kind: str) -> None:
    stage.member("gast", kind)
    problem = refused(wang("POST", "cards", {"member_id": member_id(stage, "gast")}), 403, "not_allowed")
    assert problem["why"] == "card_for_residents"
    assert stage.count("resident_cards") == 0


def test_nobody_makes_a_card_for_a_member_of_their_own_family(stage: Stage, wang: Desk) -> None:
    answered(wang("POST", "account/members", {"member_id": member_id(stage)}), 201)
    problem = refused(wang("POST", "cards", {"member_id": member_id(stage)}), 403, "not_allowed")
    assert problem["why"] == "conflict_of_interest"
    assert stage.count("resident_cards") == 0


def test_a_new_card_ends_the_one_before(stage: Stage, wang: Desk) -> None:
    first = issued(wang, member_id(stage))
    stage.clock.advance(60)
    second = issued(wang, member_id(stage))
    listed = answered(wang("GET", f"cards?member={member_id(stage)}"))["data"]
    assert [(card["id"], card["state"]) for card in listed] == [(second["id"], "valid"), (first["id"], "revoked")]
    assert ("card_revoked", {"reason": "replaced", "by": second["id"]}) in audited(stage)
    problem = refused(wang("POST", "cards/sheets", {"cards": [second["id"], first["id"]]}), 403, "not_allowed")
    assert problem["why"] == "card_ended"
    assert ("card_printed", {}) not in audited(stage)


def test_a_lost_card_is_revoked_once_with_its_reason(stage: Stage, wang: Desk) -> None:
    card = issued(wang, member_id(stage))
    stage.clock.advance(60)
    lost = {"reason": "掉在海里了"}
    ended = answered(wang("POST", f"cards/{card['id']}/revoke", lost), 201)
    assert (ended["state"], ended["revoked_by"]) == ("revoked", "Wang")
    stage.clock.advance(60)
    again = answered(wang("POST", f"cards/{card['id']}/revoke", lost), 201)
    assert again["revoked_at"] == ended["revoked_at"]
    assert audited(stage)[1:] == [("card_revoked", lost)]


def test_cards_that_ran_out_say_so_and_are_not_printed(stage: Stage, wang: Desk) -> None:
    card = issued(wang, member_id(stage))
    stage.clock.advance(YEARS)
    answered(wang.sign_in("wang"), 201)
    assert answered(wang("GET", "cards"))["data"][0]["state"] == "expired"
    assert refused(wang("POST", "cards/sheets", {"cards": [card["id"]]}), 403, "not_allowed")["why"] == "card_ended"


def test_cards_are_found_by_nickname_by_number_and_by_member(stage: Stage, wang: Desk) -> None:
    stage.member("老周", "resident")
    cards = {who: issued(wang, member_id(stage, who))["id"] for who in ("奶奶", "老周")}

    def found(words: str) -> list[str]:
        return [card["id"] for card in answered(wang("GET", f"cards?search={words}"))["data"]]

    assert found("周") == [cards["老周"]]
    assert found(cards["奶奶"]) == [cards["奶奶"]]
    assert found(member_id(stage, "老周")) == [cards["老周"]]
    assert found("ffffffffffffffff") == []
    assert found("nobody") == []


def test_the_pages_of_a_long_list_have_every_card_once(stage: Stage, wang: Desk) -> None:
    for number in range(5):
        stage.member(f"周{number}", "resident")
        issued(wang, member_id(stage, f"周{number}"))
    seen, following = [], ""
    for _ in range(3):
        page = answered(wang("GET", f"cards?limit=2{following}"))
        seen += [card["id"] for card in page["data"]]
        following = f"&cursor={page['next']}"
    assert (len(seen), len(set(seen)), page["next"]) == (5, 5, None)


@pytest.mark.parametrize("card", ["ffffffffffffffff", "nonsense", "FFFFFFFFFFFFFFFF"])
def test_a_card_that_there_is_not_is_not_found(wang: Desk, card: str) -> None:
    refused(wang("POST", f"cards/{card}/revoke", {"reason": "lost"}), 404, "not_found")


def test_the_database_keeps_one_living_card_for_a_member(stage: Stage, wang: Desk) -> None:
    card = issued(wang, member_id(stage))
    other = "x'0102030405060708'" if stage.engine.dialect.name == "sqlite" else "'\\x0102030405060708'"
    columns = "member_id, key_id, valid_from, days, created_by, created_at"
    with pytest.raises(IntegrityError), stage.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO resident_cards (card, {columns}) SELECT {other}, {columns} FROM resident_cards"
        )
    assert stage.count("resident_cards") == 1
    assert answered(wang("GET", "cards"))["data"][0]["id"] == card["id"]
