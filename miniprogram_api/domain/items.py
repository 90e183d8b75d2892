"""Items as staff change them: what a version says, what differs between two, what needs a second person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from miniprogram_api.domain.changes import Change, Judge, added, compare, less, more, needs_second_person, never
from miniprogram_api.domain.limits import Limits


@dataclass(frozen=True)
class ItemTerms:
    """Everything about an item that may change. `settlement_fen` is owed to the merchant for each piece redeemed;
    `limit_per_person` None: as many as somebody likes; not `active`: paused."""

    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    icon: str
    points: int
    settlement_fen: int
    limit_per_person: int | None
    active: bool
    position: int

    def document(self) -> dict[str, Any]:
        return asdict(self)


def _offered(before: bool | None, after: bool) -> bool:
    """Pausing costs nothing; offering, and offering again, does."""
    return after


# Cheaper for people, dearer for the programme, more for one person.
JUDGES: dict[str, Judge] = {
    "name_zh": never,
    "name_en": never,
    "description_zh": never,
    "description_en": never,
    "icon": never,
    "points": less,
    "settlement_fen": more,
    "limit_per_person": more,
    "active": _offered,
    "position": never,
}


def item_changes(before: ItemTerms | None, after: ItemTerms) -> list[Change]:
    """What differs, in the order of the fields; `before` None: the item is new, and all of it is."""
    if before is None:
        return added(after.document(), JUDGES)
    return compare(before.document(), after.document(), JUDGES)


def version_needs_second_person(replaced: Sequence[ItemTerms], after: ItemTerms) -> bool:
    """`replaced`: what is in force now and what will be when the version starts; a new item replaces nothing."""
    return not replaced or any(needs_second_person(item_changes(terms, after)) for terms in replaced)


def is_pause(before: ItemTerms | None, after: ItemTerms) -> bool:
    """Nothing else than that it is not offered any more: this waits for nobody."""
    return before is not None and [one.field for one in item_changes(before, after)] == ["active"] and not after.active


def stock_needs_second_person(pieces: int, alone_today: int, settlement_fen: int, limits: Limits) -> bool:
    """Taking out never does; putting in does above what one person may answer for in a day: `alone_today` are the
    pieces that the same person put on the same shelf today without anybody else."""
    return pieces > 0 and (pieces + alone_today) * settlement_fen > limits.stock_alone_fen
