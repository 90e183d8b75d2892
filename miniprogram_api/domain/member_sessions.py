"""How a member's session is named to its owner."""

from __future__ import annotations

import hashlib


def session_name(token_hash: bytes) -> str:
    """16 hex digits from which neither the token nor its hash can be found."""
    return hashlib.sha256(b"ISLE-SESSION-1\0" + token_hash).hexdigest()[:16]
