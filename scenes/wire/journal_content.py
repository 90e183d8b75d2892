"""What can happen at a kiosk, in its journal's words: start, code issued, code read, clock set (contract section 2)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from scenes.wire.fields import UNSIGNED_32_MAX, hex_text, members, path, sequence, whole_number, words

READ_LINES_MAX = 8
ROOM_CHARACTERS_MAX = 8
PERSON_CHARACTERS_MAX = 64
CODE_CHARACTERS_MAX = 512
BOOT_DIGITS = 16
HASH_DIGITS = 64


@dataclass(frozen=True, slots=True)
class ItemReference:
    """Names one item: its start of the kiosk, its number in it, and the hex SHA-256 of its body's bytes."""

    boot: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One act confirmed at a reading of a member code or card; `quantity` in the scene's code units."""

    scene: int
    variant: int
    quantity: int
    room: str | None = None


@dataclass(frozen=True, slots=True)
class BootStarted:
    """The kiosk started; `last` is the newest item it knew of, from an earlier start."""

    kind: ClassVar[str] = "boot"
    last: ItemReference | None


@dataclass(frozen=True, slots=True)
class CodeIssued:
    """A code was shown or printed; `code` is the bare text of the first picture of the touch."""

    kind: ClassVar[str] = "issued"
    code: str


@dataclass(frozen=True, slots=True)
class CodeRead:
    """A member code or card was read, with 1 to 8 lines; `clerk` is who confirmed them, where somebody stands there."""

    kind: ClassVar[str] = "read"
    code: str
    lines: tuple[ReadLine, ...]
    clerk: str | None = None


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The kiosk's clock was set to `set_to`, Unix seconds, by a heartbeat's answer or a person."""

    kind: ClassVar[str] = "clock"
    set_to: int
    by: str


Content = BootStarted | CodeIssued | CodeRead | ClockSet


def content_document(content: Content) -> dict[str, Any]:
    """The members that this content adds to an item's body, `kind` included."""
    document: dict[str, Any] = {"kind": content.kind} | asdict(content)
    if isinstance(content, CodeRead):
        document["lines"] = [_without_none(asdict(line)) for line in content.lines]
        return _without_none(document)
    return document


def parse_lines(value: object, where: str) -> tuple[ReadLine, ...]:
    """1 to 8 lines of a reading, with the ranges of a kiosk code. Raises FieldsInvalid."""
    found = sequence(value, where, READ_LINES_MAX, least=1)
    return tuple(_line(line, f"{where}[{position}]") for position, line in enumerate(found))


def parse_reference(value: object, where: str) -> ItemReference:
    """The item that {boot, seq, hash} names. Raises FieldsInvalid."""
    reference = members(value, where, {"boot", "seq", "hash"})
    return ItemReference(
        boot=hex_text(reference["boot"], path(where, "boot"), BOOT_DIGITS),
        seq=whole_number(reference["seq"], path(where, "seq"), 1, UNSIGNED_32_MAX),
        hash=hex_text(reference["hash"], path(where, "hash"), HASH_DIGITS),
    )


def _line(value: object, where: str) -> ReadLine:
    line = members(value, where, {"scene", "variant", "quantity"}, {"room"})
    return ReadLine(
        scene=whole_number(line["scene"], path(where, "scene"), 1, 255),
        variant=whole_number(line["variant"], path(where, "variant"), 0, 255),
        quantity=whole_number(line["quantity"], path(where, "quantity"), 1, 65_535),
        room=words(line["room"], path(where, "room"), ROOM_CHARACTERS_MAX) if "room" in line else None,
    )


def _without_none(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def _boot_started(body: dict[str, Any]) -> BootStarted:
    return BootStarted(None if body["last"] is None else parse_reference(body["last"], "last"))


def _code_issued(body: dict[str, Any]) -> CodeIssued:
    return CodeIssued(words(body["code"], "code", CODE_CHARACTERS_MAX))


def _code_read(body: dict[str, Any]) -> CodeRead:
    clerk = words(body["clerk"], "clerk", PERSON_CHARACTERS_MAX) if "clerk" in body else None
    return CodeRead(words(body["code"], "code", CODE_CHARACTERS_MAX), parse_lines(body["lines"], "lines"), clerk)


def _clock_set(body: dict[str, Any]) -> ClockSet:
    set_to = whole_number(body["set_to"], "set_to", 0, UNSIGNED_32_MAX)
    return ClockSet(set_to, words(body["by"], "by", PERSON_CHARACTERS_MAX))


# kind -> members it must have, members it may have, reader
CONTENT_READERS: dict[str, tuple[frozenset[str], frozenset[str], Callable[[dict[str, Any]], Content]]] = {
    "boot": (frozenset({"last"}), frozenset(), _boot_started),
    "issued": (frozenset({"code"}), frozenset(), _code_issued),
    "read": (frozenset({"code", "lines"}), frozenset({"clerk"}), _code_read),
    "clock": (frozenset({"set_to", "by"}), frozenset(), _clock_set),
}
