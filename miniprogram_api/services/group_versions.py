"""A shared limit changes by versions: asked for by one person, approved by another where it gives more points."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, transaction, use_case
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import Approval, GroupVersion
from miniprogram_api.models.groups import group_versions
from miniprogram_api.services.approvals import payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.group_drafts import GroupDraft, draft_of_group
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone
from miniprogram_api.services.version_drafts import Wanted

KEPT = ("group_id", "version", "starts_at", "points")
_TURN = 0x6772_6F75  # any number that no other advisory lock of ours has


@use_case
def propose_group_version(session: Session, group_id: str, wanted: Wanted, by: int, clock: Clock) -> int:
    """Ask for the next version of a group; answers its number.

    It counts from its start on once a second person has approved it; fewer points count without. Raises NotFound,
    InvalidFields, NotAllowed (why: version_waiting, start_passed).
    """
    with transaction(session) as connection:
        _take_turn(connection)
        now = clock.now()
        draft = draft_of_group(connection, group_id, wanted, now)
        _ask(connection, draft, wanted.reason, by, now)
    return draft.version


@use_case
def decide_group_version(session: Session, group_id: str, version: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw a version that waits. Raises NotFound and the refusals of `settle`."""
    wanted = group_versions(*GroupVersion.__table__.columns, Approval.decision, Approval.decided_by)
    with transaction(session) as connection:
        row = connection.execute(
            wanted.where(GroupVersion.group_id == group_id, GroupVersion.version == version)
        ).one_or_none()
        if row is None:
            raise NotFound
        now = clock.now()
        if settle(connection, _asked(row._mapping), verdict, now):
            _record(connection, verdict.by, f"group_{verdict.decision}", group_id, {"version": version}, now)


def group_payload(row: Any) -> bytes:
    """SHA-256 of what a decision on this version decides."""
    return payload_of({name: row[name] for name in KEPT})


def _take_turn(connection: Connection) -> None:
    """One asks at a time; a group's first version has no row that could be locked. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def _ask(connection: Connection, draft: GroupDraft, reason: str, by: int, now: int) -> None:
    group_id = draft.group.id
    row = {
        "id": new_id(),
        "group_id": group_id,
        "version": draft.version,
        "starts_at": draft.start(),
        "points": draft.document["points"],
        "reason": reason,
        "asked_by": by,
        "created_at": now,
    }
    try:
        connection.execute(insert(GroupVersion).values(**row))
    except IntegrityError as error:
        raise TryAgain from error  # somebody asked for this version a moment ago
    _record(connection, by, "group_asked", group_id, {"version": draft.version}, now)
    if not draft.second_person:
        settle_alone(connection, _asked(row), now)
        _record(connection, by, "group_approved", group_id, {"version": draft.version, "alone": True}, now)


def _asked(row: Any) -> AskedVersion:
    return asked_version("group", row["id"], row, group_payload(row), row["starts_at"])


def _record(connection: Connection, by: int, act: str, group_id: str, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"group:{group_id}", detail, now)
