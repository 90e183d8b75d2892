"""The screen's calls about the scale."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, jsonify, request

from kiosk.devices.scales import SIMULATED_GRAMS_MAX, SimulatedScale
from kiosk.groups import DEFAULT_VARIANT
from kiosk.machine import Machine
from kiosk.reading_refusals import OnlyInDemonstration
from kiosk.screen_bodies import as_agreed
from kiosk.weighing_desk import ShownWeighing
from scenes.wire.fields import members, whole_number


def add_weighings(app: Flask, machine: Machine) -> None:
    """Adds the calls to the screen's application. No call of the page names a weight: the scale does."""

    @app.post("/api/weighings")
    def create_weighing() -> tuple[Response, int]:
        with as_agreed():
            body = members(request.get_json(silent=True), "", ("scene",), ("variant",))
            scene = whole_number(body["scene"], "scene", 1, 255)
            variant = whole_number(body.get("variant", DEFAULT_VARIANT), "variant", 0, 255)
        return _weighing(machine.weighings.begin(scene, variant)), 201

    @app.get("/api/weighings/<weighing_id>")
    def weighing(weighing_id: str) -> Response:
        return _weighing(machine.weighings.show(weighing_id))

    @app.post("/api/weighings/<weighing_id>/done")
    def finish_weighing(weighing_id: str) -> Response:
        return _weighing(machine.weighings.finish(weighing_id))

    @app.post("/api/weighings/<weighing_id>/end")
    def end_weighing(weighing_id: str) -> Response:
        machine.weighings.end(weighing_id)
        return jsonify({"ended": True})

    @app.post("/api/simulated/scale")
    def load_scale() -> tuple[Response, int]:
        with as_agreed():
            body = members(request.get_json(silent=True), "", ("grams",))
            grams = whole_number(body["grams"], "grams", 0, SIMULATED_GRAMS_MAX)
        if not isinstance(machine.scale, SimulatedScale):
            raise OnlyInDemonstration
        machine.scale.load(grams)
        return jsonify({"grams": grams}), 201


def _weighing(shown: ShownWeighing) -> Response:
    body: dict[str, Any] = asdict(shown)
    return jsonify(body)
