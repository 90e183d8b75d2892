"""Journal items: each says where it stands in its chain; what is not as agreed is refused with its name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.errors import CodeRefused, CodeSignatureInvalid, FieldsInvalid
from scenes.wire.journal import (
    BootStarted,
    ClockSet,
    CodeIssued,
    CodeRead,
    Content,
    ItemHead,
    ItemReference,
    JournalItem,
    ReadLine,
    claimed_reference,
    item_body,
    item_hash,
    open_item,
)
from scenes.wire.key_id import kiosk_key_id, read_kiosk_key_id
from tests.scenes.wire.conftest import KeyHolder

BOOT, HASH = "0123456789abcdef", "ab" * 32
HEAD = ItemHead(
    kiosk=1, epoch=2, boot=BOOT, seq=1, before=None, claimed_at=1_795_400_000, clock="trusted", uptime_ms=8_000
)
LATER = replace(HEAD, seq=2, before=HASH)
LAST = ItemReference("fedcba9876543210", 17, HASH)
CONTENTS: list[tuple[ItemHead, Content]] = [
    (HEAD, BootStarted(None)),
    (HEAD, BootStarted(LAST)),
    (replace(HEAD, before=HASH), BootStarted(LAST)),
    (LATER, CodeIssued("CEAQ")),
    (LATER, CodeRead("CQAQ", (ReadLine(6, 0, 1), ReadLine(11, 1, 2, room="305")))),
    (LATER, CodeRead("CQAQ", (ReadLine(6, 0, 1),), clerk="lin")),
    (replace(LATER, clock="untrusted", claimed_at=0), ClockSet(1_795_400_000, "heartbeat")),
]


def document_of(body: str | dict[str, Any], kiosk: KeyHolder, key: str = "1.2") -> dict[str, str]:
    text = body if isinstance(body, str) else json.dumps(body)
    return sign_document(JOURNAL, text, key, kiosk.private)


@pytest.mark.parametrize(("head", "content"), CONTENTS, ids=lambda value: getattr(value, "kind", ""))
def test_what_the_kiosk_writes_is_what_the_server_reads(
    head: ItemHead, content: Content, pier_kiosk: KeyHolder
) -> None:
    body = item_body(head, content)
    item = open_item(document_of(body, pier_kiosk), pier_kiosk.key_of)
    assert item == JournalItem(head, content, item_hash(body))
    assert item.reference == ItemReference(BOOT, head.seq, item_hash(body))


def test_the_bodies_have_the_members_of_the_contract() -> None:
    head = {"kiosk", "epoch", "boot", "seq", "before", "claimed_at", "clock", "uptime_ms", "kind"}
    members = [set(json.loads(item_body(head, content))) - {"kind"} for head, content in CONTENTS]
    own = [{"last"}] * 3 + [{"code"}, {"code", "lines"}, {"code", "lines", "clerk"}, {"set_to", "by"}]
    assert members == [(head | added) - {"kind"} for added in own]


def test_each_item_names_the_one_before_by_the_bytes_that_were_signed() -> None:
    first = item_body(HEAD, BootStarted(None))
    second = item_body(replace(HEAD, seq=2, before=item_hash(first)), CodeIssued("CEAQ"))
    assert json.loads(second)["before"] == item_hash(first)
    assert item_hash(first) != item_hash(first + " ")


def test_an_item_signed_by_another_kiosks_key_is_refused(pier_kiosk: KeyHolder, stranger: KeyHolder) -> None:
    document = document_of(item_body(HEAD, BootStarted(None)), stranger)
    with pytest.raises(CodeSignatureInvalid):
        open_item(document, pier_kiosk.key_of)


@pytest.mark.parametrize("key", ["2.2", "1.1", "1.3"])
def test_an_item_speaks_for_its_own_kiosk_and_epoch_only(key: str, pier_kiosk: KeyHolder) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        open_item(document_of(item_body(HEAD, BootStarted(None)), pier_kiosk, key), pier_kiosk.key_of)
    assert refusal.value.field == "key"


@pytest.mark.parametrize("key", ["", "1", "1.", ".2", "01.2", "1.02", "1.2 ", "1.256", "4294967296.1", "1.٢", "-1.2"])
def test_the_id_of_a_kiosks_key_has_one_spelling(key: str) -> None:
    assert read_kiosk_key_id(kiosk_key_id(2**32 - 1, 255)) == (2**32 - 1, 255)
    with pytest.raises(FieldsInvalid):
        read_kiosk_key_id(key)


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"kiosk": -1}, "kiosk"),
        ({"kiosk": "1"}, "kiosk"),
        ({"kiosk": True}, "kiosk"),
        ({"kiosk": 2**32}, "kiosk"),
        ({"epoch": 256}, "epoch"),
        ({"boot": BOOT.upper()}, "boot"),
        ({"boot": BOOT[:-1]}, "boot"),
        ({"boot": None}, "boot"),
        ({"seq": 0}, "seq"),
        ({"seq": None}, "seq"),
        ({"before": None}, "before"),
        ({"before": "ab"}, "before"),
        ({"before": HASH.upper()}, "before"),
        ({"claimed_at": -1}, "claimed_at"),
        ({"claimed_at": 2**32}, "claimed_at"),
        ({"clock": "good"}, "clock"),
        ({"clock": ["trusted"]}, "clock"),
        ({"uptime_ms": -1}, "uptime_ms"),
        ({"uptime_ms": 2**53}, "uptime_ms"),
        ({"kind": "other"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": {}}, "kind"),
        ({"code": None}, "code"),
        ({"code": ""}, "code"),
        ({"code": "C" * 513}, "code"),
        ({"code": "CE\x00AQ"}, "code"),
        ({"clerk": ""}, "clerk"),
        ({"clerk": None}, "clerk"),
        ({"lines": []}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 1}] * 9}, "lines"),
        ({"lines": [{"scene": 0, "variant": 0, "quantity": 1}]}, "lines[0].scene"),
        ({"lines": [{"scene": 256, "variant": 0, "quantity": 1}]}, "lines[0].scene"),
        ({"lines": [{"scene": 1, "variant": -1, "quantity": 1}]}, "lines[0].variant"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 0}]}, "lines[0].quantity"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 65_536}]}, "lines[0].quantity"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 1, "room": "123456789"}]}, "lines[0].room"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 1, "room": ""}]}, "lines[0].room"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 1, "room": None}]}, "lines[0].room"),
        ({"lines": [{"scene": 1, "variant": 0, "quantity": 1, "points": 100}]}, "lines[0]"),
        ({"lines": [{"scene": 1, "variant": 0}]}, "lines[0].quantity"),
        ({"lines": [5]}, "lines[0]"),
        ({"points": 100}, "body"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_item_that_is_not_as_agreed_is_refused_with_the_name_of_the_member(
    altered: dict[str, Any], field: str, pier_kiosk: KeyHolder
) -> None:
    body = json.loads(item_body(LATER, CodeRead("CQAQ", (ReadLine(6, 0, 1),), clerk="lin"))) | altered
    with pytest.raises(FieldsInvalid) as refusal:
        open_item(document_of(body, pier_kiosk), pier_kiosk.key_of)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"seq": 2, "before": HASH}, "seq"),
        ({"before": "cd" * 32}, "before"),
        ({"last": {"boot": BOOT, "seq": 1}}, "last.hash"),
        ({"last": {"boot": BOOT, "seq": 0, "hash": HASH}}, "last.seq"),
        ({"last": {"boot": BOOT, "seq": 1, "hash": HASH, "more": 1}}, "last"),
        ({"last": "none"}, "last"),
        ({"code": "CEAQ"}, "body"),
    ],
)
def test_a_start_stands_first_in_its_chain_and_names_one_last_item(
    altered: dict[str, Any], field: str, pier_kiosk: KeyHolder
) -> None:
    body = json.loads(item_body(replace(HEAD, before=HASH), BootStarted(LAST))) | altered
    with pytest.raises(FieldsInvalid) as refusal:
        open_item(document_of(body, pier_kiosk), pier_kiosk.key_of)
    assert refusal.value.field == field


@pytest.mark.parametrize("name", ["kiosk", "boot", "seq", "before", "clock", "uptime_ms", "code"])
def test_an_item_that_lacks_a_member_says_which(name: str, pier_kiosk: KeyHolder) -> None:
    body = json.loads(item_body(LATER, CodeIssued("CEAQ")))
    del body[name]
    with pytest.raises(FieldsInvalid) as refusal:
        open_item(document_of(body, pier_kiosk), pier_kiosk.key_of)
    assert refusal.value.field == name


@pytest.mark.parametrize(
    "content",
    [
        CodeIssued(""),
        CodeRead("CQAQ", ()),
        CodeRead("CQAQ", (ReadLine(6, 0, 1),) * 9),
        CodeRead("CQAQ", (ReadLine(6, 0, 0),)),
        ClockSet(-1, "lin"),
    ],
)
def test_a_kiosk_does_not_sign_what_the_server_would_refuse(content: Content) -> None:
    with pytest.raises(FieldsInvalid):
        item_body(LATER, content)


def test_an_item_that_cannot_be_opened_is_still_named_in_the_verdict(
    stranger: KeyHolder, pier_kiosk: KeyHolder
) -> None:
    body = item_body(LATER, CodeIssued("CEAQ"))
    document = document_of(body, stranger)
    with pytest.raises(CodeSignatureInvalid):
        open_item(document, pier_kiosk.key_of)
    assert claimed_reference(document) == ItemReference(BOOT, 2, item_hash(body))


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"body": None, "key": "1.2", "signature": ""},
        {"body": "{}", "key": "1.2", "signature": ""},
        {"body": "\ud800", "key": "1.2", "signature": ""},
        {"body": '{"boot": "\\ud800", "seq": 1}', "key": "1.2", "signature": ""},
        {"body": '{"boot": "0123456789abcdef", "seq": "1"}', "key": "1.2", "signature": ""},
        {"body": "[" * 3_000, "key": "1.2", "signature": ""},
        {"body": " " * 4_001, "key": "1.2", "signature": ""},
    ],
    ids=range(10),
)
def test_what_names_no_item_has_no_reference_and_cannot_be_opened(document: Any, nobody: Any) -> None:
    assert claimed_reference(document) is None
    with pytest.raises(CodeRefused):
        open_item(document, nobody)
