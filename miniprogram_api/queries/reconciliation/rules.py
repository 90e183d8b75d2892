"""The rule versions that acts may have been judged by, parsed once."""

from __future__ import annotations

from sqlalchemy import Connection

from miniprogram_api.domain.rules import Rule, read_rule
from miniprogram_api.models import RuleVersion
from miniprogram_api.models.scenes import COUNTS, rule_versions
from scenes.catalogue import load_catalogue
from scenes.validation import SceneInvalid

Rules = dict[tuple[int, int], Rule | None]


def rules_by_version(connection: Connection) -> Rules:
    """By scene and version, those that count; None where the stored document is no scene any more."""
    groups = load_catalogue().cap_groups
    rules: Rules = {}
    for row in connection.execute(rule_versions(*RuleVersion.__table__.columns).where(COUNTS)):
        try:
            rules[row.scene, row.version] = read_rule(row, groups)
        except (SceneInvalid, ValueError, KeyError, TypeError):
            rules[row.scene, row.version] = None
    return rules
