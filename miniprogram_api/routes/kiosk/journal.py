"""A kiosk sends what happened at it, and gets a signed verdict on each item."""

from __future__ import annotations

from typing import Annotated, Any

from flask import request
from pydantic import Field

from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import KioskCaller
from miniprogram_api.routes.api import KIOSK, Body, Calls, surroundings, text, whole
from miniprogram_api.routes.kiosk.agreement import SignedDocument
from miniprogram_api.services.journal import accept_journal
from scenes.wire.fields import SAFE_INTEGER_MAX
from scenes.wire.upload import UPLOAD_BYTES_MAX, UPLOAD_ITEMS_MAX, Upload

calls = Calls("kiosk", "journal")


class JournalUpload(Body):
    """`boot` and `uptime_ms` of the start that sends. Each item is a signed document; one that is none refuses only
    itself."""

    boot: Annotated[str, text(16, 16, pattern=r"^[0-9a-f]+$")]
    uptime_ms: Annotated[int, whole(0, SAFE_INTEGER_MAX)]
    items: Annotated[list[Any], Field(max_length=UPLOAD_ITEMS_MAX)]


@calls.post(
    "/kiosk/journal",
    caller=KIOSK,
    body=JournalUpload,
    answer=SignedDocument,
    body_bytes_max=UPLOAD_BYTES_MAX,
)
def accept_items(kiosk: KioskCaller, body: JournalUpload) -> dict[str, str]:
    """Take a batch of journal items

    Each is judged for itself and exactly once, in whatever order and however often it comes. Answers a verdict, signed
    by the office key over exactly this request. `busy` (503) while another upload is worked on and people are scanning:
    nothing was looked at, come again.
    """
    here = surroundings()
    upload = Upload(body.boot, body.uptime_ms, tuple(body.items))
    with here.right_of_way.upload():
        return accept_journal(db.session(), kiosk.kiosk_id, upload, request.get_data(), here.island, here.clock)
