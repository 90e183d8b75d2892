"""The last touches to the OpenAPI 3.1 document, which APIFlask makes from the declared calls."""

from __future__ import annotations

from typing import Any

from miniprogram_api.routes.problems import MEDIA_TYPE, STATUS_OF

PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). `code` is stable; `title` and `detail` are in the caller's language.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(STATUS_OF)},
        "detail": {"type": "string"},
        "allowed_again_at": {"type": "string", "format": "date-time"},
        "points_missing": {"type": "integer"},
        "activity": {"type": "string", "description": "Id of the caller's own activity that used this code."},
        "redeemed_at": {"type": "string", "format": "date-time"},
        "why": {"type": "string", "description": "Which case of the code this is."},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
SECURITY_SCHEMES = {
    "member": {"type": "http", "scheme": "bearer", "description": "Token from POST member/sessions."},
    "merchant": {"type": "http", "scheme": "bearer", "description": "Token from POST merchant/sessions."},
    "staff": {"type": "apiKey", "in": "cookie", "name": "island_session", "description": "From POST staff/sessions."},
    "kiosk": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "HTTP message signature (RFC 9421), label sig1, with Signature-Input, and Content-Digest.",
    },
}


def refusals_documented(codes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The responses object of the refusal codes that a call can give, grouped by HTTP status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS_OF[code], []).append(code)
    return {
        str(status): {
            "description": ", ".join(sorted(set(found))),
            "content": {MEDIA_TYPE: {"schema": PROBLEM_REFERENCE}},
        }
        for status, found in sorted(by_status.items())
    }


def complete_document(document: dict[str, Any]) -> dict[str, Any]:
    """What APIFlask leaves out: the problem's schema and that a declared body must be there."""
    document["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for operations in document["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            for parameter in operation["parameters"]:
                parameter.setdefault("required", parameter["in"] == "path")
    return document
