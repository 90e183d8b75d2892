"""A kiosk says how it is and gets a signed answer."""

from __future__ import annotations

from typing import Annotated

from flask import request
from pydantic import Field

from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import KioskCaller
from miniprogram_api.routes.api import KIOSK, Body, Calls, surroundings, text, whole
from miniprogram_api.routes.kiosk.agreement import SignedDocument
from miniprogram_api.services.kiosks import take_heartbeat
from scenes.wire.fields import SAFE_INTEGER_MAX, UNSIGNED_32_MAX
from scenes.wire.upload import VERSIONS_MAX, parse_heartbeat

calls = Calls("kiosk", "heartbeats")
Part = Annotated[str, text(64)]


class HeartbeatBody(Body):
    """Times in Unix seconds of the kiosk's own clock; `versions` names its software parts."""

    boot: Annotated[str, text(16, 16, pattern=r"^[0-9a-f]+$")]
    uptime_ms: Annotated[int, whole(0, SAFE_INTEGER_MAX)]
    device_time: Annotated[int, whole(0, UNSIGNED_32_MAX)]
    queue: Annotated[int, whole(0, UNSIGNED_32_MAX)]
    versions: Annotated[dict[Part, Part], Field(max_length=VERSIONS_MAX)]
    paper: Annotated[str, text(32)]
    agreement: Annotated[int, whole(0, UNSIGNED_32_MAX)] | None
    last_sync: Annotated[int, whole(0, UNSIGNED_32_MAX)] | None


@calls.post(
    "/kiosk/heartbeats",
    caller=KIOSK,
    body=HeartbeatBody,
    answer=SignedDocument,
    refuses=("kiosk_suspended",),
)
def create_heartbeat(kiosk: KioskCaller, body: HeartbeatBody) -> dict[str, str]:
    """Say how the kiosk is

    Answers a verdict without items, signed by the office key; only a verified one counts as answered.
    """
    here = surroundings()
    heartbeat = parse_heartbeat(body.model_dump())
    body_read = request.get_data()
    return take_heartbeat(db.session(), kiosk.kiosk_id, kiosk.epoch, heartbeat, body_read, here.island, here.clock)
