"""JSON as we sign it: written compactly, read strictly (no fractions, no member named twice)."""

import json
from typing import Any, NoReturn

from scenes.wire.errors import FieldsInvalid


def json_text(value: object) -> str:
    """The compact text of `value`; signed and hashed as its UTF-8 bytes, so it is made once and never made again."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_json_object(text: str, field: str) -> dict[str, Any]:
    """The object that `text` holds; raises FieldsInvalid for anything else: fractions, a member twice, too deep."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise FieldsInvalid(field, "not the JSON that we write") from error
    if not isinstance(value, dict):
        raise FieldsInvalid(field, "not an object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _no_fraction(text: str) -> NoReturn:
    raise ValueError("a number that is not an integer")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_no_fraction, parse_constant=_no_fraction)
