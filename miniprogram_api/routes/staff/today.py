"""The console's first page."""

from __future__ import annotations

from typing import Any

from miniprogram_api.db import db
from miniprogram_api.queries.console import today
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, caller_language, surroundings
from miniprogram_api.routes.staff.kiosks import KioskAnswer

calls = Calls("staff", "today")


class Need(Answer):
    """`kind`: kiosk_suspended, kiosk_lost, kiosk_silent, paper_out, queue_long, acts_pending,
    books_differ, job_failed, jobs_stopped."""

    kind: str
    id: str
    name: str
    since: Moment | None
    count: int


class TodayAnswer(Answer):
    """Since midnight on the island; acts, points and grams as credited."""

    now: Moment
    acts: int
    points: int
    reduction_grams: int
    members: int
    vouchers: int
    redemptions: int
    kiosks: list[KioskAnswer]
    needs_person: list[Need]


@calls.get("/staff/today", caller=STAFF, answer=TodayAnswer)
def read_today(person: StaffCaller) -> dict[str, Any]:
    """The island today, and what needs a person"""
    now = surroundings().clock.now()
    return {"now": now, **today(db.session(), caller_language(), now)}
