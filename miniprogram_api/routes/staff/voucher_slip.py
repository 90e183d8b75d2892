"""A voucher on paper, A6: what it is for, where, until when, and its readable code in groups of four."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from miniprogram_api.routes.staff.paper import PINE, QUIET, TEXT, code_picture, fitting, font, last_day
from miniprogram_api.services.desk_vouchers import Slip

CODE_SIDE = 46 * mm
MARGIN = 8 * mm


def voucher_slip(slip: Slip, island: str, contact: str) -> bytes:
    """The slip as PDF. The code in its picture is the readable one, so that a camera saves the typing."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A6)
    canvas.setTitle(f"兑换券 Voucher · {island}")
    times = f" × {slip.quantity}" if slip.quantity > 1 else ""
    lines = [
        (138, 9, PINE, island),
        (129, 18, TEXT, f"{slip.item['zh']}{times}"),
        (123, 11, TEXT, f"{slip.item['en']}{times}"),
        (114, 11, TEXT, f"{slip.merchant['zh']} · {slip.place['zh']}"),
        (109, 9, QUIET, f"{slip.merchant['en']} · {slip.place['en']}"),
        (45, 22, TEXT, slip.readable_code),
        (38, 9, QUIET, "给店员看或念这个码，一次有效"),
        (33.5, 9, QUIET, "Show this code or read it out; it counts once"),
        (24, 10, TEXT, f"有效至 Good until {last_day(slip.expires_at)}"),
        (18, 9, QUIET, f"{slip.nickname} · {slip.points} 分 points"),
        (12, 9, QUIET, contact),
    ]
    room = A6[0] - 2 * MARGIN
    for height, size, colour, line in lines:
        canvas.setFillColor(colour)
        canvas.setFont(font(), fitting(line, size, room))
        canvas.drawCentredString(A6[0] / 2, height * mm, line)
    canvas.drawImage(code_picture(slip.readable_code), (A6[0] - CODE_SIDE) / 2, 54 * mm, CODE_SIDE, CODE_SIDE)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
