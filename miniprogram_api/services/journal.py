"""A kiosk's journal comes in: each item opened and judged for itself, exactly once in whatever order and however often.

Items are taken in chunks, each one transaction. A chunk that finds no way through is taken item by item, so that a bad
item holds back no other; and whatever an item says, it gets its verdict.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import DatabaseAway
from miniprogram_api.services import journal_chunks
from miniprogram_api.services.counter_twins import look_for_twins
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal_chains import note_chains
from miniprogram_api.services.journal_chunks import keep_fault, take_chunk
from miniprogram_api.services.journal_contents import what_is_here
from miniprogram_api.services.journal_items import Sent, keys_of, open_sent
from miniprogram_api.services.journal_times import Times, give_times
from scenes.wire.documents import VERDICT, sign_document
from scenes.wire.upload import Upload
from scenes.wire.verdict import ItemVerdict, Verdict, request_hash, verdict_body

CHUNK_ITEMS = 100
log = logging.getLogger(__name__)


def accept_journal(
    session: Session, kiosk: int, upload: Upload, request_body: bytes, island: Island, clock: Clock
) -> dict[str, str]:
    """Take a batch and answer its verdict, signed by the office key over exactly this request.

    What nobody could name gets no verdict. Raises DatabaseAway: then what was taken is taken, and the kiosk sends all
    of it again.
    """
    now = clock.now()
    key_of = keys_of(kiosk, island)
    sent = _distinct(open_sent(document, key_of, island) for document in upload.items)
    verdicts = take_items(session, kiosk, sent, (upload.boot, upload.uptime_ms), island, clock, now)
    contiguous = what_is_here(session, kiosk, {each.boot for each in sent} | {upload.boot}, now)
    answer = Verdict(kiosk, request_hash(request_body), now, contiguous, tuple(verdicts))
    return sign_document(VERDICT, verdict_body(answer), island.keys.office_id, island.keys.office_private)


def take_items(
    session: Session,
    kiosk: int,
    sent: Sequence[Sent],
    sender: tuple[str, int],
    island: Island,
    clock: Clock,
    now: int,
) -> list[ItemVerdict]:
    """Judge and keep these items, each once; a verdict stands where its item does. `sender` is the start that sends
    them with its uptime in milliseconds, which tells the times of its own items. Raises DatabaseAway."""
    chains = note_chains(session, kiosk, [each.item for each in sent if each.item is not None], now)
    times = Times(*sender, now, chains.clocks)
    with_them = journal_chunks.Upload(kiosk, chains, times, island)
    verdicts = _take_all(session, with_them, sent)
    look_for_twins(session, kiosk, [each.code for each in sent if each.code is not None], now)
    give_times(session, kiosk, with_them.timed_codes(sent), island, clock)
    return verdicts


def _distinct(sent: Iterable[Sent | None]) -> list[Sent]:
    """Each once, however often it stands in the upload."""
    return list({each.stored_hash: each for each in sent if each is not None}.values())


def _take_all(session: Session, upload: journal_chunks.Upload, sent: Sequence[Sent]) -> list[ItemVerdict]:
    """In the order in which it all happened, as far as that is known."""
    in_time = sorted(sent, key=lambda each: _moment(each, upload.times))
    verdicts: dict[str, ItemVerdict] = {}
    for first in range(0, len(in_time), CHUNK_ITEMS):
        chunk = in_time[first : first + CHUNK_ITEMS]
        for each, verdict in zip(chunk, _taken(session, upload, chunk), strict=True):
            verdicts[each.stored_hash] = verdict
    return [verdicts[each.stored_hash] for each in sent]


def _moment(sent: Sent, times: Times) -> tuple[float, str, int]:
    corrected = None if sent.item is None else times.corrected(sent.head)
    return (float("inf") if corrected is None else corrected, sent.boot, sent.seq)


def _taken(session: Session, upload: journal_chunks.Upload, chunk: Sequence[Sent]) -> list[ItemVerdict]:
    """The chunk as a whole; where that fails each item for itself, and one that fails even so is kept for the staff."""
    try:
        return take_chunk(session, upload, chunk)
    except DatabaseAway:
        if len(chunk) == 1:
            raise
    except Exception:
        log.exception("%d items of kiosk %d failed", len(chunk), upload.kiosk)
        if len(chunk) == 1:
            return [keep_fault(session, upload, chunk[0])]
    return [verdict for each in chunk for verdict in _taken(session, upload, [each])]
