"""The rule versions of all acts, parsed once."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from miniprogram_api.domain.rules import Rule
from miniprogram_api.models import RuleVersion
from scenes.catalogue import Factor, load_catalogue
from scenes.validation import SceneInvalid, parse_scene

Rules = dict[tuple[int, int], Rule | None]


def rules_by_version(connection: Connection) -> Rules:
    """By scene and version; None where the stored document is no scene any more."""
    groups = load_catalogue().cap_groups
    rules: Rules = {}
    for row in connection.execute(select(RuleVersion)).mappings():
        key = (row["scene"], row["version"])
        try:
            factors = {document["id"]: Factor(**document) for document in json.loads(row["factors"])}
            scene = parse_scene(json.loads(row["document"]), factors, f"rule {key[0]}/{key[1]}")
            rules[key] = Rule(row["version"], row["starts_at"], scene, factors, groups)
        except (SceneInvalid, ValueError, KeyError, TypeError):
            rules[key] = None
    return rules
