"""Notices to the staff: which kinds there are, how they stand, and when a kiosk that is silent is worth one."""

from __future__ import annotations

TWIN, CLONE, OLD_BOOT, POISON_ITEM, READ_TWICE, SILENT, SHARED_PHONE = (
    "twin",
    "clone",
    "old_boot",
    "poison_item",
    "read_twice",
    "silent",
    "shared_phone",
)
KINDS = (TWIN, CLONE, OLD_BOOT, POISON_ITEM, READ_TWICE, SILENT, SHARED_PHONE)

OPEN, SEEN, ANSWERED = "open", "seen", "answered"
STATES = (OPEN, SEEN, ANSWERED)

# Longer than a crossing there and back, so that a cabin's kiosk without a line at sea raises none.
SILENT_NOTICE_SECONDS = 2 * 3600

# How a silence ended, where nobody of the staff said so.
SPOKE_AGAIN, NOT_ACTIVE = "spoke_again", "not_active"


def state_of(seen_at: int | None, answered_at: int | None) -> str:
    """open, seen or answered."""
    if answered_at is not None:
        return ANSWERED
    return OPEN if seen_at is None else SEEN


def is_silent(state: str, heard_at: int | None, now: int) -> bool:
    """Whether the staff should be told. A kiosk that never spoke was not put up yet; one that staff have stopped may
    well be switched off."""
    return state == "active" and heard_at is not None and now - heard_at > SILENT_NOTICE_SECONDS


def silence_over(state: str, heard_at: int | None, since: int) -> str | None:
    """How a silence that began at `since` has ended; None while it lasts."""
    if heard_at is not None and heard_at > since:
        return SPOKE_AGAIN
    return None if state == "active" else NOT_ACTIVE
