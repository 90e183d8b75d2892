"""The agreement: what a kiosk runs on is complete and signed, and its profile names what the place offers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scenes.wire.agreement import (
    Agreement,
    OfficeKey,
    PassKey,
    Profile,
    Revoked,
    Route,
    agreement_body,
    open_agreement,
    parse_agreement,
    parse_profile,
    profile_document,
)
from scenes.wire.binary_text import binary_text
from scenes.wire.documents import AGREEMENT, VERDICT, sign_document
from scenes.wire.errors import CodeSignatureInvalid, FieldsInvalid
from scenes.wire.kinds import KIND_GROUP, KIND_MEMBER, KIND_SINGLE_USE, KIND_TICKET, KIND_VOUCHER
from tests.scenes.wire.conftest import KeyHolder

DOCUMENTED: dict[str, Any] = {
    "attended": True,
    "scenes": {"1": {"proofs": ["GK", "TK"], "max_quantity": 1}, "15": {"proofs": ["TK", "WT"], "max_quantity": 500}},
    "group": {"per_code": 60, "seats": 300, "window_minutes": 30},
    "ceilings": {"points_per_hour": 20_000},
    "ticket_days": 14,
    "routes": [{"start": 9, "end": 19, "quantity": 32}],
}


@pytest.fixture
def agreement(pier_profile: Profile, office: KeyHolder, stranger: KeyHolder) -> Agreement:
    return Agreement(
        version=3,
        kiosk=1,
        issued_at=1_795_400_000,
        scenes=({"number": 1, "slug": "ferry-arrival", "name_zh": "乘船上岛"},),
        profile=replace(pier_profile, routes=(Route(9, 19, 32),)),
        texts={"venue": {"zh": "灵山岛码头", "en": "Island pier"}},
        office_keys=(OfficeKey("office-1", office.public),),
        pass_keys=(PassKey(1, stranger.public, 1_795_000_000),),
        revoked=Revoked(frozenset({b"alias-01", b"alias-02"}), frozenset({b"card--01"}), frozenset({4, 2})),
    )


def test_an_agreement_is_read_as_it_was_written(agreement: Agreement, office: KeyHolder) -> None:
    document = sign_document(AGREEMENT, agreement_body(agreement), "office-1", office.private)
    assert open_agreement(document, office.key_of, 1) == agreement


def test_an_agreement_has_the_members_of_the_contract(agreement: Agreement) -> None:
    body = json.loads(agreement_body(agreement))
    assert set(body) == {
        *("version", "kiosk", "issued_at", "scenes", "profile", "texts"),
        *("office_keys", "pass_keys", "revoked"),
    }
    assert set(body["pass_keys"][0]) == {"id", "key", "from"}
    assert set(body["revoked"]) == {"aliases", "cards", "kiosks"}
    assert body["revoked"]["kiosks"] == [2, 4]


def test_the_agreement_of_another_kiosk_is_refused(agreement: Agreement, office: KeyHolder) -> None:
    document = sign_document(AGREEMENT, agreement_body(agreement), "office-1", office.private)
    with pytest.raises(FieldsInvalid, match="kiosk"):
        open_agreement(document, office.key_of, 2)


def test_an_agreement_that_the_office_did_not_sign_as_one_is_refused(
    agreement: Agreement, office: KeyHolder, stranger: KeyHolder
) -> None:
    body = agreement_body(agreement)
    for document in (
        sign_document(AGREEMENT, body, "office-1", stranger.private),
        sign_document(VERDICT, body, "office-1", office.private),
    ):
        with pytest.raises(CodeSignatureInvalid):
            open_agreement(document, office.key_of, 1)


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"issued_at": "now"}, "issued_at"),
        ({"scenes": {}}, "scenes"),
        ({"scenes": [1]}, "scenes[0]"),
        ({"profile": None}, "profile"),
        ({"profile": {}}, "profile.attended"),
        ({"texts": []}, "texts"),
        ({"texts": {"venue": "pier"}}, "texts.venue"),
        ({"texts": {"venue": {"zh": "码头"}}}, "texts.venue.en"),
        ({"texts": {"venue": {"zh": "", "en": "pier"}}}, "texts.venue.zh"),
        ({"office_keys": []}, "office_keys"),
        ({"office_keys": [{"id": "office-1"}]}, "office_keys[0].key"),
        ({"office_keys": [{"id": "office-1", "key": "AAAA"}]}, "office_keys[0].key"),
        ({"office_keys": [{"id": "office-1", "key": binary_text(bytes(32))}]}, "office_keys[0].key"),
        ({"pass_keys": [{"id": 256, "key": "", "from": 0}]}, "pass_keys[0].id"),
        ({"pass_keys": [{"id": 1, "key": "", "from": 0}]}, "pass_keys[0].key"),
        ({"revoked": {"aliases": [], "cards": []}}, "revoked.kiosks"),
        ({"revoked": {"aliases": ["x"], "cards": [], "kiosks": []}}, "revoked.aliases"),
        ({"revoked": {"aliases": [], "cards": [], "kiosks": ["4"]}}, "revoked.kiosks"),
        ({"more": 1}, "body"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_agreement_that_is_not_as_agreed_is_refused_with_the_name_of_the_member(
    agreement: Agreement, altered: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        parse_agreement(json.loads(agreement_body(agreement)) | altered)
    assert refusal.value.field == field


def test_a_profile_is_written_as_it_was_read() -> None:
    assert profile_document(parse_profile(DOCUMENTED)) == DOCUMENTED


@pytest.mark.parametrize(
    ("scene", "kind", "expected"),
    [
        (1, KIND_GROUP, True),
        (1, KIND_TICKET, True),
        (1, KIND_SINGLE_USE, False),
        (9, KIND_SINGLE_USE, True),
        (9, KIND_TICKET, True),
        (9, KIND_GROUP, False),
        (15, KIND_SINGLE_USE, True),
        (15, KIND_TICKET, True),
        (15, KIND_GROUP, False),
        (2, KIND_TICKET, False),
        (1, KIND_MEMBER, False),
        (1, KIND_VOUCHER, False),
        (1, 0, False),
    ],
)
def test_a_kind_is_offered_when_the_scenes_proofs_name_it(
    pier_profile: Profile, scene: int, kind: int, expected: bool
) -> None:
    assert pier_profile.offers_kind(scene, kind) is expected


@pytest.mark.parametrize(
    ("scene", "quantity", "expected"),
    [(9, 4, True), (9, 5, False), (9, 0, False), (9, -1, False), (2, 1, False)],
)
def test_a_quantity_is_offered_up_to_the_scenes_greatest(
    pier_profile: Profile, scene: int, quantity: int, expected: bool
) -> None:
    assert pier_profile.offers_quantity(scene, quantity) is expected


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"attended": 1}, "attended"),
        ({"scenes": []}, "scenes"),
        ({"scenes": {"0": {"proofs": ["TK"], "max_quantity": 1}}}, "scenes"),
        ({"scenes": {"01": {"proofs": ["TK"], "max_quantity": 1}}}, "scenes"),
        ({"scenes": {"256": {"proofs": ["TK"], "max_quantity": 1}}}, "scenes"),
        ({"scenes": {"": {"proofs": ["TK"], "max_quantity": 1}}}, "scenes"),
        ({"scenes": {"٢": {"proofs": ["TK"], "max_quantity": 1}}}, "scenes"),
        ({"scenes": {"1": {"proofs": [], "max_quantity": 1}}}, "scenes.1.proofs"),
        ({"scenes": {"1": {"proofs": ["XX"], "max_quantity": 1}}}, "scenes.1.proofs"),
        ({"scenes": {"1": {"proofs": ["TK"], "max_quantity": 0}}}, "scenes.1.max_quantity"),
        ({"scenes": {"1": {"proofs": ["TK"], "max_quantity": 65_536}}}, "scenes.1.max_quantity"),
        ({"scenes": {"1": {"proofs": ["TK"], "max_quantity": 1, "points": 5}}}, "scenes.1"),
        ({"group": {"per_code": 60, "seats": 300}}, "group.window_minutes"),
        ({"group": {"per_code": 60, "seats": -1, "window_minutes": 30}}, "group.seats"),
        ({"ceilings": {}}, "ceilings.points_per_hour"),
        ({"ceilings": {"points_per_hour": 1.5}}, "ceilings"),
        ({"ticket_days": 0}, "ticket_days"),
        ({"routes": {}}, "routes"),
        ({"routes": [{"start": 9, "end": 19}]}, "routes[0].quantity"),
        ({"opening_hours": []}, "body"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_profile_that_is_not_as_agreed_is_refused_with_the_name_of_the_member(
    altered: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        parse_profile(DOCUMENTED | altered)
    assert refusal.value.field == field


@pytest.mark.parametrize("anything", [None, [], "", 5, "{}"])
def test_what_is_no_object_is_no_profile(anything: Any) -> None:
    with pytest.raises(FieldsInvalid):
        parse_profile(anything)
