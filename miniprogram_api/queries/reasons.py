"""Why an act brought less than asked, or waits: a sentence for the person."""

from __future__ import annotations

import json
from pathlib import Path

SENTENCES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def reason_text(reason: str | None, period: str, language: str) -> str | None:
    """The sentence for the reason of an act whose scene counts by this period; None without a reason."""
    if reason is None:
        return None
    family = reason.partition(":")[0]
    key = f"scene:{period}" if family == "scene" else family if family in ("room", "group") else reason
    return SENTENCES[key][language]
