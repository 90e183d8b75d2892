"""Units of scenes and the whole numbers in which codes carry them (contract, section 1)."""

from typing import Final

# Code units in one whole unit. Weight travels in steps of 10 g, distance of 100 m, energy of 0.1 kWh, so that two
# bytes of a code are enough and no float ever enters the books.
CODE_UNITS: Final[dict[str, int]] = {
    "piece": 1,
    "meal": 1,
    "night": 1,
    "trip": 1,
    "refill": 1,
    "drop": 1,
    "purchase": 1,
    "ticket": 1,
    "session": 1,
    "kg": 100,
    "km": 10,
    "kWh": 10,
}

QUANTITY_MAX: Final = 65_535  # two bytes of a kiosk code


def whole_unit(unit: str) -> int:
    """Code units of one whole unit: kg 100, km 10, kWh 10, all counted units 1."""
    if unit not in CODE_UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    return CODE_UNITS[unit]
