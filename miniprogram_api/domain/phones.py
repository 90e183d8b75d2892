"""How many members may earn on one phone: a family may, a drawer full of accounts waits for a person's look.

A phone is known by the random value that its browser keeps and sends at each sign-in; the server knows a hash of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from miniprogram_api.domain.calendar import day_begins, iso_day, month_days, period_number
from miniprogram_api.domain.limits import Limits

MEMBERS_OF_A_DAY, GUESTS_OF_A_MONTH = "phone_members", "phone_guests"
# Why an act waits, by what was full; both ask for a person's look and nothing else.
FULL = frozenset({MEMBERS_OF_A_DAY, GUESTS_OF_A_MONTH})
FIRST_MONTH = 197_001


@dataclass
class Phone:
    """Who earned on it, by period and number. Periods are days since 1970, for guests also months as YYYYMM, which no
    day since 1970 has reached."""

    mark: str
    earned: dict[int, dict[int, int]] = field(default_factory=dict)

    def note(self, period: int, number: int, member_id: int) -> None:
        self.earned.setdefault(period, {})[number] = member_id


@dataclass(frozen=True)
class PhoneShare:
    """A member takes this number of the phone in this period."""

    phone: str
    period: int
    number: int
    member_id: int

    @property
    def key(self) -> tuple[str, int, int]:
        return (self.phone, self.period, self.number)


@dataclass(frozen=True)
class PhoneFull:
    """More members earn on the phone than may; `others` are those who were there before."""

    reason: str
    period: int
    others: tuple[int, ...]


def periods_of(moment: int) -> tuple[int, int]:
    """The day and the month of an act, as phones count them."""
    return period_number("day", moment), period_number("month", moment)


def shares_of(
    phone: Phone, member_id: int, member_kind: str, moment: int, limits: Limits
) -> tuple[PhoneShare, ...] | PhoneFull:
    """What a member who earns at that moment takes of the phone, nothing when it has been taken before. A child whose
    ticket somebody hands in is no member of its own."""
    day, month = periods_of(moment)
    asked = [(MEMBERS_OF_A_DAY, day, limits.phone_members)]
    if member_kind == "guest":
        asked.append((GUESTS_OF_A_MONTH, month, limits.phone_guests))
    shares = []
    for reason, period, most in asked:
        earned = phone.earned.get(period, {})
        if member_id in earned.values():
            continue
        number = next((number for number in range(1, most + 1) if number not in earned), None)
        if number is None:
            return PhoneFull(reason, period, tuple(earned[place] for place in sorted(earned)))
        shares.append(PhoneShare(phone.mark, period, number, member_id))
    return tuple(shares)


def _is_month(period: int) -> bool:
    return period >= FIRST_MONTH


def period_text(period: int) -> str:
    """2026-11-22, or 2026-11 for a month."""
    return f"{period // 100:04d}-{period % 100:02d}" if _is_month(period) else iso_day(period)


def begin_and_end(period: int) -> tuple[int, int]:
    """The first and the last Unix second of a day or month on the island."""
    first, last = month_days(period) if _is_month(period) else (period, period)
    return day_begins(first), day_begins(last + 1) - 1


def notice_details(full: PhoneFull) -> dict[str, Any]:
    """What the staff are told: when, and who earned on the phone before."""
    return {"period": full.period, "members": [f"{member:016x}" for member in full.others]}
