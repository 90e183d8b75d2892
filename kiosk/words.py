"""A text in the two languages that every kiosk speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same meaning, written in Chinese and in English."""

    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        """For the kiosk's page, which switches language by itself."""
        return {"zh": self.zh, "en": self.en}
