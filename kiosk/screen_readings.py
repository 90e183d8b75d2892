"""The screen's calls about codes that people show: what a scanner read, and taking it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from kiosk.devices.scanners import SimulatedScanner
from kiosk.intake import KeptReading
from kiosk.machine import Machine
from kiosk.reading_refusals import OnlyInDemonstration
from kiosk.refusals import FieldsNotValid, RequestNotOurs
from kiosk.screen_bodies import as_agreed, completed_lines, screen_reading, shown_text
from kiosk.screen_guard import is_operator
from scenes.wire.fields import members

WAIT_SECONDS = 15.0  # a page asks again by itself; proxies are none on the way


def add_readings(app: Flask, machine: Machine, control_token: str) -> None:
    """Adds the calls to the screen's application."""

    @app.get("/api/scans")
    def scans() -> Response:
        newest, texts = machine.scanned.after(_known_number(), WAIT_SECONDS)
        return jsonify({"newest": newest, "texts": [text.text for text in texts]})

    @app.post("/api/readings")
    def create_reading() -> tuple[Response, int]:
        asked = screen_reading(request.get_json(silent=True))
        with completed_lines(machine, asked.lines) as lines:
            kept = machine.intake.take_member_code(asked.code, lines, machine.duty.clerk)
        return jsonify(_shown_reading(kept)), 201

    @app.post("/api/readings/check")
    def check_reading() -> Response:
        with as_agreed():
            text = shown_text(members(request.get_json(silent=True), "", ("code",))["code"])
        machine.intake.check(text)
        return jsonify({"taken": False})

    @app.post("/api/simulated/scanner")
    def show_to_scanner() -> tuple[Response, int]:
        if not is_operator(control_token):
            raise RequestNotOurs
        with as_agreed():
            text = shown_text(members(request.get_json(silent=True), "", ("code",))["code"])
        if not isinstance(machine.scanner, SimulatedScanner):
            raise OnlyInDemonstration
        machine.scanner.show(text)
        return jsonify({"shown": True}), 201


def _known_number() -> int | None:
    """What the page has heard up to; None for one that has just opened."""
    after = request.args.get("after")
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise FieldsNotValid("after", "not a whole number")
    return int(after)


def _shown_reading(kept: KeptReading) -> dict[str, Any]:
    return {
        "kind": kept.kind,
        "clock_trusted": kept.clock_trusted,
        "lines": [
            {"scene": line.scene, "variant": line.variant, "quantity": line.quantity, "points_up_to": points}
            for line, points in zip(kept.lines, kept.points_up_to, strict=True)
        ],
        "points_up_to": sum(kept.points_up_to),
    }
