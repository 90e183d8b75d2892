"""Grams in plain things: so many kilometres of a petrol car. The figures are in comparisons.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from scenes.decimal_text import read_decimal_text


@dataclass(frozen=True)
class Comparison:
    """`value` is grams CO2e of one `unit`, as a decimal string; `source` as a factor's."""

    id: str
    icon: str
    value: str
    unit: str
    source: str
    year: int


def tenths_of(comparison: Comparison, grams: int) -> int:
    """Tenths of the unit that these grams come to, rounded down."""
    numerator, denominator = read_decimal_text(comparison.value)
    return grams * denominator * 10 // numerator


def _read() -> tuple[Comparison, ...]:
    document = tomllib.loads(files("miniprogram_api.domain").joinpath("comparisons.toml").read_text(encoding="utf-8"))
    return tuple(Comparison(**entry) for entry in document["comparisons"])


COMPARISONS = _read()
