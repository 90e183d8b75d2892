"""What calls about versions take and answer, of rules and places alike."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from miniprogram_api.domain.changes import Change
from miniprogram_api.domain.versions import Version
from miniprogram_api.routes.api import Answer, Moment, PublicId, text, whole

_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


def _unix_seconds(value: object) -> object:
    """The Unix second of an RFC 3339 time; what is below a second is left out."""
    written = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise ValueError("no time as RFC 3339 writes it")
    day, time, offset = written.groups()
    return int(datetime.fromisoformat(f"{day}T{time}{'+00:00' if offset in 'Zz' else offset}").timestamp())


Start = Annotated[int, BeforeValidator(_unix_seconds), WithJsonSchema({"type": "string", "format": "date-time"})]
Document = Annotated[dict[str, Any], Field(max_length=64)]
Documents = Annotated[list[Document], Field(max_length=64)]
Number = Annotated[int, whole(1, 1_000_000)]
Reason = Annotated[str, text(500)]
Digest = Annotated[str, text(64, 64, pattern=r"^[0-9a-f]+$")]
State = Literal["asked", "approved", "in_force", "ended", "rejected", "withdrawn"]


class FieldChange(Answer):
    """`costs`: it can cost points or changes published figures, so a second person has to agree."""

    field: str
    before: Any
    after: Any
    costs: bool


class NamedPerson(Answer):
    id: PublicId
    name: str


class WaitingVersion(Answer):
    version: int
    starts_at: Moment
    state: Literal["asked"]


class PlannedVersion(Answer):
    version: int
    starts_at: Moment


class VersionAnswer(Answer):
    """`changes` against the version whose place it takes; `payload` is the SHA-256 of what a decision decides."""

    version: int
    state: State
    starts_at: Moment
    ends_at: Moment | None
    reason: str
    asked_by: NamedPerson | None
    asked_at: Moment | None
    decided_by: NamedPerson | None
    decided_at: Moment | None
    decision_reason: str | None
    second_person: bool
    payload: Digest
    changes: list[FieldChange]
    document: dict[str, Any]
    factors: list[dict[str, Any]]


class PreviewAnswer(Answer):
    """What asking would do. `puts_aside`: planned versions that would never be in force then."""

    changes: list[FieldChange]
    second_person: bool
    starts_at: Moment
    puts_aside: list[PlannedVersion]
    valid: Literal[True]


def shown_preview(changes: list[Change], second_person: bool, starts_at: int, aside: list[Version]) -> dict[str, Any]:
    return {
        "changes": changes,
        "second_person": second_person,
        "starts_at": starts_at,
        "puts_aside": aside,
        "valid": True,
    }


def version_number(words: str) -> int:
    """The number of a version in a path; 0, which no version has, for anything else."""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 9 else 0
