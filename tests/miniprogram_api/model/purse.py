"""A member's points in the model: lots with a last day, points held, points owed."""

from __future__ import annotations

from collections import Counter

Lot = tuple[int, int]  # last day as YYYYMMDD, 1 for a lot of grace
Uses = list[tuple[Lot, int]]


class Purse:
    """`granted` is all that ever came into a lot, `left` what is in it now."""

    def __init__(self) -> None:
        self.held = self.debt = self.grams = 0
        self.granted: Counter[Lot] = Counter()
        self.left: Counter[Lot] = Counter()

    @property
    def available(self) -> int:
        return sum(self.left.values())

    def good(self, today: int) -> int:
        """Points whose last day is not over."""
        return sum(points for (last_day, _), points in self.left.items() if last_day >= today)

    def put_in(self, lot: Lot, points: int) -> int:
        """New points; answers how many of them paid a debt instead of staying."""
        self.granted[lot] += points
        return self.put_back(lot, points)

    def put_back(self, lot: Lot, points: int) -> int:
        """Points that were in the lot before, the debt first."""
        paid = min(self.debt, points)
        self.debt -= paid
        self.left[lot] += points - paid
        return paid

    def take(self, points: int, today: int) -> Uses:
        """The soonest to end first; there must be enough."""
        uses = []
        for lot in sorted(lot for lot in self.left if lot[0] >= today):
            part = min(points, self.left[lot])
            points -= part
            self.left[lot] -= part
            if part:
                uses.append((lot, part))
        assert points == 0, "the model asks first"
        return uses

    def take_back(self, points: int, today: int, own: Lot | None) -> int:
        """First from the lot it came into, then as `take`; answers how many, the rest is owed."""
        first = min(points, self.left[own]) if own and own[0] >= today else 0
        if own and first:
            self.left[own] -= first
        more = min(points - first, self.good(today))
        self.take(more, today)
        self.debt += points - first - more
        return first + more

    def take_grace(self, points: int, today: int, own_day: int) -> int:
        """Out of the days of grace that followed `own_day`, nothing is owed; answers how many."""
        taken = 0
        for lot in sorted(self.left):
            if lot[1] and lot[0] >= today and own_day < lot[0] < own_day + 10_000:
                part = min(points - taken, self.left[lot])
                self.left[lot] -= part
                taken += part
        return taken

    def refund(self, uses: Uses, today: int, grace_day: int) -> tuple[int, int, int]:
        """Held points come back: (into the balance, into the debt, lost for ever).

        A lot past its day gets the days of grace, but points that had them once are lost.
        """
        self.held -= sum(points for _, points in uses)
        late = sum(points for (last_day, graced), points in uses if last_day < today and not graced)
        lost = sum(points for (last_day, graced), points in uses if last_day < today and graced)
        coming = [(lot, points, False) for lot, points in uses if lot[0] >= today]
        if late:
            coming.append(((grace_day, 1), late, True))
        paid = 0
        for lot, points, new in sorted(coming):
            paid += self.put_in(lot, points) if new else self.put_back(lot, points)
        return sum(points for _, points, _ in coming) - paid, paid, lost

    def expire(self, today: int) -> int:
        """Every lot whose day is over is emptied; answers how much that was."""
        over = {lot: points for lot, points in self.left.items() if lot[0] < today}
        self.left.subtract(over)
        return sum(over.values())
