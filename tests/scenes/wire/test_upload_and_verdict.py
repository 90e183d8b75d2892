"""What a kiosk sends and what the server answers: a verdict counts for the request it names, and for no other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scenes.wire.documents import VERDICT, sign_document
from scenes.wire.errors import CodeRefused, CodeSignatureInvalid, FieldsInvalid
from scenes.wire.upload import (
    UPLOAD_ITEMS_MAX,
    Heartbeat,
    Upload,
    heartbeat_text,
    parse_heartbeat,
    parse_upload,
    upload_text,
)
from scenes.wire.verdict import (
    ItemVerdict,
    Verdict,
    best_result,
    open_verdict,
    parse_verdict,
    request_hash,
    verdict_body,
)
from tests.scenes.wire.conftest import KeyHolder

BOOT, HASH, REQUEST = "0123456789abcdef", "ab" * 32, b'{"boot":"0123456789abcdef"}'
HEARTBEAT = Heartbeat(
    boot=BOOT,
    uptime_ms=60_000,
    device_time=1_795_400_060,
    queue=3,
    versions={"kiosk": "0.1.0"},
    paper="ready",
    agreement=None,
    last_sync=None,
)
ITEM = ItemVerdict(BOOT, 2, HASH, "credited", ("credited", "refused:cool_down"))
ANSWER = Verdict(kiosk=1, request=request_hash(REQUEST), server_time=1_795_400_061, contiguous={BOOT: 2}, items=(ITEM,))


def test_an_upload_is_read_as_it_was_written() -> None:
    upload = Upload(BOOT, 8_000, ({"body": "{}", "key": "1.1", "signature": ""}, "not a document"))
    assert parse_upload(json.loads(upload_text(upload))) == upload


def test_a_bad_item_does_not_refuse_the_batch() -> None:
    assert parse_upload({"boot": BOOT, "uptime_ms": 1, "items": [None, 5, [], {}]}).items == (None, 5, [], {})


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"boot": "x"}, "boot"),
        ({"boot": None}, "boot"),
        ({"uptime_ms": -1}, "uptime_ms"),
        ({"uptime_ms": True}, "uptime_ms"),
        ({"items": {}}, "items"),
        ({"items": [{}] * (UPLOAD_ITEMS_MAX + 1)}, "items"),
        ({"more": 1}, "body"),
    ],
)
def test_an_upload_that_is_not_as_agreed_is_refused(altered: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        parse_upload({"boot": BOOT, "uptime_ms": 1, "items": []} | altered)
    assert refusal.value.field == field


def test_a_heartbeat_is_read_as_it_was_written() -> None:
    for heartbeat in (HEARTBEAT, replace(HEARTBEAT, agreement=4, last_sync=1_795_400_000)):
        assert parse_heartbeat(json.loads(heartbeat_text(heartbeat))) == heartbeat


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"queue": -1}, "queue"),
        ({"device_time": 1.5}, "device_time"),
        ({"versions": []}, "versions"),
        ({"versions": {"kiosk": 1}}, "versions.kiosk"),
        ({"versions": {str(number): "1" for number in range(17)}}, "versions"),
        ({"paper": ""}, "paper"),
        ({"agreement": "4"}, "agreement"),
        ({"last_sync": -1}, "last_sync"),
        ({"location": "pier"}, "body"),
    ],
)
def test_a_heartbeat_that_is_not_as_agreed_is_refused(altered: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        parse_heartbeat(json.loads(heartbeat_text(HEARTBEAT)) | altered)
    assert refusal.value.field == field


def test_the_verdict_of_the_office_on_this_request_is_taken(office: KeyHolder) -> None:
    document = sign_document(VERDICT, verdict_body(ANSWER), "office-1", office.private)
    assert open_verdict(document, office.key_of, 1, REQUEST) == ANSWER


def test_the_answer_to_a_heartbeat_is_a_verdict_without_items(office: KeyHolder) -> None:
    answer = replace(ANSWER, items=())
    document = sign_document(VERDICT, verdict_body(answer), "office-1", office.private)
    assert open_verdict(document, office.key_of, 1, REQUEST).items == ()


def test_a_verdict_for_another_kiosk_or_request_is_refused(office: KeyHolder) -> None:
    document = sign_document(VERDICT, verdict_body(ANSWER), "office-1", office.private)
    with pytest.raises(FieldsInvalid, match="kiosk"):
        open_verdict(document, office.key_of, 2, REQUEST)
    with pytest.raises(FieldsInvalid, match="request"):
        open_verdict(document, office.key_of, 1, REQUEST + b" ")


@pytest.mark.parametrize(
    "proxy_answer",
    [None, "", {}, [], "<html>Sign in to the harbour network</html>", {"result": "credited"}, {"items": []}],
)
def test_what_a_captive_portal_answers_is_no_verdict(proxy_answer: Any, office: KeyHolder) -> None:
    with pytest.raises(CodeRefused):
        open_verdict(proxy_answer, office.key_of, 1, REQUEST)


def test_a_verdict_that_the_office_did_not_sign_is_refused(office: KeyHolder, stranger: KeyHolder) -> None:
    document = sign_document(VERDICT, verdict_body(ANSWER), "office-1", stranger.private)
    with pytest.raises(CodeSignatureInvalid):
        open_verdict(document, office.key_of, 1, REQUEST)


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"kiosk": None}, "kiosk"),
        ({"request": "ab"}, "request"),
        ({"server_time": -1}, "server_time"),
        ({"contiguous": []}, "contiguous"),
        ({"contiguous": {"x": 1}}, "contiguous"),
        ({"contiguous": {BOOT: -1}}, f"contiguous.{BOOT}"),
        ({"items": None}, "items"),
        ({"items": [{}]}, "items[0].boot"),
        ({"more": 1}, "body"),
    ],
)
def test_a_verdict_that_is_not_as_agreed_is_refused(altered: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        parse_verdict(json.loads(verdict_body(ANSWER)) | altered)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "result", ["", "accepted", "Credited", "refused", "refused:", "refused:Cool", "credited\n", None]
)
def test_a_result_that_we_do_not_know_is_refused(result: Any) -> None:
    body = json.loads(verdict_body(ANSWER))
    for altered in ({"result": result}, {"lines": [result]}):
        with pytest.raises(FieldsInvalid):
            parse_verdict(body | {"items": [body["items"][0] | altered]})


@pytest.mark.parametrize(
    ("results", "best"),
    [
        (["refused:cool_down", "credited", "pending"], "credited"),
        (["duplicate", "pending"], "pending"),
        (["refused:cool_down", "duplicate"], "duplicate"),
        (["refused:cool_down", "refused:scene_closed"], "refused:cool_down"),
    ],
)
def test_the_result_of_an_item_is_the_best_of_its_lines(results: list[str], best: str) -> None:
    assert best_result(results) == best
