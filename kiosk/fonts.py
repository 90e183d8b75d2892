"""The one font of tickets and previews, WenQuanYi Micro Hei (Apache-2.0), shipped in static/shared/fonts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_FILE = Path(__file__).resolve().parent.parent / "static" / "shared" / "fonts" / "wqy-microhei.ttc"

# The two faces of the collection.
PROPORTIONAL, MONOSPACED = 0, 1


@lru_cache(maxsize=32)
def font(size: int, face: int = PROPORTIONAL) -> ImageFont.FreeTypeFont:
    """The font at `size` dots; the basic layout engine is enough for Chinese and English and the same everywhere."""
    return ImageFont.truetype(str(FONT_FILE), size, index=face, layout_engine=ImageFont.Layout.BASIC)
