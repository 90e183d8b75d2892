"""The code that a kiosk shows or prints: 24 bytes of facts and an Ed25519 signature, 88 bytes (contract section 1)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from struct import Struct

from scenes.wire import signing
from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeSignatureInvalid
from scenes.wire.kinds import KIOSK_KINDS, kind_of

DOMAIN = b"ISLE-QR-1\0"
FACTS_BYTES = 24

# kind · key epoch · kiosk · counter · issued at · scene · variant · quantity · nonce, big-endian
_FACTS = Struct(">BBIIIBBH6s")


@dataclass(frozen=True, slots=True)
class KioskCode:
    """What a kiosk code says. Known by (kiosk, epoch, counter); never holds points.

    `issued_at` is in Unix seconds of the kiosk's clock, 0 = not trusted; `quantity` is in the scene's code units.
    """

    kind: int
    epoch: int
    kiosk: int
    counter: int
    issued_at: int
    scene: int
    variant: int
    quantity: int
    nonce: bytes


def encode(code: KioskCode, private_key: bytes) -> bytes:
    """The 88 bytes of this code, signed."""
    assert code.kind in KIOSK_KINDS, "a kiosk makes kiosk codes only"
    assert len(code.nonce) == 6, "a nonce has six bytes; struct would pad or cut another length in silence"
    facts = _FACTS.pack(
        code.kind,
        code.epoch,
        code.kiosk,
        code.counter,
        code.issued_at,
        code.scene,
        code.variant,
        code.quantity,
        code.nonce,
    )
    return facts + signing.sign(private_key, DOMAIN + facts)


def parse(raw: bytes, allowed: Collection[int] = KIOSK_KINDS) -> tuple[KioskCode, bytes, bytes]:
    """The code, the message that was signed, and the signature, which is not yet checked.

    Raises CodeUnknownVersion, then CodeMalformed for a kind that is not `allowed` or a wrong length.
    """
    kind_of(raw, allowed)
    return KioskCode(*_FACTS.unpack_from(raw)), DOMAIN + raw[:FACTS_BYTES], raw[FACTS_BYTES:]


def open_kiosk_code(
    text: object,
    base_url: str,
    public_key_of: Callable[[int, int], bytes | None],
    allowed: Collection[int] = KIOSK_KINDS,
) -> KioskCode:
    """The kiosk code that `text` spells, its signature checked with `public_key_of(kiosk, epoch)`.

    Raises CodeRefused: text, then version, then kind and length, then device, key and signature. Nothing else is raised
    for what was read, whatever it is. State of the device, age, claim and rules are the caller's.
    """
    code, message, signature = parse(code_bytes(text, base_url), allowed)
    public = public_key_of(code.kiosk, code.epoch)
    if public is None or not signing.verify(public, signature, message):
        raise CodeSignatureInvalid("unknown device or key, or not its signature")
    return code
