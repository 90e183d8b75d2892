"""An owner of the database who edits versions or decisions is found, and the edit is named."""

from __future__ import annotations

import pytest

from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.rule_stories import Office, document, venue_document
from tests.miniprogram_api.test_reconcile import found, missed

EDITS: list[tuple[str, tuple[str, ...]]] = [
    ("leaf's rule", ("UPDATE rule_versions SET version = 4 WHERE scene = 9 AND version = 2",)),
    ("rule version", ("UPDATE rule_versions SET version = 4 WHERE scene = 9 AND version = 2",)),
    ("leaf's factor", ("UPDATE rule_versions SET factors = replace(factors, '\"version\": 1', '\"version\": 2')",)),
    ("payload", ("UPDATE rule_versions SET factors = '[]' WHERE version = 2",)),
    ("payload", ("UPDATE rule_versions SET starts_at = starts_at + 1 WHERE version = 2",)),
    ("payload", ("UPDATE rule_versions SET document = replace(document, '\"points\": 7', '\"points\": 9')",)),
    ("occurred_at", ("UPDATE rule_versions SET created_at = created_at + 1 WHERE version = 2",)),
    ("caller", ("UPDATE rule_versions SET asked_by = {wen} WHERE version = 2",)),
    ("asked_by", ("UPDATE rule_versions SET asked_by = {wen} WHERE version = 2",)),
    ("act or voucher behind its kind rule", ("DELETE FROM rule_versions WHERE version = 2",)),
    ("rule version is missing", ("DELETE FROM rule_versions WHERE version = 2",)),
    ("rule_versions 9/2: entry", ("DELETE FROM entries WHERE kind = 'rule'",)),
    ("leaf's scene", ("UPDATE approvals SET subject_id = 8 WHERE subject = 'rule'",)),
    ("rule version", ("DELETE FROM approvals WHERE subject = 'rule' AND version = 2",)),
    ("rule version", ("UPDATE approvals SET decision = 'rejected' WHERE subject = 'rule' AND version = 2",)),
    ("alone is 1", ("UPDATE approvals SET alone = 1 WHERE subject = 'rule' AND version = 2",)),
    ("decided_at", ("UPDATE approvals SET decided_at = decided_at + 60 WHERE subject = 'rule' AND version = 2",)),
    ("payload", ("UPDATE venue_versions SET profile = replace(profile, '\"seats\": 9', '\"seats\": 8')",)),
    ("alone is 1", ("UPDATE approvals SET alone = 1 WHERE subject = 'venue'",)),
    ("venue version is missing", ("DELETE FROM venue_versions",)),
]


@pytest.fixture
def names(stage: Stage) -> dict[str, int]:
    """Refills earn more from a minute on, the pier has more seats, and mei has an act by the new rule."""
    office = Office(stage)
    office.approved(document(points=7))
    group = {"per_code": 3, "seats": 9, "window_minutes": 30}
    office.approve_venue(office.ask_venue(venue_document(stage, group=group)))
    stage.clock.advance(60)
    office.ask(document(points=7, active=False), seconds=None)
    stage.island.directory.forget()
    assert stage.scan("mei", stage.code(9)).act["rule_version"] == 2
    return {"lin": office.lin, "wen": office.wen}


def test_every_edit_of_versions_and_decisions_is_found_and_named(stage: Stage, names: dict[str, int]) -> None:
    edits = [(word, tuple(one.format(**names) for one in statements)) for word, statements in EDITS]
    assert found(stage.engine) == []
    assert [miss for word, statements in edits if (miss := missed(stage, word, statements, names))] == []
    assert found(stage.engine) == [], "the edits were undone again"
