"""Reconciliation: balances, lots, limits, stock and vouchers recomputed from the first row, and each difference named.

What the books can't tell again, and what therefore isn't compared: limits that a guest used before they became a
member and ceilings of kiosks that no profile names now (an upper bound is compared), boarding windows before the last,
pending acts (nothing of them is booked; the kiosk's journal has them), quantity beyond what was credited, the device's
own time, the last moment of a voucher, the words of a question to a member and of the answer. Leaves are read by
services/reconciliation.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, func, select

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import Act
from miniprogram_api.queries.reconciliation.acts import act_differences
from miniprogram_api.queries.reconciliation.balances import balance_differences
from miniprogram_api.queries.reconciliation.corrections import correction_differences
from miniprogram_api.queries.reconciliation.daily_sums import daily_sum_differences
from miniprogram_api.queries.reconciliation.desks import desk_differences
from miniprogram_api.queries.reconciliation.forgetting import forgetting_differences
from miniprogram_api.queries.reconciliation.goods import goods_differences
from miniprogram_api.queries.reconciliation.kiosks import kiosk_differences
from miniprogram_api.queries.reconciliation.members import member_differences
from miniprogram_api.queries.reconciliation.readings import reading_differences
from miniprogram_api.queries.reconciliation.reviews import review_differences
from miniprogram_api.queries.reconciliation.rooms import room_differences
from miniprogram_api.queries.reconciliation.rules import rules_by_version
from miniprogram_api.queries.reconciliation.vouchers import voucher_differences

__all__ = ["Difference", "acts_to_walk", "book_differences"]


def acts_to_walk(connection: Connection) -> int:
    """How many acts `book_differences` will step over."""
    return int(connection.scalar(select(func.count()).where(Act.state != "pending")) or 0)


def book_differences(connection: Connection, step: Callable[[int], None]) -> Iterator[Difference]:
    """Every figure that isn't what the acts, entries, transfers and vouchers say; the connection holds one snapshot."""
    yield from balance_differences(connection)
    yield from act_differences(connection)
    yield from voucher_differences(connection)
    yield from goods_differences(connection)
    yield from kiosk_differences(connection)
    yield from reading_differences(connection)
    yield from desk_differences(connection)
    yield from daily_sum_differences(connection)
    yield from correction_differences(connection)
    yield from review_differences(connection)
    yield from forgetting_differences(connection)
    rules = rules_by_version(connection)
    yield from room_differences(connection, rules)
    yield from member_differences(connection, rules, step)
