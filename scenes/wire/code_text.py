"""How the bytes of a code become text and back: Base32 (RFC 4648), upper case, no padding, bare or as our own link."""

from base64 import b32encode
from functools import lru_cache

from scenes.wire.errors import CodeMalformed

# The longest text of a QR code in alphanumeric mode. Longer text was never a code; it is refused before any work on it.
CODE_TEXT_MAX = 4296

# The characters with Unicode's property White_Space. Spelled out, because the languages' own trim functions disagree.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = bytes.maketrans(_ALPHABET, b"0123456789ABCDEFGHIJKLMNOPQRSTUV")


def code_bytes(text: object, base_url: str) -> bytes:
    """The bytes that `text` spells, bare or as `<base_url>/S/<CODE>`, in any case, outer white space dropped.

    Raises CodeMalformed for any other alphabet, padding, unused bits that are not 0, another host, or no text at all.
    """
    symbols = _bare_symbols(text, base_url)
    if not symbols or symbols.translate(None, _ALPHABET):
        raise CodeMalformed("not Base32 in our alphabet")
    length, unused = divmod(len(symbols) * 5, 8)
    if unused > 4:
        raise CodeMalformed("no whole number of bytes has this many symbols")
    # To base 32 int() takes linear time. The alphabet was checked before, because int() takes "_" and "+" as well.
    value = int(symbols.translate(_DIGITS), 32)
    if value & ((1 << unused) - 1):
        raise CodeMalformed("unused bits are not 0")
    return (value >> unused).to_bytes(length, "big")


def code_text(raw: bytes) -> str:
    """The bare code: Base32 upper case without padding."""
    return b32encode(raw).rstrip(b"=").decode("ascii")


def code_link(raw: bytes, base_url: str) -> str:
    """The code as our own link, upper case throughout, which keeps a QR code in its small alphanumeric mode."""
    return link_prefix(base_url) + code_text(raw)


@lru_cache(maxsize=16)
def link_prefix(base_url: str) -> str:
    """What stands before the code in a link of this island, for example `HTTPS://ISLAND.EXAMPLE/S/`."""
    return base_url.rstrip("/").upper() + "/S/"


def _bare_symbols(text: object, base_url: str) -> bytes:
    if not isinstance(text, str):
        raise CodeMalformed("not a text")
    stripped = text.strip(WHITE_SPACE)
    # ASCII is asked before upper(): some letters outside it, such as the dotless i, become ASCII in upper case.
    if len(stripped) > CODE_TEXT_MAX or not stripped.isascii():
        raise CodeMalformed("too long, or not ASCII")
    return stripped.upper().removeprefix(link_prefix(base_url)).encode("ascii")
