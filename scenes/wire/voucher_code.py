"""The live code of a voucher, 30 bytes: the phone computes one each minute (contract section 1)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct

from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeSignatureInvalid
from scenes.wire.kinds import KIND_VOUCHER, kind_of

DOMAIN = b"ISLE-V-1\0"
KEY_DOMAIN = b"ISLE-VK-1\0"
TAG_BYTES = 16
MINUTES_EITHER_WAY = 1

# kind · key id · voucher · minute, big-endian
_FACTS = Struct(">BB8sI")


@dataclass(frozen=True, slots=True)
class VoucherCode:
    """What a voucher code says. `minute` is the whole minutes of Unix time; `message` is what the tag is over."""

    key_id: int
    voucher: bytes
    minute: int
    tag: bytes
    message: bytes


def voucher_key(master: bytes, voucher: bytes) -> bytes:
    """The 32-byte key of one voucher: HKDF-SHA-256 (RFC 5869) of the master key, no salt, one block."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, KEY_DOMAIN + voucher + b"\x01", "sha256")


def voucher_code(key: bytes, key_id: int, voucher: bytes, minute: int) -> bytes:
    """The 30 bytes that the phone shows in this minute."""
    assert len(voucher) == 8, "a voucher id has eight bytes"
    facts = _FACTS.pack(KIND_VOUCHER, key_id, voucher, minute)
    return facts + _tag(key, DOMAIN + facts)


def parse_voucher_code(raw: bytes) -> VoucherCode:
    """What the code says, its tag not yet checked. Raises CodeUnknownVersion, then CodeMalformed."""
    kind_of(raw, {KIND_VOUCHER})
    _, key_id, voucher, minute = _FACTS.unpack_from(raw)
    return VoucherCode(key_id, voucher, minute, raw[_FACTS.size :], DOMAIN + raw[: _FACTS.size])


def tag_matches(code: VoucherCode, key: bytes) -> bool:
    """True when the holder of this voucher's key made the code; takes the same time either way."""
    return hmac.compare_digest(code.tag, _tag(key, code.message))


def minute_matches(code: VoucherCode, now: int) -> bool:
    """True within one minute of the present one; `now` in Unix seconds."""
    return abs(code.minute - now // 60) <= MINUTES_EITHER_WAY


def open_voucher_code(text: object, base_url: str, master_key_of: Callable[[int], bytes | None]) -> VoucherCode:
    """The voucher code that `text` spells, its tag checked with the master key of its key id.

    Raises CodeRefused in the order of the contract. The minute and the voucher's state are the caller's.
    """
    code = parse_voucher_code(code_bytes(text, base_url))
    master = master_key_of(code.key_id)
    if master is None or not tag_matches(code, voucher_key(master, code.voucher)):
        raise CodeSignatureInvalid("unknown key id, or not made with the voucher's key")
    return code


def _tag(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")[:TAG_BYTES]
