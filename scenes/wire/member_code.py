"""The code that a member's phone shows for one minute: a signed pass and a value of its hash chain, 114 bytes.

The phone needs no network for it, and neither does the reader (contract section 1, Member code).
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct

from scenes.wire import signing
from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeMalformed, CodeSignatureInvalid
from scenes.wire.kinds import KIND_MEMBER, kind_of

DOMAIN = b"ISLE-PASS-1\0"
SEED_DOMAIN = b"ISLE-PS-1\0"
CHAIN_DOMAIN = b"ISLE-HC-1\0"
ALIAS_BYTES = 8
VALUE_BYTES = 16
PASS_BYTES = 96
SLOT_SECONDS = 60
SLOTS_MAX = 1440  # a day
SECONDS_EITHER_WAY = 90

# kind · pass key id · alias · not before · slots · anchor, big-endian; behind the signature: slot · value
_PASS = Struct(">BB8sIH16s")
_SHOWN = Struct(">H16s")


@dataclass(frozen=True, slots=True)
class MemberCode:
    """What a member code says. `not_before` in Unix seconds, a multiple of 60; `slot` counts its minutes from 1.

    `anchor` is the chain's value of slot 0, `value` the one of the slot that is shown.
    """

    key_id: int
    alias: bytes
    not_before: int
    slots: int
    anchor: bytes
    slot: int
    value: bytes

    @property
    def slot_starts_at(self) -> int:
        """The Unix second at which the shown minute begins."""
        return self.not_before + SLOT_SECONDS * (self.slot - 1)

    def fits(self, moment: int) -> bool:
        """Whether a reader whose clock says this Unix second takes the shown minute."""
        return abs(moment - (self.slot_starts_at + SLOT_SECONDS // 2)) <= SECONDS_EITHER_WAY


def last_value(seed_key: bytes, alias: bytes) -> bytes:
    """`v[n]`, the secret end of the chain that the phone is given."""
    return hmac.digest(seed_key, SEED_DOMAIN + alias, "sha256")[:VALUE_BYTES]


def value_before(alias: bytes, slot: int, value: bytes, steps: int) -> bytes:
    """`v[slot − steps]` from `v[slot]`: so many hashes."""
    assert 0 <= steps <= slot, "no value stands before the anchor"
    for place in range(slot, slot - steps, -1):
        value = sha256(CHAIN_DOMAIN + alias + place.to_bytes(2, "big") + value).digest()[:VALUE_BYTES]
    return value


def make_pass(key_id: int, alias: bytes, not_before: int, slots: int, last: bytes, private_key: bytes) -> bytes:
    """The 96 bytes of a pass, signed; `last` is `last_value` of its alias."""
    assert len(alias) == ALIAS_BYTES, "an alias has eight bytes"
    assert len(last) == VALUE_BYTES, "a value has sixteen bytes"
    assert not_before % SLOT_SECONDS == 0, "a pass begins with a minute"
    assert 1 <= slots <= SLOTS_MAX, "a pass has at least one minute and at most a day"
    facts = _PASS.pack(KIND_MEMBER, key_id, alias, not_before, slots, value_before(alias, slots, last, slots))
    return facts + signing.sign(private_key, DOMAIN + facts)


def member_code(signed_pass: bytes, last: bytes, slot: int) -> bytes:
    """The 114 bytes that the phone shows in this minute of the pass."""
    assert len(signed_pass) == PASS_BYTES, "a pass without a shown minute"
    assert len(last) == VALUE_BYTES, "a value has sixteen bytes; struct would pad or cut another length in silence"
    _, _, alias, _, slots, _ = _PASS.unpack_from(signed_pass)
    assert 1 <= slot <= slots, "a minute of the pass"
    return signed_pass + _SHOWN.pack(slot, value_before(alias, slots, last, slots - slot))


def parse_member_code(raw: bytes) -> MemberCode:
    """What the code says, nothing of it checked but version, kind and length."""
    kind_of(raw, {KIND_MEMBER})
    _, *said = _PASS.unpack_from(raw)
    return MemberCode(*said, *_SHOWN.unpack_from(raw, PASS_BYTES))


def open_member_code(text: object, base_url: str, public_key_of: Callable[[int], bytes | None]) -> MemberCode:
    """The member code that `text` spells; `public_key_of(pass key id)` is the key of its signature.

    Checked in this order: text, version, kind and length, key id, ranges, signature, and exactly as many hashes as
    the slot says. Raises CodeRefused. The minute (`fits`), revocation and whether it was read before are the caller's.
    """
    raw = code_bytes(text, base_url)
    code = parse_member_code(raw)
    public = public_key_of(code.key_id)
    if public is None:
        raise CodeSignatureInvalid("unknown pass key")
    _check_ranges(code)
    if not signing.verify(public, raw[_PASS.size : PASS_BYTES], DOMAIN + raw[: _PASS.size]):
        raise CodeSignatureInvalid("not signed with this pass key")
    if not leads_to(code, 0, code.anchor):
        raise CodeSignatureInvalid("a value that is not of this chain")
    return code


def leads_to(code: MemberCode, slot: int, value: bytes) -> bool:
    """Whether the shown value hashes down to this one of an earlier or the same slot: slot 0 is the anchor; any slot
    that was proved before saves the hashes below it."""
    if slot > code.slot:
        return False
    return hmac.compare_digest(value_before(code.alias, code.slot, code.value, code.slot - slot), value)


def _check_ranges(code: MemberCode) -> None:
    if code.not_before % SLOT_SECONDS or not 1 <= code.slots <= SLOTS_MAX:
        raise CodeMalformed("a pass that begins inside a minute, or of no length that there is")
    if not 1 <= code.slot <= code.slots:
        raise CodeMalformed("a slot that the pass doesn't have")
