"""What everything that the office prints shares: the font that is embedded, codes as pictures, days and sizes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from miniprogram_api.routes.scalars import ISLAND_TIME

PIXELS_A_MODULE = 10
FONT_FILE = Path(__file__).resolve().parents[3] / "static" / "shared" / "fonts" / "wqy-microhei.ttc"
PINE, QUIET, TEXT = "#05803f", "#5b6b66", "#1b2a26"


def code_picture(text: str) -> ImageReader:
    """The code with its quiet zone as a picture of two colours, ten pixels a module."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, box_size=PIXELS_A_MODULE, border=4)
    code.add_data(text)
    code.make(fit=True)
    file = BytesIO()
    code.make_image().save(file, "PNG")
    file.seek(0)
    return ImageReader(file)


@cache
def font() -> str:
    """The name of the one font, which the file of every print carries along."""
    name = "WenQuanYi"
    pdfmetrics.registerFont(TTFont(name, str(FONT_FILE), subfontIndex=0))
    return name


def fitting(line: str, size: float, room: float) -> float:
    """The size at which the line fits, at most this one."""
    wide = pdfmetrics.stringWidth(line, font(), size)
    return size if wide <= room else float(size * room / wide)


def last_day(moment: int) -> str:
    """The last day that ends before this moment, in Unix seconds, on the island."""
    return datetime.fromtimestamp(moment - 1, UTC).astimezone(ISLAND_TIME).strftime("%Y-%m-%d")
