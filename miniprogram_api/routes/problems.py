"""Refusals as RFC 9457 problem documents: one table from code to HTTP status, one file of sentences."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Response, g

from miniprogram_api.routes.languages import CONTENT_LANGUAGE, Language, caller_language
from miniprogram_api.routes.scalars import ISLAND_TIME

# Contract section 3, and below it the troubles of HTTP itself.
STATUS_OF = {
    "code_malformed": 400,
    "idempotency_key_missing": 400,
    "not_signed_in": 401,
    "not_allowed": 403,
    "wrong_merchant": 403,
    "kiosk_suspended": 403,
    "merchant_suspended": 403,
    "proof_not_allowed": 403,
    "not_found": 404,
    "code_unknown_version": 426,
    "code_signature_invalid": 422,
    "invalid_fields": 422,
    "code_already_used": 409,
    "code_full": 409,
    "cool_down": 409,
    "scene_closed": 409,
    "quantity_too_small": 409,
    "idempotency_conflict": 409,
    "points_missing": 409,
    "out_of_stock": 409,
    "limit_reached": 409,
    "voucher_already_redeemed": 409,
    "voucher_cancelled": 409,
    "undo_too_late": 409,
    "code_expired": 410,
    "voucher_expired": 410,
    "too_many_tries": 429,
    "database_away": 503,
    "wechat_away": 503,
    "wechat_refused": 409,
    "busy": 503,
    "json_malformed": 400,
    "method_not_allowed": 405,
    "body_too_large": 413,
    "media_type_unsupported": 415,
    "fault": 500,
}
MEDIA_TYPE = "application/problem+json"
SENTENCES: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("problems.json").read_text(encoding="utf-8")
)
MOMENTS = ("allowed_again_at", "used_at", "redeemed_at")


class Problem(Exception):
    """A trouble of the request itself, found before any service is asked."""

    def __init__(self, code: str, **helps: Any) -> None:
        super().__init__(code)
        self.code = code
        self.helps = helps


def problem_response(code: str, helps: dict[str, Any] | None = None) -> Response:
    """The answer for a refusal code: sentences in the caller's language and what helps the person."""
    language, g.refused = caller_language(), code
    shown = dict(helps or {})
    retry_after = shown.pop("retry_after", None)
    status = STATUS_OF[code]
    body = {**_sentences(code, language, shown), "status": status, "code": code, **_presentable(shown)}
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = CONTENT_LANGUAGE[language]
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, int(retry_after)))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="tanyu"'
    return response


def problem_text(code: str, helps: dict[str, Any]) -> dict[str, str]:
    """Title and sentence of a refusal in the caller's language, for an answer that holds several."""
    told = _sentences(code, caller_language(), helps)
    return {"title": told["title"], "detail": told["detail"]}


def _sentences(code: str, language: Language, helps: dict[str, Any]) -> dict[str, str]:
    """The sentence for this very case where there is one (`code.why`), else the code's own."""
    case = f"{code}.{helps.get('why') or helps.get('way_on')}"
    title, detail = SENTENCES.get(case, SENTENCES[code])[language]
    if "{" in detail:
        detail = detail.format_map(defaultdict(lambda: "–", helps))
    return {"type": f"urn:tanyu:problem:{code}", "title": title, "detail": detail}


def _presentable(helps: dict[str, Any]) -> dict[str, Any]:
    """Unix seconds become RFC 3339 under the names that hold a time."""
    return {name: _moment(value) if name in MOMENTS else value for name, value in helps.items() if value is not None}


def _moment(value: Any) -> Any:
    return datetime.fromtimestamp(value, UTC).astimezone(ISLAND_TIME).isoformat() if isinstance(value, int) else value
