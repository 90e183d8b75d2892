"""Chen at the till of the shop, and what the tests of it look at."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from miniprogram_api.models import Merchant, Venue
from miniprogram_api.queries.reconciliation import book_differences
from miniprogram_api.services.reconciliation import entry_differences
from tests.miniprogram_api.cast import EVERY_PROOF, Stage
from tests.miniprogram_api.routes.speech import API, bearer

ACTS = f"{API}/merchant/acts"
PLATE = {"scene": "clean-plate", "quantity": 1}
TABLEWARE = {"scene": "own-tableware", "quantity": 1}
LINEN = {"scene": "linen-reuse", "quantity": 2}
MEALS = 5  # points of a clean plate


class Counter:
    """Chen at the till."""

    def __init__(self, stage: Stage, client: FlaskClient, who: str = "chen") -> None:
        self.stage, self.client, self.who, self.keys = stage, client, who, 0

    def confirm(self, code: str, *acts: dict[str, Any], key: str | None = None) -> TestResponse:
        self.keys += 1
        headers = bearer(self.who, key=key or f"k{self.keys}")
        return self.client.post(ACTS, json={"code": code, "acts": list(acts)}, headers=headers)

    def undo(self, number: str, key: str = "u1") -> TestResponse:
        return self.client.post(f"{ACTS}/{number}/undo", headers=bearer(self.who, key=key))


def at(stage: Stage, venue: str | None) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(Merchant).values(venue_id=venue))


def profile(stage: Stage, **changes: Any) -> None:
    document = {"attended": True, "scenes": EVERY_PROOF, "ceilings": {"points_per_hour": 100_000}, "routes": []}
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(profile=json.dumps({**document, **changes})))
    stage.island.directory.forget()


def states(answer: dict[str, Any]) -> list[tuple[str, str, int, str | None]]:
    return [(line["scene"], line["state"], line["points"], line.get("code")) for line in answer["results"]]


def nothing_recorded(stage: Stage) -> None:
    assert [stage.count(table) for table in ("acts", "readings", "desk_acts", "entries")] == [0, 0, 0, 0]


def books_are_right(stage: Stage) -> None:
    with stage.engine.connect() as connection:
        found = [*book_differences(connection, lambda _: None), *entry_differences(connection, lambda _: None)]
    assert found == []
