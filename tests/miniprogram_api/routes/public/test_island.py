"""The island's figures for everyone, and its keys."""

from __future__ import annotations

import base64
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.queries.island import Figures
from miniprogram_api.routes.surroundings import NAME
from scenes.wire.signing import public_key_of
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered

ISLAND = f"{API}/public/island"


def island(client: FlaskClient, app: APIFlask, language: str = "zh-CN") -> Any:
    object.__setattr__(app.extensions[NAME], "figures", Figures())  # as if the figures kept had grown old
    return answered(client.get(ISLAND, headers={"Accept-Language": language}))


def test_today_and_total_add_up_the_credited_acts_without_names(
    client: FlaskClient, app: APIFlask, stage: Stage
) -> None:
    before = island(client, app)
    assert before["today"] == before["total"] == {"acts": 0, "points": 0, "reduction_grams": 0}
    mei, bo = stage.scan("mei", stage.code(6)), stage.scan("bo", stage.code(1))
    shown = island(client, app, "en")
    points = mei.act["points"] + bo.act["points"]
    grams = mei.act["reduction_grams"] + bo.act["reduction_grams"]
    assert shown["today"] == shown["total"] == {"acts": 2, "points": points, "reduction_grams": grams}
    assert {act["scene"] for act in shown["latest"]} == {"clean-plate", "ferry"} or len(shown["latest"]) == 2
    assert "mei" not in str(shown)
    assert shown["account"]["removed_tonnes"] == 7_001
    assert shown["demonstration"] is True


@SQLITE_ONLY
def test_the_island_is_named_in_the_readers_language(client: FlaskClient, app: APIFlask) -> None:
    assert island(client, app)["name"] == "灵山岛（示范）"
    assert island(client, app, "en")["name"] == "Lingshan Island (demonstration)"


def test_at_midnight_on_the_island_today_begins_anew(client: FlaskClient, app: APIFlask, stage: Stage) -> None:
    stage.clock.advance(12 * 3600 - 1)
    stage.scan("mei", stage.code(6))
    assert island(client, app)["today"]["acts"] == 1
    stage.clock.advance(1)
    shown = answered(client.get(ISLAND))
    assert (shown["today"]["acts"], shown["total"]["acts"]) == (0, 1)


def test_a_pending_act_adds_nothing(client: FlaskClient, app: APIFlask, stage: Stage) -> None:
    stage.scan("mei", stage.code(6, 0x13, issued_at=0))
    assert island(client, app)["total"]["acts"] == 0


@SQLITE_ONLY
def test_the_office_key_is_public_in_standard_base64(client: FlaskClient, stage: Stage) -> None:
    [key] = answered(client.get(f"{API}/public/keys"))["data"]
    assert base64.b64decode(key["key"]) == public_key_of(stage.island.keys.office_private)
    assert key["use"] == "office"
