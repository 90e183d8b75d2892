"""Every version of every factor that is known: those of the first catalogue and those that rule versions brought."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from scenes.catalogue import Factor

Known = dict[str, dict[int, dict[str, Any]]]


def known_factors(first: Mapping[str, Factor], stored: Iterable[str]) -> Known:
    """Factor documents by id and version; `stored` are the factors of rule versions, JSON each."""
    known: Known = {}
    for document in _every(first, stored):
        known.setdefault(document["id"], {})[document["version"]] = document
    return known


def newest(versions: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """The document of the highest version."""
    return versions[max(versions)]


def _every(first: Mapping[str, Factor], stored: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield from map(asdict, first.values())
    for text in stored:
        yield from json.loads(text)
