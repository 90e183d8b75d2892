"""Reads and checks what a caller sent: JSON in UTF-8 only, values of the declared types only."""

from __future__ import annotations

from typing import Any

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel, RootModel, ValidationError

from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.scalars import Answer

# pydantic's words for what is wrong with a field, and ours, which stay when the library's change.
REASONS = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "union_tag_not_found": "choose_one",
    "union_tag_invalid": "choose_one",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "malformed",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "too_short": "too_few",
    "too_long": "too_many",
    "value_error": "malformed",
}
FIELDS_LISTED_MAX = 20


class StrictAdapter(PydanticAdapter):
    """APIFlask's bridge to pydantic, but reading JSON text itself: strict types, and no NaN, NUL or second spelling."""

    def validate_input(self, request: Request, location: str, **kwargs: Any) -> BaseModel:
        try:
            if location == "json":
                return self.model_class.model_validate_json(json_text(request))
            if location == "query":
                return self.model_class.model_validate(_query_values(request))
            if location == "headers":
                return self.model_class.model_validate(_header_values(request, self.model_class))
        except ValidationError as error:
            raise problem_of(error, location, issubclass(self.model_class, RootModel)) from error
        raise AssertionError(f"no call reads its input from {location}")

    def get_openapi_schema(self, **kwargs: Any) -> dict[str, Any]:
        mode = "serialization" if issubclass(self.model_class, Answer) else "validation"
        return super().get_openapi_schema(mode=mode)


registry.register("pydantic", StrictAdapter)


def json_text(request: Request) -> bytes:
    """The body's bytes; refuses another media type, a compressed body and an empty one."""
    if request.mimetype != "application/json" or request.content_encoding:
        raise Problem("media_type_unsupported")
    if request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise Problem("media_type_unsupported")
    raw = request.get_data()
    if not raw:
        raise Problem("json_malformed")
    return raw


def problem_of(error: ValidationError, location: str, is_choice: bool) -> Problem:
    """The refusal that names each wrong field; text that isn't JSON at all is another refusal.

    `is_choice`: the body is one of several models, and each path begins with the name of the one chosen.
    """
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        return Problem("json_malformed")
    if location == "headers" and found[0]["type"] == "missing":
        return Problem("idempotency_key_missing")
    fields = [
        {
            "field": _path(item["loc"][1:] if is_choice else item["loc"]),
            "reason": REASONS.get(item["type"], "wrong_type"),
        }
        for item in found[:FIELDS_LISTED_MAX]
    ]
    return Problem("invalid_fields", fields=fields)


def _path(location: tuple[int | str, ...]) -> str:
    # A sender's own odd field name comes back shortened and printable.
    return ".".join(str(part) for part in location).encode("ascii", "replace").decode()[:80]


def _query_values(request: Request) -> dict[str, str]:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Problem("invalid_fields", fields=[{"field": name[:80], "reason": "too_many"}])
    return dict(request.args.items())


def _header_values(request: Request, model: type[BaseModel]) -> dict[str, str]:
    named = {name: request.headers.get(name.replace("_", "-")) for name in model.model_fields}
    return {name: value for name, value in named.items() if value is not None}
