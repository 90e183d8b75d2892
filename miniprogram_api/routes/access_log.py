"""One line of JSON for each request: the declared route instead of the address, because an address may hold a code."""

from __future__ import annotations

import json
import logging
import time

from flask import Flask, Response, g, request

LOGGER = logging.getLogger("tanyu.access")


def keep_access_log(app: Flask) -> None:
    """Log method, route, status and milliseconds of each request; never its path, query, headers or body."""

    @app.before_request
    def _begin() -> None:
        g.began_at = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if LOGGER.isEnabledFor(logging.INFO):
            LOGGER.info(access_line(response.status_code))
        return response


def access_line(status: int) -> str:
    """The line for the request that is being answered."""
    rule = request.url_rule.rule if request.url_rule else "-"
    began_at = g.get("began_at")
    milliseconds = round((time.perf_counter() - began_at) * 1000, 1) if began_at else None
    return json.dumps({"method": request.method, "route": rule, "status": status, "ms": milliseconds})
