"""Chen's shop has a till at the island's pier."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.merchant.till import Counter, at


@pytest.fixture
def chen(stage: Stage, client: FlaskClient) -> Counter:
    shop(stage)
    at(stage, "island-pier")
    return Counter(stage, client)
