"""What a reconciliation finds: a figure of the books that isn't what the rest of the books say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`row` names the table and its key, `stored` is what stands there, `expected` what was recomputed for it."""

    row: str
    field: str
    stored: object
    expected: object

    @property
    def sentence(self) -> str:
        """One line for whoever has to look at it."""
        return f"{self.row}: {self.field} is {_shown(self.stored)}, the books say {_shown(self.expected)}"


def _shown(value: object) -> str:
    return "missing" if value is None else str(value)
