"""Passes of members and the values of their chains, written a second time from the contract alone."""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from tests.vectors.edwards import Signer
from tests.vectors.facts import binary, number, seeded

DOMAIN = b"ISLE-PASS-1\x00"
PASS_KEY = Signer(seeded("pass key"))
OTHER_PASS_KEY = Signer(seeded("another pass key"))


@dataclass(frozen=True)
class Pass:
    """A pass, true or not: `slots` is what it says, `length` how many values its chain really has behind the anchor."""

    alias: bytes
    not_before: int
    slots: int
    last: bytes
    length: int
    key_id: int = 1
    signer: Signer = PASS_KEY

    def value(self, slot: int) -> bytes:
        return chain(self.alias, self.last, self.length)[slot]

    def facts(self) -> bytes:
        said = bytes([0x14, self.key_id]) + self.alias
        return said + self.not_before.to_bytes(4, "big") + self.slots.to_bytes(2, "big") + self.value(0)

    def signed(self, domain: bytes = DOMAIN) -> bytes:
        return self.facts() + self.signer.sign(domain + self.facts())

    def shown(self, slot: int, value: bytes | None = None) -> bytes:
        """The 114 bytes of this slot, with its own value or the one given."""
        return self.signed() + minute(slot, self.value(slot) if value is None else value)

    def said(self, slot: int) -> dict[str, Any]:
        """What the code of this slot says, and `last_value`, from which the phone makes it."""
        return {
            "key_id": self.key_id,
            "alias": binary(self.alias),
            "not_before": self.not_before,
            "slots": self.slots,
            "anchor": binary(self.value(0)),
            "slot": slot,
            "value": binary(self.value(slot)),
            "last_value": binary(self.last),
        }


def minute(slot: int, value: bytes) -> bytes:
    return slot.to_bytes(2, "big") + value


def pass_of(name: str, slots: int = 5, length: int | None = None, **given: Any) -> Pass:
    """The pass of this name; what is not given depends on the name only."""
    alias = given.pop("alias", seeded(name + " alias", 8))
    usual = {
        "not_before": 60 * (29_916_000 + number(name + " not before", 500_000)),
        "last": hmac.digest(seeded("pass seed key"), b"ISLE-PS-1\x00" + alias, "sha256")[:16],
    }
    return Pass(alias=alias, slots=slots, length=slots if length is None else length, **{**usual, **given})


@lru_cache(maxsize=256)
def chain(alias: bytes, last: bytes, length: int) -> list[bytes]:
    """v[0] … v[length], where v[length] is `last`."""
    values = [last]
    for place in range(length, 0, -1):
        values.append(sha256(b"ISLE-HC-1\x00" + alias + place.to_bytes(2, "big") + values[-1]).digest()[:16])
    return values[::-1]
