"""Takes the journal along on a USB stick, for the staff to hand in where there is a line."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.journal_reader import signed_items
from scenes.wire.journal_export import EXPORT_ITEMS_MAX, JournalExport, export_bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """How many items are in the file; `complete` false where a damaged journal gave only a part."""

    items: int
    complete: bool


def export_journal(folder: KioskFolder, target: Path, journal: Path | None = None, *, every: bool = False) -> Exported:
    """Writes the items that the office has not acknowledged, or `every` item, as they were signed; changes nothing in
    the journal. `journal` names a damaged one that was kept aside.

    Raises NotProvisioned, JournalUnreadable, or OSError for the target.
    """
    identity = read_identity(folder)
    documents, offsets, complete = signed_items(journal or folder.journal, every=every, most=EXPORT_ITEMS_MAX)
    export = JournalExport(
        kiosk=identity.kiosk,
        epoch=identity.epoch,
        exported_at=int(time.time()),
        complete=complete,
        offsets=offsets,
        items=tuple(documents),
    )
    write_durably(target, export_bytes(export))
    return Exported(len(documents), complete)
