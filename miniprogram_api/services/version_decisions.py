"""A version that one person asked for is approved, rejected or withdrawn: the step that rules and places share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from miniprogram_api.domain.refusals import IdempotencyConflict, NotAllowed
from miniprogram_api.domain.versions import check_start
from miniprogram_api.services.approvals import APPROVED, Decision, decide

NOTHING_SHOWN: Mapping[str, int | str] = MappingProxyType({})


@dataclass(frozen=True)
class Verdict:
    """What somebody says to it; `payload` is the SHA-256 of what they read, where they name it."""

    decision: str
    by: int
    reason: str = ""
    payload: bytes | None = None


@dataclass(frozen=True)
class AskedVersion:
    """A stored version with what was decided so far; `shown` is what the leaf of the approval shows."""

    subject: str  # rule, group, venue, item, stock, merchant
    subject_id: int
    version: int
    starts_at: int
    asked_by: int | None
    payload: bytes
    shown: Mapping[str, int | str]
    decision: str | None = None
    decided_by: int | None = None


def asked_version(
    subject: str,
    subject_id: int,
    row: Mapping[str, Any],
    payload: bytes,
    starts_at: int,
    shown: Mapping[str, int | str] = NOTHING_SHOWN,
) -> AskedVersion:
    """From a row by column names; one that was just written has no decision yet."""
    decided = (row.get("decision"), row.get("decided_by"))
    return AskedVersion(subject, subject_id, row["version"], starts_at, row["asked_by"], payload, shown, *decided)


def settle(connection: Connection, asked: AskedVersion, verdict: Verdict, now: int) -> bool:
    """Record the decision; False when this very person decided so before.

    Raises IdempotencyConflict when another version was read, NotAllowed (why: already_decided, start_passed,
    own_request, not_your_request), TryAgain when somebody decided first.
    """
    if verdict.payload is not None and verdict.payload != asked.payload:
        raise IdempotencyConflict(why="payload")
    if asked.decision is not None and (asked.decision, asked.decided_by) == (verdict.decision, verdict.by):
        return False
    if asked.asked_by is None or asked.decision is not None:
        raise NotAllowed(why="already_decided")
    if verdict.decision == APPROVED:
        check_start(asked.starts_at, now)
    decide(connection, _decision(asked, asked.asked_by, verdict, alone=False), now)
    return True


def settle_alone(connection: Connection, asked: AskedVersion, now: int) -> None:
    """What needs no second person is approved by whoever asks."""
    assert asked.asked_by is not None, "somebody is asking"
    verdict = Verdict(APPROVED, asked.asked_by)
    decide(connection, _decision(asked, asked.asked_by, verdict, alone=True), now)


def _decision(asked: AskedVersion, asked_by: int, verdict: Verdict, alone: bool) -> Decision:
    return Decision(
        subject=asked.subject,
        subject_id=asked.subject_id,
        version=asked.version,
        payload=asked.payload,
        decision=verdict.decision,
        asked_by=asked_by,
        decided_by=verdict.by,
        alone=alone,
        reason=verdict.reason,
        shown=asked.shown,
    )
