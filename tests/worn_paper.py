"""What becomes of a print until a camera sees it: a worn print head, a turn, a blur, dim light and grain.

A picture has one pixel to a printed dot, so at 203 dpi eight pixels are a millimetre. The same seed gives the same
picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

DOTS_PER_INCH = 203
WHITE = 255
MIDDLE = 128


@dataclass(frozen=True)
class Wear:
    """How much of each. `stripe_dots`: so many neighbouring dots of the head burn no more, along the whole paper.
    `turn_degrees`: either way. `blur_sigma`: of the Gaussian, in dots. `black` and `white`: the grey levels (0 to 255)
    that the camera makes of ink and paper. `grain`: each pixel is off by up to so many grey levels, evenly spread."""

    stripe_dots: int = 0
    turn_degrees: float = 0
    blur_sigma: float = 0
    black: int = 0
    white: int = WHITE
    grain: int = 0


def worn(picture: Image.Image, wear: Wear, seed: int, stripe_within: tuple[int, int] | None = None) -> Image.Image:
    """The picture (mode L) as a camera sees it; the stripe lies somewhere in these columns, by default in any."""
    chance = random.Random(seed)
    picture = _striped(picture, wear.stripe_dots, chance, stripe_within or (0, picture.width))
    if wear.turn_degrees:
        angle = chance.choice((-1, 1)) * wear.turn_degrees
        picture = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)
    if wear.blur_sigma:
        picture = picture.filter(ImageFilter.GaussianBlur(wear.blur_sigma))
    picture = picture.point([round(wear.black + (wear.white - wear.black) * grey / WHITE) for grey in range(256)])
    return _grained(picture, wear.grain, chance) if wear.grain else picture


def _striped(picture: Image.Image, dots: int, chance: random.Random, within: tuple[int, int]) -> Image.Image:
    if not dots:
        return picture
    left = chance.randrange(within[0], within[1] - dots + 1)
    striped = picture.copy()
    striped.paste(WHITE, (left, 0, left + dots, picture.height))
    return striped


def _grained(picture: Image.Image, grain: int, chance: random.Random) -> Image.Image:
    noise = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height))
    off = noise.point([round((level / WHITE * 2 - 1) * grain) + MIDDLE for level in range(256)])
    return ImageChops.add(picture, off, scale=1, offset=-MIDDLE)
