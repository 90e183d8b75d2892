"""The island's server with a client, on each database; mei and bo are signed in by their own names as tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.app import create_app
from miniprogram_api.db import db
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import settings_for


@pytest.fixture
def app(stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    """The application on the stage's database, with the stage's clock and secrets."""
    url = stage.engine.url.render_as_string(hide_password=False)
    application = create_app(settings_for(url, tmp_path / "keys.json"), clock=stage.clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()
