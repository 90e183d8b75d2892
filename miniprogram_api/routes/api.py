"""How a call of the API is declared: the one module of ours between the views and APIFlask.

A view says in one place who may call it, what it takes, what it answers and which refusals it can give. The order of
the checks is fixed here: caller, then what the caller's role may do, then body, key and query; so whoever may not call
never learns about fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field

from miniprogram_api.routes.callers import (
    KIOSK,
    MAYBE_MEMBER,
    MEMBER,
    MEMBER_TOKEN,
    MERCHANT,
    MERCHANT_TOKEN,
    NEW_KIOSK,
    STAFF,
    Caller,
)
from miniprogram_api.routes.languages import caller_language
from miniprogram_api.routes.openapi import refusals_documented
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.scalars import (
    DIGITS,
    Answer,
    Body,
    CodeText,
    Cursor,
    Day,
    DecimalText,
    Device,
    IdempotencyKey,
    Moment,
    PublicId,
    Yes,
    text,
    whole,
)
from miniprogram_api.routes.strict_json import StrictAdapter
from miniprogram_api.routes.surroundings import surroundings

__all__ = [
    "DIGITS",
    "KIOSK",
    "MAYBE_MEMBER",
    "MEMBER",
    "MEMBER_TOKEN",
    "MERCHANT",
    "MERCHANT_TOKEN",
    "NEW_KIOSK",
    "STAFF",
    "Answer",
    "Body",
    "Calls",
    "CodeText",
    "Cursor",
    "Day",
    "DecimalText",
    "Device",
    "Moment",
    "Problem",
    "PublicId",
    "Yes",
    "caller_language",
    "surroundings",
    "text",
    "whole",
]

JSON = "application/json"
View = Callable[..., Any]

assert StrictAdapter is not None  # importing it has made it APIFlask's bridge to pydantic


class KeyRequired(BaseModel):
    """The id that the caller brings: a repeat with the same id is the same call."""

    idempotency_key: IdempotencyKey


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class KeyOptional(BaseModel):
    """As above, for calls that are also safe without."""

    idempotency_key: IdempotencyKey = Field(default="", json_schema_extra=_without_default)


KEYS: dict[str, type[BaseModel]] = {"required": KeyRequired, "optional": KeyOptional}


@dataclass(frozen=True)
class Declared:
    """One call. `also` names further good statuses with what they mean; `keyed` is "required" or "optional";
    `body_bytes_max` is for a call that takes more than others."""

    answer: type[Answer] | None = None
    status: int = 200
    caller: Caller | None = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    keyed: str | None = None
    also: dict[int, str] = field(default_factory=dict)
    refuses: tuple[str, ...] = ()
    body_bytes_max: int | None = None

    def refusal_codes(self, rule: str) -> tuple[str, ...]:
        """Every code this call can answer with, in the order of the checks."""
        codes = self.caller.refuses if self.caller else ()
        if self.body:
            codes += ("json_malformed", "media_type_unsupported", "body_too_large", "invalid_fields")
        if self.keyed or self.query:
            codes += ("invalid_fields",)
        if self.keyed == "required":
            codes += ("idempotency_key_missing", "idempotency_conflict")
        if "<" in rule:
            codes += ("not_found",)
        return (*codes, *self.refuses, "too_many_tries", "fault", "database_away")

    def responses(self, rule: str) -> dict[str, dict[str, Any]]:
        """The responses object of the OpenAPI operation, but for the first good answer, which APIFlask adds."""
        documented = refusals_documented(self.refusal_codes(rule))
        for status, meaning in self.also.items():
            documented[str(status)] = {"description": meaning}
            if self.answer and status != 204:
                reference = {"$ref": f"#/components/schemas/{self.answer.__name__}"}
                documented[str(status)]["content"] = {JSON: {"schema": reference}}
        if self.answer is None:
            documented[str(self.status)] = {"description": "Done"}
        return documented


class Calls:
    """The calls of one noun for one kind of caller."""

    def __init__(self, tag: str, noun: str) -> None:
        self.tag = tag
        self.blueprint = APIBlueprint(f"{tag}_{noun}", __name__)

    def get(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self._call("GET", rule, Declared(**declared))

    def post(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self._call("POST", rule, Declared(**declared))

    def patch(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self._call("PATCH", rule, Declared(**declared))

    def delete(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self._call("DELETE", rule, Declared(**declared))

    def _call(self, method: str, rule: str, declared: Declared) -> Callable[[View], View]:
        def declare(view: View) -> View:
            operation = f"{self.tag}_{view.__name__}"
            call = _answering(view, declared)
            call = self._taking(call, declared)
            call = self._documented(call, operation, rule, declared)
            if declared.caller:
                call = _identified(call, declared.caller, operation)
            if declared.body_bytes_max:
                call = _taking_up_to(declared.body_bytes_max, call)
            return self.blueprint.route(rule, methods=[method])(call)

        return declare

    def _taking(self, call: View, declared: Declared) -> View:
        """The view gets `body`, `query` and `key` by name, each checked."""
        if declared.keyed:
            call = self.blueprint.input(KEYS[declared.keyed], location="headers", arg_name="key")(_keyed(call))
        if declared.query:
            call = self.blueprint.input(declared.query, location="query", arg_name="query")(call)
        if declared.body:
            call = self.blueprint.input(declared.body, location="json", arg_name="body")(call)
        return call

    def _documented(self, call: View, operation: str, rule: str, declared: Declared) -> View:
        if declared.answer:
            call = self.blueprint.output(declared.answer, declared.status)(call)
        caller = declared.caller
        security: list[str | dict[str, list]] | None = [caller.scheme] if caller and not caller.may_be_absent else None
        responses: Any = declared.responses(rule)
        return self.blueprint.doc(responses=responses, security=security, operation_id=operation, tags=[self.tag])(call)


def _identified(call: View, caller: Caller, operation: str) -> View:
    @wraps(call)
    def identified(**given: Any) -> Any:
        known = caller.identify()
        caller.admit(operation, known)
        return call(**{**given, caller.name: known})

    return identified


def _taking_up_to(bytes_max: int, call: View) -> View:
    """Outermost: the signature of a kiosk is over the body, which is read for it."""

    @wraps(call)
    def taking(**given: Any) -> Any:
        request.max_content_length = max(bytes_max, request.max_content_length or 0)
        return call(**given)

    return taking


def _keyed(call: View) -> View:
    @wraps(call)
    def keyed(key: Any, **given: Any) -> Any:
        return call(key=key.idempotency_key or None, **given)

    return keyed


def _answering(view: View, declared: Declared) -> View:
    """Turn what the view returns (data, or data, status and headers, or a response) into the declared answer's JSON."""
    model, usual = declared.answer, declared.status

    @wraps(view)
    def answering(**given: Any) -> Any:
        result = view(**given)
        if isinstance(result, Response):
            return result
        data, status, headers = result if isinstance(result, tuple) else (result, usual, None)
        assert model is not None, "a view without an answer returns its response itself"
        body = model.model_validate(data).model_dump_json(by_alias=True, exclude_unset=True)
        return Response(body, status, headers, content_type=JSON)

    return answering
