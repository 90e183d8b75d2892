"""Staff look after kiosks: stop one at once, let it work again by two people, retire it, ask for its next key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.kiosk_changes import (
    BECOMES,
    ENDS_INVITATION,
    INVITED,
    LOST,
    NEEDS_TWO,
    RESUMED,
    RETIRED,
    STOPPED,
    check_change,
    lost_since,
)
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.domain.versions import LEAD_SECONDS
from miniprogram_api.models import Approval, Kiosk, KioskChange, KioskInvitation
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN, payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.kiosk_bars import bar_keys
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone

SUBJECT = "kiosk"
SAID = ("version", "change", "epoch", "since", "reason")
ACTS = {
    "invited": "kiosk_invitation_asked",
    "uninvited": "kiosk_invitation_ended",
    "suspended": "kiosk_suspended",
    "resumed": "kiosk_resume_asked",
    "lost": "kiosk_lost",
    "retired": "kiosk_retired",
    "rotated": "kiosk_rotation_asked",
}
RULED = {
    (INVITED, APPROVED): "kiosk_invitation_approved",
    (INVITED, REJECTED): "kiosk_invitation_rejected",
    (INVITED, WITHDRAWN): "kiosk_invitation_withdrawn",
    (RESUMED, APPROVED): "kiosk_resumed",
    (RESUMED, REJECTED): "kiosk_resume_rejected",
    (RESUMED, WITHDRAWN): "kiosk_resume_withdrawn",
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants a kiosk to become, and why; `since`: from when it is lost."""

    change: str
    reason: str
    by: int
    since: int | None = None


def payload_of_change(row: Any) -> bytes:
    """SHA-256 of what a change says of which kiosk."""
    return payload_of({"kiosk": str(row.kiosk_id), **{name: getattr(row, name) for name in SAID}})


@use_case
def change_kiosk(session: Session, kiosk_id: int, wish: Wish, island: Island, clock: Clock) -> int:
    """Make the change, or where a second person has to agree, ask for it; answers its version.

    Raises NotFound, NotAllowed (why: kiosk_state, version_waiting), InvalidFields for a `since` to come.
    """
    now = clock.now()
    with transaction(session) as connection:
        kiosk = locked_kiosk(connection, kiosk_id)
        check_change(wish.change, kiosk.state)
        if wish.change in NEEDS_TWO and waits(connection, kiosk_id):
            raise NotAllowed(why="version_waiting")
        row = add_change(connection, kiosk, wish, now)
        if wish.change not in NEEDS_TWO:
            settle_alone(connection, _asked(row, now), now)
            _put_in_force(connection, kiosk, row, now)
    island.directory.forget()
    return int(row.version)


@use_case
def decide_kiosk_change(
    session: Session, kiosk_id: int, version: int, verdict: Verdict, island: Island, clock: Clock
) -> None:
    """Approve, reject or withdraw an invitation or a resumption. Raises NotFound and the refusals of `settle`;
    NotAllowed (why: kiosk_state) where the kiosk has changed meanwhile."""
    now = clock.now()
    with transaction(session) as connection:
        kiosk = locked_kiosk(connection, kiosk_id)
        row = change_of(connection, kiosk_id, version)
        if row.change not in NEEDS_TWO:
            raise NotAllowed(why="already_decided")
        if settle(connection, _asked(row, now), verdict, now):
            if verdict.decision == APPROVED:
                check_change(row.change, kiosk.state)
                _put_in_force(connection, kiosk, row, now)
            elif row.change == INVITED and _came_with(kiosk, row):
                # A kiosk that nobody agreed to never comes to be; its number stays taken.
                _set_state(connection, kiosk_id, RETIRED, now)
            detail = {"version": version, "reason": verdict.reason}
            _record(connection, verdict.by, RULED[row.change, verdict.decision], kiosk_id, detail, now)
    island.directory.forget()


def locked_kiosk(connection: Connection, kiosk_id: int) -> Any:
    """The kiosk's row, for one change after the other. Raises NotFound."""
    row = connection.execute(select(Kiosk.__table__).where(Kiosk.id == kiosk_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def add_change(connection: Connection, kiosk: Any, wish: Wish, now: int) -> Any:
    """Write the change; nothing of it is in force yet. `kiosk` has `id` and `epoch`."""
    newest = select(KioskChange.version).where(KioskChange.kiosk_id == kiosk.id)
    last = connection.execute(newest.order_by(KioskChange.version.desc()).limit(1)).scalar() or 0
    since = lost_since(wish.since, now) if wish.change == LOST else None
    values = {"change": wish.change, "epoch": kiosk.epoch, "since": since, "reason": wish.reason, "asked_by": wish.by}
    try:
        connection.execute(insert(KioskChange).values(kiosk_id=kiosk.id, version=last + 1, created_at=now, **values))
    except IntegrityError as error:
        raise TryAgain from error
    detail = {"version": last + 1, "reason": wish.reason} | ({} if since is None else {"since": since})
    _record(connection, wish.by, ACTS[wish.change], kiosk.id, detail, now)
    return change_of(connection, kiosk.id, last + 1)


def change_of(connection: Connection, kiosk_id: int, version: int) -> Any:
    """One change with its decision. Raises NotFound."""
    which = (KioskChange.kiosk_id == kiosk_id, KioskChange.version == version)
    row = connection.execute(changes_and_decisions().where(*which)).one_or_none()
    if row is None:
        raise NotFound
    return row


def changes_and_decisions() -> Any:
    """SELECT of the changes of all kiosks, each with its decision where there is one."""
    decided = (
        (Approval.subject == SUBJECT)
        & (Approval.subject_id == KioskChange.kiosk_id)
        & (Approval.version == KioskChange.version)
    )
    columns = (Approval.decision, Approval.decided_by, Approval.decided_at)
    return select(*KioskChange.__table__.columns, *columns).outerjoin(Approval, decided)


def waits(connection: Connection, kiosk_id: int) -> bool:
    """Whether something waits for a second person."""
    waiting = (KioskChange.change.in_(NEEDS_TWO), Approval.decision.is_(None))
    rows = changes_and_decisions().where(KioskChange.kiosk_id == kiosk_id, *waiting)
    return connection.execute(rows).first() is not None


def _put_in_force(connection: Connection, kiosk: Any, row: Any, now: int) -> None:
    if row.change in ENDS_INVITATION:
        end_invitations(connection, kiosk.id, now)
    if row.change == LOST:
        bar_keys(connection, kiosk.id, LOST, row.since)
    elif row.change == RETIRED and kiosk.state in STOPPED:
        bar_keys(connection, kiosk.id, kiosk.state, kiosk.state_since)
    if row.change in BECOMES:
        _set_state(connection, kiosk.id, BECOMES[row.change], now if row.since is None else row.since)


def end_invitations(connection: Connection, kiosk_id: int, now: int) -> None:
    """No code that was shown is good any more."""
    open_ones = (KioskInvitation.used_at.is_(None), KioskInvitation.withdrawn_at.is_(None))
    mine = update(KioskInvitation).where(KioskInvitation.kiosk_id == kiosk_id, *open_ones)
    connection.execute(mine.values(withdrawn_at=now))


def _set_state(connection: Connection, kiosk_id: int, state: str, since: int) -> None:
    connection.execute(update(Kiosk).where(Kiosk.id == kiosk_id).values(state=state, state_since=since))


def _came_with(kiosk: Any, row: Any) -> bool:
    """Whether the kiosk is there for this request alone."""
    return bool(kiosk.state == INVITED and row.version == 1 and kiosk.state_since == row.created_at)


def _asked(row: Any, now: int) -> AskedVersion:
    return asked_version(SUBJECT, row.kiosk_id, row._mapping, payload_of_change(row), now + LEAD_SECONDS)


def _record(connection: Connection, by: int, act: str, kiosk_id: int, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"kiosk:{kiosk_id}", detail, now)
