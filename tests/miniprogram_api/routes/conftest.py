"""The island's server with a client, on each database; mei and bo are signed in by their own names as tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.app import create_app
from miniprogram_api.config import Settings
from miniprogram_api.db import db
from tests.miniprogram_api.cast import BASE_URL, Stage


@pytest.fixture
def app(stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    """The application on the stage's database, with the stage's clock and secrets."""
    settings = Settings(
        environment="demonstration",
        keys_file=tmp_path / "keys.json",
        DATABASE_URL=stage.engine.url.render_as_string(hide_password=False),
        CODE_BASE_URL=BASE_URL,
    )
    application = create_app(settings, clock=stage.clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()
