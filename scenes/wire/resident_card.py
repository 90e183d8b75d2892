"""The printed card of a resident without a phone, 80 bytes; it earns at attended readers only (contract section 1)."""

from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct

from scenes.wire import signing
from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeSignatureInvalid
from scenes.wire.kinds import KIND_CARD, kind_of

DOMAIN = b"ISLE-CARD-1\0"
CARD_BYTES = 8
DAY_SECONDS = 86_400

# kind · pass key id · card · valid from · days, big-endian
_FACTS = Struct(">BB8sIH")


@dataclass(frozen=True, slots=True)
class ResidentCard:
    """What a card says. `valid_from` in Unix seconds."""

    key_id: int
    card: bytes
    valid_from: int
    days: int

    def is_valid(self, moment: int) -> bool:
        """Whether the card counts at this Unix second."""
        return self.valid_from <= moment < self.valid_from + self.days * DAY_SECONDS


def encode_card(card: ResidentCard, private_key: bytes) -> bytes:
    """The 80 bytes of this card, signed with the pass key."""
    assert len(card.card) == CARD_BYTES, "a card's number has eight bytes"
    facts = _FACTS.pack(KIND_CARD, card.key_id, card.card, card.valid_from, card.days)
    return facts + signing.sign(private_key, DOMAIN + facts)


def open_card(text: object, base_url: str, public_key_of: Callable[[int], bytes | None]) -> ResidentCard:
    """The card that `text` spells, its signature checked with `public_key_of(pass key id)`.

    Raises CodeRefused: text, version, kind and length, key and signature. Its days, whether it was revoked and what it
    has earned today are the caller's.
    """
    raw = code_bytes(text, base_url)
    kind_of(raw, {KIND_CARD})
    _, *said = _FACTS.unpack_from(raw)
    card, facts = ResidentCard(*said), raw[: _FACTS.size]
    public = public_key_of(card.key_id)
    if public is None or not signing.verify(public, raw[_FACTS.size :], DOMAIN + facts):
        raise CodeSignatureInvalid("unknown pass key, or not its signature")
    return card
