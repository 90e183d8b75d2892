"""A kiosk hears which of its codes were handed in."""

from __future__ import annotations

from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import KioskCaller, uses_since
from miniprogram_api.routes.api import DIGITS, KIOSK, Answer, Body, Calls, Moment, whole

calls = Calls("kiosk", "uses")


class UsesSince(Body):
    """The `next` of the answer before."""

    since: Annotated[int, whole(0, 2**53), DIGITS] = 0


class CodeUse(Answer):
    epoch: int
    counter: int
    used_at: Moment


class CodeUses(Answer):
    data: list[CodeUse]
    next: str | None


@calls.get("/kiosk/uses", caller=KIOSK, query=UsesSince, answer=CodeUses)
def list_uses(kiosk: KioskCaller, query: UsesSince) -> dict[str, Any]:
    """Which personal codes were used

    Looks at the kiosk's latest codes; a use may come twice, group codes never come.
    """
    return uses_since(db.session(), kiosk.kiosk_id, kiosk.epoch, query.since)
