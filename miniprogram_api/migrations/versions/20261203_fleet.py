"""Invitations by two people, states of kiosks."""

from __future__ import annotations

revision = "20261203_fleet"
down_revision = "20261202_desks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
