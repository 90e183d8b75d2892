"""WeChat itself, as it documents its calls (docs/operations.md names the pages): sign-in, signs, messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import quote

from miniprogram_api.adapters.wechat import Asking, Fetched, WechatPerson
from miniprogram_api.adapters.wechat_line import LineBroken, Said, WechatLine
from miniprogram_api.domain.messages import OCCASIONS, Outgoing, filled, title_of, words_of
from miniprogram_api.domain.refusals import NotSignedIn, Refusal
from miniprogram_api.domain.wechat import (
    AWAY_SECONDS,
    BUSY,
    TOKEN_INVALID,
    App,
    NotSent,
    PerhapsSent,
    SetUp,
    WechatAway,
    WechatRefused,
    refusal_of,
    trouble_of_sending,
)

PAUSES_SECONDS = (0.2, 0.6)  # WeChat asks for another try when it is busy (-1); after these it is away
TOKEN_CHARACTERS_MAX = 2048  # at least 512 have to fit
SIGN_PIXELS = 1280  # for paper; the most there is
OPENID_CHARACTERS_MAX = 64
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
CONFIRM = "https://mp.weixin.qq.com/mp/subscribemsg"
# Each occasion has a scene of its own: consents of one scene don't add up.
CONFIRM_SCENES = {occasion: str(number) for number, occasion in enumerate(OCCASIONS, 1)}


class Tokens(Protocol):
    """Where the token of an application is kept. Both raise WechatAway, TooManyTries or WechatRefused."""

    def current(self, app: App) -> str: ...

    def instead_of(self, app: App, rejected: str) -> str: ...


def fetch_token(line: WechatLine, app: App, *, forced: bool) -> Fetched:
    """`stable_token`: the token in force, or with `forced` a new one, which ends the one before at once.

    Raises WechatAway, TooManyTries or WechatRefused.
    """
    body = {"grant_type": "client_credential", "appid": app.app_id, "secret": app.secret, "force_refresh": forced}
    said = _answered(lambda: _patiently(lambda: line.ask("/cgi-bin/stable_token", {}, body)))
    token, seconds = said.document.get("access_token"), said.document.get("expires_in")
    if not isinstance(token, str) or not 0 < len(token) <= TOKEN_CHARACTERS_MAX or not isinstance(seconds, int):
        raise WechatAway(retry_after=AWAY_SECONDS)
    return Fetched(token, max(0, min(seconds, 7200)))


class RealWechat:
    """The calls of one island. Nothing here knows the database; every call may take seconds."""

    simulated = False

    def __init__(self, line: WechatLine, set_up: SetUp, tokens: Tokens) -> None:
        self._line, self._set_up, self._tokens = line, set_up, tokens

    @property
    def mini_app_id(self) -> str | None:
        return self._set_up.mini.app_id if self._set_up.mini else None

    @property
    def authorize_url(self) -> str | None:
        """Where a page inside WeChat goes to sign in. WeChat looks at the order of the parameters."""
        app = self._set_up.web
        if app is None:
            return None
        back = quote(f"{self._set_up.own_url}/", safe="")
        return f"{AUTHORIZE}?appid={app.app_id}&redirect_uri={back}&response_type=code&scope=snsapi_base&state="

    def person_of_code(self, code: str) -> WechatPerson:
        """`code2Session`. The session key that comes along is dropped here: nobody needs it."""
        app = self._set_up.mini
        if app is None:
            raise NotSignedIn(why="wechat_absent")
        query = {"appid": app.app_id, "secret": app.secret, "js_code": code, "grant_type": "authorization_code"}
        return self._person(app, "/sns/jscode2session", query)

    def person_of_oauth_code(self, code: str) -> WechatPerson:
        """`sns/oauth2/access_token` with the scope snsapi_base: the openid alone, and nothing that has to be shown."""
        app = self._set_up.web
        if app is None:
            raise NotSignedIn(why="wechat_absent")
        query = {"appid": app.app_id, "secret": app.secret, "code": code, "grant_type": "authorization_code"}
        return self._person(app, "/sns/oauth2/access_token", query)

    def sign_picture(self, scene: str) -> bytes:
        """`getwxacodeunlimit`: the mini-program code of a place. Raises WechatAway, TooManyTries, WechatRefused."""
        app = self._set_up.mini
        if app is None:
            raise WechatRefused(why="settings")
        body = {"scene": scene, "page": self._set_up.page, "check_path": True, "width": SIGN_PIXELS}
        said = _answered(
            lambda: self._with_token(
                app, lambda query: self._line.ask_for_picture("/wxa/getwxacodeunlimit", query, body)
            )
        )
        if said.picture is None:
            raise WechatAway(retry_after=AWAY_SECONDS)
        return said.picture

    def asking(self, provider: str, occasion: str) -> Asking | None:
        """How somebody of this provider consents to one message; None when this can't be asked for."""
        mini, web, template = self._set_up.mini, self._set_up.web, self._set_up.web_template
        if mini and provider == provider_of(mini) and occasion in self._set_up.templates:
            return Asking("mini_program", self._set_up.templates[occasion].id, None)
        if web and template and provider == provider_of(web):
            return Asking("page", template, self._confirm_url(web, template, occasion))
        return None

    def send(self, message: Outgoing) -> None:
        """One message for one consent. Raises NotSent, ConsentUsedUp or PerhapsSent."""
        app, path, body = self._addressed(message)
        try:
            said = self._with_token(app, lambda query: self._line.ask(path, query, body))
        except LineBroken as broken:
            raise (PerhapsSent() if broken.sent else NotSent("away", lasting=True)) from None
        except Refusal as no_token:
            raise NotSent(str(no_token.helps.get("errcode", no_token.code)), lasting=True) from None
        if said.errcode:
            raise trouble_of_sending(said.errcode)

    def _person(self, app: App, path: str, query: Mapping[str, str]) -> WechatPerson:
        said = _answered(lambda: _patiently(lambda: self._line.ask(path, query)))
        if said.document.get("is_snapshotuser") == 1:
            raise NotSignedIn(why="wechat_snapshot")  # a name that WeChat made up for a page in preview
        openid = said.document.get("openid")
        if not isinstance(openid, str) or not 0 < len(openid) <= OPENID_CHARACTERS_MAX:
            raise WechatAway(retry_after=AWAY_SECONDS)
        return WechatPerson(provider_of(app), openid, "visitor")

    def _with_token(self, app: App, ask: Callable[[Mapping[str, str]], Said]) -> Said:
        """A token that WeChat calls invalid is renewed once, and the call made once more."""
        token = self._tokens.current(app)
        said = _patiently(lambda: ask({"access_token": token}))
        if said.errcode not in TOKEN_INVALID:
            return said
        token = self._tokens.instead_of(app, token)
        return _patiently(lambda: ask({"access_token": token}))

    def _addressed(self, message: Outgoing) -> tuple[App, str, dict[str, Any]]:
        mini, web, template = self._set_up.mini, self._set_up.web, self._set_up.web_template
        if mini and message.provider == provider_of(mini) and message.occasion in self._set_up.templates:
            mini_template = self._set_up.templates[message.occasion]
            body = {
                "touser": message.subject,
                "template_id": mini_template.id,
                "page": f"{self._set_up.page}?open={quote(message.page, safe='')}",
                "miniprogram_state": "formal",
                "lang": "en_US" if message.language == "en" else "zh_CN",
                "data": filled(mini_template, message.values),
            }
            return mini, "/cgi-bin/message/subscribe/send", body
        if web and template and message.provider == provider_of(web):
            words = words_of(message.occasion, message.language, message.values)
            body = {
                "touser": message.subject,
                "template_id": template,
                "url": f"{self._set_up.own_url}/#/{message.page}",
                "scene": CONFIRM_SCENES[message.occasion],
                "title": title_of(message.occasion, message.language),
                "data": {"content": {"value": words}},
            }
            return web, "/cgi-bin/message/template/subscribe", body
        raise NotSent("no_template")

    def _confirm_url(self, app: App, template: str, occasion: str) -> str:
        back = quote(f"{self._set_up.own_url}/", safe="")
        which = f"appid={app.app_id}&scene={CONFIRM_SCENES[occasion]}&template_id={template}"
        return f"{CONFIRM}?action=get_confirm&{which}&redirect_url={back}&reserved="


def provider_of(app: App) -> str:
    """An openid is a person's name with one application only."""
    return f"wechat:{app.app_id}"


def _answered(ask: Callable[[], Said]) -> Said:
    """A yes. Raises WechatAway for no answer, and what each documented error means for a person."""
    try:
        said = ask()
    except LineBroken:
        raise WechatAway(retry_after=AWAY_SECONDS) from None
    if said.errcode:
        raise refusal_of(said.errcode)
    return said


def _patiently(ask: Callable[[], Said]) -> Said:
    """The answer, asked for again while WeChat is too busy; what was asked has then not been done."""
    said = ask()
    for pause in PAUSES_SECONDS:
        if said.errcode != BUSY:
            break
        time.sleep(pause)
        said = ask()
    return said
