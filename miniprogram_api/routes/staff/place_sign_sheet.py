"""The sign of a place, A4: what it is called, its code, and what the code does and does not do."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from miniprogram_api.routes.staff.paper import PINE, QUIET, TEXT, code_picture, fitting, font

CODE_SIDE = 120 * mm  # read from two metres away
CODE_BOTTOM = 82 * mm
MARGIN = 18 * mm


@dataclass(frozen=True)
class SignFace:
    """`link` is our own address of the place; `picture` the mini-program's code, which takes its place."""

    name_zh: str
    name_en: str
    link: str
    picture: bytes | None


def place_sign_sheet(face: SignFace, island: str, contact: str) -> bytes:
    """The sign as PDF."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(f"{face.name_zh} {face.name_en} · {island}")
    ask_zh = "微信扫一扫，看看在这里能做什么" if face.picture else "扫一扫，看看在这里能做什么"
    ask_en = "Scan with WeChat: what you can do here" if face.picture else "Scan it: what you can do here"
    lines = [
        (272, 14, PINE, f"碳屿 · {island}"),
        (244, 40, TEXT, face.name_zh),
        (228, 22, TEXT, face.name_en),
        (66, 22, TEXT, ask_zh),
        (56, 15, TEXT, ask_en),
        (38, 11, QUIET, "这个码只认地点，不会加分；积分请扫自助机屏幕上的码，或请店员扫会员码"),
        (32, 10, QUIET, "This code names the place and gives no points; those come from the kiosk or the till"),
        (20, 10, QUIET, contact),
    ]
    room = A4[0] - 2 * MARGIN
    for height, size, colour, line in lines:
        canvas.setFillColor(colour)
        canvas.setFont(font(), fitting(line, size, room))
        canvas.drawCentredString(A4[0] / 2, height * mm, line)
    picture = ImageReader(BytesIO(face.picture)) if face.picture else code_picture(face.link)
    canvas.drawImage(picture, (A4[0] - CODE_SIDE) / 2, CODE_BOTTOM, CODE_SIDE, CODE_SIDE, mask="auto")
    canvas.showPage()
    canvas.save()
    return file.getvalue()
