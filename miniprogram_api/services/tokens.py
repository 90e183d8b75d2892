"""Bearer tokens and other random secrets: handed out once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SLIPS = str.maketrans("OILoil", "011011", "- ")


def new_token() -> tuple[str, bytes]:
    """A fresh token as text (base64url of 32 random bytes) and the hash that is stored."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """SHA-256 of the token's text; a token has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def new_symbols(count: int) -> str:
    """Random Crockford Base32 symbols, 5 bits each."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(count))


def grouped(symbols: str, size: int = 4) -> str:
    """The symbols in groups with hyphens, as a person reads them."""
    return "-".join(symbols[start : start + size] for start in range(0, len(symbols), size))


def bare_symbols(text: str) -> str:
    """What a person typed, without hyphens and spaces, upper case, with O, I and L as the digits they look like."""
    return text.translate(_SLIPS).upper()
