"""The browser's readers of codes give the same answers as the server's: both read tests/vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.vectors.facts import binary
from tests.vectors.member_passes import Pass, pass_of

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

# A page that is not served as a secure context has no `crypto.subtle`; these readers and makers must do without.
WITHOUT_WEBCRYPTO = "Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined });"

READ_BY_PASS_KEY = """async ([module, name, file]) => {
  const open = (await import(`/static/shared/js/codes/${module}.js`))[name];
  const { binaryBytes } = await import('/static/shared/js/codes/binary_text.js');
  const answers = [];
  for (const { code, base_url, key } of await (await fetch(`/vectors/${file}`)).json()) {
    const publicKeyOf = () => (key === null ? null : binaryBytes(key));
    answers.push(await open(code, base_url, publicKeyOf).then(
      (fields) => ({ said: 'ok', fields }),
      (refusal) => ({ said: refusal.code ?? String(refusal), fields: null }),
    ));
  }
  return answers;
}"""

MAKE_MEMBER_CODES = """async () => {
  const { memberCodeText, openPass } = await import('/static/shared/js/codes/member_pass.js');
  const { binaryText } = await import('/static/shared/js/codes/binary_text.js');
  const { codeBytes } = await import('/static/shared/js/codes/code_text.js');
  const made = [];
  for (const { code, base_url, expect, fields } of await (await fetch('/vectors/member_code.json')).json()) {
    if (expect !== 'ok') continue;
    const pass = binaryText(codeBytes(code, base_url).subarray(0, 96));
    const opened = openPass({ pass, last_value: fields.last_value });
    const starts = fields.not_before + 60 * (fields.slot - 1);
    made.push([memberCodeText([opened], starts), memberCodeText([opened], starts + 59.9)]);
  }
  return made;
}"""

SHOW_TWO_PASSES = """async (passes) => {
  const { memberCodeText, openPass } = await import('/static/shared/js/codes/member_pass.js');
  const { readMemberCode, fits } = await import('/static/shared/js/codes/member_code.js');
  const opened = passes.map(openPass);
  const shown = (second) => {
    const text = memberCodeText(opened, second);
    return text && readMemberCode(text, 'HTTPS://ISLAND.EXAMPLE').fields;
  };
  const [first, second] = opened;
  const fields = shown(first.notBefore + 30);
  const fit = [-91, -90, 0, 90, 91].map((away) => fits(fields, first.notBefore + 30 + away));
  const times = [first.notBefore - 0.1, first.notBefore, first.endsAt - 0.1, first.endsAt, second.endsAt];
  return { slots: times.map((time) => shown(time)?.slot ?? null), fit };
}"""

OPEN_DAMAGED_PASSES = """async (passes) => {
  const { openPass } = await import('/static/shared/js/codes/member_pass.js');
  return passes.map((pass) => {
    try { return openPass(pass).slots; } catch (error) { return 'thrown'; }
  });
}"""

HASH_CHAINS = """async () => {
  const { valuesDown } = await import('/static/shared/js/codes/hash_chain.js');
  const alias = Uint8Array.from({ length: 8 }, (_, place) => place);
  const last = Uint8Array.from({ length: 16 }, (_, place) => 16 + place);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const took = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const begun = performance.now();
    valuesDown(alias, 1440, last, 1440);
    took.push(performance.now() - begun);
  }
  return { anchors: [3, 1440].map((slots) => hex(valuesDown(alias, slots, last, slots).at(-1))), took };
}"""

COMPARE_HASHES = """async () => {
  const ours = await import('/static/shared/js/codes/sha2.js');
  const different = [];
  for (const length of [...Array(300).keys(), 1000, 4096, 65_537]) {
    const message = Uint8Array.from({ length }, (_, place) => (place * place + length) >> 3);
    for (const [hash, name] of [[ours.sha256, 'SHA-256'], [ours.sha512, 'SHA-512']]) {
      const expected = new Uint8Array(await crypto.subtle.digest(name, message));
      if (String(hash(message)) !== String(expected)) different.push([name, length]);
    }
  }
  return different;
}"""

READ_ODD_VALUES = """async () => {
  const { openKioskCode } = await import('/static/shared/js/codes/kiosk_code.js');
  const { openMemberCode } = await import('/static/shared/js/codes/member_code.js');
  const { openCard } = await import('/static/shared/js/codes/resident_card.js');
  const { normaliseReadable } = await import('/static/shared/js/codes/readable_code.js');
  const odd = [undefined, null, 5, NaN, {}, [], ['A'], true, new Uint8Array(88), Symbol('A')];
  odd.push('A'.repeat(1e6), '\\0'.repeat(1e6));
  const answers = [];
  for (const value of odd) {
    for (const open of [openKioskCode, openMemberCode, openCard]) {
      answers.push(await open(value, 'HTTPS://ISLAND.EXAMPLE', () => null).catch((refusal) => refusal.code));
    }
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


@pytest.mark.parametrize(
    ("module", "opener", "file"),
    [("member_code", "openMemberCode", "member_code.json"), ("resident_card", "openCard", "resident_card.json")],
)
def test_the_browser_answers_every_member_code_and_card_as_the_vectors_say(
    static_page: Page, module: str, opener: str, file: str
) -> None:
    static_page.evaluate(WITHOUT_WEBCRYPTO)
    answers = static_page.evaluate(READ_BY_PASS_KEY, [module, opener, file])
    expected = [{"said": entry["expect"], "fields": without_last_value(entry["fields"])} for entry in vectors(file)]
    names = [entry["why"] for entry in vectors(file)]
    assert dict(zip(names, answers, strict=True)) == dict(zip(names, expected, strict=True))


def without_last_value(fields: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a reader learns; only the phone has the last value."""
    return fields and {name: said for name, said in fields.items() if name != "last_value"}


def test_the_browser_makes_each_member_code_as_the_server_does(static_page: Page) -> None:
    static_page.evaluate(WITHOUT_WEBCRYPTO)
    good = [entry for entry in vectors("member_code.json") if entry["expect"] == "ok"]
    expected = [entry["code"].strip().upper().rpartition("/")[2] for entry in good]
    assert static_page.evaluate(MAKE_MEMBER_CODES) == [[code, code] for code in expected]


def test_the_phone_goes_from_pass_to_pass_and_shows_nothing_outside_of_them(static_page: Page) -> None:
    first = pass_of("today", 1440, not_before=1_795_400_040)
    second = pass_of("tomorrow", 1440, not_before=1_795_400_040 + 86_400)
    shown = static_page.evaluate(SHOW_TWO_PASSES, [as_api(first), as_api(second)])
    assert shown == {"slots": [None, 1, 1440, 1, None], "fit": [False, True, True, True, False]}


def test_a_damaged_pass_is_not_shown(static_page: Page) -> None:
    kept = as_api(pass_of("today"))
    damaged = [
        {**kept, "last_value": as_api(pass_of("another"))["last_value"]},
        {**kept, "last_value": kept["last_value"][:-4]},
        {**kept, "pass": kept["pass"][:-4]},
        {**kept, "pass": kept["pass"][:20] + ("A" if kept["pass"][20] != "A" else "B") + kept["pass"][21:]},
        {**kept, "pass": "%"},
    ]
    assert static_page.evaluate(OPEN_DAMAGED_PASSES, [kept, *damaged]) == [5, *["thrown"] * len(damaged)]


def as_api(told: Pass) -> dict[str, str]:
    """The pass as `GET member/pass` gives it."""
    return {"pass": binary(told.signed()), "last_value": binary(told.last)}


def test_the_browser_hashes_the_chains_of_the_contract_and_a_day_in_less_than_fifty_milliseconds(
    static_page: Page,
) -> None:
    hashed = static_page.evaluate(HASH_CHAINS)
    assert hashed["anchors"] == ["f2efcc4ebff3625acef83cec10551f51", "1eb5fcf3b431adb35c849dbb498dca60"]
    # The quickest of five: what else the machine does is no matter of ours.
    assert min(hashed["took"]) < 50


def test_our_hashes_are_those_of_webcrypto(static_page: Page) -> None:
    assert static_page.evaluate(COMPARE_HASHES) == []


def test_values_that_are_no_text_and_endless_texts_are_malformed_in_the_browser(static_page: Page) -> None:
    answers = static_page.evaluate(READ_ODD_VALUES)
    assert answers == ["code_malformed"] * 48


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
