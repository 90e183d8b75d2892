"""counters.json: up to where counters are reserved, kept beside the journal, so that a damaged or exchanged journal
can't make a counter come twice. Where even this is lost, no counter is given until the kiosk has its next key."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from kiosk.disk import write_durably
from kiosk.identity import Identity
from kiosk.refusals import CountersUnknown, DiskRolledBack
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX, members, whole_number

log = logging.getLogger(__name__)

COUNTERS_PER_BLOCK = 1_000
STOPS: dict[str, type[CountersUnknown]] = {kind.code: kind for kind in (CountersUnknown, DiskRolledBack)}


class CountersUsedUp(Exception):
    """All four thousand million counters of this key are used; the kiosk needs a new epoch."""


@dataclass(frozen=True, slots=True)
class ReservedCounters:
    """What the file says: the last counter of the newest block of this key, and why none may be given any more."""

    kiosk: int
    epoch: int
    reserved_to: int
    stopped: str | None


class Counters:
    """Reserves blocks of counters; each is in the file before the journal knows of it."""

    def __init__(self, path: Path, identity: Identity, *, reserved_in_journal: int | None) -> None:
        """`reserved_in_journal` is the last counter of the journal's newest block, None for a journal that is new."""
        self._path = path
        self._state = _state_at_start(_read(path), identity, path.exists(), reserved_in_journal)
        if self._state.stopped is not None:
            log.error("no new codes until the next key: %s", STOPS[self._state.stopped].words.en)
            self._write(self._state)

    @property
    def stop(self) -> CountersUnknown | None:
        """Why no counter may be given, None when all is well."""
        return None if self._state.stopped is None else STOPS[self._state.stopped]()

    def reserve(self) -> int:
        """The first counter of a block that no code ever had a counter of; it is on the disk when this returns.

        Raises CountersUnknown or CountersUsedUp.
        """
        if self.stop is not None:
            raise self.stop
        first = self._state.reserved_to + 1
        if first + COUNTERS_PER_BLOCK - 1 > UNSIGNED_32_MAX:
            raise CountersUsedUp
        self._write(_with(self._state, reserved_to=first + COUNTERS_PER_BLOCK - 1))
        return first

    def stop_for_good(self, reason: type[CountersUnknown]) -> None:
        """Gives no counter of this key any more, not after a restart either."""
        if self._state.stopped is None:
            log.error("no new codes until the next key: %s", reason.words.en)
            self._write(_with(self._state, stopped=reason.code))

    def _write(self, state: ReservedCounters) -> None:
        keep_counters(self._path, state)
        self._state = state


def stop_on_disk(path: Path) -> str | None:
    """The code of why no counter may be given, as the file says it."""
    kept = _read(path)
    return None if kept is None else kept.stopped


def none_given(path: Path) -> bool:
    """The file says that no counter was ever reserved: there was no start yet."""
    kept = _read(path)
    return kept is not None and kept.reserved_to == 0


def begin_counters(path: Path, identity: Identity) -> None:
    """For a new key: none of its counters is used. They go on after those of the key before, as the journal has it."""
    kept = _read(path)
    reserved_to = kept.reserved_to if kept is not None and kept.kiosk == identity.kiosk else 0
    keep_counters(path, ReservedCounters(identity.kiosk, identity.epoch, reserved_to, None))


def keep_counters(path: Path, state: ReservedCounters) -> None:
    """Writes the file durably."""
    body = {"kiosk": state.kiosk, "epoch": state.epoch, "reserved_to": state.reserved_to, "stopped": state.stopped}
    write_durably(path, json.dumps(body).encode())


def _state_at_start(
    kept: ReservedCounters | None, identity: Identity, file_exists: bool, reserved_in_journal: int | None
) -> ReservedCounters:
    kiosk, epoch = identity.kiosk, identity.epoch
    journal_says = reserved_in_journal or 0
    if kept is not None and kept.kiosk == kiosk:
        # With a new key no code exists yet, so a stop of the one before is over.
        stopped = None if kept.epoch < epoch else kept.stopped
        return ReservedCounters(kiosk, epoch, max(kept.reserved_to, journal_says), stopped)
    # Only an identity of earlier software may stand without the file; its journal, if it ever ran, knows all.
    may_be_first = not file_exists and not identity.counters_kept
    known = reserved_in_journal is not None or may_be_first
    return ReservedCounters(kiosk, epoch, journal_says, None if known else CountersUnknown.code)


def _with(state: ReservedCounters, reserved_to: int | None = None, stopped: str | None = None) -> ReservedCounters:
    return ReservedCounters(
        state.kiosk,
        state.epoch,
        state.reserved_to if reserved_to is None else reserved_to,
        stopped or state.stopped,
    )


def _read(path: Path) -> ReservedCounters | None:
    """What the file says; None when it is not there or damaged."""
    if not path.exists():
        return None
    try:
        body = members(json.loads(path.read_bytes()), "", ("kiosk", "epoch", "reserved_to", "stopped"))
        stopped = body["stopped"]
        if stopped is not None and stopped not in STOPS:
            raise FieldsInvalid("stopped", "unknown")
        return ReservedCounters(
            kiosk=whole_number(body["kiosk"], "kiosk", 1, UNSIGNED_32_MAX),
            epoch=whole_number(body["epoch"], "epoch", 1, 255),
            reserved_to=whole_number(body["reserved_to"], "reserved_to", 0, UNSIGNED_32_MAX),
            stopped=stopped,
        )
    except (ValueError, TypeError, FieldsInvalid) as reason:
        log.error("the counters on disk can't be read: %s", reason)
        return None
