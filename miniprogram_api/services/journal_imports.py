"""A journal that somebody carried to the office on a USB stick: taken as if the kiosk had sent it itself.

The file is nobody's word: its items count by the kiosk's signature alone, and their times come from what the server
knows of that start's clock, never from the file's own first line. What the kiosk did not sign, or nobody can read, is
told and not kept; the kiosk hands it in itself when it has a line, and gets its verdict then.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import end_reading, transaction, use_case
from miniprogram_api.domain.refusals import CodeSignatureInvalid, InvalidFields, NotFound
from miniprogram_api.models import Kiosk
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal import take_items
from miniprogram_api.services.journal_contents import what_is_here
from miniprogram_api.services.journal_items import Sent, keys_of, open_sent
from miniprogram_api.services.people import actor_of
from scenes.wire.errors import FieldsInvalid
from scenes.wire.journal import CodeRead
from scenes.wire.journal_export import FORMAT, JournalExport, parse_export
from scenes.wire.key_id import read_kiosk_key_id
from scenes.wire.upload import UPLOAD_ITEMS_MAX
from scenes.wire.verdict import ItemVerdict

IMPORT_CHARACTERS_MAX = 2_000_000
IMPORT_ITEMS_MAX = 1_000  # a second's work for one worker; a longer file comes in parts, each with its own first line
TOLD_MAX = 100
NO_START = ("", 0)  # no start of the kiosk sends this


@dataclass(frozen=True)
class Told:
    """An item that did not count: where it stands in the journal and what it was answered."""

    boot: str
    seq: int
    result: str


@dataclass(frozen=True)
class Imported:
    """What became of a file's items. `credited` counts readings, `noted` starts, clocks and issued codes that are new;
    `unread` those that the kiosk did not sign or nobody can read. `told`: the first ones refused or unread."""

    kiosk_id: int
    kiosk_name: str
    exported_at: int
    complete: bool
    items: int
    credited: int
    noted: int
    pending: int
    duplicate: int
    refused: int
    unread: int
    told: tuple[Told, ...]


def import_journal(session: Session, file: str, person_id: int, island: Island, clock: Clock) -> Imported:
    """Take a journal's file, or a part of it that has a first line of its own; a second time changes nothing.

    The whole file is looked at before any item is taken. Raises InvalidFields (why: journal_foreign, journal_damaged,
    journal_long), NotFound (why: journal_kiosk), CodeSignatureInvalid (why: journal_island, journal_signature), and
    DatabaseAway: then what was taken is taken, and the same file takes the rest.
    """
    export = _read(file)
    name = _name_of(session, export.kiosk)
    known = keys_of(export.kiosk, island)
    sent = [open_sent(document, known, island) for document in export.items]
    readable = {each.stored_hash: each for each in sent if each is not None and each.item is not None}
    if export.items and not readable:
        _refuse_all(export, sent, island)
    verdicts = _take(session, export.kiosk, list(readable.values()), island, clock)
    imported = _counted(export, name, sent, verdicts)
    _record(session, file, imported, person_id, clock)
    return imported


def _read(file: str) -> JournalExport:
    content = file.encode()
    try:
        export = parse_export(content)
    except FieldsInvalid as invalid:
        # The format's name stands at the beginning of each of our files, also of one that broke off.
        why = "journal_damaged" if FORMAT.encode() in content[:80] else "journal_foreign"
        raise InvalidFields(fields=[{"field": "file", "reason": "malformed"}], why=why) from invalid
    if len(export.items) > IMPORT_ITEMS_MAX:
        raise InvalidFields(fields=[{"field": "file", "reason": "too_many"}], why="journal_long", most=IMPORT_ITEMS_MAX)
    return export


def _name_of(session: Session, kiosk: int) -> str:
    name = session.execute(select(Kiosk.name).where(Kiosk.id == kiosk)).scalar()
    end_reading(session)
    if name is None:
        raise NotFound(why="journal_kiosk", kiosk=kiosk)
    return str(name)


def _refuse_all(export: JournalExport, sent: Sequence[Sent | None], island: Island) -> None:
    """Not one item could be opened: says whose file it may be."""
    if not any(each is not None and isinstance(each.refusal, CodeSignatureInvalid) for each in sent):
        raise InvalidFields(fields=[{"field": "file", "reason": "malformed"}], why="journal_damaged")
    ours = any(_is_our_key(document.get("key"), export.kiosk, island) for document in export.items)
    raise CodeSignatureInvalid(why="journal_signature" if ours else "journal_island", kiosk=export.kiosk)


def _is_our_key(key_id: object, kiosk: int, island: Island) -> bool:
    try:
        number, epoch = read_kiosk_key_id(str(key_id))
    except FieldsInvalid:
        return False
    return number == kiosk and island.directory.public_key(number, epoch) is not None


def _take(
    session: Session, kiosk: int, readable: Sequence[Sent], island: Island, clock: Clock
) -> dict[str, ItemVerdict]:
    """Verdicts by hash. In batches as long as a kiosk's own, oldest first as the file has them."""
    verdicts: dict[str, ItemVerdict] = {}
    for first in range(0, len(readable), UPLOAD_ITEMS_MAX):
        batch = readable[first : first + UPLOAD_ITEMS_MAX]
        taken = take_items(session, kiosk, batch, NO_START, island, clock, clock.now())
        verdicts |= {each.stored_hash: verdict for each, verdict in zip(batch, taken, strict=True)}
    what_is_here(session, kiosk, {each.boot for each in readable}, clock.now())
    return verdicts


def _counted(
    export: JournalExport, name: str, sent: Sequence[Sent | None], verdicts: dict[str, ItemVerdict]
) -> Imported:
    counts: Counter[str] = Counter()
    told: list[Told] = []
    seen: set[str] = set()
    for each in sent:
        verdict = None if each is None else verdicts.get(each.stored_hash)
        if each is None or verdict is None:
            counts["unread"] += 1
            told += [Told(each.boot, each.seq, f"refused:{each.refusal.code}")] if each and each.refusal else []
            continue
        word = "duplicate" if each.hash in seen else verdict.result.partition(":")[0]
        seen.add(each.hash)
        is_read = each.item is not None and isinstance(each.item.content, CodeRead)
        counts["noted" if word == "credited" and not is_read else word] += 1
        told += [Told(each.boot, each.seq, verdict.result)] if word == "refused" else []
    return Imported(
        kiosk_id=export.kiosk,
        kiosk_name=name,
        exported_at=export.exported_at,
        complete=export.complete,
        items=len(export.items),
        credited=counts["credited"],
        noted=counts["noted"],
        pending=counts["pending"],
        duplicate=counts["duplicate"],
        refused=counts["refused"],
        unread=counts["unread"],
        told=tuple(told[:TOLD_MAX]),
    )


@use_case
def _record(session: Session, file: str, imported: Imported, person_id: int, clock: Clock) -> None:
    detail = {
        "items": imported.items,
        "credited": imported.credited,
        "noted": imported.noted,
        "pending": imported.pending,
        "duplicate": imported.duplicate,
        "refused": imported.refused,
        "unread": imported.unread,
        "sha256": hashlib.sha256(file.encode()).hexdigest(),
    }
    with transaction(session) as connection:
        record_act(
            connection,
            actor_of(person_id),
            "journal_imported",
            f"kiosk:{imported.kiosk_id}",
            detail,
            clock.now(),
        )
