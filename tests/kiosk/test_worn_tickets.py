"""Tickets as people hand them in: turned, out of focus, dim, grainy, from a print head with dead dots; read by ZXing.

Each is drawn from the very bytes that the printer gets, as a picture, and as text with the printer's own QR command,
on 58 and on 80 mm of paper. The stripe of dead dots crosses the words and the data of the code, which corrects it; over
a finder (the three squares in the corners) nothing corrects it, which is why a head with dead dots is to be replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from PIL import Image

from kiosk.devices.preview import draw_ticket
from kiosk.qr import qr_grid
from kiosk.slip import ticket_parts
from kiosk.slip_raster import raster_bytes
from kiosk.slip_text import text_bytes
from tests.kiosk.test_slip import LINK, MODES, TICKET, WIDTHS, Compose
from tests.qr_reader import find_codes, read_codes
from tests.worn_paper import Wear, worn

FINDER_MODULES = 9  # a finder with the white around it and one more
SEEDS = 3

WORN = {
    "out of focus": Wear(blur_sigma=1.8),
    "grainy": Wear(grain=60),
    "turned": Wear(turn_degrees=12, blur_sigma=0.8),
    "faded head": Wear(stripe_dots=8, blur_sigma=0.8),
    "dim": Wear(black=60, white=130, grain=12, blur_sigma=0.8),
    "all at once": Wear(stripe_dots=4, turn_degrees=5, blur_sigma=1.4, black=60, white=160, grain=12),
}


@cache
def ticket(compose: Compose, width: int) -> tuple[Image.Image, tuple[int, int]]:
    """The picture of the clean ticket, and the columns of its code between the finders."""
    picture = draw_ticket(compose(ticket_parts(TICKET), width), width)
    [code] = find_codes(picture)
    left, right = code.position.top_left.x, code.position.top_right.x
    finder = FINDER_MODULES * round((right - left) / len(qr_grid(LINK, "Q")))
    return picture, (left + finder, right - finder)


def read_worn(compose: Compose, width: int, wear: Wear, seed: int) -> list[str]:
    picture, data = ticket(compose, width)
    return read_codes(worn(picture, wear, seed, data))


@MODES
@WIDTHS
@pytest.mark.parametrize("wear", WORN.values(), ids=WORN)
def test_a_worn_ticket_is_read(compose: Compose, width: int, wear: Wear) -> None:
    assert read_worn(compose, width, wear, seed=1) == [LINK]


def every_wear() -> Iterator[Wear]:
    light = ((0, 255), (60, 160))
    for stripe, turn, blur, (black, white), grain in product((0, 2, 4), (0, 4, 12), (0.8, 1.4), light, (6, 12)):
        yield Wear(stripe, turn, blur, black, white, grain)


@pytest.mark.slow
@MODES
@WIDTHS
def test_tickets_are_read_with_every_wear_beside_every_other(compose: Compose, width: int) -> None:
    wears = list(every_wear())
    unread = [
        (wear, seed)
        for seed in range(SEEDS)
        for wear in wears
        if read_worn(compose, width, wear, seed=seed * len(wears) + wears.index(wear)) != [LINK]
    ]
    assert unread == []


@pytest.mark.slow
@MODES
@WIDTHS
def test_one_line_of_dead_dots_anywhere_between_the_finders_is_corrected(compose: Compose, width: int) -> None:
    _, (first, last) = ticket(compose, width)
    unread = [
        (dots, left)
        for dots in (1, 2, 4, 8)
        for left in range(first, last - dots + 1)
        if read_codes(worn(ticket(compose, width)[0], Wear(stripe_dots=dots), 0, (left, left + dots))) != [LINK]
    ]
    assert unread == []


def test_a_picture_without_focus_is_not_read_so_the_blur_is_a_blur() -> None:
    for compose in (raster_bytes, text_bytes):
        assert read_worn(compose, 384, Wear(blur_sigma=6), seed=1) == []
