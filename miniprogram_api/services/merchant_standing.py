"""Staff look after merchants: admit one, name it anew, suspend it at once, let it work again by two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, public_id, transaction, use_case
from miniprogram_api.domain.refusals import InvalidFields, NotAllowed, NotFound
from miniprogram_api.domain.versions import LEAD_SECONDS
from miniprogram_api.models import Approval, Merchant, MerchantVersion
from miniprogram_api.services.appointments import NewMerchant, admit_new_merchant
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN, payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import new_password
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.staffing import ONCE_SECONDS
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone

NAMES = ("name_zh", "name_en", "place_zh", "place_en")
SAID = (*NAMES, "change", "state")
ACTIVE, SUSPENDED = "active", "suspended"
ACTS = {"named": "merchant_named", "suspended": "merchant_suspended", "resumed": "merchant_resume_asked"}
RULED = {
    APPROVED: "merchant_resumed",
    REJECTED: "merchant_resume_rejected",
    WITHDRAWN: "merchant_resume_withdrawn",
}


@dataclass(frozen=True)
class Admission:
    """What staff tell of a new merchant; its owner gets a one-time password."""

    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    login: str
    owner: str
    reason: str


@dataclass(frozen=True)
class Admitted:
    """`password` is shown once; it opens nothing but the way to one of the owner's own."""

    merchant_id: int
    login: str
    password: str
    valid_until: int


def payload_of_merchant(row: Any) -> bytes:
    """SHA-256 of what a version says of which merchant."""
    said = {name: getattr(row, name) for name in SAID}
    return payload_of({"merchant": public_id(row.merchant_id), "version": row.version, **said})


def admit(session: Session, admission: Admission, by: int, clock: Clock) -> Admitted:
    """A new merchant with its owner's sign-in. Raises NotAllowed (why: login_taken)."""
    password, until = new_password(), clock.now() + ONCE_SECONDS
    names = {name: getattr(admission, name) for name in NAMES}
    merchant = NewMerchant(
        **names,
        login=admission.login,
        owner=admission.owner,
        password=password,
        once_until=until,
        asked_by=by,
        reason=admission.reason,
    )
    number = admit_new_merchant(session, merchant, actor_of(by), clock)
    if number is None:
        raise NotAllowed(why="login_taken")
    return Admitted(number, admission.login, password, until)


@use_case
def name_merchant(
    session: Session, merchant_id: int, names: dict[str, str], reason: str, by: int, clock: Clock
) -> None:
    """Other names or another place, at once. Raises NotFound, InvalidFields (nothing changes)."""
    with transaction(session) as connection:
        row = _locked(connection, merchant_id)
        said = {name: names.get(name, getattr(row, name)) for name in NAMES}
        if all(said[name] == getattr(row, name) for name in NAMES):
            raise InvalidFields(fields=[{"field": "name_zh", "reason": "unchanged"}])
        _change_alone(connection, merchant_id, "named", {**said, "state": row.state}, reason, by, clock.now())


@use_case
def suspend_merchant(session: Session, merchant_id: int, reason: str, by: int, clock: Clock) -> None:
    """Nothing is exchanged or redeemed there any more, from each worker's next call on.

    Raises NotFound, NotAllowed (why: already_suspended).
    """
    with transaction(session) as connection:
        row = _locked(connection, merchant_id)
        if row.state == SUSPENDED:
            raise NotAllowed(why="already_suspended")
        said = {**_names(row), "state": SUSPENDED}
        _change_alone(connection, merchant_id, "suspended", said, reason, by, clock.now())


@use_case
def ask_to_resume(session: Session, merchant_id: int, reason: str, by: int, clock: Clock) -> int:
    """Asks that it works again; answers the version that a second person decides about.

    Raises NotFound, NotAllowed (why: not_suspended, version_waiting).
    """
    now = clock.now()
    with transaction(session) as connection:
        row = _locked(connection, merchant_id)
        if row.state != SUSPENDED:
            raise NotAllowed(why="not_suspended")
        if _waits(connection, merchant_id):
            raise NotAllowed(why="version_waiting")
        said = {**_names(row), "state": ACTIVE}
        return int(_add_version(connection, merchant_id, "resumed", said, reason, by, now).version)


@use_case
def decide_merchant(session: Session, merchant_id: int, version: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw that a merchant works again. Raises NotFound and the refusals of `settle`."""
    now = clock.now()
    with transaction(session) as connection:
        _locked(connection, merchant_id)
        row = _version(connection, merchant_id, version)
        if row.change == "admitted":
            raise NotAllowed(why="already_decided")
        if settle(connection, _asked(row, now), verdict, now):
            if verdict.decision == APPROVED:
                _keep(connection, merchant_id, {"state": ACTIVE})
            detail = {"version": version, "reason": verdict.reason}
            _record(connection, verdict.by, RULED[verdict.decision], merchant_id, detail, now)


def _locked(connection: Connection, merchant_id: int) -> Any:
    # One change after the other; a redemption holds the row until its commit, exchanges go on meanwhile.
    found = select(Merchant.__table__).where(Merchant.id == merchant_id)
    row = connection.execute(found.with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _names(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in NAMES}


def _change_alone(
    connection: Connection, merchant_id: int, change: str, said: dict[str, Any], reason: str, by: int, now: int
) -> None:
    """What one person may do: written, decided and in force in one."""
    row = _add_version(connection, merchant_id, change, said, reason, by, now)
    settle_alone(connection, _asked(row, now), now)
    _keep(connection, merchant_id, said)


def _add_version(
    connection: Connection, merchant_id: int, change: str, said: dict[str, Any], reason: str, by: int, now: int
) -> Any:
    newest = select(MerchantVersion.version).where(MerchantVersion.merchant_id == merchant_id)
    last = connection.execute(newest.order_by(MerchantVersion.version.desc()).limit(1)).scalar() or 0
    row = {"merchant_id": merchant_id, "version": last + 1, "change": change, **said}
    try:
        connection.execute(insert(MerchantVersion).values(**row, reason=reason, asked_by=by, created_at=now))
    except IntegrityError as error:
        raise TryAgain from error
    _record(connection, by, ACTS[change], merchant_id, {"version": last + 1, "reason": reason}, now)
    return _version(connection, merchant_id, last + 1)


def _keep(connection: Connection, merchant_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(Merchant).where(Merchant.id == merchant_id).values(values))


def _versions() -> Any:
    decided = (
        (Approval.subject == "merchant")
        & (Approval.subject_id == MerchantVersion.merchant_id)
        & (Approval.version == MerchantVersion.version)
    )
    return select(*MerchantVersion.__table__.columns, Approval.decision, Approval.decided_by).outerjoin(
        Approval, decided
    )


def _version(connection: Connection, merchant_id: int, version: int) -> Any:
    which = (MerchantVersion.merchant_id == merchant_id, MerchantVersion.version == version)
    row = connection.execute(_versions().where(*which)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _waits(connection: Connection, merchant_id: int) -> bool:
    waiting = (MerchantVersion.change == "resumed", Approval.decision.is_(None))
    rows = _versions().where(MerchantVersion.merchant_id == merchant_id, *waiting)
    return connection.execute(rows).first() is not None


def _asked(row: Any, now: int) -> AskedVersion:
    payload = payload_of_merchant(row)
    return asked_version("merchant", row.merchant_id, row._mapping, payload, now + LEAD_SECONDS)


def _record(connection: Connection, by: int, act: str, merchant_id: int, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"merchant:{public_id(merchant_id)}", detail, now)
