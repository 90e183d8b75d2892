"""Alembic's entry: runs on the connection that miniprogram_api.migrations hands in."""

from __future__ import annotations

from alembic import context

import miniprogram_api.models  # noqa: F401  the tables register themselves on import
from miniprogram_api.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
