"""A kiosk's journal comes in on a USB stick, by the hand of the staff."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, surroundings, text
from miniprogram_api.services.journal_imports import IMPORT_CHARACTERS_MAX, import_journal

calls = Calls("staff", "journal_imports")
BODY_BYTES_MAX = 8_000_000  # a file of that many characters, with every quotation mark escaped for JSON
ANY_CHARACTERS = r"^[\s\S]*$"


class JournalFile(Body):
    """The text of the file, or of a part of it with a first line of its own."""

    file: Annotated[str, text(IMPORT_CHARACTERS_MAX, pattern=ANY_CHARACTERS)]


class ImportKiosk(Answer):
    id: str
    name: str


class ImportTold(Answer):
    """An item that was refused or could not be read, by its place in the journal."""

    boot: str
    seq: int
    result: str


class JournalImported(Answer):
    """`credited` counts readings that are new, `noted` starts, clocks and issued codes that are new, `duplicate` what
    was here before. What is `unread` was not kept: the kiosk hands it in itself. `complete`: false where the kiosk
    could read only a part of its own journal."""

    kiosk: ImportKiosk
    exported_at: Moment
    complete: bool
    items: int
    credited: int
    noted: int
    pending: int
    duplicate: int
    refused: int
    unread: int
    told: list[ImportTold]


@calls.post(
    "/staff/journal/imports",
    caller=STAFF,
    body=JournalFile,
    answer=JournalImported,
    refuses=("not_found", "code_signature_invalid"),
    body_bytes_max=BODY_BYTES_MAX,
)
def create_journal_import(person: StaffCaller, body: JournalFile) -> dict[str, Any]:
    """Take a journal that was carried here

    Each item counts as if the kiosk had sent it, exactly once, whoever brings it first. The same file again changes
    nothing. The whole file is looked at before anything is taken.
    """
    here = surroundings()
    imported = import_journal(db.session(), body.file, person.person_id, here.island, here.clock)
    return asdict(imported) | {"kiosk": {"id": str(imported.kiosk_id), "name": imported.kiosk_name}}
