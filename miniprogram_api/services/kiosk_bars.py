"""Keys of a kiosk that are no longer believed: what a thief or a copy signs stays barred beside a new key."""

from __future__ import annotations

from sqlalchemy import Connection, insert, literal, select

from miniprogram_api.models import KioskKey, KioskKeyBar

Bars = dict[int, tuple[str, int]]


def bar_keys(connection: Connection, kiosk_id: int, state: str, since: int) -> None:
    """Every key that the kiosk has had stands as suspended or lost since then; one that is barred stays as it was."""
    there = (KioskKeyBar.kiosk_id == KioskKey.kiosk_id) & (KioskKeyBar.epoch == KioskKey.epoch)
    free = (
        select(KioskKey.kiosk_id, KioskKey.epoch, literal(state), literal(since))
        .outerjoin(KioskKeyBar, there)
        .where(KioskKey.kiosk_id == kiosk_id, KioskKeyBar.epoch.is_(None))
    )
    connection.execute(insert(KioskKeyBar).from_select(["kiosk_id", "epoch", "state", "since"], free))


def bars_of(connection: Connection, kiosk_id: int) -> Bars:
    """State and since when, by epoch."""
    rows = connection.execute(
        select(KioskKeyBar.epoch, KioskKeyBar.state, KioskKeyBar.since).where(KioskKeyBar.kiosk_id == kiosk_id)
    )
    return {row.epoch: (row.state, row.since) for row in rows}
