"""What a kiosk sends to be acknowledged: a batch of journal items, or a heartbeat (contract section 2)."""

from dataclasses import asdict, dataclass
from typing import Any

from scenes.wire.fields import (
    SAFE_INTEGER_MAX,
    UNSIGNED_32_MAX,
    hex_text,
    members,
    path,
    sequence,
    whole_number,
    words,
)
from scenes.wire.journal_content import BOOT_DIGITS
from scenes.wire.json_text import json_text

UPLOAD_ITEMS_MAX = 200  # fits one request on a weak link; the rest waits for the next turn
UPLOAD_BYTES_MAX = 262_144  # holds 200 ordinary items; a sender stays below it, a server takes as much
VERSIONS_MAX = 16


@dataclass(frozen=True, slots=True)
class Upload:
    """A batch of the start that sends it. `items` are signed documents, each opened and judged for itself."""

    boot: str
    uptime_ms: int
    items: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How a kiosk is. Times in Unix seconds of its own clock; `agreement` and `last_sync` None before the first one.

    `queue` counts the items not yet acknowledged; `versions` names software parts; `paper` is the printer's state.
    """

    boot: str
    uptime_ms: int
    device_time: int
    queue: int
    versions: dict[str, str]
    paper: str
    agreement: int | None
    last_sync: int | None


def upload_text(upload: Upload) -> str:
    """The request body of `POST kiosk/journal`, made once: its hash comes back in the verdict."""
    assert len(upload.items) <= UPLOAD_ITEMS_MAX, "the server refuses a longer batch"
    return json_text({"boot": upload.boot, "uptime_ms": upload.uptime_ms, "items": list(upload.items)})


def parse_upload(value: object) -> Upload:
    """The batch in this request body; a bad item inside does not refuse the batch. Raises FieldsInvalid."""
    body = members(value, "", {"boot", "uptime_ms", "items"})
    return Upload(
        boot=hex_text(body["boot"], "boot", BOOT_DIGITS),
        uptime_ms=whole_number(body["uptime_ms"], "uptime_ms", 0, SAFE_INTEGER_MAX),
        items=tuple(sequence(body["items"], "items", UPLOAD_ITEMS_MAX)),
    )


def heartbeat_text(heartbeat: Heartbeat) -> str:
    """The request body of `POST kiosk/heartbeats`."""
    return json_text(asdict(heartbeat))


def parse_heartbeat(value: object) -> Heartbeat:
    """The heartbeat in this request body. Raises FieldsInvalid."""
    body = members(value, "", Heartbeat.__annotations__)
    return Heartbeat(
        boot=hex_text(body["boot"], "boot", BOOT_DIGITS),
        uptime_ms=whole_number(body["uptime_ms"], "uptime_ms", 0, SAFE_INTEGER_MAX),
        device_time=whole_number(body["device_time"], "device_time", 0, UNSIGNED_32_MAX),
        queue=whole_number(body["queue"], "queue", 0, UNSIGNED_32_MAX),
        versions=_versions(body["versions"]),
        paper=words(body["paper"], "paper", 32),
        agreement=_number_or_none(body["agreement"], "agreement"),
        last_sync=_number_or_none(body["last_sync"], "last_sync"),
    )


def _versions(value: Any) -> dict[str, str]:
    named = members(value, "versions", (), value if isinstance(value, dict) else ())
    sequence(list(named), "versions", VERSIONS_MAX)
    return {words(name, "versions", 64): words(named[name], path("versions", name), 64) for name in named}


def _number_or_none(value: object, where: str) -> int | None:
    return None if value is None else whole_number(value, where, 0, UNSIGNED_32_MAX)
