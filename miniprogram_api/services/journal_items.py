"""One item of an upload, opened: its signature, and the code inside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.refusals import CodeSignatureInvalid, Refusal
from miniprogram_api.services.codes import open_code, refusal_of
from miniprogram_api.services.held_codes import HeldCode, open_held_code
from miniprogram_api.services.island import Island
from scenes.wire.errors import CodeRefused
from scenes.wire.journal import CodeIssued, CodeRead, ItemHead, JournalItem, claimed_reference, open_item
from scenes.wire.json_text import json_text
from scenes.wire.kiosk_code import KioskCode


@dataclass(frozen=True)
class Sent:
    """What a kiosk sent. Boot, number and hash name it in the verdict; `stored_hash` is what we know it by: of what
    can't be read that of the whole document, so that it never stands in a good item's place.

    `item` is None where it can't be read; then, and where the code inside is none, `refusal` says why.
    """

    boot: str
    seq: int
    hash: str
    stored_hash: str
    body: str
    item: JournalItem | None = None
    held: HeldCode | None = None
    code: KioskCode | None = None
    refusal: Refusal | None = None

    @property
    def head(self) -> ItemHead:
        assert self.item is not None, "it could be read"
        return self.item.head

    @property
    def lines(self) -> int:
        """How many results it gets beside its own."""
        read = self.item is not None and isinstance(self.item.content, CodeRead)
        return len(self.item.content.lines) if read else 0  # type: ignore[union-attr]  # it was read just above


KeyOf = Callable[[int, int], bytes | None]


def open_sent(document: Any, key_of: KeyOf, island: Island) -> Sent | None:
    """The item in this document; None where nobody could name it in a verdict."""
    try:
        item = open_item(document, key_of)
    except CodeRefused as refused:
        claimed = claimed_reference(document)
        if claimed is None:
            return None
        whole = hashlib.sha256(json_text(document).encode("utf-8", "replace")).hexdigest()
        return Sent(claimed.boot, claimed.seq, claimed.hash, whole, document["body"], refusal=refusal_of(refused))
    named = (item.head.boot, item.head.seq, item.hash, item.hash, document["body"], item)
    try:
        if isinstance(item.content, CodeRead):
            return Sent(*named, held=open_held_code(item.content.code, island))
        if isinstance(item.content, CodeIssued):
            return Sent(*named, code=_issued(item, island))
    except Refusal as refusal:
        return Sent(*named, refusal=refusal)
    return Sent(*named)


def keys_of(kiosk: int, island: Island) -> KeyOf:
    """Any key that this kiosk ever had: a machine that was given a new one sends what it signed before. A key of a
    moment ago may not be in the directory yet, which is therefore read anew once."""
    read_anew: list[int] = []

    def key_of(number: int, epoch: int) -> bytes | None:
        if number != kiosk:
            return None
        key = island.directory.public_key(number, epoch)
        if key is None and not read_anew:
            read_anew.append(epoch)
            island.directory.forget()
            key = island.directory.public_key(number, epoch)
        return key

    return key_of


def _issued(item: JournalItem, island: Island) -> KioskCode:
    """The code that was issued, by the key that signed the item. Raises Refusal."""
    assert isinstance(item.content, CodeIssued)
    code = open_code(item.content.code, island)
    if (code.kiosk, code.epoch) != (item.head.kiosk, item.head.epoch):
        raise CodeSignatureInvalid
    return code
