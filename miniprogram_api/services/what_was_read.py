"""A reading as it reaches the decision: where, by whom, what was held out, which lines; and what becomes of a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.refusals import CodeAlreadyUsed, Refusal
from miniprogram_api.domain.rules import KioskStanding
from miniprogram_api.services.held_codes import HeldCode
from scenes.wire.journal_content import ReadLine
from scenes.wire.member_code import SLOT_SECONDS

READ_PROOFS = frozenset({"ST", "WT"})


@dataclass(frozen=True)
class Reader:
    """Where codes are read, and by whom. `place_at` gives the place as its version of that moment has it: with number 0
    at a merchant's till. `ceilings_at` are limits in points of the person who confirms, beside the place's own."""

    place_at: Callable[[int], KioskStanding]
    kiosk_id: int | None = None
    merchant_id: int | None = None
    proofs: frozenset[str] = READ_PROOFS
    ceilings_at: Callable[[int], tuple[CapUse, ...]] = lambda _: ()

    @property
    def caller(self) -> tuple[str, int]:
        """Who asks for the entries."""
        return ("kiosk", self.kiosk_id) if self.kiosk_id is not None else ("merchant", self.merchant_id or 0)


@dataclass(frozen=True)
class Reading:
    """What was read. `corrected_at` is None where the reader's clock was not trusted and nothing tells; `waits` is why
    all of it then has to wait for a person, `bars` why nothing of it counts, `live` a reading of this very moment.
    Boot and seq name the journal's item."""

    reader: Reader
    held: HeldCode
    lines: tuple[ReadLine, ...]
    claimed_at: int
    corrected_at: int | None
    now: int
    clerk: str | None = None
    boot: str | None = None
    seq: int | None = None
    waits: str | None = None
    bars: Refusal | None = None
    live: bool = False

    @property
    def occurred_at(self) -> int:
        """The corrected time, or as long as nobody knows it the best that can be said: the minute that was shown."""
        shown = self.held.shown
        if self.corrected_at is not None:
            return min(self.corrected_at, self.now)
        return min(self.now, shown.slot_starts_at + SLOT_SECONDS // 2 if shown else self.claimed_at)

    @property
    def minute(self) -> tuple[bytes, int] | None:
        """What counts once; a card shows none."""
        slot = self.held.slot
        return None if slot is None else (self.held.holder, slot)


@dataclass(frozen=True)
class LineResult:
    """What became of one line: the act's row, or the refusal."""

    act: dict[str, Any] | None = None
    refusal: Refusal | None = None

    @property
    def result(self) -> str:
        """In the words of a verdict. A capped act was taken, it just brings nothing."""
        if self.act is not None:
            return "pending" if self.act["state"] == "pending" else "credited"
        assert self.refusal is not None
        return "duplicate" if isinstance(self.refusal, CodeAlreadyUsed) else f"refused:{self.refusal.code}"
