"""The factors behind the grams, with where each number is from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.factors import known_factors, newest
from miniprogram_api.domain.rules import Rule
from miniprogram_api.models import RuleVersion
from scenes.catalogue import Catalogue


def factors(session: Session, catalogue: Catalogue, rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The newest version of each factor, with the scenes whose rule in force books it."""
    stored = session.execute(select(RuleVersion.factors).distinct()).scalars()
    known = known_factors(catalogue.factors, stored)
    scenes: dict[str, list[str]] = {}
    for rule in rules:
        for name in sorted({variant.factor for variant in rule.scene.variants}):
            scenes.setdefault(name, []).append(rule.scene.slug)
    return [newest(known[name]) | {"scenes": scenes.get(name, [])} for name in sorted(known)]
