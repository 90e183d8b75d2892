"""Factors and methodologies: the number behind the grams, and the versioned document behind the number."""

from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any, Final

from scenes.fields import NAME_MAX, NOTE_MAX, SENTENCE_MAX, Fields, entry_path
from scenes.units import CODE_UNITS

VERSION_MAX: Final = 65_535
FACTOR_UNITS: Final = tuple(f"g/{unit}" for unit in CODE_UNITS)
REFERENCES_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Factor:
    """Grams CO2e saved per whole unit, with its source.

    `value` is a decimal string at full published precision; "0" where no figure is defensible. `year` is the year the
    source names for its figures; where it names none, of publication; where the page is undated, of reading.
    """

    id: str
    version: int
    value: str
    unit: str  # "g/trip", "g/kg", ...
    source: str  # title and address
    source_tag: str  # short names of the sources, parted by spaces; "none" for a zero without one
    year: int
    methodology: str
    note_zh: str  # how the value was reached and which part is our assumption
    note_en: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """How a class of factors is reached: what would have happened otherwise, and the formula."""

    id: str
    version: int
    name_zh: str
    name_en: str
    baseline_zh: str
    baseline_en: str
    formula: str
    references: tuple[str, ...]  # standards and papers it leans on, with their addresses


def parse_factor(document: dict[str, Any], origin: str, methodologies: Collection[str] | None = None) -> Factor:
    """The factor that `document` describes; with `methodologies` given, its methodology has to be among them."""
    keys = tuple(field.name for field in fields_of(Factor))
    fields = Fields(document, origin, keys, path=entry_path(document))
    factor = Factor(
        id=fields.slug("id"),
        version=fields.integer("version", 1, VERSION_MAX),
        value=fields.decimal("value"),
        unit=fields.choice("unit", FACTOR_UNITS),
        source=fields.text("source", NOTE_MAX),
        source_tag=fields.text("source_tag", NAME_MAX),
        year=fields.integer("year", 1990, 2100),
        methodology=fields.slug("methodology"),
        note_zh=fields.text("note_zh", NOTE_MAX),
        note_en=fields.text("note_en", NOTE_MAX),
    )
    if methodologies is not None and factor.methodology not in methodologies:
        raise fields.refusal("methodology", f"There is no methodology {factor.methodology}.")
    return factor


def parse_methodology(document: dict[str, Any], origin: str) -> Methodology:
    """The methodology that `document` describes."""
    keys = tuple(field.name for field in fields_of(Methodology))
    fields = Fields(document, origin, keys, path=entry_path(document))
    return Methodology(
        id=fields.slug("id"),
        version=fields.integer("version", 1, VERSION_MAX),
        name_zh=fields.text("name_zh", NAME_MAX),
        name_en=fields.text("name_en", NAME_MAX),
        baseline_zh=fields.text("baseline_zh", NOTE_MAX),
        baseline_en=fields.text("baseline_en", NOTE_MAX),
        formula=fields.text("formula", SENTENCE_MAX),
        references=fields.texts("references", REFERENCES_MAX, NOTE_MAX),
    )
