"""Binary values inside JSON: base64url without padding (contract, first paragraph), one spelling for each value."""

from base64 import b64decode, urlsafe_b64encode

from scenes.wire.errors import FieldsInvalid


def binary_text(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def binary_bytes(text: object, length: int, field: str) -> bytes:
    """The `length` bytes that `text` spells; raises FieldsInvalid for any other spelling, length or type."""
    if not isinstance(text, str) or not text.isascii() or len(text) != (length * 4 + 2) // 3:
        raise FieldsInvalid(field, f"not the base64url of {length} bytes")
    try:
        raw = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise FieldsInvalid(field, f"not the base64url of {length} bytes") from error
    # The decoder ignores unused bits and takes "+" and "/" too; only the one true spelling survives the way back.
    if binary_text(raw) != text:
        raise FieldsInvalid(field, f"not the base64url of {length} bytes")
    return raw
