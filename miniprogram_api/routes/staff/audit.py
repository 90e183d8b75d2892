"""The audit trail: who did what to which object, when."""

from __future__ import annotations

from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.audit import audit_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, text
from miniprogram_api.routes.paging import Page

calls = Calls("staff", "audit")


class AuditPage(Page):
    """`search`: words of the actor, the act, the object or the detail. `act`: of this kind alone."""

    search: Annotated[str, text(64)] | None = None
    act: Annotated[str, text(64)] | None = None


class AuditLine(Answer):
    """The names are there when actor or object is a person of the staff."""

    id: str
    at: Moment
    actor: str
    actor_name: str | None
    act: str
    object: str
    object_name: str | None
    detail: dict[str, Any]


class AuditLines(Answer):
    data: list[AuditLine]
    next: str | None


@calls.get("/staff/audit", caller=STAFF, query=AuditPage, answer=AuditLines)
def list_audit(person: StaffCaller, query: AuditPage) -> dict[str, Any]:
    """Every act of the staff and of the system, newest first"""
    return audit_page(db.session(), query.search, query.act, query.cursor, query.limit)
