"""The mark of 碳屿, an island ridge over two water lines, as dots for paper: the same drawing as on every screen."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from kiosk.outline import polygons

MARK_FILE = Path(__file__).resolve().parent.parent / "static" / "shared" / "img" / "mark.svg"
OVERSAMPLING = 8  # drawn larger and reduced, so that slopes come out even


@lru_cache(maxsize=8)
def mark_picture(width_dots: int) -> Image.Image:
    """The mark in one colour without the empty board around it, `width_dots` wide (a multiple of 8)."""
    match = re.search(r'<path[^>]*\bd="([^"]+)"', MARK_FILE.read_text(encoding="utf-8"))
    assert match is not None, "the mark is one SVG path"
    pieces = polygons(match.group(1))
    left, right = min(x for piece in pieces for x, _ in piece), max(x for piece in pieces for x, _ in piece)
    top, bottom = min(y for piece in pieces for _, y in piece), max(y for piece in pieces for _, y in piece)
    height = round(width_dots * (bottom - top) / (right - left))
    scale = width_dots * OVERSAMPLING / (right - left)
    board = Image.new("L", (width_dots * OVERSAMPLING, height * OVERSAMPLING), 255)
    pen = ImageDraw.Draw(board)
    for piece in pieces:
        pen.polygon([((x - left) * scale, (y - top) * scale) for x, y in piece], fill=0)
    small = board.resize((width_dots, height), Image.Resampling.BOX)
    return small.point(lambda value: 255 if value > 127 else 0).convert("1", dither=Image.Dither.NONE)
