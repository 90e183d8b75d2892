"""Decimal strings: how a factor is written, so that no digit of a published figure is lost on the way."""

import re
from functools import lru_cache

# ASCII digits, at most seven before and twelve after the point; no sign, no exponent, no leading zero.
_PATTERN = re.compile(r"(0|[1-9][0-9]{0,6})(?:\.([0-9]{1,12}))?")


@lru_cache(maxsize=1024)
def read_decimal_text(text: str) -> tuple[int, int]:
    """Read "22.96" as the fraction (2296, 100): all digits as one integer, and the power of ten that they stand over.

    Raises ValueError for anything but a plain decimal that is not negative.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a plain decimal")
    whole, fraction = match[1], match[2] or ""
    return int(whole + fraction), int("1" + "0" * len(fraction))
