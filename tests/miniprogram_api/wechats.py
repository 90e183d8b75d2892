"""The island's WeChat against the test server: settings as an operator writes them, and one process's own client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from miniprogram_api.adapters.wechat import Wechat
from miniprogram_api.config import WechatSettings
from miniprogram_api.services.wechat import wechat_of
from tests.miniprogram_api.cast import BASE_URL, Stage
from tests.wechat_server import (
    MINI,
    MINI_SECRET,
    ONCE_TEMPLATE,
    POINTS_TEMPLATE,
    VOUCHER_TEMPLATE,
    WEB,
    WEB_SECRET,
    WechatServer,
    running_wechat,
)


@pytest.fixture
def server(stage: Stage) -> Iterator[WechatServer]:
    """WeChat's test server, on the clock of the stage."""
    with running_wechat(stage.clock.now) as server:
        yield server


def wechat_values(server: WechatServer) -> dict[str, Any]:
    """Both applications and every template, at the test server."""
    return {
        "wechat_mini_app_id": MINI,
        "wechat_mini_secret": MINI_SECRET,
        "wechat_web_app_id": WEB,
        "wechat_web_secret": WEB_SECRET,
        "wechat_voucher_template": f"{VOUCHER_TEMPLATE};thing1=item;time2=until;thing3=advice",
        "wechat_points_template": f"{POINTS_TEMPLATE};number1=points;date2=until",
        "wechat_web_template": ONCE_TEMPLATE,
        "wechat_base_url": server.address,
    }


def wechat_at(server: WechatServer, stage: Stage) -> Wechat:
    """A process's own client; two of them share nothing but the database."""
    values = wechat_values(server) | {"environment": "demonstration", "CODE_BASE_URL": BASE_URL}
    settings = WechatSettings.model_validate(values)
    return wechat_of(settings.wechat, settings.environment, stage.engine, stage.clock)
