"""Breaks words into lines: Latin text at spaces, Chinese text between any two characters but never before a stop."""

from __future__ import annotations

import re
from collections.abc import Callable

# What may not stand at the start of a line.
STOPS = "，。、；：！？）》」』”·,.;:!?)"

_PIECE = re.compile(r"[!-~]+|\s+|.", re.DOTALL)


def broken_lines(words: str, width_of: Callable[[str], float], limit: float) -> list[str]:
    """The lines, none wider than `limit` as `width_of` measures; a piece wider than a line is cut between letters."""
    lines, line = [], ""
    for piece in _pieces(words, width_of, limit):
        if line and width_of(line + piece.rstrip()) > limit:
            lines.append(line.rstrip())
            line = ""
        line = (line + piece).lstrip() if not line else line + piece
    return [*lines, line.rstrip()] if line.strip() else lines


def balanced_lines(words: str, width_of: Callable[[str], float], limit: float) -> list[str]:
    """As broken_lines, with lines of about one length, so that no last word stands alone."""
    lines = broken_lines(words, width_of, limit)
    narrower = limit
    while len(lines) > 1 and narrower > limit / 2:
        narrower -= limit / 24
        tried = broken_lines(words, width_of, narrower)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def _pieces(words: str, width_of: Callable[[str], float], limit: float) -> list[str]:
    """Words, spaces and single Chinese characters; a stop stays with the piece before it."""
    pieces: list[str] = []
    for piece in _PIECE.findall(words):
        if pieces and piece in STOPS and not pieces[-1].isspace():
            pieces[-1] += piece
        elif width_of(piece) > limit:
            pieces += list(piece)
        else:
            pieces.append(piece)
    return pieces
