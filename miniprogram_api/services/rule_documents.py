"""What staff wrote for a scene becomes a rule, or is refused with the field that is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from miniprogram_api.domain.factors import known_factors, newest
from miniprogram_api.domain.refusals import InvalidFields
from miniprogram_api.domain.rule_changes import Judged, RuleText
from miniprogram_api.models import RuleVersion
from scenes.catalogue import Catalogue, Factor, load_catalogue
from scenes.validation import SceneInvalid, parse_factor, parse_scene

FACTORS_MAX = 64
MAY_BE_ABSENT = ("season", "cap_group", "exclusive_group")


@dataclass(frozen=True)
class Written:
    """A scene's document with the factors it uses, and the same parsed."""

    text: RuleText
    judged: Judged

    @property
    def document_json(self) -> str:
        return json.dumps(self.text.document, ensure_ascii=False, sort_keys=True)

    @property
    def factors_json(self) -> str:
        return json.dumps(self.text.factors, ensure_ascii=False)


@lru_cache(maxsize=1)
def first_catalogue() -> Catalogue:
    """The files of scenes/data, which never change while the server runs."""
    return load_catalogue()


def invalid(field: str, reason: str, **more: str) -> InvalidFields:
    return InvalidFields(fields=[{"field": field, "reason": reason, **more}])


def stored(row: Any) -> Written:
    """A version's row as it was written."""
    return write(json.loads(row.document), json.loads(row.factors))


def write(document: dict[str, Any], factors: list[dict[str, Any]]) -> Written:
    """Check the document and keep the factors that it uses. Raises InvalidFields."""
    document = {key: value for key, value in document.items() if value is not None or key not in MAY_BE_ABSENT}
    found = read_factors(factors)
    try:
        scene = parse_scene(document, found, "rule", first_catalogue().cap_groups)
    except SceneInvalid as wrong:
        raise _refusal(wrong) from wrong
    used = {variant.factor for variant in scene.variants}
    texts = [factor for factor in sorted(factors, key=lambda one: str(one["id"])) if factor["id"] in used]
    return Written(RuleText(document, texts), Judged(scene, {name: found[name] for name in used}))


def read_factors(documents: list[dict[str, Any]]) -> dict[str, Factor]:
    """By id, the last of each. Raises InvalidFields (factors.<id>.<key>)."""
    try:
        parsed = [parse_factor(document, "factors", first_catalogue().methodologies) for document in documents]
    except SceneInvalid as wrong:
        raise _refusal(wrong, "factors") from wrong
    return {factor.id: factor for factor in parsed}


def factors_for(connection: Connection, given: list[Any] | None, before: Written | None) -> list[dict[str, Any]]:
    """The factors a document may name: those that are known, those of the version before, those given now.

    Raises InvalidFields for a factor that says something new under a version that is known.
    """
    if given is not None and len(given) > FACTORS_MAX:
        raise invalid("factors", "too_many")
    stored_ones = connection.execute(select(RuleVersion.factors).distinct()).scalars()
    known = known_factors(first_catalogue().factors, stored_ones)
    documents = [newest(versions) for versions in known.values()]
    by_id = {document["id"]: document for document in [*documents, *(before.text.factors if before else [])]}
    for name, factor in read_factors(given or []).items():
        document = next(one for one in reversed(given or []) if one["id"] == name)
        _check_version(document, factor.version, known.get(name, {}))
        by_id[name] = document
    return list(by_id.values())


def _check_version(document: dict[str, Any], version: int, known: dict[int, dict[str, Any]]) -> None:
    """An act names the factor's version that it was booked with, so each says one thing for ever."""
    if known.get(version) != document and version <= max(known, default=0):
        raise invalid(f"factors.{document['id']}.version", "taken")


def _refusal(wrong: SceneInvalid, above: str = "") -> InvalidFields:
    # A sender's own odd field name comes back shortened and printable.
    field = ".".join(part for part in (above, wrong.key) if part).encode("ascii", "replace").decode()[:80]
    return invalid(field or "document", "malformed", sentence=wrong.reason)
