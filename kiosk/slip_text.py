"""Text mode: the printer's own letters (GB18030) and its own QR code; some 2 kB, quick on a slow serial line too."""

from __future__ import annotations

from PIL import Image

from kiosk import escpos
from kiosk.line_breaks import balanced_lines
from kiosk.mark import mark_picture
from kiosk.qr import PAPER_LEVEL, QUIET_MODULES, module_dots, widest_qr_side
from kiosk.slip import Code, Fact, Gap, Line, Mark, Part, Rule, Size

LETTER_DOTS, LETTER_ROWS = 12, 24  # font A; a Chinese character takes two columns
LINE_LEADING = 10
MARK_DOTS = 80
LARGEST_MODULE_DOTS = 7
LABEL_COLUMNS = 12

# (wide, tall) for each size; QUIET looks like BODY, for the printers' small font has no Chinese.
_DOUBLED = {
    Size.TITLE: (True, True),
    Size.HEADING: (False, True),
    Size.BODY: (False, False),
    Size.QUIET: (False, False),
    Size.NUMBER: (False, True),
}


def text_bytes(parts: list[Part], width: int) -> bytes:
    """The ticket as bytes for a printer of `width` dots (384 or 576)."""
    body = b"".join(_part_bytes(part, width) for part in parts)
    return escpos.RESET + escpos.CHINESE_ON + body + escpos.CUT


def _part_bytes(part: Part, width: int) -> bytes:
    match part:
        case Mark():
            return escpos.align(escpos.ALIGN_CENTRE) + escpos.raster(mark_picture(MARK_DOTS))
        case Line():
            return _line_bytes(part, width // LETTER_DOTS)
        case Fact():
            return _fact_bytes(part, width // LETTER_DOTS)
        case Rule():
            return escpos.raster(Image.new("1", (width, 2), 0))
        case Gap():
            return escpos.feed_dots(part.dots)
        case Code():
            return _code_bytes(part.link, width)


def _line_bytes(line: Line, columns: int) -> bytes:
    wide, tall = _DOUBLED[line.size]
    rows = balanced_lines(line.words, columns_of, columns // (2 if wide else 1))
    start = escpos.align(escpos.ALIGN_CENTRE) + escpos.style(wide=wide, tall=tall, bold=line.bold)
    height = LETTER_ROWS * (2 if tall else 1) + LINE_LEADING
    return start + escpos.line_height(height) + b"".join(escpos.text(row) + b"\n" for row in rows)


def _fact_bytes(fact: Fact, columns: int) -> bytes:
    label = f"{fact.label.zh} {fact.label.en}"
    room = columns - LABEL_COLUMNS
    rows = [row for value in fact.values for row in balanced_lines(value, columns_of, room)]
    labels = [label, *[""] * (len(rows) - 1)]
    lines = [_padded(label, LABEL_COLUMNS) + row for label, row in zip(labels, rows, strict=True)]
    start = escpos.align(escpos.ALIGN_LEFT) + escpos.style(wide=False, tall=False, bold=False)
    return start + escpos.line_height(LETTER_ROWS + LINE_LEADING) + b"".join(escpos.text(row) + b"\n" for row in lines)


def _code_bytes(link: str, width: int) -> bytes:
    """The printer adds no quiet zone and may choose a larger version than we would: room is left for the largest."""
    dots = module_dots(widest_qr_side(link, PAPER_LEVEL), width, LARGEST_MODULE_DOTS)
    quiet = escpos.feed_dots(QUIET_MODULES * dots)
    return escpos.align(escpos.ALIGN_CENTRE) + quiet + escpos.native_qr(link, dots, PAPER_LEVEL) + quiet


def columns_of(words: str) -> int:
    """How many letter columns the words take: two for a Chinese character or stop, one for a Latin letter."""
    return sum(1 if letter.isascii() else 2 for letter in words)


def _padded(words: str, columns: int) -> str:
    return words + " " * max(0, columns - columns_of(words))
