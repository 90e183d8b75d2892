"""The staff's panel behind the PIN: who is on duty, which act is kept ready, and the clock."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from kiosk.clock_setting import read_island_time, set_clock
from kiosk.island_time import written_time
from kiosk.issue import issuing_agreement, open_offer
from kiosk.machine import Machine
from kiosk.refusals import FieldsNotValid
from kiosk.screen_bodies import as_agreed
from kiosk.screen_guard import is_operator
from kiosk.screen_scenes import is_read_in_one_step
from kiosk.staff_pin import DIGITS_MAX
from scenes.wire.fields import members, whole_number, words

PANEL_HEADER = "X-Staff-Panel"
PANEL_NAME = "staff panel"  # who set the clock, where nobody is on duty by name


def add_staff(app: Flask, machine: Machine, control_token: str) -> None:
    """Adds the calls to the screen's application."""

    def require_staff() -> None:
        if not is_operator(control_token):
            machine.panel.require_open(request.headers.get(PANEL_HEADER))

    @app.post("/api/staff/panel")
    def open_panel() -> tuple[Response, int]:
        with as_agreed():
            pin = words(members(request.get_json(silent=True), "", ("pin",))["pin"], "pin", DIGITS_MAX)
        token = machine.panel.open(pin)
        return jsonify({"token": token, **_panel(machine)}), 201

    @app.post("/api/staff/panel/close")
    def close_panel() -> Response:
        require_staff()
        machine.panel.close()
        return jsonify({"closed": True})

    @app.post("/api/staff/duty")
    def change_duty() -> Response:
        require_staff()
        with as_agreed():
            name = members(request.get_json(silent=True), "", ("clerk",))["clerk"]
        if name is None:
            machine.duty.sign_out()
        else:
            machine.duty.sign_in(name)
        return jsonify(_panel(machine))

    @app.post("/api/staff/ready")
    def change_ready() -> Response:
        require_staff()
        with as_agreed():
            asked = members(request.get_json(silent=True), "", ("scene",))["scene"]
            scene = None if asked is None else whole_number(asked, "scene", 1, 255)
        if scene is not None:
            _require_one_step(machine, scene)
        machine.duty.keep_ready(scene)
        return jsonify(_panel(machine))

    @app.post("/api/staff/clock")
    def change_clock() -> Response:
        require_staff()
        with as_agreed():
            body = members(request.get_json(silent=True), "", ("set_to",), ("by",))
        by = body.get("by") if is_operator(control_token) else None
        set_clock(machine, read_island_time(body["set_to"]), by or machine.duty.clerk or PANEL_NAME)
        return jsonify(_panel(machine))


def _require_one_step(machine: Machine, scene: int) -> None:
    kept = issuing_agreement(machine.keeper, machine.clock)
    if not is_read_in_one_step(open_offer(kept.offers, scene, machine.clock), kept.offers):
        raise FieldsNotValid("scene", "not read in one step here")


def _panel(machine: Machine) -> dict[str, Any]:
    clock, kept = machine.clock, machine.keeper.current
    offers = [] if kept is None else kept.offers.all()
    return {
        "clerk": machine.duty.clerk,
        "names": list(machine.duty.names),
        "attended": kept is not None and kept.agreement.profile.attended,
        "ready": machine.duty.ready_scene,
        "ready_choices": [
            offer.scene.number for offer in offers if kept is not None and is_read_in_one_step(offer, kept.offers)
        ],
        "clock": {"trusted": clock.trusted, "by_office": clock.offset is not None,
                  "now": written_time(clock.shown_time())},
    }  # fmt: skip
