"""One person's bags on the scale, as a machine of states that is fed with samples (contract section 4, Weight).

A bag counts when it has lain still for 2 s with 0.2 to 10 kg and was then tipped into the bin: the scale has to be
back below 50 g. Bags are added up in grams until the person is done; the sum is rounded down to 10 g once.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.devices.scales import Sample

STABLE_SECONDS = 2.0
STEADY_GRAMS = 10  # so far may readings of one still bag lie apart
GAP_SECONDS = 1.0  # a longer silence of the scale begins the two seconds anew
EMPTY_GRAMS = 50
BAG_GRAMS_MIN, BAG_GRAMS_MAX = 200, 10_000
GRAMS_PER_CODE_UNIT = 10

EMPTY_FIRST, READY, SETTLING, TIP, TOO_LIGHT, TOO_HEAVY = (
    "empty_first", "ready", "settling", "tip", "too_light", "too_heavy",
)  # fmt: skip


@dataclass(slots=True)
class _Still:
    """Readings that lie close together, since when, and between what."""

    since: float
    last_at: float
    least: int
    most: int


class Weighing:
    """The bags of one person. Times in seconds of uptime."""

    def __init__(self) -> None:
        self.state = EMPTY_FIRST  # what lay there before belongs to nobody
        self.grams: int | None = None  # what lies on the scale now, None when it is out of range
        self.bags: list[int] = []  # grams of the bags that were weighed and tipped
        self.held: int | None = None  # grams of the bag that was weighed and is still to be tipped
        self._still: _Still | None = None

    @property
    def total_grams(self) -> int:
        """Of the bags that count, the one that is still to be tipped left out."""
        return sum(self.bags)

    @property
    def quantity(self) -> int:
        """The act's quantity in code units of 10 g."""
        return self.total_grams // GRAMS_PER_CODE_UNIT

    @property
    def is_finishable(self) -> bool:
        """True when at least one bag counts and none lies on the scale."""
        return bool(self.bags) and self.state == READY

    def take(self, sample: Sample, now: float) -> None:
        """Goes on with what the scale says now."""
        self.grams = sample.grams
        if sample.grams is None:
            self._still = None
            if self.state not in (EMPTY_FIRST, TIP):
                self.state = TOO_HEAVY
        elif sample.grams < EMPTY_GRAMS:
            self._emptied(sample)
        else:
            self._loaded(sample.grams, sample.stable, now)

    def _emptied(self, sample: Sample) -> None:
        self._still = None
        if self.held is not None:
            self.bags.append(self.held)
            self.held = None
        # A scale that swings through 0 on the way is not yet empty, unless a bag has just left it.
        if sample.stable or self.state != EMPTY_FIRST:
            self.state = READY

    def _loaded(self, grams: int, stable: bool, now: float) -> None:
        if self.state in (EMPTY_FIRST, TIP):
            return
        self._follow(grams, stable, now)
        if self._still is None or now - self._still.since < STABLE_SECONDS:
            self.state = SETTLING
        elif self._still.least < BAG_GRAMS_MIN:
            self.state = TOO_LIGHT
        elif self._still.most > BAG_GRAMS_MAX:
            self.state = TOO_HEAVY
        else:
            self.state, self.held = TIP, self._still.least

    def _follow(self, grams: int, stable: bool, now: float) -> None:
        """Keeps the readings that lie close together without a gap; anything else begins anew."""
        still = self._still
        if not stable:
            self._still = None
            return
        if still is not None and now - still.last_at <= GAP_SECONDS:
            least, most = min(still.least, grams), max(still.most, grams)
            if most - least <= STEADY_GRAMS:
                self._still = _Still(still.since, now, least, most)
                return
        self._still = _Still(now, now, grams, grams)
