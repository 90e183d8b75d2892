"""What the model says that a step will do: book something, answer what was booked before, or refuse with a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refused:
    """The code of the refusal, and what it says to help."""

    code: str
    helps: dict[str, Any] = field(default_factory=dict)


class No(Exception):
    """Raised inside the model where a step ends in a refusal."""

    def __init__(self, code: str, **helps: Any) -> None:
        super().__init__(code)
        self.refused = Refused(code, helps)


@dataclass(frozen=True)
class Key:
    """Whose idempotency key it is; `text` None for a step without one."""

    kind: str  # member, merchant or staff
    caller: int
    text: str | None


class Keys:
    """Keys are remembered for ever, with their content and what was answered."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[object, Any]] = {}

    def before(self, key: Key, content: object) -> Any:
        """What this very content was answered; None for a key that is new. Another content is a conflict."""
        if key.text is None or key not in self._known:
            return None
        known, answer = self._known[key]
        if known != content:
            raise No("idempotency_conflict")
        return answer

    def remember(self, key: Key, content: object, answer: Any) -> None:
        if key.text is not None:
            self._known[key] = (content, answer)
