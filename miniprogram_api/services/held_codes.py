"""What a member holds out to a reader, opened: a member code of the phone, or a resident's card."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from miniprogram_api.services.codes import refusal_of
from miniprogram_api.services.island import Island
from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeMalformed, CodeRefused, CodeSignatureInvalid
from scenes.wire.kinds import KIND_CARD, KIND_MEMBER, kind_of
from scenes.wire.member_code import PASS_BYTES, MemberCode, open_member_code, parse_member_code, value_before
from scenes.wire.resident_card import ResidentCard, open_card
from scenes.wire.signing import public_key_of

PASSES_REMEMBERED = 10_000  # about 4 MB; a pass that is forgotten is proved from its anchor again


@dataclass(frozen=True)
class HeldCode:
    """`holder` is the pass's alias or the card's number; exactly one of `shown` and `card` is there."""

    kind: int
    holder: bytes
    shown: MemberCode | None = None
    card: ResidentCard | None = None

    @property
    def slot(self) -> int | None:
        return None if self.shown is None else self.shown.slot


class _Proved:
    """Of each pass, by its signed bytes, the latest slot proved: the next one takes only the hashes between."""

    def __init__(self) -> None:
        self._slots: OrderedDict[bytes, tuple[int, bytes]] = OrderedDict()

    def proves(self, signed: bytes, code: MemberCode) -> bool | None:
        """Whether the shown value is of this pass's chain; None for a pass that is not remembered."""
        proved = self._slots.get(signed)
        if proved is None:
            return None
        low, high = sorted([proved, (code.slot, code.value)])
        if value_before(code.alias, high[0], high[1], high[0] - low[0]) != low[1]:
            return False
        self.keep(signed, *high)
        return True

    def keep(self, signed: bytes, slot: int, value: bytes) -> None:
        self._slots[signed] = (slot, value)
        self._slots.move_to_end(signed)
        if len(self._slots) > PASSES_REMEMBERED:
            self._slots.popitem(last=False)


_proved = _Proved()


def open_held_code(text: str, island: Island) -> HeldCode:
    """The member code or card that `text` spells, its signature good; its minute or days, and whether it was revoked,
    are the caller's. Raises CodeMalformed, CodeUnknownVersion or CodeSignatureInvalid."""
    try:
        kind = kind_of(code_bytes(text, island.code_base_url), {KIND_MEMBER, KIND_CARD})
        if kind == KIND_CARD:
            card = open_card(text, island.code_base_url, lambda key: _public_key(island, key))
            return HeldCode(kind, card.card, card=card)
        shown = _open_shown(text, island)
        return HeldCode(kind, shown.alias, shown=shown)
    except CodeRefused as refused:
        raise refusal_of(refused) from refused


def _open_shown(text: str, island: Island) -> MemberCode:
    raw = code_bytes(text, island.code_base_url)
    signed, shown = raw[:PASS_BYTES], parse_member_code(raw)
    if not 1 <= shown.slot <= shown.slots:
        raise CodeMalformed("a slot that the pass doesn't have")
    proved = _proved.proves(signed, shown)
    if proved is False:
        raise CodeSignatureInvalid("a value that is not of this chain")
    if proved is None:
        shown = open_member_code(text, island.code_base_url, lambda key: _public_key(island, key))
        _proved.keep(signed, shown.slot, shown.value)
    return shown


def _public_key(island: Island, key_id: int) -> bytes | None:
    private = island.keys.pass_privates.get(key_id)
    return None if private is None else _public_key_of(private)


_public_key_of = lru_cache(maxsize=64)(public_key_of)
