"""What somebody wants a rule or a place to become, before anybody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.changes import Change, needs_second_person
from miniprogram_api.domain.versions import LEAD_SECONDS, Version, check_start
from miniprogram_api.services.rule_documents import invalid


@dataclass(frozen=True)
class Wanted:
    """A document, or `back_to` an earlier version. `starts_at` None: as soon as it can."""

    document: dict[str, Any] | None = None
    back_to: int | None = None
    starts_at: int | None = None
    reason: str = ""

    def start(self, now: int) -> int:
        """Raises NotAllowed (why: start_passed), InvalidFields (too_far)."""
        if self.starts_at is None:
            return now + LEAD_SECONDS
        check_start(self.starts_at, now)
        return self.starts_at

    def source(self, versions: Sequence[Version]) -> dict[str, Any] | int:
        """The document that was written, or the number of the version that is wanted back. Raises InvalidFields."""
        if self.document is not None and self.back_to is None:
            return self.document
        if self.document is not None or self.back_to is None:
            raise invalid("document", "choose_one")
        if self.back_to not in {one.version for one in versions}:
            raise invalid("back_to", "unknown")
        return self.back_to

    def check_changed(self, changes: list[Change]) -> None:
        """Raises InvalidFields where it is what holds already."""
        if not changes:
            raise invalid("document" if self.back_to is None else "back_to", "unchanged")


@dataclass(frozen=True)
class Draft:
    """A version that nobody has asked for yet, with what it changes; `chosen`: somebody named the start; `aside` will
    never be in force then."""

    version: int
    starts_at: int
    chosen: bool
    changes: list[Change]
    aside: list[Version]

    @property
    def second_person(self) -> bool:
        return needs_second_person(self.changes)

    def start(self) -> int:
        """Somebody has to come and look, so what needs them can't start by itself. Raises InvalidFields."""
        if self.second_person and not self.chosen:
            raise invalid("starts_at", "missing")
        return self.starts_at
