"""Residents' cards from their sheet, as a reader's camera sees them after a year in a purse; read by ZXing.

No renderer of PDF is among the requirements. So the sheet is drawn from what its page says of the codes: each code's
own picture is placed where the page places it, in the size in which it does, at 203 dots to an inch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from miniprogram_api.routes.staff.card_sheet import Issuer, card_sheets
from miniprogram_api.services.cards import CardFace
from tests.qr_reader import read_codes
from tests.worn_paper import DOTS_PER_INCH, WHITE, Wear, worn

POINTS_PER_INCH = 72
MILLIMETRES_PER_INCH = 25.4
CODE_MILLIMETRES = 40
VECTORS = json.loads(Path("tests/vectors/resident_card.json").read_text(encoding="utf-8"))
TEXTS = [vector["code"] for vector in VECTORS if vector["expect"] == "ok"][:10]
PLACED = re.compile(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm\s+(/FormXob\.\w+) Do")
SEEDS = 2

WORN = {
    "out of focus": Wear(blur_sigma=1.8),
    "grainy": Wear(grain=60),
    "turned": Wear(turn_degrees=12, blur_sigma=0.8),
    "faded toner": Wear(stripe_dots=4, blur_sigma=0.8),
    "dim": Wear(black=60, white=130, grain=12, blur_sigma=0.8),
    "all at once": Wear(stripe_dots=2, turn_degrees=5, blur_sigma=1.4, black=60, white=160, grain=12),
}


def dots(points: float) -> int:
    return round(points / POINTS_PER_INCH * DOTS_PER_INCH)


@cache
def codes_of_the_sheet() -> list[Image.Image]:
    """The place of each code on a sheet of ten cards, as it lies on the paper."""
    faces = [CardFace(bytes([number] * 8), text, "奶奶", 1_900_000_000) for number, text in enumerate(TEXTS)]
    [page] = PdfReader(BytesIO(card_sheets(faces, Issuer("灵山岛", "0532 0000 0000")))).pages
    contents = page.get_contents()
    assert contents is not None
    across, down = (dots(float(side)) for side in page.mediabox[2:])
    sheet, places = Image.new("L", (across, down), WHITE), []
    for placed in PLACED.finditer(contents.get_data()):
        width, height, left, bottom = (dots(float(number)) for number in placed.groups()[:4])
        code = page.images[placed.group(5).decode()].image
        assert code is not None
        sheet.paste(code.convert("L").resize((width, height), Image.Resampling.BOX), (left, down - bottom - height))
        places.append((left, down - bottom - height, left + width, down - bottom))
    return [sheet.crop(place) for place in places]


def read_worn(code: Image.Image, wear: Wear, seed: int) -> list[str]:
    """The stripe lies between the finders, which nothing corrects: the middle third of the code."""
    return read_codes(worn(code, wear, seed, (code.width // 3, 2 * code.width // 3)))


def test_a_sheet_has_ten_different_codes_of_forty_millimetres() -> None:
    codes = codes_of_the_sheet()
    assert [read_codes(code) for code in codes] == [[text] for text in TEXTS]
    side = round(CODE_MILLIMETRES / MILLIMETRES_PER_INCH * DOTS_PER_INCH)
    assert {code.size for code in codes} == {(side, side)}


@pytest.mark.parametrize("wear", WORN.values(), ids=WORN)
def test_a_worn_card_is_read(wear: Wear) -> None:
    read = [read_worn(code, wear, seed) for seed, code in enumerate(codes_of_the_sheet())]
    assert read == [[text] for text in TEXTS]


def every_wear() -> Iterator[Wear]:
    light = ((0, 255), (60, 160))
    for stripe, turn, blur, (black, white), grain in product((0, 2, 4), (0, 4, 12), (0.8, 1.4), light, (6, 12)):
        yield Wear(stripe, turn, blur, black, white, grain)


@pytest.mark.slow
def test_cards_are_read_with_every_wear_beside_every_other() -> None:
    wears = list(every_wear())
    unread = [
        (wear, text)
        for turn in range(SEEDS)
        for number, (code, text) in enumerate(zip(codes_of_the_sheet(), TEXTS, strict=True))
        for place, wear in enumerate(wears)
        if read_worn(code, wear, (turn * len(TEXTS) + number) * len(wears) + place) != [text]
    ]
    assert unread == []
