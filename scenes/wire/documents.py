"""Signed documents `{"body", "key", "signature"}`, signed once as exact UTF-8 bytes (contract section 2)."""

from collections.abc import Callable
from typing import Any

from scenes.wire import signing
from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.errors import CodeSignatureInvalid, FieldsInvalid
from scenes.wire.fields import members, words
from scenes.wire.json_text import read_json_object

JOURNAL = b"ISLE-J-1\0"
VERDICT = b"ISLE-VERDICT-1\0"
AGREEMENT = b"ISLE-AGREE-1\0"

# The longest body in characters. A journal item with eight lines has under 1,500; an agreement carries every scene.
BODY_CHARACTERS_MAX = {JOURNAL: 4_000, VERDICT: 400_000, AGREEMENT: 2_000_000}
KEY_ID_MAX = 64


def sign_document(domain: bytes, body_text: str, key_id: str, private: bytes) -> dict[str, str]:
    """The document around this body. `key_id` is `<kiosk>.<epoch>` for a kiosk, the office key's id for the office."""
    assert domain in BODY_CHARACTERS_MAX, "one of the three domains"
    assert len(body_text) <= BODY_CHARACTERS_MAX[domain], "the reader would refuse a body of this length"
    signature = signing.sign(private, domain + body_text.encode())
    return {"body": body_text, "key": key_id, "signature": binary_text(signature)}


def open_document(domain: bytes, document: object, public_key_of: Callable[[str], bytes | None]) -> dict[str, Any]:
    """The body of a document as an object, once its signature by the key of that id has been checked.

    Raises FieldsInvalid for another shape, then CodeSignatureInvalid for an unknown key or a wrong signature, then
    FieldsInvalid when the signed text is not JSON as we write it. Raises nothing else for what was read.
    """
    parts = members(document, "", {"body", "key", "signature"})
    key_id = words(parts["key"], "key", KEY_ID_MAX)
    signature = binary_bytes(parts["signature"], signing.SIGNATURE_BYTES, "signature")
    signed = domain + _body_bytes(parts["body"], BODY_CHARACTERS_MAX[domain])
    public = public_key_of(key_id)
    if public is None or not signing.verify(public, signature, signed):
        raise CodeSignatureInvalid("unknown key, or not its signature")
    return read_json_object(parts["body"], "body")


def _body_bytes(body: object, longest: int) -> bytes:
    if not isinstance(body, str) or not 0 < len(body) <= longest:
        raise FieldsInvalid("body", f"not a text of 1 to {longest} characters")
    try:
        return body.encode()
    except UnicodeEncodeError as error:
        raise FieldsInvalid("body", "not UTF-8") from error
