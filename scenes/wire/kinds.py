"""The first byte of every code: version 1 in the high nibble, the kind in the low one (contract section 1)."""

from collections.abc import Collection

from scenes.wire.errors import CodeMalformed, CodeUnknownVersion

VERSION = 1

KIND_SINGLE_USE = 0x11
KIND_GROUP = 0x12
KIND_TICKET = 0x13
KIND_MEMBER = 0x14
KIND_VOUCHER = 0x15
KIND_CARD = 0x16

KIOSK_KINDS = frozenset({KIND_SINGLE_USE, KIND_GROUP, KIND_TICKET})

# Length in bytes of each kind.
CODE_LENGTHS = {
    KIND_SINGLE_USE: 88,
    KIND_GROUP: 88,
    KIND_TICKET: 88,
    KIND_MEMBER: 114,
    KIND_VOUCHER: 30,
    KIND_CARD: 80,
}


def kind_of(raw: bytes, allowed: Collection[int]) -> int:
    """The kind of a code, if this reader takes it and its length fits.

    Raises CodeUnknownVersion first, so that an old reader says that it is old; then CodeMalformed.
    """
    if not raw:
        raise CodeMalformed("empty")
    if raw[0] >> 4 != VERSION:
        raise CodeUnknownVersion("a version that this reader does not know")
    kind = raw[0]
    if kind not in allowed or len(raw) != CODE_LENGTHS.get(kind):
        raise CodeMalformed("a kind that is not taken here, or of another length")
    return kind
