"""The caller's language: zh-CN unless the caller prefers English."""

from __future__ import annotations

from typing import Literal

from flask import request

Language = Literal["zh", "en"]
CONTENT_LANGUAGE: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def caller_language() -> Language:
    """The language of names and sentences in this answer, from Accept-Language (RFC 9110, section 12.5.4)."""
    header = request.headers.get("Accept-Language", "")
    if not header or header[:2].lower() == "zh":
        return "zh"
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if best == "en" else "zh"
