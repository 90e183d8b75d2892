"""A journal carried by hand: one line that says what it is, then each signed item as it is, one a line.

Written by a kiosk to a USB stick and read by the office. The items prove themselves by their signatures; the first
line's count and checksum tell a stick that was pulled out too early. Lines are UTF-8 and end with a line feed.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import (
    SAFE_INTEGER_MAX,
    UNSIGNED_32_MAX,
    choice,
    hex_text,
    members,
    path,
    sequence,
    truth,
    whole_number,
)
from scenes.wire.journal_content import BOOT_DIGITS, HASH_DIGITS
from scenes.wire.json_text import json_text, read_json_object

FORMAT = "tanyu-journal-1"
EXPORT_ITEMS_MAX = 50_000  # a busy kiosk's hundred days; what is beyond waits for the next stick
EXPORT_BYTES_MAX = 256_000_000
OFFSETS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class JournalExport:
    """`items` are signed documents, oldest first. Times in Unix seconds of the kiosk.

    `offsets` gives for each start of the kiosk the server time minus device time of its last answered heartbeat.
    `complete` is false where a damaged file gave only a part of its items.
    """

    kiosk: int
    epoch: int
    exported_at: int
    complete: bool
    offsets: dict[str, int]
    items: tuple[dict[str, Any], ...]


def export_bytes(export: JournalExport) -> bytes:
    """The content of the file."""
    assert len(export.items) <= EXPORT_ITEMS_MAX, "the rest waits for the next file"
    lines = b"".join(json_text(item).encode() + b"\n" for item in export.items)
    manifest: dict[str, Any] = {"format": FORMAT} | {
        name: value for name, value in asdict(export).items() if name != "items"
    }
    manifest |= {"items": len(export.items), "sha256": sha256(lines).hexdigest()}
    return json_text(manifest).encode() + b"\n" + lines


def parse_export(content: bytes) -> JournalExport:
    """What the file says; the items are not opened here. Raises FieldsInvalid, also for a file that breaks off."""
    if len(content) > EXPORT_BYTES_MAX:
        raise FieldsInvalid("file", f"longer than {EXPORT_BYTES_MAX} bytes")
    first, _, rest = content.partition(b"\n")
    body = members(read_json_object(_text(first), "manifest"), "manifest", _MANIFEST)
    choice(body["format"], "manifest.format", (FORMAT,))
    count = whole_number(body["items"], "manifest.items", 0, EXPORT_ITEMS_MAX)
    if hex_text(body["sha256"], "manifest.sha256", HASH_DIGITS) != sha256(rest).hexdigest():
        raise FieldsInvalid("file", "not whole: its checksum differs")
    items = tuple(_item(line, position) for position, line in enumerate(rest.splitlines()))
    if len(items) != count:
        raise FieldsInvalid("file", "another number of items than its first line says")
    return JournalExport(
        kiosk=whole_number(body["kiosk"], "manifest.kiosk", 1, UNSIGNED_32_MAX),
        epoch=whole_number(body["epoch"], "manifest.epoch", 1, 255),
        exported_at=whole_number(body["exported_at"], "manifest.exported_at", 0, UNSIGNED_32_MAX),
        complete=truth(body["complete"], "manifest.complete"),
        offsets=_offsets(body["offsets"]),
        items=items,
    )


_MANIFEST = ("format", "kiosk", "epoch", "exported_at", "complete", "offsets", "items", "sha256")


def _item(line: bytes, position: int) -> dict[str, Any]:
    return read_json_object(_text(line), f"items[{position}]")


def _offsets(value: Any) -> dict[str, int]:
    named = members(value, "manifest.offsets", (), value if isinstance(value, dict) else ())
    sequence(list(named), "manifest.offsets", OFFSETS_MAX)
    return {
        hex_text(boot, "manifest.offsets", BOOT_DIGITS): whole_number(
            seconds, path("manifest.offsets", boot), -SAFE_INTEGER_MAX, SAFE_INTEGER_MAX
        )
        for boot, seconds in named.items()
    }


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FieldsInvalid("file", "not UTF-8") from error
