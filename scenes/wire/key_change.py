"""A kiosk's next key: the request is signed by the key in force, and the next one signs that it agrees."""

from struct import Struct

from scenes.wire import signing

DOMAIN = b"ISLE-KEY-1\0"

# kiosk · the epoch that the next key will have, big-endian; the key itself follows
_FACTS = Struct(">IB")


def key_proof(kiosk: int, epoch: int, private: bytes) -> bytes:
    """The signature, 64 bytes, with which this key agrees to be the kiosk's key of that epoch."""
    return signing.sign(private, _message(kiosk, epoch, signing.public_key_of(private)))


def proves_key(kiosk: int, epoch: int, public: bytes, signature: bytes) -> bool:
    """Whether whoever holds the public key's other half agreed to exactly that."""
    return signing.verify(public, signature, _message(kiosk, epoch, public))


def _message(kiosk: int, epoch: int, public: bytes) -> bytes:
    return DOMAIN + _FACTS.pack(kiosk, epoch) + public
