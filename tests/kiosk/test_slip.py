"""Slips: real ESC/POS bytes, drawn as a printer would, read back by a decoder, clean and after a day in a pocket."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image, ImageChops, ImageFilter

from kiosk import escpos
from kiosk.devices.escpos_reader import EscposReader, EscposUnreadable
from kiosk.devices.preview import PreviewPaper, draw_ticket
from kiosk.fonts import FONT_FILE, font
from kiosk.line_breaks import balanced_lines, broken_lines
from kiosk.mark import mark_picture
from kiosk.qr import module_dots, qr_grid, qr_svg, widest_qr_side
from kiosk.slip import Part, Ticket, ticket_number, ticket_parts
from kiosk.slip_raster import raster_bytes, raster_picture
from kiosk.slip_text import columns_of, text_bytes
from kiosk.unit_words import amount_words
from kiosk.words import Words
from scenes.wire.code_text import code_link
from tests.qr_reader import find_codes, read_codes

Compose = Callable[[list[Part], int], bytes]
MODES = pytest.mark.parametrize("compose", [raster_bytes, text_bytes], ids=["raster", "text"])
WIDTHS = pytest.mark.parametrize("width", [384, 576])
LINK = code_link(sha256(b"a ticket").digest() * 2 + sha256(b"its tail").digest()[:24], "http://127.0.0.1:8000")

TICKET = Ticket(
    number=ticket_number(4, 1, 1042),
    link=LINK,
    scene=Words("空调26度、人走断电", "AC at 26 °C, power off when out"),
    variant=Words("普通客房", "Standard room"),
    amount=amount_words(120, "kg"),
    venue=Words("灵山岛游客中心二号楼服务台", "Service desk in building two, Lingshan visitor centre"),
    island=Words("灵山岛（示范）", "Lingshan Island (demonstration)"),
    help=Words("有问题请到码头服务台，每天 8:00-17:00", "Questions? Ask at the pier desk, 8:00-17:00 every day"),
    demonstration=True,
    issued_at=1_795_000_000,
    days_valid=14,
)


@MODES
@WIDTHS
def test_a_ticket_is_read_back_from_its_printed_bytes(compose: Compose, width: int) -> None:
    picture = draw_ticket(compose(ticket_parts(TICKET), width), width)
    assert read_codes(picture) == [LINK]
    assert picture.width == width + 80


@MODES
@WIDTHS
@pytest.mark.parametrize("seed", range(3))
def test_a_ticket_is_read_after_a_day_in_a_pocket(compose: Compose, width: int, seed: int) -> None:
    """Turned, out of focus, in a dim and grainy picture of one camera pixel to a printed dot."""
    chance = random.Random(seed)
    picture = draw_ticket(compose(ticket_parts(TICKET), width), width)
    turned = picture.rotate(chance.uniform(-12, 12), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    blurred = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.4)))
    dim = blurred.point(lambda grey: 60 + grey * 0.5)
    grain = Image.frombytes("L", dim.size, chance.randbytes(dim.width * dim.height)).point(lambda grey: grey // 5)
    assert read_codes(ImageChops.add(dim, grain, scale=1, offset=-25)) == [LINK], f"seed {seed}"


@MODES
@WIDTHS
def test_the_code_has_its_quiet_zone_and_modules_of_half_a_millimetre(compose: Compose, width: int) -> None:
    picture = draw_ticket(compose(ticket_parts(TICKET), width), width)
    [code] = find_codes(picture)
    corner = code.position
    left, top, right, bottom = corner.top_left.x, corner.top_left.y, corner.top_right.x, corner.bottom_left.y
    module = (right - left) / len(qr_grid(LINK, "Q"))
    assert module >= 4
    quiet = int(4 * module) - 2
    around = picture.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    frame = around.copy()
    frame.paste(255, (quiet - 2, quiet - 2, frame.width - quiet + 2, frame.height - quiet + 2))
    assert frame.getextrema() == (255, 255), "four modules of white on every side"


def test_a_printer_that_writes_bytes_instead_of_letters_still_finds_room() -> None:
    for width in (384, 576):
        dots = module_dots(widest_qr_side(LINK, "Q"), width, 7)
        assert dots >= 4
        assert (widest_qr_side(LINK, "Q") + 8) * dots <= width


@WIDTHS
def test_no_line_of_the_text_mode_is_wider_than_the_paper(width: int) -> None:
    class Measured(PreviewPaper):
        widest = 0

        def new_line(self) -> None:
            Measured.widest = max(Measured.widest, sum(cell.width for cell in self._cells))
            super().new_line()

        def letter(self, letter: str) -> None:
            waiting = len(self._cells)
            super().letter(letter)
            assert len(self._cells) == waiting + 1, "the paper never had to break a line by itself"

    paper = Measured(width)
    EscposReader(text_bytes(ticket_parts(TICKET), width), paper).read()
    assert 0 < Measured.widest <= width
    assert paper.cuts == 1


def test_text_mode_is_small_enough_for_a_slow_line() -> None:
    assert len(text_bytes(ticket_parts(TICKET), 576)) < 3_500
    assert len(raster_bytes(ticket_parts(TICKET), 576)) < 150_000


def test_text_travels_in_the_two_byte_characters_of_gbk() -> None:
    assert escpos.text("兑换 A1") == "兑换 A1".encode("gb18030")
    assert escpos.text("￥5") == b"\xa3\xa45"
    assert escpos.text("🏝¥") == b"??", "what GBK lacks is a question mark, never four bytes"


def test_a_ticket_without_help_date_or_amount_is_a_ticket_too() -> None:
    bare = replace(TICKET, help=None, issued_at=None, amount=None, variant=None, demonstration=False)
    for compose in (raster_bytes, text_bytes):
        assert read_codes(draw_ticket(compose(ticket_parts(bare), 384), 384)) == [LINK]


@pytest.mark.parametrize(
    "data",
    [
        b"\x1bJ\x20",
        b"\x1dv0\x00\x01\x00\x02\x00\xff",
        b"\x1d(k\x03\x001\x99\x00",
        b"\x01",
        b"\xbd\xbb",
        b"\x1c&\xff\xff",
    ],
    ids=["unknown command", "cut short", "unknown function", "control byte", "Chinese mode off", "no character"],
)
def test_the_preview_refuses_bytes_that_no_ticket_of_ours_has(data: bytes) -> None:
    with pytest.raises(EscposUnreadable):
        draw_ticket(data, 384)


def test_the_number_is_read_out_in_groups_of_four() -> None:
    assert ticket_number(4, 1, 1042) == "0004 0001 0000 1042"
    assert ticket_number(12, 3, 4_294_967_295) == "00 1200 0342 9496 7295"


def test_the_picture_is_black_on_white_and_fills_whole_bytes() -> None:
    picture = raster_picture(ticket_parts(TICKET), 384)
    assert (picture.mode, picture.width) == ("1", 384)
    assert mark_picture(88).getextrema() == (0, 255)


def test_the_screens_picture_is_a_scannable_svg() -> None:
    svg = qr_svg(LINK)
    assert svg.startswith("<svg xmlns=")
    assert "style" not in svg
    grid = qr_grid(LINK, "M")
    assert svg.count("M") - 1 == sum(_runs(row) for row in grid)


def _runs(row: list[bool]) -> int:
    return sum(dark and not before for dark, before in zip(row, [False, *row[:-1]], strict=True))


def test_lines_break_at_spaces_between_characters_and_never_before_a_stop() -> None:
    lines = broken_lines("灵山岛码头，服务台 open every day", columns_of, 10)
    assert all(columns_of(line) <= 10 for line in lines)
    assert not any(line.startswith(("，", " ")) for line in lines)
    assert "".join(lines).replace(" ", "") == "灵山岛码头，服务台openeveryday"


def test_a_word_longer_than_the_line_is_cut_and_nothing_is_lost() -> None:
    assert broken_lines("ABCDEFGHIJ", columns_of, 4) == ["ABCD", "EFGH", "IJ"]


def test_balanced_lines_leave_no_last_word_alone() -> None:
    assert balanced_lines("Scan the code with your phone today", columns_of, 30) == [
        "Scan the code with",
        "your phone today",
    ]


def test_amounts_are_exact_and_one_counted_thing_goes_without_saying() -> None:
    assert amount_words(1, "trip") is None
    assert amount_words(2, "meal") == Words("2 餐", "2 meals")
    assert amount_words(100, "kg") == Words("1 公斤", "1 kg")
    assert amount_words(120, "kg") == Words("1.2 公斤", "1.2 kg")
    assert amount_words(105, "kg") == Words("1.05 公斤", "1.05 kg")
    assert amount_words(15, "km") == Words("1.5 公里", "1.5 km")


def test_the_font_that_is_shipped_holds_what_tickets_say() -> None:
    assert FONT_FILE.exists()
    empty = bytes(font(24).getmask("\ufffe"))
    for letter in "碳屿灵山岛纸券有效截止：，。·？":
        assert bytes(font(24).getmask(letter)) != empty
