"""Messages on WeChat that somebody asked for: on which occasions, what they say, and how a template is filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VOUCHER_EXPIRES, POINTS_EXPIRE = "voucher_expires", "points_expire"
OCCASIONS = (VOUCHER_EXPIRES, POINTS_EXPIRE)
CONSENTS_MAX = 20  # of one person for one occasion; WeChat adds them up without end, a finger on a button need not
VOUCHER_DAYS = 3
POINTS_DAYS = 30
TRIES_MAX = 3  # on as many days; after that nobody wants to know any more

# What WeChat lets a field of a kind hold; longer text makes it refuse the whole message (47003).
_KIND_CHARACTERS = {"thing": 20, "character_string": 32, "number": 32, "time": 32, "date": 32, "phrase": 5}
VALUES = {VOUCHER_EXPIRES: ("item", "until", "advice"), POINTS_EXPIRE: ("points", "until", "advice")}
WORDS_CHARACTERS = 200  # of the one text of a service account's message
TITLE_CHARACTERS = 15


@dataclass(frozen=True)
class Template:
    """A template of the operator's own choice: its id, and which of its fields shows which of our values."""

    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Outgoing:
    """A message on its way: to whom, on what occasion, what it says. `page` is a place in our pages (`vouchers/…`)."""

    provider: str
    subject: str
    occasion: str
    language: str
    values: Mapping[str, str]
    page: str


def consents_most(how: str) -> int:
    """How many consents can stand at once; those given on WeChat's own page don't add up."""
    return 1 if how == "page" else CONSENTS_MAX


def template_of(text: str, occasion: str) -> Template:
    """`ID;thing1=item;time2=until` as a template of this occasion. Raises ValueError with a sentence."""
    name, *pairs = [part.strip() for part in text.split(";") if part.strip()]
    fields = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if not name.replace("-", "").replace("_", "").isalnum() or len(fields) != len(pairs) or not fields:
        raise ValueError("a template looks like ID;thing1=item;time2=until")
    for field, value in fields.items():
        if value not in VALUES[occasion]:
            raise ValueError(f"a template of this occasion can show {', '.join(VALUES[occasion])}, not {value!r}")
        if field.rstrip("0123456789") not in _KIND_CHARACTERS:
            raise ValueError(f"{field!r} is no field of a template")
    return Template(name, fields)


def filled(template: Template, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The template's `data`, each value as long as its field takes."""
    return {
        field: {"value": _cut(values[value], _KIND_CHARACTERS[field.rstrip("0123456789")])}
        for field, value in template.fields.items()
    }


def title_of(occasion: str, language: str) -> str:
    """At most 15 characters."""
    titles = {
        (VOUCHER_EXPIRES, "zh"): "兑换券快到期了",
        (VOUCHER_EXPIRES, "en"): "Voucher ends",
        (POINTS_EXPIRE, "zh"): "积分快到期了",
        (POINTS_EXPIRE, "en"): "Points expire",
    }
    return titles[occasion, language]


def words_of(occasion: str, language: str, values: Mapping[str, str]) -> str:
    """The whole message as one text."""
    texts = {
        (VOUCHER_EXPIRES, "zh"): "{item}，有效期至 {until}。{advice}。",
        (VOUCHER_EXPIRES, "en"): "{item}, valid until {until}. {advice}.",
        (POINTS_EXPIRE, "zh"): "{points} 分将在 {until} 到期。{advice}。",
        (POINTS_EXPIRE, "en"): "Points that expire on {until}: {points}. {advice}.",
    }
    return _cut(texts[occasion, language].format(**values), WORDS_CHARACTERS)


def advice_of(occasion: str, language: str) -> str:
    """What to do, in at most 20 characters: it has to fit a field of the kind `thing`."""
    texts = {
        (VOUCHER_EXPIRES, "zh"): "到店出示即可，到期积分会退回",
        (VOUCHER_EXPIRES, "en"): "Show it at the shop",
        (POINTS_EXPIRE, "zh"): "到期前可以兑换喜欢的东西",
        (POINTS_EXPIRE, "en"): "Use them before then",
    }
    return texts[occasion, language]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
