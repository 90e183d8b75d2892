"""A strict reader of one table of a document: every key known, every value of the right kind, every refusal named."""

import re
from collections.abc import Collection
from typing import Any, Final

from scenes.decimal_text import read_decimal_text

# A limit on everything that is written into the catalogue; texts have to fit a kiosk's screen and a ticket.
NAME_MAX: Final = 48
SENTENCE_MAX: Final = 200
NOTE_MAX: Final = 500
SLUG_MAX: Final = 40
BYTE_MAX: Final = 255  # scene and variant are one byte each in a kiosk code
POINTS_MAX: Final = 1_000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class SceneInvalid(ValueError):
    """A document of the catalogue is refused: which one (`origin`), at which `key`, and the `reason` in a sentence."""

    code = "invalid_fields"

    def __init__(self, origin: str, key: str, reason: str) -> None:
        super().__init__(f"{origin}: {key}: {reason}" if key else f"{origin}: {reason}")
        self.origin = origin
        self.key = key
        self.reason = reason


class Fields:
    """Reads the keys of one table. Built with the keys it may have; a key beside them is refused at once."""

    def __init__(self, document: Any, origin: str, known: Collection[str], path: str = "") -> None:
        self.origin = origin
        self.path = path
        if not isinstance(document, dict):
            raise SceneInvalid(origin, path, "This must be a table of keys and values.")
        self._document = document
        for key in document:
            if key not in known:
                raise self.refusal(str(key), "This key is unknown.")

    def refusal(self, key: str, reason: str) -> SceneInvalid:
        """The refusal for `key` of this table, for the caller to raise."""
        return SceneInvalid(self.origin, f"{self.path}.{key}" if self.path and key else self.path or key, reason)

    def has(self, key: str) -> bool:
        """Whether the key is there; JSON's null counts as absent, since TOML can't write it."""
        return self._document.get(key) is not None

    def text(self, key: str, limit: int) -> str:
        """A text of 1 to `limit` printable characters on one line, without outer white space."""
        value = self._value(key)
        if not isinstance(value, str):
            raise self.refusal(key, "This must be a text.")
        if not value.strip():
            raise self.refusal(key, "This text must not be empty.")
        if value != value.strip() or not value.isprintable():
            raise self.refusal(key, "This text must be one line of printable characters without outer spaces.")
        if len(value) > limit:
            raise self.refusal(key, f"This text must not be longer than {limit} characters.")
        return value

    def slug(self, key: str) -> str:
        """A name of lower-case letters, digits and single hyphens."""
        value = self.text(key, SLUG_MAX)
        if not _SLUG.fullmatch(value):
            raise self.refusal(key, "This must be lower-case letters and digits, parted by single hyphens.")
        return value

    def integer(self, key: str, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`; true and 1.0 are none."""
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refusal(key, "This must be a whole number.")
        if not lowest <= value <= highest:
            raise self.refusal(key, f"This must be from {lowest} to {highest}.")
        return value

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.refusal(key, "This must be true or false.")
        return value

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of the `allowed` words."""
        value = self._value(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.refusal(key, f"This must be one of {', '.join(allowed)}.")
        return value

    def decimal(self, key: str) -> str:
        """A plain decimal that is not negative, written as a text; returned as written."""
        value = self._value(key)
        if not isinstance(value, str):
            raise self.refusal(key, 'This must be a decimal written as a text, such as "22.96".')
        try:
            read_decimal_text(value)
        except ValueError:
            raise self.refusal(key, 'This must be a plain decimal that is not negative, such as "22.96".') from None
        return value

    def entries(self, key: str, lowest: int, highest: int) -> list[Any]:
        """A list of `lowest` to `highest` entries."""
        value = self._value(key)
        if not isinstance(value, list):
            raise self.refusal(key, "This must be a list.")
        if not lowest <= len(value) <= highest:
            raise self.refusal(key, f"This must have {lowest} to {highest} entries.")
        return value

    def texts(self, key: str, most: int, limit: int) -> tuple[str, ...]:
        """A list of 1 to `most` texts, each of 1 to `limit` characters."""
        texts = self.entries(key, 1, most)
        if not all(isinstance(text, str) and text.strip() and len(text) <= limit for text in texts):
            raise self.refusal(key, f"Each entry must be a text of 1 to {limit} characters.")
        return tuple(texts)

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of at least one of the `allowed` words, none twice."""
        words = self.entries(key, 1, len(allowed))
        if not all(isinstance(word, str) and word in allowed for word in words):
            raise self.refusal(key, f"Each entry must be one of {', '.join(allowed)}.")
        if len(set(words)) != len(words):
            raise self.refusal(key, "No entry may come twice.")
        return tuple(words)

    def _value(self, key: str) -> Any:
        if key not in self._document:
            raise self.refusal(key, "This key is missing.")
        return self._document[key]


def entry_path(document: Any) -> str:
    """The id of an entry as path, so that a refusal in a file of many entries tells which one."""
    name = document.get("id") if isinstance(document, dict) else None
    return name if isinstance(name, str) else ""
