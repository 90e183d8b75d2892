"""Texts that are no kiosk code: other alphabets, lengths, kinds, hosts; and codes of versions yet to come."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.facts import BASE_URL, LINK, MALFORMED, UNKNOWN_VERSION, entry, facts, seeded, signed, spelled

Entry = dict[str, Any]

RAW = signed(facts("malformed"))
CODE = spelled(RAW)


def malformed(why: str, text: str) -> Entry:
    return entry(why, text, MALFORMED)


def foreign_characters() -> Iterator[Entry]:
    strange = "0189=-_+/.:,%&#?\\\"'<>{}@ \t\n\r\x00\x01\x1f\x7f"
    # Letters outside ASCII; the first six become ASCII, or change length, in upper or lower case or when normalised.
    strange += "ı\u017fß\u212aﬁﬀАÄéＡ２٢۲७②ⅠΑΩ中\u200b\u200d\u00ad\ufeff\u202e\u0000😀\ud800\udfff"
    for letter in dict.fromkeys(strange):
        yield malformed(f"U+{ord(letter):04X} instead of a symbol", CODE[:70] + letter + CODE[71:])
    for letter in "\u200b\ufeff\x1c\x1f\x00=-":
        yield malformed(f"U+{ord(letter):04X} before the code", letter + CODE)
        yield malformed(f"U+{ord(letter):04X} after the code", CODE + letter)
    yield malformed("padding as RFC 4648 has it", CODE + "===")
    yield malformed("groups of four with hyphens", "-".join(CODE[i : i + 4] for i in range(0, len(CODE), 4)))
    yield malformed("groups of four with blanks", " ".join(CODE[i : i + 4] for i in range(0, len(CODE), 4)))
    yield malformed("alphabet of base32hex", CODE.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", HEX32)))
    yield malformed("hexadecimal", RAW.hex())


HEX32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


def wrong_lengths() -> Iterator[Entry]:
    yield malformed("empty", "")
    yield malformed("white space only", " \t\r\n\u3000")
    for count in (1, 2, 3, 4, 6, 40, 48, 139, 140):
        yield malformed(f"cut to {count} symbols", CODE[:count])
    for length in (2, 5, 10, 24, 56, 80, 85, 87):
        yield malformed(f"cut to {length} bytes", spelled(RAW[:length]))
    yield malformed("first symbol lost", "CE" + CODE[3:])
    for extra in ("A", "AA", "AAA", CODE[-1], CODE):
        yield malformed(f"{len(extra)} symbols too many, from {extra[0]}", CODE + extra)
    yield malformed("one byte too many", spelled(RAW + b"\x00"))
    yield malformed("as long as a member code", spelled(RAW + bytes(26)))
    yield malformed("bytes doubled", spelled(RAW + RAW))
    yield malformed("longer than any code", CODE * 31)
    yield malformed("bytes doubled, then in a link", LINK + spelled(RAW + RAW))


def unused_bits() -> Iterator[Entry]:
    symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    last = symbols[symbols.index(CODE[-1]) | 1]
    yield malformed("unused bit set", CODE[:-1] + last)
    yield malformed("unused bit set, lower case", (CODE[:-1] + last).lower())
    yield malformed("unused bit set, link", LINK + CODE[:-1] + last)
    yield malformed("unused bit set in a code of another version", spelled(b"\x21" + RAW[1:])[:-1] + last)


def other_kinds() -> Iterator[Entry]:
    for kind in (0x10, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1F):
        yield malformed(f"signed, of kind {kind:#04x}", spelled(signed(bytes([kind]) + facts("other kinds")[1:])))
    yield malformed("voucher code", spelled(b"\x15" + seeded("voucher", 29)))
    yield malformed("resident card", spelled(b"\x16" + seeded("a") + seeded("b") + seeded("c", 15)))
    member = seeded("d") + seeded("e") + seeded("f") + seeded("g", 17)
    yield malformed("member code", spelled(b"\x14" + member))
    yield malformed("readable code", "0123-4567-89AK")


def foreign_hosts() -> Iterator[Entry]:
    for why, text in (
        ("another host", f"HTTPS://EVIL.EXAMPLE/S/{CODE}"),
        ("without TLS", f"HTTP://ISLAND.EXAMPLE/S/{CODE}"),
        ("another scheme", f"WEIXIN://ISLAND.EXAMPLE/S/{CODE}"),
        ("a port", f"HTTPS://ISLAND.EXAMPLE:443/S/{CODE}"),
        ("our name as user of another host", f"HTTPS://ISLAND.EXAMPLE@EVIL.EXAMPLE/S/{CODE}"),
        ("a user at our host", f"HTTPS://EVIL@ISLAND.EXAMPLE/S/{CODE}"),
        ("our name as the front of another host", f"{BASE_URL}.EVIL.EXAMPLE/S/{CODE}"),
        ("our name as the end of another host", f"HTTPS://NOT-ISLAND.EXAMPLE/S/{CODE}"),
        ("a dot after our name", f"{BASE_URL}./S/{CODE}"),
        ("no scheme", f"ISLAND.EXAMPLE/S/{CODE}"),
        ("no host", f"/S/{CODE}"),
        ("another path", f"{BASE_URL}/V/{CODE}"),
        ("no path", f"{BASE_URL}/{CODE}"),
        ("path without its end", f"{BASE_URL}/S{CODE}"),
        ("path doubled", f"{LINK}S/{CODE}"),
        ("path with a dot", f"{BASE_URL}/./S/{CODE}"),
        ("two slashes", f"{BASE_URL}//S/{CODE}"),
        ("backslash", f"{BASE_URL}\\S\\{CODE}"),
        ("link twice", LINK + LINK + CODE),
        ("link without a code", LINK),
        ("link with only the first symbols", LINK + "CE"),
        ("slash after", f"{LINK}{CODE}/"),
        ("query after", f"{LINK}{CODE}?a=1"),
        ("fragment after", f"{LINK}{CODE}#a"),
        ("percent escapes", f"{LINK}%43{CODE[1:]}"),
        ("blank inside the link", f"{LINK} {CODE}"),
        ("our letters in another script", f"HTTPS://ıSLAND.EXAMPLE/S/{CODE}"),
        ("long s in the path", f"{BASE_URL}/\u017f/{CODE}"),
        ("script address", f"JAVASCRIPT:{CODE}"),
    ):
        yield malformed(f"link: {why}", text)


def other_versions() -> Iterator[Entry]:
    for version in (0, *range(2, 16)):
        raw = signed(bytes([version << 4 | 1]) + facts("other versions")[1:])
        yield entry(f"signed, of version {version}", spelled(raw), UNKNOWN_VERSION)
    longer = b"\x21" + RAW[1:]
    for why, text in (
        ("lower case", spelled(longer).lower()),
        ("link", LINK + spelled(longer)),
        ("another kind", spelled(b"\x2f" + RAW[1:])),
        ("shorter", spelled(longer[:40])),
        ("one byte", spelled(b"\x21")),
        ("longer", spelled(longer + bytes(100))),
        ("as long as a QR code holds", "E" * 4296),
    ):
        yield entry(f"version 2, {why}", text, UNKNOWN_VERSION)
    yield malformed("version 2, padding", spelled(longer) + "===")
    yield malformed("version 2, another host", f"HTTPS://EVIL.EXAMPLE/S/{spelled(longer)}")
    yield entry("version 2, kiosk not known", spelled(longer), UNKNOWN_VERSION, None)
    yield entry("kind not known, kiosk not known", spelled(b"\x1f" + RAW[1:]), MALFORMED, None)


def malformed_kiosk_codes() -> list[Entry]:
    return [
        *foreign_characters(),
        *wrong_lengths(),
        *unused_bits(),
        *other_kinds(),
        *foreign_hosts(),
        *other_versions(),
    ]
