"""The questions of the quiz, read from quiz_questions.toml: each with its right answer, the reason and the source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kiosk.words import Words

QUESTIONS = Path(__file__).with_name("quiz_questions.toml")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The first option is the right one; `address` is where the figure was read."""

    id: str
    words: Words
    options: tuple[Words, ...]
    why: Words
    source: Words
    address: str


@lru_cache
def read_questions() -> tuple[Question, ...]:
    """All questions, in the order of the file."""
    with QUESTIONS.open("rb") as file:
        rows = tomllib.load(file)["question"]
    return tuple(
        Question(
            id=row["id"],
            words=Words(row["zh"], row["en"]),
            options=tuple(Words(**option) for option in row["options"]),
            why=Words(**row["why"]),
            source=Words(**row["source"]),
            address=row["address"],
        )
        for row in rows
    )
