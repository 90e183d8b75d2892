"""The preview printer: draws the very bytes that a printer would get, as a picture of the finished ticket."""

from __future__ import annotations

from PIL import Image, ImageDraw

from kiosk.devices.escpos_reader import EscposReader, RasterBand
from kiosk.fonts import MONOSPACED, font
from kiosk.qr import qr_grid

# Font A and its Chinese neighbour, as on every printer of this kind.
LETTER_WIDTH, LETTER_HEIGHT = 12, 24
DEFAULT_LINE_HEIGHT = 30
SIDE_MARGIN, END_MARGIN = 40, 24  # 58 and 80 mm paper has about 5 mm of white on either side
PAPER_WHITE, INK_BLACK = 255, 0
BOLD_STROKE = 0.4


def draw_ticket(data: bytes, width: int) -> Image.Image:
    """The picture of a ticket on paper with `width` printable dots (384 or 576); raises EscposUnreadable."""
    paper = PreviewPaper(width)
    EscposReader(data, paper).read()
    return paper.finished()


class PreviewPaper:
    """Paper that grows downwards as the commands come in."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._strips: list[Image.Image] = []
        self.cuts = 0
        self.reset()

    def reset(self) -> None:
        """Back to what a printer does after it was switched on."""
        self._latin = self._chinese_flags = 0
        self._is_bold = self._is_chinese = False
        self._side = 0
        self._height = DEFAULT_LINE_HEIGHT
        self._cells: list[Image.Image] = []
        self._module, self._level, self._content = 3, "L", b""

    def style_latin(self, flags: int) -> None:
        self._latin = flags

    def style_chinese(self, flags: int) -> None:
        self._chinese_flags = flags

    def bold(self, on: bool) -> None:
        self._is_bold = on

    def align(self, side: int) -> None:
        self._side = side

    def line_height(self, dots: int) -> None:
        self._height = dots

    def chinese(self, on: bool) -> None:
        self._is_chinese = on

    def letter(self, letter: str) -> None:
        """Puts a letter into the waiting line; a full line is printed first."""
        cell = self._cell(letter)
        if sum(waiting.width for waiting in self._cells) + cell.width > self._width:
            self.new_line()
        self._cells.append(cell)

    def _cell(self, letter: str) -> Image.Image:
        columns = 1 if letter.isascii() else 2
        cell = Image.new("L", (LETTER_WIDTH * columns, LETTER_HEIGHT), PAPER_WHITE)
        bold = self._is_bold or bool(self._latin & 0x08)
        face, middle = font(24 if columns == 2 else 22, MONOSPACED), (cell.width / 2, cell.height / 2)
        stroke = BOLD_STROKE if bold else 0
        ImageDraw.Draw(cell).text(middle, letter, INK_BLACK, face, anchor="mm", stroke_width=stroke)
        inked = cell.point(lambda grey: PAPER_WHITE if grey > 150 else INK_BLACK)
        wide, tall = self._doubling(letter)
        doubled = (cell.width * (2 if wide else 1), cell.height * (2 if tall else 1))
        return inked.resize(doubled, Image.Resampling.NEAREST)

    def _doubling(self, letter: str) -> tuple[bool, bool]:
        if letter.isascii():
            return bool(self._latin & 0x20), bool(self._latin & 0x10)
        return bool(self._chinese_flags & 0x04), bool(self._chinese_flags & 0x08)

    def new_line(self) -> None:
        """Prints the waiting line; an empty one feeds by the line height."""
        tallest = max((cell.height for cell in self._cells), default=0)
        strip = Image.new("L", (self._width, max(tallest, self._height)), PAPER_WHITE)
        left = self._left(sum(cell.width for cell in self._cells))
        for cell in self._cells:
            strip.paste(cell, (left, tallest - cell.height))
            left += cell.width
        self._cells = []
        self._strips.append(strip)

    def feed_lines(self, count: int) -> None:
        for _ in range(count):
            self.new_line()

    def picture(self, band: RasterBand) -> None:
        burnt = bytes(byte ^ 0xFF for byte in band.dots)
        self._place(Image.frombytes("1", (band.row_bytes * 8, band.rows), burnt).convert("L"))

    def qr_module(self, dots: int) -> None:
        self._module = dots

    def qr_level(self, level: str) -> None:
        self._level = level

    def qr_content(self, content: bytes) -> None:
        self._content = content

    def qr_print(self) -> None:
        """Draws the stored code without a quiet zone, as printers do."""
        grid = qr_grid(self._content.decode("ascii"), self._level)
        small = Image.new("L", (len(grid), len(grid)))
        small.putdata([INK_BLACK if dark else PAPER_WHITE for row in grid for dark in row])
        side = len(grid) * self._module
        self._place(small.resize((side, side), Image.Resampling.NEAREST))

    def cut(self) -> None:
        self.cuts += 1

    def _place(self, picture: Image.Image) -> None:
        """Puts a picture on its own rows; what is wider than the paper is lost, as on paper."""
        strip = Image.new("L", (self._width, picture.height), PAPER_WHITE)
        strip.paste(picture, (self._left(picture.width), 0))
        self._strips.append(strip)

    def _left(self, width: int) -> int:
        return {0: 0, 1: max(0, (self._width - width) // 2), 2: max(0, self._width - width)}[self._side]

    def finished(self) -> Image.Image:
        """The ticket with the white of its edges."""
        height = sum(strip.height for strip in self._strips)
        picture = Image.new("L", (self._width + 2 * SIDE_MARGIN, height + 2 * END_MARGIN), PAPER_WHITE)
        top = END_MARGIN
        for strip in self._strips:
            picture.paste(strip, (SIDE_MARGIN, top))
            top += strip.height
        return picture
