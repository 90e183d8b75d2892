"""The voucher code that a person can read out: eleven symbols and a check symbol (contract section 1)."""

import hmac

from scenes.wire.code_text import WHITE_SPACE
from scenes.wire.errors import CodeMalformed

DOMAIN = b"ISLE-RC-1\0"
SYMBOLS = 11
READABLE_TEXT_MAX = 64

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {symbol: value for value, symbol in enumerate(_ALPHABET)}
_SLIPS = str.maketrans("OIL", "011", "-")


def readable_symbols(code_key: bytes, voucher: bytes, r: int) -> str:
    """The eleven symbols, without the check symbol, of the voucher's readable code r (from 0): what is looked up."""
    assert len(voucher) == 8, "a voucher id has eight bytes"
    digest = hmac.digest(code_key, DOMAIN + voucher + r.to_bytes(2, "big"), "sha256")
    bits = int.from_bytes(digest[:7], "big") >> 1
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(50, -1, -5))


def check_symbol(symbols: str) -> str:
    """Σ α^(i+1)·s_i in GF(32) with x⁵+x²+1 and α = 2: finds each single slip and each exchange of two symbols."""
    total = 0
    for symbol in reversed(symbols):
        total = _times_alpha(total ^ _VALUES[symbol])
    return _ALPHABET[total]


def format_readable(symbols: str) -> str:
    """The code as it is shown and printed, check symbol included."""
    assert len(symbols) == SYMBOLS, "eleven symbols; the check symbol is added here"
    text = symbols + check_symbol(symbols)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def normalise_readable(text: object) -> str:
    """The eleven symbols that were typed: any case, O for 0, I and L for 1, hyphens ignored, outer white space dropped.

    Raises CodeMalformed for anything else and for a wrong check symbol; that is a slip of the pen, not a try.
    """
    if not isinstance(text, str):
        raise CodeMalformed("not a text")
    stripped = text.strip(WHITE_SPACE)
    if len(stripped) > READABLE_TEXT_MAX or not stripped.isascii():
        raise CodeMalformed("too long, or not ASCII")
    typed = stripped.upper().translate(_SLIPS)
    if len(typed) != SYMBOLS + 1 or not _VALUES.keys() >= set(typed):
        raise CodeMalformed("not twelve symbols of our alphabet")
    if check_symbol(typed[:SYMBOLS]) != typed[SYMBOLS]:
        raise CodeMalformed("a slip: the check symbol does not fit")
    return typed[:SYMBOLS]


def _times_alpha(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
