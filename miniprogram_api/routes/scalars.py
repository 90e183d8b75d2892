"""The scalar types of calls and answers: strict on the way in, one spelling on the way out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

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


def text(longest: int, shortest: int = 1, pattern: str = PRINTABLE) -> Any:
    """A line of text of bounded length without control characters."""
    return Annotated[str, StringConstraints(min_length=shortest, max_length=longest, pattern=pattern)]


def whole(smallest: int, largest: int) -> Any:
    """A whole number as JSON writes it: no fraction, no string, no true or false."""
    return Annotated[int, Field(strict=True, ge=smallest, le=largest)]


def _moment(value: object) -> object:
    """Unix seconds become RFC 3339 with the island's offset; a text that is already one stays as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC).astimezone(ISLAND_TIME).isoformat()
    if isinstance(value, datetime):
        return value.astimezone(ISLAND_TIME).isoformat()
    return value


def _digits(value: object) -> object:
    """Digits only: int() would also take a sign, spaces and underscores."""
    if isinstance(value, str) and (not value.isascii() or not value.isdigit() or len(value) > 19):
        raise ValueError("digits only")
    return int(value) if isinstance(value, str) else value


CodeText = text(512)
Device = text(64, pattern=r"^[A-Za-z0-9_-]+$")
PublicId = text(16, 16, pattern=r"^[0-9a-f]+$")
Hash = text(64, 64, pattern=r"^[0-9a-f]+$")
IdempotencyKey = text(64, pattern=r"^[A-Za-z0-9_-]+$")
Cursor = text(128, pattern=r"^[A-Za-z0-9._-]+$")
Moment = Annotated[str, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
DecimalText = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


def query_number(smallest: int, largest: int) -> Any:
    """A whole number in a query, in digits."""
    return Annotated[int, BeforeValidator(_digits), Field(ge=smallest, le=largest)]
