"""A journal on a USB stick: read as written, and a stick that was pulled out too early is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scenes.wire.errors import FieldsInvalid
from scenes.wire.journal_export import JournalExport, export_bytes, parse_export

BOOT = "0123456789abcdef"
ITEM = {"body": '{"kind":"boot","room":"甲\u2028"}', "key": "4.1", "signature": "A" * 86}
EXPORT = JournalExport(
    kiosk=4, epoch=1, exported_at=1_795_000_000, complete=True, offsets={BOOT: -7}, items=(ITEM, {**ITEM, "key": "4.2"})
)


def test_what_was_written_is_read_again() -> None:
    assert parse_export(export_bytes(EXPORT)) == EXPORT
    assert parse_export(export_bytes(replace(EXPORT, items=(), offsets={}))).items == ()


def test_each_item_is_one_line_after_the_first() -> None:
    lines = export_bytes(EXPORT).split(b"\n")
    assert len(lines) == 4
    assert lines[-1] == b""
    assert json.loads(lines[1]) == ITEM
    assert json.loads(lines[0])["items"] == 2


def changed(**manifest: Any) -> bytes:
    first, _, rest = export_bytes(EXPORT).partition(b"\n")
    return json.dumps(json.loads(first) | manifest).encode() + b"\n" + rest


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"[1]\n",
        export_bytes(EXPORT)[:-40],
        export_bytes(EXPORT) + b"{}\n",
        export_bytes(EXPORT).replace(b"4.2", b"4.3"),
        changed(format="tanyu-journal-2"),
        changed(items=3),
        changed(kiosk=0),
        changed(epoch=256),
        changed(complete=1),
        changed(offsets={"x": 1}),
        changed(offsets={BOOT: 1.5}),
        changed(more=1),
    ],
)
def test_what_is_not_whole_or_not_as_agreed_is_refused(content: bytes) -> None:
    with pytest.raises(FieldsInvalid):
        parse_export(content)
