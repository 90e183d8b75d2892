"""Why the system's own first versions are there: one stable word each, which the pages say in the reader's language."""

from __future__ import annotations

FIRST_CATALOGUE = "first_catalogue"
FIRST_OFFER = "first_offer"
FIRST_ADMISSION = "first_admission"
AS_BEFORE = "as_before"  # it was there when versions began to be kept

# What was written until there were words; the books keep it.
WRITTEN_BEFORE = {
    "the first catalogue": FIRST_CATALOGUE,
    "首次上架": FIRST_OFFER,
    "首次加入": FIRST_ADMISSION,
    "原有": AS_BEFORE,
}


def first_reason(written: str) -> str:
    """The word for what stands in a row that nobody asked for."""
    return WRITTEN_BEFORE.get(written, written)
