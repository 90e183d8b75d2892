"""What a paper ticket says: ONE layout as a list of parts, which both printing modes follow from top to bottom.

A ticket names scene, place, time and how to hand it in; it never names points, for the rule in force at the time of the
act decides those (design section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.island_time import printed_time
from kiosk.words import Words

DAY_SECONDS = 86_400


class Size(Enum):
    """How large a line is: in raster mode a size in dots, in text mode the printer's own doubling."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    QUIET = "quiet"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Mark:
    """The island ridge."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words in the middle of the paper, broken into several lines where they are too long."""

    words: str
    size: Size
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label on the left and what it stands for beside it, one line for each value."""

    label: Words
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """White, in dots of 1/8 mm."""

    dots: int


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code with its quiet zone."""

    link: str


Part = Mark | Line | Fact | Rule | Gap | Code


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is known of a ticket when it is printed. `issued_at` is None while the kiosk's clock is not trusted."""

    number: str
    link: str
    scene: Words
    variant: Words | None  # None where the scene has only one
    amount: Words | None  # None for one counted thing
    venue: Words
    island: Words
    help: Words | None
    demonstration: bool
    issued_at: int | None
    days_valid: int


def ticket_number(kiosk: int, epoch: int, counter: int) -> str:
    """The number a person can read out: kiosk, key epoch and counter in groups of four digits."""
    digits = f"{kiosk:04d}{epoch:04d}{counter:08d}"
    first = len(digits) % 4
    groups = ([digits[:first]] if first else []) + [digits[at : at + 4] for at in range(first, len(digits), 4)]
    return " ".join(groups)


def ticket_parts(ticket: Ticket) -> list[Part]:
    """The whole ticket from top to bottom."""
    return [*_head(ticket), *_act(ticket), *_code(ticket), *_how(ticket), *_foot(ticket)]


def _head(ticket: Ticket) -> list[Part]:
    return [
        Gap(8),
        Mark(),
        Gap(10),
        Line(f"碳屿 · {ticket.island.zh}", Size.BODY, bold=True),
        Line("低碳纸券 · Low-carbon ticket", Size.QUIET),
        Gap(10),
        Rule(),
        Gap(14),
    ]


def _act(ticket: Ticket) -> list[Part]:
    parts: list[Part] = [
        Line(ticket.scene.zh, Size.TITLE),
        Gap(4),
        Line(ticket.scene.en, Size.HEADING),
        Gap(14),
    ]
    if ticket.variant is not None:
        parts.append(Fact(Words("类别", "Kind"), (ticket.variant.zh, ticket.variant.en)))
    if ticket.amount is not None:
        parts.append(Fact(Words("数量", "Qty"), (f"{ticket.amount.zh} {ticket.amount.en}",)))
    return [
        *parts,
        Fact(Words("地点", "Place"), (ticket.venue.zh, ticket.venue.en)),
        Fact(Words("时间", "Time"), (_moment(ticket.issued_at),)),
        Fact(Words("截止", "Until"), (_last_moment(ticket),)),
    ]


def _code(ticket: Ticket) -> list[Part]:
    return [
        Gap(8),
        Code(ticket.link),
        Line(ticket.number, Size.NUMBER),
        Gap(12),
        Rule(),
        Gap(12),
    ]


def _how(ticket: Ticket) -> list[Part]:
    return [
        Line("用手机扫码，领取积分", Size.BODY, bold=True),
        Line("Scan it to collect your points", Size.QUIET),
        Gap(8),
        Line("没有信号？有效期内随时可扫", Size.BODY),
        Line("No signal? Keep it, scan later", Size.QUIET),
        Gap(8),
        Line("一张券用一次 · One use only", Size.QUIET),
    ]


def _foot(ticket: Ticket) -> list[Part]:
    parts: list[Part] = [Gap(12), Rule(), Gap(12)]
    if ticket.help is not None:
        # An address may be the same in both languages; it is printed once then.
        parts += [Line(words, Size.QUIET) for words in dict.fromkeys((ticket.help.zh, ticket.help.en))]
    if ticket.demonstration:
        parts += [Gap(6), Line("示范券 · Demonstration only", Size.BODY, bold=True)]
    return [*parts, Gap(24)]


def _moment(issued_at: int | None) -> str:
    if issued_at is None:
        return "待核对 to be confirmed"
    return printed_time(issued_at)


def _last_moment(ticket: Ticket) -> str:
    if ticket.issued_at is None:
        return f"打印后 {ticket.days_valid} 天 days"
    return printed_time(ticket.issued_at + ticket.days_valid * DAY_SECONDS)
