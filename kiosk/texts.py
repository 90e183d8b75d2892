"""The island's own words in an agreement: place, name of the island, where to ask, and whether all this is a show."""

from __future__ import annotations

from kiosk.words import Words
from scenes.wire.agreement import Agreement

ISLAND_WITHOUT_NAME = Words("海岛", "The island")


class VenueTexts:
    """Reads the texts of an agreement; a missing one has a plain stand-in."""

    def __init__(self, agreement: Agreement) -> None:
        self._texts = agreement.texts

    @property
    def venue(self) -> Words:
        return self._words("venue") or Words("自助机", "Kiosk")

    @property
    def island(self) -> Words:
        return self._words("island_name") or ISLAND_WITHOUT_NAME

    @property
    def help(self) -> Words | None:
        return self._words("help")

    @property
    def is_demonstration(self) -> bool:
        """A demonstration says so in its agreements; simulated devices work nowhere else."""
        return "demonstration" in self._texts

    def _words(self, name: str) -> Words | None:
        found = self._texts.get(name)
        return None if found is None else Words(found["zh"], found["en"])
