"""Refusals: each code of the contract has its HTTP status and its sentences, and no other code is invented."""

from __future__ import annotations

import ast
import json

import pytest

from miniprogram_api.routes.problems import STATUS_OF
from tests.architecture.tree import ROOT, files, name_of

CONTRACT = {
    400: ["code_malformed", "idempotency_key_missing"],
    401: ["not_signed_in"],
    403: ["not_allowed", "wrong_merchant", "kiosk_suspended", "merchant_suspended", "proof_not_allowed"],
    404: ["not_found"],
    409: [
        *("code_already_used", "code_full", "cool_down", "scene_closed", "quantity_too_small"),
        *("idempotency_conflict", "points_missing", "out_of_stock", "limit_reached"),
        *("voucher_already_redeemed", "voucher_cancelled", "undo_too_late"),
    ],
    410: ["code_expired", "voucher_expired"],
    422: ["code_signature_invalid", "invalid_fields"],
    426: ["code_unknown_version"],
    429: ["too_many_tries"],
    503: ["database_away"],
}
ROWS = [(status, code) for status, codes in CONTRACT.items() for code in codes]


def sentences() -> dict[str, dict[str, list[str]]]:
    return json.loads((ROOT / "miniprogram_api" / "routes" / "problems.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("status", "code"), ROWS)
def test_a_refusal_of_the_contract_has_its_status_and_a_sentence_in_both_languages(status: int, code: str) -> None:
    assert STATUS_OF[code] == status
    for language in ("zh", "en"):
        title, sentence = sentences()[code][language]
        assert title.strip()
        assert sentence.strip().endswith((".", "。", "?", "？", "!", "！"))


def test_every_code_that_can_be_answered_has_sentences_and_no_sentence_lacks_its_code() -> None:
    assert set(STATUS_OF) - set(sentences()) == set()
    assert {key.partition(".")[0] for key in sentences()} - set(STATUS_OF) == set(), "a code, or code.why"


def test_every_sentence_is_written_in_both_languages() -> None:
    assert [key for key, pair in sentences().items() if not all(map(str.strip, [*pair["zh"], *pair["en"]]))] == []
    assert [key for key, pair in sentences().items() if set(pair) != {"zh", "en"}] == []


def test_no_refusal_is_raised_that_the_table_does_not_know() -> None:
    found = []
    for path in files(".py", rooms=("scenes", "miniprogram_api")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found += [f"{name_of(path)}: {code}" for code in _codes_of(node) if code not in STATUS_OF]
    assert found == []


def _codes_of(refusal: ast.ClassDef) -> list[str]:
    """The value of `code = "…"` in the body of an exception class; the mother of all refusals has none of her own."""
    bases = {base.id for base in refusal.bases if isinstance(base, ast.Name)}
    if refusal.name == "Refusal" or not any(name.endswith(("Refusal", "Refused", "Exception")) for name in bases):
        return []
    return [
        line.value.value
        for line in refusal.body
        if isinstance(line, ast.Assign)
        and [target.id for target in line.targets if isinstance(target, ast.Name)] == ["code"]
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    ]
