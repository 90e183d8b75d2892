"""A family of four earns on one phone; who comes after them waits for a person's look."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.calendar import DAY_SECONDS
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.phones import (
    GUESTS_OF_A_MONTH,
    MEMBERS_OF_A_DAY,
    Phone,
    PhoneFull,
    PhoneShare,
    begin_and_end,
    period_text,
    periods_of,
    shares_of,
)

NOON = 1_795_320_000  # 2026-11-22 on the island
DAY, MONTH = periods_of(NOON)


def earn(phone: Phone, member: int, kind: str = "visitor", at: int = NOON) -> tuple[PhoneShare, ...] | PhoneFull:
    """The member earns, and what they take of the phone is noted as the books would."""
    shares = shares_of(phone, member, kind, at, LIMITS)
    for share in shares if isinstance(shares, tuple) else ():
        phone.note(share.period, share.number, share.member_id)
    return shares


def test_a_month_and_a_day_are_never_the_same_number() -> None:
    assert (DAY, MONTH) == (20_779, 202_611)
    assert periods_of(NOON + 400 * 365 * DAY_SECONDS)[0] < periods_of(0)[1]


@pytest.mark.parametrize(("period", "text"), [(DAY, "2026-11-22"), (MONTH, "2026-11")])
def test_a_period_has_its_name_and_its_bounds(period: int, text: str) -> None:
    first, last = begin_and_end(period)
    assert period_text(period) == text
    assert period in periods_of(first)
    assert period in periods_of(last)
    assert period not in periods_of(first - 1)
    assert period not in periods_of(last + 1)


def test_four_members_earn_as_often_as_they_like_and_the_fifth_waits() -> None:
    phone = Phone("p")
    for member in (1, 2, 3, 4):
        assert earn(phone, member) == (PhoneShare("p", DAY, member, member),)
    for member in (4, 3, 2, 1):
        assert earn(phone, member) == ()
    assert earn(phone, 5) == PhoneFull(MEMBERS_OF_A_DAY, DAY, (1, 2, 3, 4))
    assert earn(phone, 5, at=NOON + DAY_SECONDS) == (PhoneShare("p", DAY + 1, 1, 5),)


def test_four_guests_of_a_month_earn_and_the_fifth_waits_also_on_another_day() -> None:
    phone = Phone("p")
    for member, days in ((1, 0), (2, 0), (3, 1), (4, 2)):
        shares = earn(phone, member, "guest", NOON + days * DAY_SECONDS)
        assert isinstance(shares, tuple)
        assert {share.period for share in shares} == {DAY + days, MONTH}
    assert earn(phone, 5, "guest", NOON + 3 * DAY_SECONDS) == PhoneFull(GUESTS_OF_A_MONTH, MONTH, (1, 2, 3, 4))
    assert isinstance(earn(phone, 5, "visitor", NOON + 3 * DAY_SECONDS), tuple)
    assert isinstance(earn(phone, 6, "guest", NOON + 30 * DAY_SECONDS), tuple)


def test_a_full_phone_gives_nothing_of_another_period_either() -> None:
    phone = Phone("p")
    for member in (1, 2, 3, 4):
        earn(phone, member)
    assert isinstance(earn(phone, 5, "guest"), PhoneFull)
    assert MONTH not in phone.earned


@pytest.mark.parametrize("gone", [1, 2, 4])
def test_a_number_that_is_free_again_is_the_next_to_be_taken(gone: int) -> None:
    phone = Phone("p")
    for member in (1, 2, 3, 4):
        earn(phone, member)
    del phone.earned[DAY][gone]
    assert earn(phone, 5) == (PhoneShare("p", DAY, gone, 5),)
