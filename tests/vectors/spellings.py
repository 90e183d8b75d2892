"""How the text of a code may be spelled, and how not: the same for codes of every kind."""

from collections.abc import Iterator

from tests.vectors.facts import BASE_URL, LINK

Spelling = tuple[str, str]  # why, text

HEX32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def spellings(code: str) -> Iterator[Spelling]:
    """Other spellings of the same code, which every reader takes."""
    mixed = "".join(letter.lower() if place % 2 else letter for place, letter in enumerate(code))
    yield from (
        ("lower case", code.lower()),
        ("mixed case", mixed),
        ("link", LINK + code),
        ("link in lower case", (LINK + code).lower()),
        ("link, host in lower case", LINK.lower() + code),
        ("link, code in lower case", LINK + mixed),
        ("blank before", " " + code),
        ("line end after", code + "\n"),
        ("line end of another system after", code + "\r\n"),
        ("tabulators around", f"\t\t{code}\t"),
        ("form feed and vertical tabulator around", f"\x0c{code}\x0b"),
        ("no-break space around", f"\u00a0{code}\u00a0"),
        ("ideographic space around", f"\u3000{code}\u3000"),
        ("every white space of Unicode around", f"\u0085\u1680\u2000\u200a{code}\u2028\u2029\u202f\u205f"),
        ("link with white space around", f" \n{LINK + code}\u3000\n"),
        ("much white space around", " " * 5000 + code + "\n" * 5000),
    )


def foreign_characters(code: str, raw: bytes) -> Iterator[Spelling]:
    """Texts with a character that is no symbol of ours; `raw` is what `code` spells."""
    strange = "0189=-_+/.:,%&#?\\\"'<>{}@ \t\n\r\x00\x01\x1f\x7f"
    # Letters outside ASCII; the first six become ASCII, or change length, in upper or lower case or when normalised.
    strange += "ı\u017fß\u212aﬁﬀАÄéＡ２٢۲७②ⅠΑΩ中\u200b\u200d\u00ad\ufeff\u202e\u0000😀\ud800\udfff"
    for letter in dict.fromkeys(strange):
        yield f"U+{ord(letter):04X} instead of a symbol", code[:70] + letter + code[71:]
    for letter in "\u200b\ufeff\x1c\x1f\x00=-":
        yield f"U+{ord(letter):04X} before the code", letter + code
        yield f"U+{ord(letter):04X} after the code", code + letter
    yield "padding as RFC 4648 has it", code + "==="
    yield "groups of four with hyphens", "-".join(code[i : i + 4] for i in range(0, len(code), 4))
    yield "groups of four with blanks", " ".join(code[i : i + 4] for i in range(0, len(code), 4))
    yield "alphabet of base32hex", code.translate(str.maketrans(SYMBOLS, HEX32))
    yield "hexadecimal", raw.hex()


def foreign_links(code: str) -> Iterator[Spelling]:
    """Links that are not exactly ours."""
    yield from (
        ("another host", f"HTTPS://EVIL.EXAMPLE/S/{code}"),
        ("without TLS", f"HTTP://ISLAND.EXAMPLE/S/{code}"),
        ("another scheme", f"WEIXIN://ISLAND.EXAMPLE/S/{code}"),
        ("a port", f"HTTPS://ISLAND.EXAMPLE:443/S/{code}"),
        ("our name as user of another host", f"HTTPS://ISLAND.EXAMPLE@EVIL.EXAMPLE/S/{code}"),
        ("a user at our host", f"HTTPS://EVIL@ISLAND.EXAMPLE/S/{code}"),
        ("our name as the front of another host", f"{BASE_URL}.EVIL.EXAMPLE/S/{code}"),
        ("our name as the end of another host", f"HTTPS://NOT-ISLAND.EXAMPLE/S/{code}"),
        ("a dot after our name", f"{BASE_URL}./S/{code}"),
        ("no scheme", f"ISLAND.EXAMPLE/S/{code}"),
        ("no host", f"/S/{code}"),
        ("another path", f"{BASE_URL}/V/{code}"),
        ("no path", f"{BASE_URL}/{code}"),
        ("path without its end", f"{BASE_URL}/S{code}"),
        ("path doubled", f"{LINK}S/{code}"),
        ("path with a dot", f"{BASE_URL}/./S/{code}"),
        ("two slashes", f"{BASE_URL}//S/{code}"),
        ("backslash", f"{BASE_URL}\\S\\{code}"),
        ("link twice", LINK + LINK + code),
        ("link without a code", LINK),
        ("link with only the first symbols", LINK + "CE"),
        ("slash after", f"{LINK}{code}/"),
        ("query after", f"{LINK}{code}?a=1"),
        ("fragment after", f"{LINK}{code}#a"),
        ("percent escapes", f"{LINK}%43{code[1:]}"),
        ("blank inside the link", f"{LINK} {code}"),
        ("our letters in another script", f"HTTPS://ıSLAND.EXAMPLE/S/{code}"),
        ("long s in the path", f"{BASE_URL}/\u017f/{code}"),
        ("script address", f"JAVASCRIPT:{code}"),
    )
