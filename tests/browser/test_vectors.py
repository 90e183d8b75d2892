"""The browser's readers of codes give the same answers as the server's: both read tests/vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).resolve().parents[1] / "vectors"

# The page fetches the file itself, so that no text changes on the way into the browser.
READ_KIOSK_CODES = """async () => {
  const { openKioskCode } = await import('/static/shared/js/codes/kiosk_code.js');
  const { binaryBytes } = await import('/static/shared/js/codes/binary_text.js');
  const answers = [];
  for (const { code, base_url, key } of await (await fetch('/vectors/kiosk_code.json')).json()) {
    const publicKeyOf = () => (key === null ? null : binaryBytes(key));
    answers.push(await openKioskCode(code, base_url, publicKeyOf).then(
      (fields) => ({ said: 'ok', fields }),
      (refusal) => ({ said: refusal.code ?? String(refusal), fields: null }),
    ));
  }
  return answers;
}"""

READ_ODD_VALUES = """async () => {
  const { openKioskCode } = await import('/static/shared/js/codes/kiosk_code.js');
  const { normaliseReadable } = await import('/static/shared/js/codes/readable_code.js');
  const odd = [undefined, null, 5, NaN, {}, [], ['A'], true, new Uint8Array(88), Symbol('A')];
  odd.push('A'.repeat(1e6), '\\0'.repeat(1e6));
  const answers = [];
  for (const value of odd) {
    answers.push(await openKioskCode(value, 'HTTPS://ISLAND.EXAMPLE', () => null).catch((refusal) => refusal.code));
    try { normaliseReadable(value); } catch (refusal) { answers.push(refusal.code); }
  }
  return answers;
}"""

MAKE_VOUCHER_CODES = """async () => {
  const { voucherCode, liveVoucherCode } = await import('/static/shared/js/codes/voucher_code.js');
  const { codeText } = await import('/static/shared/js/codes/code_text.js');
  const { binaryBytes } = await import('/static/shared/js/codes/binary_text.js');
  const made = [];
  for (const { expect, fields } of await (await fetch('/vectors/voucher_code.json')).json()) {
    if (expect !== 'ok') continue;
    const voucher = binaryBytes(fields.voucher);
    const id = [...voucher].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const asApi = { id, key_id: fields.key_id, key: fields.voucher_key };
    made.push([
      codeText(await voucherCode(binaryBytes(fields.voucher_key), fields.key_id, voucher, fields.minute)),
      await liveVoucherCode(asApi, fields.minute * 60 + 59.9),
    ]);
  }
  return made;
}"""

READ_READABLE_CODES = """async () => {
  const { formatReadable, normaliseReadable } = await import('/static/shared/js/codes/readable_code.js');
  return (await (await fetch('/vectors/readable_code.json')).json()).map(({ code }) => {
    try {
      const symbols = normaliseReadable(code);
      return { said: 'ok', symbols, shown: formatReadable(symbols) };
    } catch (refusal) {
      return { said: refusal.code ?? String(refusal) };
    }
  });
}"""

SPELL_KIOSK_CODES = """async () => {
  const { codeBytes, codeLink, codeText } = await import('/static/shared/js/codes/code_text.js');
  const vectors = await (await fetch('/vectors/kiosk_code.json')).json();
  return vectors.filter(({ expect }) => expect === 'ok').map(({ code, base_url }) => {
    const bytes = codeBytes(code, base_url);
    return [codeText(bytes), codeLink(bytes, base_url)];
  });
}"""


def vectors(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="ascii"))
    return entries


def test_the_browser_answers_every_kiosk_code_as_the_vectors_say(static_page: Page) -> None:
    answers = static_page.evaluate(READ_KIOSK_CODES)
    expected = [{"said": entry["expect"], "fields": entry["fields"]} for entry in vectors("kiosk_code.json")]
    names = [entry["why"] for entry in vectors("kiosk_code.json")]
    assert dict(zip(names, answers, strict=True)) == dict(zip(names, expected, strict=True))


def test_values_that_are_no_text_and_endless_texts_are_malformed_in_the_browser(static_page: Page) -> None:
    answers = static_page.evaluate(READ_ODD_VALUES)
    assert answers == ["code_malformed"] * 24


def test_the_browser_makes_each_live_voucher_code_as_the_server_does(static_page: Page) -> None:
    good = [entry for entry in vectors("voucher_code.json") if entry["expect"] == "ok"]
    expected = [entry["code"].strip().upper().rpartition("/")[2] for entry in good]
    assert static_page.evaluate(MAKE_VOUCHER_CODES) == [[code, code] for code in expected]


def test_the_browser_reads_each_readable_code_as_the_vectors_say(static_page: Page) -> None:
    entries = vectors("readable_code.json")
    answers = static_page.evaluate(READ_READABLE_CODES)
    assert [answer["said"] for answer in answers] == [entry["expect"] for entry in entries]
    good = [(entry, answer) for entry, answer in zip(entries, answers, strict=True) if entry["expect"] == "ok"]
    assert [answer["symbols"] for _, answer in good] == [entry["fields"]["symbols"] for entry, _ in good]
    # Read and shown again, a code has its one canonical form, which is what the first of its spelling has.
    shown = {entry["fields"]["symbols"]: entry["code"] for entry, _ in reversed(good)}
    assert {answer["symbols"]: answer["shown"] for _, answer in good} == shown


def test_a_code_that_was_read_is_spelled_in_one_way(static_page: Page) -> None:
    good = [entry for entry in vectors("kiosk_code.json") if entry["expect"] == "ok"]
    bare = [entry["code"].strip().upper().rpartition("/")[2] for entry in good]
    expected = [[code, f"{entry['base_url']}/S/{code}"] for entry, code in zip(good, bare, strict=True)]
    assert static_page.evaluate(SPELL_KIOSK_CODES) == expected
