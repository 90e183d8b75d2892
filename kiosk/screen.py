"""The kiosk's own web server: its page, and the few local calls behind it. Only for this machine, 127.0.0.1."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_file
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from kiosk.groups import DEFAULT_VARIANT
from kiosk.issue import IssuedCode
from kiosk.machine import Machine
from kiosk.qr import qr_svg
from kiosk.refusals import CodeGone, FieldsNotValid, Refusal, RequestNotOurs
from kiosk.screen_bodies import completed_request
from kiosk.screen_guard import guard_screen, is_operator
from kiosk.screen_quizzes import add_quizzes
from kiosk.screen_readings import add_readings
from kiosk.screen_staff import add_staff
from kiosk.screen_state import screen_state, shown_code, shown_group, shown_ticket
from kiosk.screen_weighings import add_weighings
from kiosk.tickets import IssuedTicket
from kiosk.words import Words

log = logging.getLogger(__name__)

STATIC = Path(__file__).resolve().parent.parent / "static"
BODY_BYTES_MAX = 4_096
FAULT = Words("自助机出了点问题，请再试一次。", "Something went wrong at this kiosk; please try again.")


def create_screen(machine: Machine, control_token: str) -> Flask:
    """The WSGI application of one running kiosk; `control_token` is what the operator's command shows."""
    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii = False
    guard_screen(app)
    _add_page(app)
    _add_codes(app, machine, control_token)
    _add_shown_codes(app, machine)
    _add_groups(app, machine, control_token)
    add_readings(app, machine, control_token)
    add_weighings(app, machine)
    add_quizzes(app, machine)
    add_staff(app, machine, control_token)
    _add_refusals(app)
    return app


def _add_page(app: Flask) -> None:
    @app.get("/")
    def page() -> Response:
        return send_file(STATIC / "kiosk" / "index.html", max_age=0)


def _add_codes(app: Flask, machine: Machine, control_token: str) -> None:
    @app.get("/api/state")
    def state() -> Response:
        return jsonify(screen_state(machine))

    @app.post("/api/drain")
    def drain() -> Response:
        if not is_operator(control_token):
            raise RequestNotOurs
        machine.forwarder.hurry()
        return jsonify({"turns": machine.forwarder.turns})

    @app.post("/api/codes")
    def create_code() -> tuple[Response, int]:
        by_operator = is_operator(control_token)
        with completed_request(machine, request.get_json(silent=True)) as asked:
            if asked.way == "ticket":
                ticket = machine.tickets.begin(asked, by_touch=not by_operator)
                answer, issued = shown_ticket(ticket), ticket.issued
            else:
                shown = machine.touches.begin(asked, by_touch=not by_operator)
                answer, issued = shown_code(shown), shown.issued
        return jsonify(answer | _bare_code(issued, by_operator=by_operator)), 201

    @app.post("/api/codes/<code_id>/renewals")
    def renew_code(code_id: str) -> tuple[Response, int]:
        return jsonify(shown_code(machine.touches.renew(code_id))), 201


def _add_shown_codes(app: Flask, machine: Machine) -> None:
    @app.get("/api/codes/<code_id>")
    def code(code_id: str) -> Response:
        ticket = machine.tickets.get(code_id)
        return jsonify(shown_ticket(ticket) if ticket else shown_code(machine.touches.show(code_id)))

    @app.get("/api/codes/<code_id>/<int:picture>.svg")
    def code_picture(code_id: str, picture: int) -> Response:
        ticket = machine.tickets.get(code_id)
        if ticket is not None:
            return _svg(ticket.issued)
        shown = machine.touches.show(code_id)
        if shown.state != "showing":
            raise CodeGone
        return _svg(shown.issued)

    @app.get("/api/codes/<code_id>/ticket.png")
    def ticket_picture(code_id: str) -> Response:
        return send_file(_preview(machine.tickets.get(code_id)), max_age=0)


def _add_groups(app: Flask, machine: Machine, control_token: str) -> None:
    @app.get("/api/group/<int:scene>")
    def group(scene: int) -> Response:
        if is_operator(control_token):
            machine.rounds.greet()
            issued = machine.groups.issue(scene, _number_asked("variant") or DEFAULT_VARIANT, _number_asked("quantity"))
            return jsonify({"link": issued.link, "qr": None, "seconds_left": None, "code": issued.text})
        return jsonify(shown_group(scene, machine.groups.show(scene), machine.clock.uptime()))

    @app.get("/api/group/<int:scene>/<int:counter>.svg")
    def group_picture(scene: int, counter: int) -> Response:
        return _svg(machine.groups.show(scene).issued)


def _number_asked(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise FieldsNotValid(name, "not a whole number")
    return int(text)


def _bare_code(issued: IssuedCode, *, by_operator: bool) -> dict[str, str]:
    return {"code": issued.text} if by_operator else {}


def _svg(issued: IssuedCode) -> Response:
    return Response(qr_svg(issued.link), mimetype="image/svg+xml")


def _preview(ticket: IssuedTicket | None) -> Path:
    if ticket is None or ticket.outcome.preview is None or not ticket.outcome.preview.exists():
        raise CodeGone
    return ticket.outcome.preview


def _add_refusals(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        helps: dict[str, Any] = {}
        if refusal.allowed_in_seconds is not None:
            helps["allowed_in_seconds"] = refusal.allowed_in_seconds
        if isinstance(refusal, FieldsNotValid):
            helps["fields"] = refusal.fields
        return _problem(refusal.status, refusal.code, refusal.words, helps)

    @app.errorhandler(HTTPException)
    def not_served(reason: HTTPException) -> Response:
        status = reason.code or 500
        words = Words("这里没有这一页。", "There is nothing here.") if status == 404 else FAULT
        return _problem(status, "not_found" if status == 404 else "invalid_request", words, {})

    @app.errorhandler(Exception)
    def failed(fault: Exception) -> Response:
        log.error("a call of the screen failed", exc_info=fault)
        return _problem(500, "fault", FAULT, {})


def _problem(status: int, code: str, words: Words, helps: dict[str, Any]) -> Response:
    english = request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh") == "en"
    body = {
        "type": f"urn:tanyu:refusal:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": words.en if english else words.zh,
        "sentences": words.as_json(),
        **helps,
    }
    response = jsonify(body)
    response.status_code, response.mimetype = status, "application/problem+json"
    if "allowed_in_seconds" in helps:
        response.headers["Retry-After"] = str(helps["allowed_in_seconds"])
    return response
