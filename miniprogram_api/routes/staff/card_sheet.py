"""Residents' cards on paper: ten of credit-card size on each A4 sheet, to be cut along the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from miniprogram_api.routes.staff.paper import PINE, QUIET, TEXT, code_picture, fitting, font, last_day
from miniprogram_api.services.cards import CardFace

# ISO/IEC 7810, ID-1.
WIDTH, HEIGHT = 85.6 * mm, 54 * mm
COLUMNS, ROWS = 2, 5
LEFT, BOTTOM = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
MARGIN = 4 * mm
CODE_SIDE = 40 * mm  # with its quiet zone; a module is then 0.7 mm wide
MARK = 3 * mm


@dataclass(frozen=True)
class Issuer:
    """Whose cards these are, and where their owners find help."""

    island: str
    contact: str


def card_sheets(faces: Sequence[CardFace], issuer: Issuer) -> bytes:
    """The sheets as PDF. The only personal thing on a card is the member's nickname."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(f"居民卡 Resident cards · {issuer.island}")
    for first in range(0, len(faces), COLUMNS * ROWS):
        for place, face in enumerate(faces[first : first + COLUMNS * ROWS]):
            row, column = divmod(place, COLUMNS)
            left, bottom = LEFT + column * WIDTH, BOTTOM + (ROWS - 1 - row) * HEIGHT
            _draw_card(canvas, left, bottom, face, issuer)
        _draw_marks(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_card(canvas: Canvas, left: float, bottom: float, face: CardFace, issuer: Issuer) -> None:
    canvas.drawImage(
        code_picture(face.code_text),
        left + WIDTH - CODE_SIDE - 1 * mm,
        bottom + (HEIGHT - CODE_SIDE) / 2,
        CODE_SIDE,
        CODE_SIDE,
    )
    x, room = left + MARGIN, WIDTH - CODE_SIDE - 1 * mm - MARGIN
    lines = [
        (46, 7.5, PINE, issuer.island),
        (38, 13, TEXT, "居民卡"),
        (33.5, 8, TEXT, "Resident card"),
        (24, 12, TEXT, face.nickname),
        (18.5, 7, QUIET, f"No. {face.card.hex()[-6:].upper()}"),
        (14.5, 7, QUIET, f"有效至 until {last_day(face.valid_until)}"),
        (9, 6, QUIET, "只能赚积分；换东西请到服务台"),
        (6, 6, QUIET, "Earns points; to spend, come to the desk"),
        (3, 6, QUIET, issuer.contact),
    ]
    for height, size, colour, line in lines:
        canvas.setFillColor(colour)
        canvas.setFont(font(), fitting(line, size, room))
        canvas.drawString(x, bottom + height * mm, line)


def _draw_marks(canvas: Canvas) -> None:
    """Short lines outside the cards, where a cutter is laid on."""
    canvas.setStrokeColor(QUIET)
    canvas.setLineWidth(0.3)
    right, top = LEFT + COLUMNS * WIDTH, BOTTOM + ROWS * HEIGHT
    for column in range(COLUMNS + 1):
        x = LEFT + column * WIDTH
        canvas.line(x, top + 1 * mm, x, top + 1 * mm + MARK)
        canvas.line(x, BOTTOM - 1 * mm, x, BOTTOM - 1 * mm - MARK)
    for row in range(ROWS + 1):
        y = BOTTOM + row * HEIGHT
        canvas.line(LEFT - 1 * mm, y, LEFT - 1 * mm - MARK, y)
        canvas.line(right + 1 * mm, y, right + 1 * mm + MARK, y)
