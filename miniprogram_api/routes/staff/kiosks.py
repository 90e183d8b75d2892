"""The fleet, as the console lists it."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import fleet
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, caller_language, surroundings

calls = Calls("staff", "kiosks")


class MapPoint(Answer):
    """Thousandths of the schematic map's width and height."""

    x: int
    y: int


class KioskAnswer(Answer):
    """`software` names the parts and versions of the last heartbeat; what a kiosk never said is null."""

    id: str
    name: str
    venue: str
    state: Literal["invited", "active", "suspended", "lost", "retired"]
    state_since: Moment
    last_heartbeat_at: Moment | None
    last_sync_at: Moment | None
    clock_offset_seconds: int
    queue: int | None
    software: dict[str, str] | None
    agreement: int | None
    paper: str | None
    map: MapPoint


class KioskList(Answer):
    data: list[KioskAnswer]
    next: str | None


@calls.get("/staff/kiosks", caller=STAFF, answer=KioskList)
def list_kiosks(person: StaffCaller) -> dict[str, Any]:
    """Every kiosk with what its last heartbeat said"""
    return {"data": fleet(db.session(), caller_language(), surroundings().clock.now()), "next": None}
