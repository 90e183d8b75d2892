"""What we ask of WeChat (who a sign-in code belongs to, signs of places, messages), and its simulated twin."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Literal, Protocol

from miniprogram_api.domain.messages import Outgoing
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.domain.wechat import NotSent, WechatRefused

LOGGER = logging.getLogger("tanyu.wechat")
SIMULATED = "simulated"  # the provider of stand-ins
STAND_IN = re.compile(r"sim:(?P<resident>resident-)?(?P<name>[\w-]{1,24})", re.UNICODE)


@dataclass(frozen=True)
class WechatPerson:
    """`subject` is the provider's lasting word for the person; `kind` is visitor or resident."""

    provider: str
    subject: str
    kind: str
    nickname: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A token and the seconds that it is good for."""

    token: str
    seconds: int


@dataclass(frozen=True)
class Asking:
    """How somebody consents to one message: by a `tap` (stand-ins), in the mini-program's own dialog for a template,
    or on WeChat's `page` at this address, to which the browser's own mark is added."""

    how: Literal["tap", "mini_program", "page"]
    template_id: str | None
    address: str | None


class Wechat(Protocol):
    """What the island asks of WeChat. Each call may take seconds: never inside a transaction.

    Refuses with NotSignedIn, NotAllowed, TooManyTries, WechatAway and WechatRefused. `mini_app_id` is None where no
    mini-program is set up, `authorize_url` where no page can sign in.
    """

    simulated: bool

    @property
    def mini_app_id(self) -> str | None: ...

    @property
    def authorize_url(self) -> str | None: ...

    def person_of_code(self, code: str) -> WechatPerson: ...

    def person_of_oauth_code(self, code: str) -> WechatPerson: ...

    def sign_picture(self, scene: str) -> bytes: ...

    def asking(self, provider: str, occasion: str) -> Asking | None: ...

    def send(self, message: Outgoing) -> None: ...


class _NoSigns:
    """Neither the twin nor an absent WeChat has codes of its own; signs then carry our own link."""

    mini_app_id: str | None = None
    authorize_url: str | None = None

    def sign_picture(self, scene: str) -> bytes:
        raise WechatRefused(why="settings")


class SimulatedWechat(_NoSigns):
    """Signs in stand-ins: `sim:<name>` a visitor, `sim:resident-<name>` a resident. Takes their messages, which the
    console then shows. Never in production."""

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
        return WechatPerson(SIMULATED, f"{kind}:{match['name']}", kind, match["name"])

    def person_of_oauth_code(self, code: str) -> WechatPerson:
        return self.person_of_code(code)

    def asking(self, provider: str, occasion: str) -> Asking | None:
        return Asking("tap", None, None) if provider == SIMULATED else None

    def send(self, message: Outgoing) -> None:
        LOGGER.info("simulated message: %s", message.occasion)


class AbsentWechat(_NoSigns):
    """No WeChat is set up: every WeChat sign-in is refused, guests come in as before."""

    simulated = False

    def person_of_code(self, code: str) -> WechatPerson:
        raise NotSignedIn(why="wechat_absent")

    def person_of_oauth_code(self, code: str) -> WechatPerson:
        raise NotSignedIn(why="wechat_absent")

    def asking(self, provider: str, occasion: str) -> Asking | None:
        return None

    def send(self, message: Outgoing) -> None:
        raise NotSent("absent", lasting=True)
