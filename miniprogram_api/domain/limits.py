"""Numbers that the contract marks as defaults of settings, and how they are used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds, days and points; staff may change them later, the contract gives these."""

    code_early_seconds: int = 30
    code_late_seconds: int = 90
    arrival_seconds: int = 900
    ticket_days: int = 14
    voucher_days: int = 30
    readable_code_seconds: int = 900
    guest_points_a_day: int = 60
    guest_points_in_all: int = 120
    guest_item_points: int = 60
    phone_members: int = 4  # that earn on one phone in a day: a family
    phone_guests: int = 4  # the same for guests in a month: each has a total of its own
    card_points_a_day: int = 30
    clerk_points_a_day: int = 2000  # that one person at a till may confirm
    journal_days: int = 30  # how late a kiosk's journal is taken
    wrong_codes: int = 10
    lock_seconds: int = 3600
    expiring_days: int = 60
    grace_days: int = 7
    undo_seconds: int = 120
    stock_alone_fen: int = 50_000  # what pieces of one item put in by one person alone may come to in a day
    adjustment_points: int = 500
    adjustment_points_a_day: int = 2000
    adjustment_days: int = 7
    review_points: int = 50  # an act that waits and may bring more is an approver's to decide
    sea_crossing_seconds: int = 1800
    card_days: int = 730


LIMITS = Limits()
