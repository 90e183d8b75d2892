"""Words: each glossary row has both languages and a meaning; no sentence promises what the programme does not give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, files, name_of

SPOKEN = (
    *("scene", "act", "reduction", "member", "merchant", "voucher", "exchange", "redeem", "cap", "cool-down"),
    *("kiosk", "ticket", "journal", "verdict", "agreement", "entry", "transfer", "hold", "lot", "reversal"),
)
# Points are no money and grams no credit (the rules of the programme); these words would say so.
NEVER_SAID = re.compile(
    r"碳信用|碳币|碳税|金币|提现|返现|代金券|购物券|优惠券|积分\s*[=＝≈]\s*\d|carbon credits?|\bcoins?\b|\bcash ?back\b"
    r"|\bworth\b|point\s*=\s*",
    re.IGNORECASE,
)
DENIED = re.compile(r"(?:不是|并非|\b(?:not|no|never)\s+(?:an?\s+)?)(?:碳信用|carbon credits?|coins?)", re.IGNORECASE)


def rows() -> list[list[str]]:
    """The cells of every table row of the glossary, headings left out."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith(("| word", "| ---"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def strings(node: object) -> Iterator[str]:
    """Every string inside a parsed document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for below in node.values() if isinstance(node, dict) else node:
            yield from strings(below)


def texts() -> Iterator[Path]:
    """The catalogues of sentences that people read."""
    yield from files(".json", rooms=("static/shared/locales", "miniprogram_api/routes", "kiosk"))


def test_every_word_of_the_glossary_has_both_languages_and_a_meaning() -> None:
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []
    assert [row[0] for row in rows() if not re.search(r"[\u4e00-\u9fff]", row[1])] == []


def test_the_words_that_code_and_pages_use_are_described_once() -> None:
    described = [word.strip() for row in rows() for word in row[0].split(",")]
    assert [word for word in SPOKEN if described.count(word) != 1] == []


def test_no_sentence_calls_points_money_or_grams_a_credit() -> None:
    found = [
        f"{name_of(path)}: {text}"
        for path in texts()
        for text in strings(json.loads(path.read_text(encoding="utf-8")))
        if NEVER_SAID.search(DENIED.sub("", text))
    ]
    assert found == []
