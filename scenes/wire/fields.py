"""Strict reading of the members of a JSON object: each reader takes a value and its path and raises FieldsInvalid."""

import re
from collections.abc import Collection
from typing import Any

from scenes.wire.errors import FieldsInvalid

UNSIGNED_32_MAX = 2**32 - 1
# The largest integer that every JSON reader keeps exactly, the browser's included.
SAFE_INTEGER_MAX = 2**53 - 1

_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
# Control characters and lone surrogates.
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def members(value: object, where: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """`value` as an object that has every `required` member and nothing beyond the `optional` ones."""
    if not isinstance(value, dict):
        raise FieldsInvalid(where or "body", "not an object")
    missing = [name for name in required if name not in value]
    if missing:
        raise FieldsInvalid(path(where, min(missing)), "missing")
    unknown = [name for name in value if name not in required and name not in optional]
    if unknown:
        raise FieldsInvalid(where or "body", "a member that we do not know")
    return value


def path(where: str, name: str) -> str:
    """The path of a member inside `where`."""
    return f"{where}.{name}" if where else name


def whole_number(value: object, where: str, low: int, high: int) -> int:
    """An integer from `low` to `high`; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FieldsInvalid(where, f"not a whole number from {low} to {high}")
    return value


def truth(value: object, where: str) -> bool:
    """true or false, nothing that merely counts as one."""
    if not isinstance(value, bool):
        raise FieldsInvalid(where, "neither true nor false")
    return value


def words(value: object, where: str, longest: int) -> str:
    """A text of 1 to `longest` characters that can be written as UTF-8 and holds no control characters."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise FieldsInvalid(where, f"not a text of 1 to {longest} characters")
    if _NO_TEXT.search(value):
        raise FieldsInvalid(where, "a character that is no text")
    return value


def choice(value: object, where: str, allowed: Collection[str]) -> str:
    """One of the `allowed` words."""
    if not isinstance(value, str) or value not in allowed:
        raise FieldsInvalid(where, "not one of the agreed words")
    return value


def hex_text(value: object, where: str, length: int) -> str:
    """Lower-case hexadecimal of exactly `length` digits."""
    if not isinstance(value, str) or len(value) != length or not _HEX.fullmatch(value):
        raise FieldsInvalid(where, f"not {length} hexadecimal digits")
    return value


def sequence(value: object, where: str, most: int, least: int = 0) -> list[Any]:
    """A list of `least` to `most` values."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise FieldsInvalid(where, f"not a list of {least} to {most}")
    return value
