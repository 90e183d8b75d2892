"""Who a WeChat sign-in code belongs to: the outside's word for a person, and its simulated twin."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Protocol

from miniprogram_api.domain.refusals import NotSignedIn

LOGGER = logging.getLogger("tanyu.wechat")
STAND_IN = re.compile(r"sim:(?P<resident>resident-)?(?P<name>[\w-]{1,24})", re.UNICODE)


@dataclass(frozen=True)
class WechatPerson:
    """`subject` is the provider's lasting word for the person; `kind` is visitor or resident."""

    provider: str
    subject: str
    kind: str
    nickname: str | None = None


class Wechat(Protocol):
    """Turns the one-time code of a sign-in into a person; refuses with NotSignedIn."""

    simulated: bool

    def person_of_code(self, code: str) -> WechatPerson: ...

    def person_of_oauth_code(self, code: str) -> WechatPerson: ...


class SimulatedWechat:
    """Signs in stand-ins: `sim:<name>` a visitor, `sim:resident-<name>` a resident. Never in production."""

    simulated = True

    def __init__(self, environment: str) -> None:
        if environment == "production":
            raise RuntimeError("The simulated WeChat must not run in production")
        LOGGER.warning("WeChat is simulated: anyone can sign in as sim:<name>")

    def person_of_code(self, code: str) -> WechatPerson:
        match = STAND_IN.fullmatch(code)
        if match is None:
            raise NotSignedIn(why="wechat")
        kind = "resident" if match["resident"] else "visitor"
        return WechatPerson("simulated", f"{kind}:{match['name']}", kind, match["name"])

    def person_of_oauth_code(self, code: str) -> WechatPerson:
        return self.person_of_code(code)


class AbsentWechat:
    """No WeChat is set up: every WeChat sign-in is refused, guests come in as before."""

    simulated = False

    def person_of_code(self, code: str) -> WechatPerson:
        raise NotSignedIn(why="wechat_absent")

    def person_of_oauth_code(self, code: str) -> WechatPerson:
        raise NotSignedIn(why="wechat_absent")
