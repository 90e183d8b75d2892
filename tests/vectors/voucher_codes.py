"""Live voucher codes, `key` being the master key of key id 1, and readable codes, `key` being the code key."""

import hmac
from collections.abc import Iterator
from typing import Any

from tests.vectors.facts import BASE_URL, LINK, MALFORMED, UNKNOWN_VERSION, UNSIGNED, binary, number, seeded, spelled

Entry = dict[str, Any]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CONTRACT_MASTER, CONTRACT_VOUCHER = bytes(range(32)), bytes(range(8))


def voucher_key(master: bytes, voucher: bytes) -> bytes:
    extracted = hmac.digest(b"\x00" * 32, master, "sha256")
    return hmac.digest(extracted, b"ISLE-VK-1\x00" + voucher + b"\x01", "sha256")


def live(master: bytes, voucher: bytes, minute: int, key_id: int = 1) -> bytes:
    said = bytes([0x15, key_id]) + voucher + minute.to_bytes(4, "big")
    return said + hmac.digest(voucher_key(master, voucher), b"ISLE-V-1\x00" + said, "sha256")[:16]


def line(why: str, code: str, expect: str, key: bytes | None, said: Any = None) -> Entry:
    spelled_key = None if key is None else binary(key)
    return {"why": why, "code": code, "base_url": BASE_URL, "key": spelled_key, "expect": expect, "fields": said}


def good_voucher(why: str, master: bytes, voucher: bytes, minute: int, key_id: int = 1) -> Entry:
    said = {"key_id": key_id, "voucher": binary(voucher), "minute": minute}
    said["voucher_key"] = binary(voucher_key(master, voucher))
    return line(why, spelled(live(master, voucher, minute, key_id)), "ok", master, said)


def good_voucher_codes() -> Iterator[Entry]:
    yield good_voucher("the vector of the contract", CONTRACT_MASTER, CONTRACT_VOUCHER, 29_000_000)
    yield good_voucher("minute 0, key id 0", seeded("master"), bytes(8), 0, 0)
    yield good_voucher("last minute, key id 255", seeded("master"), b"\xff" * 8, 2**32 - 1, 255)
    for turn in range(12):
        voucher = seeded(f"voucher {turn}", 8)
        yield good_voucher(f"voucher {turn}", seeded("master"), voucher, 29_900_000 + number(f"minute {turn}", 500_000))
    usual = good_voucher("spelled", seeded("master"), seeded("voucher", 8), 29_916_666)
    yield {**usual, "why": "lower case", "code": usual["code"].lower()}
    yield {**usual, "why": "white space around", "code": f" \u3000{usual['code']}\r\n"}
    yield {**usual, "why": "as our link", "code": LINK + usual["code"]}


def bad_voucher_codes() -> Iterator[Entry]:
    master = seeded("master")
    raw = live(master, seeded("voucher", 8), 29_916_666)
    text = spelled(raw)
    for place in range(1, 30):
        changed = raw[:place] + bytes([raw[place] ^ 1 << number(f"voucher bit {place}", 7)]) + raw[place + 1 :]
        yield line(f"byte {place} altered", spelled(changed), UNSIGNED, master)
    yield line("key id not known", text, UNSIGNED, None)
    yield line("another master key", text, UNSIGNED, seeded("another master"))
    yield line("tag of zeros", spelled(raw[:14] + bytes(16)), UNSIGNED, master)
    for kind in (0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x1F):
        yield line(f"of kind {kind:#04x}", spelled(bytes([kind]) + raw[1:]), MALFORMED, master)
    for version in (0, 2, 15):
        yield line(f"of version {version}", spelled(bytes([version << 4 | 5]) + raw[1:]), UNKNOWN_VERSION, master)
    for why, wrong in (
        ("empty", ""),
        ("one byte short", spelled(raw[:29])),
        ("one byte long", spelled(raw + b"\x00")),
        ("one symbol short", text[:-1]),
        ("doubled", text + text),
        ("padding", text + "===="),
        ("hyphens", "-".join(text[i : i + 8] for i in range(0, 48, 8))),
        ("another host", f"HTTPS://EVIL.EXAMPLE/S/{text}"),
        ("dotless i", text[:10] + "ı" + text[11:]),
        ("zero byte", text + "\x00"),
        ("readable code", "0123-4567-89AK"),
    ):
        yield line(why, wrong, MALFORMED, master)


def symbols_of(code_key: bytes, voucher: bytes, r: int) -> str:
    digest = hmac.digest(code_key, b"ISLE-RC-1\x00" + voucher + r.to_bytes(2, "big"), "sha256")
    bits = "".join(f"{byte:08b}" for byte in digest)
    return "".join(CROCKFORD[int(bits[place : place + 5], 2)] for place in range(0, 55, 5))


def check_symbol(symbols: str) -> str:
    """Σ α^(i+1)·s_i, by a table of the powers of α in GF(32) with x⁵ + x² + 1."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] * 2
        powers.append(doubled ^ 37 if doubled > 31 else doubled)
    total = 0
    for place, symbol in enumerate(symbols):
        value = CROCKFORD.index(symbol)
        total ^= powers[(powers.index(value) + place + 1) % 31] if value else 0
    return CROCKFORD[total]


def written(symbols: str) -> str:
    text = symbols + check_symbol(symbols)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def good_readable_codes() -> Iterator[Entry]:
    yield line("the first vector of the contract", "0123-4567-89AK", "ok", None, {"symbols": "0123456789A"})
    yield line("the second vector of the contract", "ZYXW-VTSR-QPN0", "ok", None, {"symbols": "ZYXWVTSRQPN"})
    for r in (0, 1, 2, 255, 256, 65_535):
        for voucher in (bytes(8), seeded("readable voucher", 8)):
            symbols = symbols_of(seeded("code key"), voucher, r)
            said = {"symbols": symbols, "voucher": binary(voucher), "r": r}
            yield line(f"voucher {voucher.hex()}, r = {r}", written(symbols), "ok", seeded("code key"), said)
    for why, text in (
        ("lower case", "0123-4567-89ak"),
        ("without hyphens", "0123456789AK"),
        ("letter O for 0", "O123-4567-89AK"),
        ("letter o for 0", "o123-4567-89AK"),
        ("letter I for 1", "0I23-4567-89AK"),
        ("letter i for 1", "0i23-4567-89AK"),
        ("letter L for 1", "0L23-4567-89AK"),
        ("letter l for 1", "0l23-4567-89ak"),
        ("hyphens elsewhere", "-01-2345-6789-AK--"),
        ("white space around", " \t0123-4567-89AK\u3000\n"),
    ):
        yield line(why, text, "ok", None, {"symbols": "0123456789A"})


def bad_readable_codes() -> Iterator[Entry]:
    code = "0123-4567-89AK"
    for symbol in CROCKFORD:
        if symbol != "K":
            yield line(f"check symbol {symbol}", code[:-1] + symbol, MALFORMED, None)
    for place in (0, 2, 5, 8, 11, 12):
        other = CROCKFORD[(CROCKFORD.index(code[place]) + 7) % 32]
        yield line(f"slip at {place}", code[:place] + other + code[place + 1 :], MALFORMED, None)
    for place in (0, 2, 6, 11):
        turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        yield line(f"neighbours at {place} exchanged", turned, MALFORMED, None)
    for why, text in (
        ("empty", ""),
        ("hyphens only", "----"),
        ("one symbol short", "0123-4567-89A"),
        ("one symbol long", "0123-4567-89AKA"),
        ("letter U", "U123-4567-89AK"),
        ("blank inside", "0123 4567 89AK"),
        ("dash that is no hyphen", "0123\u20134567\u201389AK"),
        ("full-width digits", "０123-4567-89AK"),
        ("Arabic digits", "\u0660123-4567-89AK"),
        ("zero byte", "0123-4567-89AK\x00"),
        ("Kelvin sign", "0123-4567-89A\u212a"),
        ("hundred hyphens", "-" * 100 + "0123456789AK"),
        ("half of a surrogate pair", "0123-4567-89A\ud800"),
    ):
        yield line(why, text, MALFORMED, None)


def voucher_codes() -> list[Entry]:
    return [*good_voucher_codes(), *bad_voucher_codes()]


def readable_codes() -> list[Entry]:
    return [*good_readable_codes(), *bad_readable_codes()]
