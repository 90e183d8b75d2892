"""The scalar types of calls and answers: strict on the way in, one spelling on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Literal

from annotated_types import Ge, GroupedMetadata, Le
from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from miniprogram_api.clock import ISLAND_OFFSET_SECONDS

ISLAND_TIME = timezone(timedelta(seconds=ISLAND_OFFSET_SECONDS))
# PostgreSQL can't keep a NUL and no field of ours means anything by a control character.
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"


class Body(BaseModel):
    """What a caller sends: unknown fields and values of another type are refused, not bent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    """What a call answers: a field that isn't named here doesn't leave the house."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)


def text(longest: int, shortest: int = 1, pattern: str = PRINTABLE) -> StringConstraints:
    """Bounds of a line of text, without control characters unless another pattern is given."""
    return StringConstraints(min_length=shortest, max_length=longest, pattern=pattern)


@dataclass(frozen=True)
class WholeNumber(GroupedMetadata):
    """A whole number as JSON writes it: 9 and 9.0 are one, a string, true and false are none."""

    smallest: int
    largest: int

    def __iter__(self) -> Iterator[Any]:
        yield Strict()
        yield Ge(self.smallest)
        yield Le(self.largest)
        yield BeforeValidator(_integral)


def whole(smallest: int, largest: int) -> WholeNumber:
    """Bounds of a whole number."""
    return WholeNumber(smallest, largest)


def _integral(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _moment(value: object) -> object:
    """Unix seconds become RFC 3339 with the island's offset; a text that is already one stays as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return moment_text(value)
    if isinstance(value, datetime):
        return value.astimezone(ISLAND_TIME).isoformat()
    return value


def moment_text(seconds: int) -> str:
    """RFC 3339 with the island's offset."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ISLAND_TIME).isoformat()


def _digits(value: object) -> object:
    """Digits only: int() would also take a sign, spaces and underscores."""
    if isinstance(value, str) and (not value.isascii() or not value.isdigit() or len(value) > 19):
        raise ValueError("digits only")
    return int(value) if isinstance(value, str) else value


def _truth(value: object) -> object:
    """True or false as JSON writes them: 1 equals True in Python, and a literal would take it."""
    if not isinstance(value, bool):
        raise PydanticCustomError("bool_type", "not true or false")
    return value


DIGITS = BeforeValidator(_digits)  # a whole number in a query
Yes = Annotated[Literal[True], BeforeValidator(_truth)]
CodeText = Annotated[str, text(512)]
Device = Annotated[str, text(64, pattern=r"^[A-Za-z0-9_-]+$")]
PublicId = Annotated[str, text(16, 16, pattern=r"^[0-9a-f]+$")]
IdempotencyKey = Annotated[str, text(64, pattern=r"^[A-Za-z0-9_-]+$")]
Cursor = Annotated[str, text(128, pattern=r"^[A-Za-z0-9._-]+$")]
Moment = Annotated[str, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
DecimalText = Annotated[str, text(40, pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
