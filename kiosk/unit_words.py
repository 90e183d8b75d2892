"""Amounts in words: 120 code units of kg are "1.2 公斤 kg"."""

from __future__ import annotations

from kiosk.words import Words
from scenes.units import whole_unit

# (Chinese measure word, English singular, English plural)
UNIT_WORDS = {
    "piece": ("件", "piece", "pieces"),
    "meal": ("餐", "meal", "meals"),
    "night": ("晚", "night", "nights"),
    "trip": ("次", "trip", "trips"),
    "refill": ("次", "refill", "refills"),
    "drop": ("次", "drop", "drops"),
    "purchase": ("次", "purchase", "purchases"),
    "ticket": ("张", "ticket", "tickets"),
    "session": ("次", "session", "sessions"),
    "kg": ("公斤", "kg", "kg"),
    "km": ("公里", "km", "km"),
    "kWh": ("度", "kWh", "kWh"),
}


def whole_units_text(quantity: int, unit: str) -> str:
    """Code units as whole units, exact: 120 of 10 g is "1.2"."""
    whole, rest = divmod(quantity, whole_unit(unit))
    digits = len(str(whole_unit(unit))) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0") if rest else str(whole)


def amount_words(quantity: int, unit: str) -> Words | None:
    """The amount for people; None for one thing that is counted, which goes without saying."""
    one = whole_unit(unit)
    if quantity == one == 1:
        return None
    zh, singular, plural = UNIT_WORDS[unit]
    number = whole_units_text(quantity, unit)
    return Words(f"{number} {zh}", f"{number} {singular if quantity == one else plural}")
