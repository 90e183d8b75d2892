"""Raster mode: Pillow draws the whole ticket with our own font, so that it looks the same on every printer."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

from kiosk import escpos
from kiosk.fonts import MONOSPACED, PROPORTIONAL, font
from kiosk.line_breaks import balanced_lines
from kiosk.mark import mark_picture
from kiosk.qr import PAPER_LEVEL, QUIET_MODULES, module_dots, qr_grid
from kiosk.slip import Code, Fact, Gap, Line, Mark, Part, Rule, Size

LARGEST_MODULE_DOTS = 8  # 1 mm: read from an arm's length
LINE_SPACING = 1.32
INK_THRESHOLD = 150  # grey of the drawn letters that becomes ink; a little high, so that thin strokes do not break


@dataclass(frozen=True, slots=True)
class RasterStyle:
    """Sizes in dots for one width of paper."""

    width: int
    margin: int
    label: int
    mark: int
    sizes: dict[Size, int]


STYLES = {
    384: RasterStyle(
        384, 8, 116, 88,
        {Size.TITLE: 46, Size.HEADING: 26, Size.BODY: 24, Size.QUIET: 19, Size.NUMBER: 28},
    ),
    576: RasterStyle(
        576, 40, 140, 120,
        {Size.TITLE: 64, Size.HEADING: 32, Size.BODY: 28, Size.QUIET: 22, Size.NUMBER: 36},
    ),
}  # fmt: skip


def raster_bytes(parts: list[Part], width: int) -> bytes:
    """The ticket as bytes for a printer of `width` dots (384 or 576)."""
    return escpos.RESET + escpos.raster(raster_picture(parts, width)) + escpos.CUT


def raster_picture(parts: list[Part], width: int) -> Image.Image:
    """The ticket as one picture of black dots."""
    style = STYLES[width]
    strips = [_strip(part, style) for part in parts]
    paper = Image.new("1", (width, sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper


def _strip(part: Part, style: RasterStyle) -> Image.Image:
    """One part over the whole width."""
    match part:
        case Mark():
            return _centred(mark_picture(style.mark), style)
        case Line():
            return _line(part, style)
        case Fact():
            return _fact(part, style)
        case Rule():
            strip = _blank(2, style)
            strip.paste(0, (style.margin, 0, style.width - style.margin, 2))
            return strip
        case Gap():
            return _blank(part.dots, style)
        case Code():
            return _centred(_qr_picture(part.link, style.width), style)


def _blank(height: int, style: RasterStyle) -> Image.Image:
    return Image.new("1", (style.width, height), 1)


def _centred(picture: Image.Image, style: RasterStyle) -> Image.Image:
    strip = _blank(picture.height, style)
    strip.paste(picture, ((style.width - picture.width) // 2, 0))
    return strip


def _line(line: Line, style: RasterStyle) -> Image.Image:
    size = style.sizes[line.size]
    face = font(size, MONOSPACED if line.size is Size.NUMBER else PROPORTIONAL)
    rows = balanced_lines(line.words, face.getlength, style.width - 2 * style.margin)
    pen, strip = _pen(rows, size, style)
    for number, row in enumerate(rows):
        middle = (style.width / 2, (number + 0.5) * size * LINE_SPACING)
        pen.text(middle, row, fill=0, font=face, anchor="mm", stroke_width=_stroke(size, bold=line.bold))
    return _inked(strip)


def _fact(fact: Fact, style: RasterStyle) -> Image.Image:
    size, quiet = style.sizes[Size.BODY], style.sizes[Size.QUIET]
    face = font(size)
    left = style.margin + style.label
    room = style.width - left - style.margin
    rows = [row for value in fact.values for row in balanced_lines(value, face.getlength, room)]
    pen, strip = _pen(rows, size, style)
    base = size * LINE_SPACING * 0.5 + size * 0.36
    pen.text((style.margin, base), fact.label.zh, fill=0, font=face, anchor="ls")
    beside = style.margin + face.getlength(fact.label.zh) + quiet * 0.3
    pen.text((beside, base), fact.label.en, fill=0, font=font(quiet), anchor="ls")
    for number, row in enumerate(rows):
        pen.text((left, base + number * size * LINE_SPACING), row, fill=0, font=face, anchor="ls")
    return _inked(strip)


def _pen(rows: list[str], size: int, style: RasterStyle) -> tuple[ImageDraw.ImageDraw, Image.Image]:
    strip = Image.new("L", (style.width, round(len(rows) * size * LINE_SPACING)), 255)
    return ImageDraw.Draw(strip), strip


def _stroke(size: int, *, bold: bool) -> float:
    """The font has one weight; a thin stroke around the letters makes the other."""
    return size / 56 if bold else 0


def _inked(strip: Image.Image) -> Image.Image:
    return strip.point(lambda grey: 255 if grey > INK_THRESHOLD else 0).convert("1", dither=Image.Dither.NONE)


def _qr_picture(link: str, width: int) -> Image.Image:
    grid = qr_grid(link, PAPER_LEVEL)
    dots = module_dots(len(grid), width, LARGEST_MODULE_DOTS)
    side = len(grid) + 2 * QUIET_MODULES
    small = Image.new("1", (side, side), 1)
    for row, modules in enumerate(grid):
        for column, dark in enumerate(modules):
            if dark:
                small.putpixel((column + QUIET_MODULES, row + QUIET_MODULES), 0)
    return small.resize((side * dots, side * dots), Image.Resampling.NEAREST)
