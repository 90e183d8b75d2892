"""The factors behind the grams, the methods behind the factors, and the limits that scenes may share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from miniprogram_api.db import db
from miniprogram_api.queries.factors import factors
from miniprogram_api.queries.groups import groups_in_force
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, DecimalText, caller_language, surroundings
from miniprogram_api.services.rule_documents import first_catalogue
from scenes.catalogue import Methodology

calls = Calls("staff", "factors")


class FactorAnswer(Answer):
    """A factor's document, and the scenes whose rule in force books it."""

    id: str
    version: int
    value: DecimalText
    unit: str
    source: str
    source_tag: str
    year: int
    methodology: str
    note_zh: str
    note_en: str
    scenes: list[str]


class MethodologyAnswer(Answer):
    id: str
    version: int
    name: str
    baseline: str
    formula: str
    references: list[str]


class CapGroupAnswer(Answer):
    """At most `points` per member and `period` from all scenes of the group."""

    id: str
    points: int
    period: str


class FactorList(Answer):
    data: list[FactorAnswer]
    methodologies: list[MethodologyAnswer]
    cap_groups: list[CapGroupAnswer]
    next: str | None


@calls.get("/staff/factors", caller=STAFF, answer=FactorList)
def list_factors(person: StaffCaller) -> dict[str, Any]:
    """Every factor in its newest version, with its source"""
    here, catalogue, language = surroundings(), first_catalogue(), caller_language()
    return {
        "data": factors(db.session(), catalogue, here.island.directory.rules(here.clock.now())),
        "methodologies": [_shown(one, language) for one in catalogue.methodologies.values()],
        "cap_groups": groups_in_force(db.session(), catalogue.cap_groups, here.clock.now()),
        "next": None,
    }


def _shown(methodology: Methodology, language: str) -> dict[str, Any]:
    words = {name: in_language(methodology, name, language) for name in ("name", "baseline")}
    return asdict(methodology) | words
