"""The pier's kiosk on the line, as the kiosk's own program speaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from apiflask import APIFlask
from sqlalchemy import update

from kiosk.uplink import Uplink
from miniprogram_api.models import Venue
from scenes.wire.profile import GroupLimits, Profile, SceneOffer, profile_document
from tests.miniprogram_api.cast import PIER, Stage

PROFILE = Profile(
    attended=True,
    scenes={number: SceneOffer(frozenset({"GK", "DK", "TK"}), 500) for number in (1, 6, 9)},
    group=GroupLimits(60, 300, 30),
    points_per_hour=20_000,
    ticket_days=14,
)


@pytest.fixture
def line(app: APIFlask, stage: Stage) -> Iterator[Callable[..., Uplink]]:
    """Opens a line for a key id and private key; the pier's by default."""
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(profile=json.dumps(profile_document(PROFILE))))
    opened: list[Uplink] = []

    def open_line(key_id: str = f"{PIER}.1", private: bytes = stage.kiosk_key) -> Uplink:
        transport = httpx.WSGITransport(app=app)
        opened.append(Uplink("http://127.0.0.1:8000", key_id, private, transport))
        return opened[-1]

    yield open_line
    for uplink in opened:
        uplink.close()
