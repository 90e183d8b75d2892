"""The journal of a kiosk: a chain of signed items, each naming the one before by its hash (contract section 2)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from scenes.wire.documents import BODY_CHARACTERS_MAX, JOURNAL, open_document
from scenes.wire.errors import CodeRefused, FieldsInvalid
from scenes.wire.fields import SAFE_INTEGER_MAX, UNSIGNED_32_MAX, choice, hex_text, members, whole_number
from scenes.wire.journal_content import (
    BOOT_DIGITS,
    CONTENT_READERS,
    HASH_DIGITS,
    BootStarted,
    ClockSet,
    CodeIssued,
    CodeRead,
    Content,
    ItemReference,
    ReadLine,
    content_document,
    parse_lines,
    parse_reference,
)
from scenes.wire.json_text import json_text, read_json_object
from scenes.wire.key_id import kiosk_key_id, read_kiosk_key_id

__all__ = [
    "BootStarted",
    "ClockSet",
    "CodeIssued",
    "CodeRead",
    "Content",
    "ItemHead",
    "ItemReference",
    "JournalItem",
    "ReadLine",
    "claimed_reference",
    "item_body",
    "item_hash",
    "kiosk_key_id",
    "open_item",
    "parse_item",
    "parse_lines",
    "read_kiosk_key_id",
]

CLOCKS = ("trusted", "untrusted")


@dataclass(frozen=True, slots=True)
class ItemHead:
    """What every item says: where it stands in its chain and when the kiosk thinks it is.

    `boot` is 16 hexadecimal digits, new at each start; `seq` counts from 1 in it. `before` is the hash of the item
    before, in a start's first item that of the last known one, or None. `claimed_at` is in Unix seconds.
    """

    kiosk: int
    epoch: int
    boot: str
    seq: int
    before: str | None
    claimed_at: int
    clock: str
    uptime_ms: int


_HEAD_MEMBERS = frozenset(ItemHead.__annotations__)


@dataclass(frozen=True, slots=True)
class JournalItem:
    """One item as it was signed; `hash` is what the next item and the verdict name it by."""

    head: ItemHead
    content: Content
    hash: str

    @property
    def reference(self) -> ItemReference:
        return ItemReference(self.head.boot, self.head.seq, self.hash)


def item_body(head: ItemHead, content: Content) -> str:
    """The body text to sign with `sign_document(JOURNAL, …)`; reads it back first, as the server will."""
    body = asdict(head) | content_document(content)
    parse_item(body, "")
    return json_text(body)


def item_hash(body_text: str) -> str:
    """Hex SHA-256 of the body's bytes."""
    return sha256(body_text.encode()).hexdigest()


def open_item(document: object, public_key_of: Callable[[int, int], bytes | None]) -> JournalItem:
    """The item in this signed document, checked with `public_key_of(kiosk, epoch)`; raises CodeRefused only."""
    body = open_document(JOURNAL, document, lambda key_id: public_key_of(*read_kiosk_key_id(key_id)))
    assert isinstance(document, dict), "an opened document is an object"
    item = parse_item(body, item_hash(document["body"]))
    if document["key"] != kiosk_key_id(item.head.kiosk, item.head.epoch):
        raise FieldsInvalid("key", "another kiosk or epoch than the item's own")
    return item


def parse_item(body: dict[str, Any], own_hash: str) -> JournalItem:
    """The item that this body says; `own_hash` is that of its text. Raises FieldsInvalid, naming what is wrong."""
    kind = choice(body.get("kind"), "kind", CONTENT_READERS)
    required, optional, read_content = CONTENT_READERS[kind]
    members(body, "", _HEAD_MEMBERS | {"kind"} | required, optional)
    head, content = _head(body), read_content(body)
    _check_chain(head, content)
    return JournalItem(head, content, own_hash)


def claimed_reference(document: object) -> ItemReference | None:
    """What a document that could not be opened claims to be, so that a verdict can name it; None when it says nothing.

    Nothing in it has been checked but its shape: never decide by it.
    """
    try:
        text = members(document, "", {"body", "key", "signature"})["body"]
        if not isinstance(text, str) or len(text) > BODY_CHARACTERS_MAX[JOURNAL]:
            return None
        body = read_json_object(text, "body")
        claimed = {"boot": body.get("boot"), "seq": body.get("seq"), "hash": item_hash(text)}
        return parse_reference(claimed, "")
    except (CodeRefused, UnicodeEncodeError):
        return None


def _head(body: dict[str, Any]) -> ItemHead:
    before = body["before"]
    return ItemHead(
        kiosk=whole_number(body["kiosk"], "kiosk", 0, UNSIGNED_32_MAX),
        epoch=whole_number(body["epoch"], "epoch", 0, 255),
        boot=hex_text(body["boot"], "boot", BOOT_DIGITS),
        seq=whole_number(body["seq"], "seq", 1, UNSIGNED_32_MAX),
        before=None if before is None else hex_text(before, "before", HASH_DIGITS),
        claimed_at=whole_number(body["claimed_at"], "claimed_at", 0, UNSIGNED_32_MAX),
        clock=choice(body["clock"], "clock", CLOCKS),
        uptime_ms=whole_number(body["uptime_ms"], "uptime_ms", 0, SAFE_INTEGER_MAX),
    )


def _check_chain(head: ItemHead, content: Content) -> None:
    if head.seq > 1 and head.before is None:
        raise FieldsInvalid("before", "only the first item of a start may stand alone")
    if isinstance(content, BootStarted):
        if head.seq != 1:
            raise FieldsInvalid("seq", "a start is the first item of its chain")
        if content.last and head.before and content.last.hash != head.before:
            raise FieldsInvalid("before", "another item than last")
