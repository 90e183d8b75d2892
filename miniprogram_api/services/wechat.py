"""Which WeChat this island has: the real one as far as it is set up, in the demonstration its twin, else none."""

from __future__ import annotations

from sqlalchemy import Engine

from miniprogram_api.adapters.real_wechat import RealWechat, fetch_token
from miniprogram_api.adapters.wechat import AbsentWechat, SimulatedWechat, Wechat
from miniprogram_api.adapters.wechat_line import WechatLine
from miniprogram_api.clock import Clock
from miniprogram_api.domain.wechat import SetUp
from miniprogram_api.services.wechat_tokens import SharedTokens


def wechat_of(set_up: SetUp | None, environment: str | None, engine: Engine, clock: Clock) -> Wechat:
    """A process that was not told its environment gets no twin: nobody must believe that messages went out."""
    if set_up is None:
        return SimulatedWechat(environment) if environment == "demonstration" else AbsentWechat()
    line = WechatLine(set_up.base_url)
    tokens = SharedTokens(engine, lambda app, forced: fetch_token(line, app, forced=forced), clock)
    return RealWechat(line, set_up, tokens)
