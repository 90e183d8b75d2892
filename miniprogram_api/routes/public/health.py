"""Whether the server lives, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import text

from miniprogram_api.db import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "alive"}


@health.get("/readyz")
def ready() -> dict[str, str]:
    """The database answers too; away is 503 database_away."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ready"}
