"""What WeChat's documented answers mean for us: which refusal, whether to try again, whether a message went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from miniprogram_api.domain.messages import Template
from miniprogram_api.domain.refusals import NotAllowed, NotSignedIn, Refusal, TooManyTries

BUSY = -1
# Another token was fetched meanwhile, it ended, or it never was one.
TOKEN_INVALID = frozenset({40001, 40014, 42001})
CONSENT_USED_UP = 43101
RATE_REACHED = frozenset({45009, 45011})
PAGE_UNPUBLISHED = 41030
MINUTE_SECONDS = 60
AWAY_SECONDS = 30  # when somebody may ask again


class WechatAway(Refusal):
    """No answer that could be believed. `retry_after` in seconds."""

    code = "wechat_away"


class WechatRefused(Refusal):
    """WeChat said no to the set-up, not to a person. `why`: page, settings, quota or answer; `errcode` is WeChat's."""

    code = "wechat_refused"


@dataclass(frozen=True)
class App:
    """An application as WeChat knows it; the secret is in no text that is made of it."""

    app_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class SetUp:
    """What the operator set up of WeChat; `own_url` is the address of our pages, lower case, without a slash at the
    end: codes have it in capitals, and WeChat's list of domains has not."""

    base_url: str
    mini: App | None
    web: App | None
    page: str
    templates: Mapping[str, Template]
    web_template: str | None
    own_url: str


# Why a person is not signed in, by WeChat's number for it.
_SIGN_IN: dict[int, Refusal] = {
    40029: NotSignedIn(why="wechat"),
    40163: NotSignedIn(why="wechat_used"),
    40226: NotAllowed(why="wechat_risk"),
}
# What is wrong with the set-up: AppID, AppSecret, address of this server, a template. Not 47003, a value that a field
# doesn't take, and 40003, a person who is gone: they are of one message, and the next may go out.
_SETTINGS = frozenset({40002, 40013, 40037, 40125, 40164, 41002, 41004, 43104, 48001, 61024})


def refusal_of(errcode: int) -> Refusal:
    """The refusal that a person or the staff gets to see for WeChat's number."""
    if errcode in _SIGN_IN:
        known = _SIGN_IN[errcode]
        return type(known)(**known.helps)
    if errcode == BUSY or errcode in TOKEN_INVALID:
        return WechatAway(retry_after=AWAY_SECONDS)
    if errcode in RATE_REACHED:
        return TooManyTries(why="wechat", retry_after=MINUTE_SECONDS)
    if errcode == PAGE_UNPUBLISHED:
        return WechatRefused(why="page", errcode=errcode)
    return WechatRefused(why="settings" if errcode in _SETTINGS else "answer", errcode=errcode)


class NotSent(Exception):
    """The message surely did not go out. `answer` says why, in WeChat's number or in a word; `lasting` when the next
    one would fare no better now."""

    def __init__(self, answer: str, *, lasting: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.lasting = lasting


class ConsentUsedUp(Exception):
    """The person took the consent back, or it was used up (43101): nothing went out, and nothing more may."""


class PerhapsSent(Exception):
    """The line broke after the message was handed over: nobody knows, so it is not sent again."""


# No message goes out while this lasts, whoever it is for.
_OF_ALL = RATE_REACHED | _SETTINGS | TOKEN_INVALID | {BUSY, PAGE_UNPUBLISHED}


def trouble_of_sending(errcode: int) -> Exception:
    """What WeChat's number says about a message that it did not take."""
    if errcode == CONSENT_USED_UP:
        return ConsentUsedUp()
    return NotSent(str(errcode), lasting=errcode in _OF_ALL)
