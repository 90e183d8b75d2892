"""Scenes and places change by versions."""

from __future__ import annotations

revision = "20261125_scene_versions"
down_revision = "20261124_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
