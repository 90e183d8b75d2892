"""Every error becomes a problem document, whoever raised it; what nobody expected is recorded and says little."""

from __future__ import annotations

import logging

from flask import Flask, Response
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from miniprogram_api.db import DatabaseAway, db, end_reading, says_away
from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.routes.problems import Problem, problem_response
from scenes.wire.errors import CodeRefused, FieldsInvalid

LOGGER = logging.getLogger("tanyu.faults")
AWAY_SECONDS = 2
CODE_OF_HTTP = {
    400: "json_malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type_unsupported",
}


def answer_errors(app: Flask) -> None:
    """Register the handlers; no error of this application leaves in another form."""
    app.register_error_handler(Refusal, _answer_refusal)
    app.register_error_handler(Problem, _answer_refusal)
    app.register_error_handler(CodeRefused, _answer_code_refused)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(ParseException, _answer_broken_body)
    for away in (DatabaseAway, PoolTimeout):
        app.register_error_handler(away, _answer_away)
    app.register_error_handler(DBAPIError, _answer_database)
    app.register_error_handler(Exception, _answer_fault)
    app.after_request(_end_reading)


def _end_reading(response: Response) -> Response:
    """A connection that breaks after the last question must not spoil an answer that is there already."""
    if db.session.registry.has():
        end_reading(db.session())
    return response


def _answer_database(error: DBAPIError) -> Response:
    return _answer_away(error) if says_away(error) else _answer_fault(error)


def _answer_refusal(refusal: Refusal | Problem) -> Response:
    return problem_response(refusal.code, refusal.helps)


def _answer_code_refused(refused: CodeRefused) -> Response:
    if isinstance(refused, FieldsInvalid):
        return problem_response("invalid_fields", {"fields": [{"field": refused.field, "reason": "malformed"}]})
    return problem_response(refused.code)


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    response = problem_response(CODE_OF_HTTP.get(status, "json_malformed" if status < 500 else "fault"))
    allow = dict(error.get_headers()).get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response


def _answer_broken_body(error: ParseException) -> Response:
    """The chunks of a body are looked at when it is read, which is no sooner than in a view."""
    return problem_response("json_malformed")


def _answer_away(error: Exception) -> Response:
    # The text of a DBAPIError holds the values of the statement; that of DatabaseAway does not.
    LOGGER.warning("database away: %s", error if isinstance(error, DatabaseAway) else type(error).__name__)
    end_reading(db.session())
    db.engine.dispose()  # what else rests in the pool may be as dead as the one that failed
    return problem_response("database_away", {"retry_after": AWAY_SECONDS})


def _answer_fault(error: Exception) -> Response:
    LOGGER.error("fault", exc_info=error)
    return problem_response("fault")
