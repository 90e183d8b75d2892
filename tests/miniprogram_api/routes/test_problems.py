"""Every refusal has its HTTP status and its sentences in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from miniprogram_api.domain import refusals
from miniprogram_api.routes.problems import SENTENCES, STATUS_OF, problem_response

CONTRACT = {  # section 3, the table of codes
    400: "code_malformed idempotency_key_missing",
    401: "not_signed_in",
    403: "not_allowed wrong_merchant kiosk_suspended merchant_suspended proof_not_allowed",
    404: "not_found",
    426: "code_unknown_version",
    422: "code_signature_invalid invalid_fields",
    409: "code_already_used code_full cool_down scene_closed quantity_too_small idempotency_conflict points_missing "
    "out_of_stock limit_reached voucher_already_redeemed voucher_cancelled undo_too_late",
    410: "code_expired voucher_expired",
    429: "too_many_tries",
    503: "database_away",
}


def all_refusals() -> set[str]:
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, refusals.Refusal)]
    return {kind.code for kind in kinds} - {refusals.Refusal.code}


def test_the_table_of_codes_is_the_contracts() -> None:
    for status, codes in CONTRACT.items():
        assert {code: STATUS_OF[code] for code in codes.split()} == dict.fromkeys(codes.split(), status)


def test_every_refusal_of_the_domain_has_a_status() -> None:
    assert all_refusals() - set(STATUS_OF) == set()


def test_every_code_has_a_title_and_a_sentence_in_both_languages() -> None:
    assert set(STATUS_OF) - set(SENTENCES) == set()
    for case, sentences in SENTENCES.items():
        assert case.partition(".")[0] in STATUS_OF
        assert set(sentences) == {"zh", "en"}
        assert all(len(pair) == 2 and all(len(text) > 2 for text in pair) for pair in sentences.values()), case
        assert all("\u4e00" <= letter <= "\u9fff" for letter in sentences["zh"][0][:1])
        assert sentences["en"][1].isascii()


@pytest.mark.parametrize(("language", "sentence"), [("en", "35 points are missing."), ("zh-CN", "还差 35 分")])
def test_a_sentence_names_what_helps(language: str, sentence: str) -> None:
    with Flask("test").test_request_context(headers={"Accept-Language": language}):
        response = problem_response("points_missing", {"points_missing": 35})
    assert response.status_code == 409
    assert sentence in response.get_json()["detail"]
    assert response.get_json()["points_missing"] == 35


def test_a_time_that_helps_is_written_with_the_islands_offset() -> None:
    with Flask("test").test_request_context():
        response = problem_response("cool_down", {"allowed_again_at": 1_795_320_000})
    assert response.get_json()["allowed_again_at"] == "2026-11-22T12:00:00+08:00"


def test_the_time_to_wait_is_a_header_and_never_less_than_a_second() -> None:
    with Flask("test").test_request_context():
        response = problem_response("too_many_tries", {"retry_after": 0})
    assert response.headers["Retry-After"] == "1"
    assert "retry_after" not in response.get_json()
