"""Whoever is first with a group code holds its counter as everybody else's codes do; each member counts once for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_from_replacing

revision = "20261203_claims"
down_revision = "20261203_call_keys"
branch_labels = None
depends_on = None

INDEX = "uq_acts_group_code"
COUNTER = ("kiosk_id", "epoch", "counter", "member_id")
# Neither a twin nor an act that was written a second time as it counts.
OF_A_GROUP_CODE = "{0}kind = 18 AND {0}claimant >= 0 AND {0}claimant <> {0}id"
IDENTITY = [("id",)]
LEFT_OUT = [("kiosk_id", "epoch", "counter", "claimant"), ("member_id", "pending_key")]


def upgrade() -> None:
    """What is there fits: a group code's claimant was the member, who could have one act of it."""
    where = sa.text(OF_A_GROUP_CODE.format(""))
    op.create_index(INDEX, "acts", list(COUNTER), unique=True, postgresql_where=where, sqlite_where=where)
    keep_from_replacing("acts", IDENTITY, LEFT_OUT, [(COUNTER, OF_A_GROUP_CODE)])


def downgrade() -> None:
    keep_from_replacing("acts", IDENTITY, LEFT_OUT)
    op.drop_index(INDEX, "acts")
