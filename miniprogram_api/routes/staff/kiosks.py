"""The fleet, as staff look after it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db
from miniprogram_api.domain import kiosk_changes
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries import kiosk_history
from miniprogram_api.queries.kiosks import fleet
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, caller_language, surroundings, text
from miniprogram_api.routes.staff.audit import AuditLine
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.version_shapes import (
    Digest,
    FieldChange,
    NamedPerson,
    Reason,
    Start,
    State,
    version_number,
)
from miniprogram_api.services.kiosk_invitations import agreed_until, ask_for_kiosk, end_invitation, show_invitation
from miniprogram_api.services.kiosk_standing import Wish, change_kiosk, decide_kiosk_change, payload_of_change
from miniprogram_api.services.version_decisions import Verdict

calls = Calls("staff", "kiosks")
KioskState = Literal["invited", "active", "suspended", "lost", "retired"]


class NewKioskBody(Body):
    """`name` is that of the machine's folder: small letters, digits and hyphens."""

    venue: Annotated[str, text(64)]
    name: Annotated[str, text(40, pattern=r"^[a-z0-9][a-z0-9-]*$")]
    reason: Reason


class KioskReason(Body):
    reason: Reason


class LostBody(Body):
    """`since`: when it was last seen to be ours, now by default."""

    since: Start | None = None
    reason: Reason


class MapPoint(Answer):
    """Thousandths of the schematic map's width and height."""

    x: int
    y: int


class KioskAnswer(Answer):
    """`software` names the parts and versions of the last heartbeat; what a kiosk never said is null.

    `agreement_issued_at` is that of the agreement it runs on; `version_waits`: a second person has something to decide;
    `rotation_waits`: it was asked for its next key and has not made it yet.
    """

    id: str
    name: str
    venue: str
    venue_id: str
    epoch: int
    state: KioskState
    state_since: Moment
    last_heartbeat_at: Moment | None
    last_sync_at: Moment | None
    clock_offset_seconds: int
    queue: int | None
    software: dict[str, str] | None
    agreement: int | None
    agreement_issued_at: Moment | None
    paper: str | None
    map: MapPoint
    version_waits: bool
    rotation_waits: bool


class KioskList(Answer):
    data: list[KioskAnswer]
    next: str | None


class KioskDocument(Answer):
    """`epoch` was in force when it was asked for; `since`: from when it is lost."""

    change: str
    epoch: int
    since: Moment | None


class KioskVersionAnswer(Answer):
    version: int
    change: Literal["invited", "uninvited", "suspended", "resumed", "lost", "retired", "rotated"]
    state: State
    starts_at: Moment | None
    reason: str
    asked_by: NamedPerson | None
    asked_at: Moment
    decided_by: NamedPerson | None
    decided_at: Moment | None
    decision_reason: str | None
    second_person: bool
    payload: Digest
    changes: list[FieldChange]
    document: KioskDocument


class KioskVersions(Answer):
    data: list[KioskVersionAnswer]
    next: str | None


class CodeState(Answer):
    """Of the short code that was shown last."""

    state: Literal["open", "used", "expired", "withdrawn"]
    expires_at: Moment


class HeartbeatAnswer(Answer):
    received_at: Moment
    boot: str
    clock_offset_seconds: int
    queue: int
    agreement: int | None
    paper: str


class KioskFound(Answer):
    """`invitable_until`: two people agreed to an invitation, and so long a short code may be shown. `heartbeats`: the
    last of each five minutes of a day; `events`: the newest of the audit trail."""

    kiosk: KioskAnswer
    versions: list[KioskVersionAnswer]
    invitable_until: Moment | None
    invitation: CodeState | None
    heartbeats: list[HeartbeatAnswer]
    events: list[AuditLine]


class InvitationAnswer(Answer):
    """`text` is what the QR code says: server address, short code and SHA-256 of the office key."""

    code: str
    text: str
    server: str
    office_key_sha256: Digest
    expires_at: Moment


@calls.get("/staff/kiosks", caller=STAFF, answer=KioskList)
def list_kiosks(person: StaffCaller) -> dict[str, Any]:
    """Every kiosk with what its last heartbeat said"""
    return {"data": fleet(db.session(), caller_language(), surroundings().clock.now()), "next": None}


@calls.post("/staff/kiosks", caller=STAFF, body=NewKioskBody, answer=KioskAnswer, status=201)
def create_kiosk(person: StaffCaller, body: NewKioskBody) -> dict[str, Any]:
    """Ask for one more kiosk at a place; a second person decides"""
    clock = surroundings().clock
    return _listed(ask_for_kiosk(db.session(), body.venue, body.name, body.reason, person.person_id, clock))


@calls.get("/staff/kiosks/<kiosk_id>", caller=STAFF, answer=KioskFound)
def read_kiosk(person: StaffCaller, kiosk_id: str) -> dict[str, Any]:
    """One kiosk with its history"""
    kiosk, clock = _number(kiosk_id), surroundings().clock
    until = agreed_until(db.session(), kiosk, clock)
    return {
        "kiosk": _listed(kiosk),
        "versions": _versions(kiosk),
        "invitable_until": until,
        "invitation": kiosk_history.kiosk_invitation(db.session(), kiosk, clock.now()),
        "heartbeats": kiosk_history.kiosk_heartbeats(db.session(), kiosk),
        "events": kiosk_history.kiosk_events(db.session(), kiosk),
    }


@calls.get("/staff/kiosks/<kiosk_id>/versions", caller=STAFF, answer=KioskVersions)
def list_kiosk_versions(person: StaffCaller, kiosk_id: str) -> dict[str, Any]:
    """What staff made of a kiosk, newest first"""
    kiosk = _number(kiosk_id)
    _listed(kiosk)
    return {"data": _versions(kiosk), "next": None}


@calls.post(
    "/staff/kiosks/<kiosk_id>/invitation", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer, status=201
)
def invite_kiosk(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """Ask that a new machine becomes this kiosk; a second person decides"""
    return _changed(kiosk_id, Wish(kiosk_changes.INVITED, body.reason, person.person_id))


@calls.post("/staff/kiosks/<kiosk_id>/invitation/code", caller=STAFF, answer=InvitationAnswer, status=201)
def create_kiosk_code(person: StaffCaller, kiosk_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Show the short code of an invitation that two people agreed on

    Good once and for half an hour; a code that was shown before is good no more.
    """
    here = surroundings()
    shown = show_invitation(db.session(), _number(kiosk_id), person.person_id, here.island, here.clock)
    return {**vars(shown), "text": shown.text}, 201, {"Cache-Control": "no-store"}


@calls.post("/staff/kiosks/<kiosk_id>/invitation/end", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer)
def end_kiosk_invitation(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """End an invitation that was agreed on, and the code that was shown"""
    here, kiosk = surroundings(), _number(kiosk_id)
    return _version(kiosk, end_invitation(db.session(), kiosk, body.reason, person.person_id, here.island, here.clock))


@calls.post("/staff/kiosks/<kiosk_id>/suspend", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer)
def suspend_kiosk(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """Suspend a kiosk at once

    Its codes are refused and what it read waits for a person, from now until a second person has agreed that it works
    again.
    """
    return _changed(kiosk_id, Wish(kiosk_changes.SUSPENDED, body.reason, person.person_id))


@calls.post("/staff/kiosks/<kiosk_id>/resume", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer, status=201)
def resume_kiosk(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """Ask that a suspended kiosk works again; a second person decides"""
    return _changed(kiosk_id, Wish(kiosk_changes.RESUMED, body.reason, person.person_id))


@calls.post("/staff/kiosks/<kiosk_id>/lose", caller=STAFF, body=LostBody, answer=KioskVersionAnswer)
def lose_kiosk(person: StaffCaller, kiosk_id: str, body: LostBody) -> dict[str, Any]:
    """Say since when a kiosk is lost

    Nothing that it did from then on counts; what it did before counts if we had heard of it before.
    """
    return _changed(kiosk_id, Wish(kiosk_changes.LOST, body.reason, person.person_id, body.since))


@calls.post("/staff/kiosks/<kiosk_id>/retire", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer)
def retire_kiosk(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """Retire a kiosk for good

    It makes no new codes; what is in its journal is taken for 30 more days.
    """
    return _changed(kiosk_id, Wish(kiosk_changes.RETIRED, body.reason, person.person_id))


@calls.post("/staff/kiosks/<kiosk_id>/rotate", caller=STAFF, body=KioskReason, answer=KioskVersionAnswer)
def rotate_kiosk(person: StaffCaller, kiosk_id: str, body: KioskReason) -> dict[str, Any]:
    """Ask a kiosk for its next key, which it makes at its next contact"""
    return _changed(kiosk_id, Wish(kiosk_changes.ROTATED, body.reason, person.person_id))


def _decided(verdict: Verdict, kiosk_id: str, version: str) -> dict[str, Any]:
    here, kiosk, wanted = surroundings(), _number(kiosk_id), version_number(version)
    decide_kiosk_change(db.session(), kiosk, wanted, verdict, here.island, here.clock)
    return _version(kiosk, wanted)


declare_decisions(
    calls,
    "/staff/kiosks/<kiosk_id>/versions/<version>",
    "kiosk_version",
    KioskVersionAnswer,
    _decided,
    (
        "Agree to an invitation, or that a kiosk works again, that somebody else asked for",
        "Say no to what somebody else asked for",
        "Take back what I asked for",
    ),
)


def _changed(kiosk_id: str, wish: Wish) -> dict[str, Any]:
    here, kiosk = surroundings(), _number(kiosk_id)
    return _version(kiosk, change_kiosk(db.session(), kiosk, wish, here.island, here.clock))


def _number(words: str) -> int:
    """The number in a path; 0, which no kiosk has, for anything else."""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 10 else 0


def _listed(kiosk: int) -> dict[str, Any]:
    found = fleet(db.session(), caller_language(), surroundings().clock.now(), kiosk)
    if not found:
        raise NotFound
    return found[0]


def _versions(kiosk: int) -> list[dict[str, Any]]:
    return kiosk_history.kiosk_versions(db.session(), kiosk, payload_of_change)


def _version(kiosk: int, version: int) -> dict[str, Any]:
    return next(one for one in _versions(kiosk) if one["version"] == version)
