"""Signatures that only a loose reader takes, for codes of any kind: every loose end of Ed25519."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.vectors.edwards import (
    BASE,
    FIELD,
    ORDER,
    Signer,
    add,
    challenge,
    encode,
    point_at,
    spell,
    times,
    torsion_points,
)
from tests.vectors.facts import number

Forgery = tuple[str, bytes, bytes]  # why, facts and signature, public key


@dataclass(frozen=True)
class LooseSignatures:
    """What can be forged of one kind of code; `facts` gives signed bytes that depend on the name only."""

    signer: Signer
    domain: bytes
    facts: Callable[[str], bytes]

    def all(self) -> Iterator[Forgery]:
        yield from self.loose_s()
        yield from self.loose_r()
        yield from self.small_order_keys()
        yield from self.odd_keys()

    def loose_s(self) -> Iterator[Forgery]:
        raw = self._signed("loose S")
        front, s = raw[:-32], int.from_bytes(raw[-32:], "little")
        for multiple in range(1, 16):
            if s + multiple * ORDER < 2**256:
                yield self._forged(f"S + {multiple} L", front + (s + multiple * ORDER).to_bytes(32, "little"))
        yield self._forged("S = L", front + ORDER.to_bytes(32, "little"))
        yield self._forged("S negative", front + (ORDER - s).to_bytes(32, "little"))

    def loose_r(self) -> Iterator[Forgery]:
        """The equation holds for the point, but R is not its canonical spelling; or it holds with cofactor only."""
        raw = self.facts("loose R")
        for why, spelling in (
            ("y of the neutral point + p", spell(FIELD + 1, 0)),
            ("neutral point with the sign of x set", spell(1, 1)),
            ("y of the neutral point + p, sign of x set", spell(FIELD + 1, 1)),
        ):
            signature = self.signer.sign_as(self.domain + raw, spelling, 0)
            yield self._forged(f"R not canonical: {why}", raw + signature)
        r = number("loose r", ORDER - 1)
        for multiple, torsion in enumerate(torsion_points()[1:], 1):
            shifted = encode(add(times(r, BASE), torsion))
            why = f"R shifted by {multiple}/8 of a turn: holds with cofactor only"
            yield self._forged(why, raw + self.signer.sign_as(self.domain + raw, shifted, r))

    def small_order_keys(self) -> Iterator[Forgery]:
        """Anyone can sign for these keys; each signature here satisfies S·B = R + k·A. All fourteen spellings."""
        for y in small_order_heights():
            for sign in (0, 1):
                yield self._small_order(spell(y, sign), f"key of small order {spell(y, sign).hex()}")
        for y in (0, 1):
            for sign in (0, 1):
                public = spell(FIELD + y, sign)
                yield self._small_order(public, f"key of small order, not canonical {public.hex()}")

    def odd_keys(self) -> Iterator[Forgery]:
        raw, public = self._signed("odd keys"), self.signer.public
        low = [y for y in range(2, 19) if point_at(y) is not None]
        for y in low[:4]:
            yield f"key not canonical: p + {y}", raw, spell(FIELD + y, 0)
        off = next(y for y in range(2, 100) if point_at(y) is None)
        yield "key not on the curve", raw, spell(off, 0)
        yield "key of ones", raw, b"\xff" * 32
        yield "key too short", raw, public[:31]
        yield "key too long", raw, public + b"\x00"
        yield "empty key", raw, b""
        yield "key with the sign of x turned", raw, public[:31] + bytes([public[31] ^ 0x80])
        yield "key shifted by the point of order 2", raw, encode(add(self.signer.point, torsion_points()[4]))

    def _small_order(self, public: bytes, why: str) -> Forgery:
        # Where 8 divides the challenge, the key falls out of the equation and S = r satisfies it.
        r = number("small order r", ORDER - 1)
        r_bytes = encode(times(r, BASE))
        for turn in range(200):
            raw = self.facts(f"{why} {turn}")
            if challenge(r_bytes, public, self.domain + raw) % 8 == 0:
                return why, raw + r_bytes + r.to_bytes(32, "little"), public
        raise AssertionError("one in eight challenges is divisible by 8")

    def _signed(self, name: str) -> bytes:
        raw = self.facts(name)
        return raw + self.signer.sign(self.domain + raw)

    def _forged(self, why: str, raw: bytes) -> Forgery:
        return why, raw, self.signer.public


def small_order_heights() -> list[int]:
    """The five y of the points whose order divides 8."""
    found = {int.from_bytes(encode(point), "little") & (2**255 - 1) for point in torsion_points()}
    assert len(found) == 5, "1, -1, 0 and two of order 8"
    return sorted(found)
