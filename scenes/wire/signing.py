"""Ed25519 signatures: RFC 8032 without cofactor, in its strict reading (contract section 1).

The library compares the bytes of R and is thereby without cofactor, but it lets keys of small order pass, for which
anyone can make a signature, and keys written in a second, non-canonical way. Both are refused here.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from scenes.wire.errors import FieldsInvalid

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_FIELD = 2**255 - 19
_GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
_CURVE_D = -121665 * pow(121666, -1, _FIELD) % _FIELD
_Y_BITS = 2**255 - 1

# The y of the points whose order divides 8: 1 and -1 (orders 1 and 2), 0 (order 4) and the two of order 8. With the
# sign of x and the second spellings of 0 and 1 (p and p + 1) that is fourteen encodings; all of them are refused.
_ORDER_8_Y = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
_SMALL_ORDER_Y = frozenset({0, 1, _FIELD - 1, _ORDER_8_Y, _FIELD - _ORDER_8_Y})


def generate_private_key() -> bytes:
    """A fresh private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private: bytes) -> bytes:
    """The public key, 32 bytes, that belongs to this private key."""
    return _private_key(private).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """The signature, 64 bytes, over exactly these bytes."""
    return _private_key(private).sign(message)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """True only when `signature` is the strict signature of `message` by `public`; never raises for what was read."""
    key = _public_key(public)
    if key is None or not _is_canonical_signature(signature):
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def check_public_key(public: bytes) -> None:
    """Raises FieldsInvalid unless `public` is the canonical encoding of a curve point that is not of small order."""
    if _public_key(public) is None:
        raise FieldsInvalid("public_key", "not a canonical Ed25519 key, or of small order")


@lru_cache(maxsize=64)
def _private_key(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)


# A fleet has some hundreds of keys; the check of the curve equation costs as much as a verification: make it once.
@lru_cache(maxsize=4096)
def _public_key(public: bytes) -> Ed25519PublicKey | None:
    return Ed25519PublicKey.from_public_bytes(public) if _is_sound_key(public) else None


def _is_sound_key(public: bytes) -> bool:
    if len(public) != KEY_BYTES:
        return False
    y = int.from_bytes(public, "little") & _Y_BITS
    if y >= _FIELD or y in _SMALL_ORDER_Y:
        return False
    # x² = (y² - 1) / (d·y² + 1) has a root exactly when numerator times denominator is a square (Euler's criterion).
    square = (y * y - 1) * (_CURVE_D * y * y + 1) % _FIELD
    return pow(square, (_FIELD - 1) // 2, _FIELD) == 1


def _is_canonical_signature(signature: bytes) -> bool:
    if len(signature) != SIGNATURE_BYTES:
        return False
    r_y = int.from_bytes(signature[:32], "little") & _Y_BITS
    return r_y < _FIELD and int.from_bytes(signature[32:], "little") < _GROUP_ORDER
