"""How often each phone and each address has called: one small file for all workers of a machine, and no database.

A scan has two statements; a third that counts it would cost a tenth of it. The file has rows of a fixed length, each
under a keyed hash, so it never grows, and holds no address and no token. What has no effect any more is wiped.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

LOGGER = logging.getLogger("tanyu.fair_use")

MARK_BYTES = 16
# The mark; when its store of calls and that of wrong codes are full again; until when it is known as one of ours.
_ROW = Struct("<16sddd")
_HEAD = Struct("<d")  # when the file was last wiped
_HEAD_BYTES = 64
_SHELF = 8  # rows that a mark can stand in
_SHELVES = 2048
FILE_BYTES = _HEAD_BYTES + _SHELVES * _SHELF * _ROW.size
WIPED_EACH_SECONDS = 60.0
NOTHING = bytes(MARK_BYTES)


@dataclass
class Count:
    """Of one phone or address, in Unix seconds; 0 where nothing counts."""

    calls_full_at: float = 0.0
    codes_full_at: float = 0.0
    known_until: float = 0.0


class CallCounts:
    """`file` is one for all workers of the machine. Where it can't be made or written nobody is turned away."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file, self._key, self._wiped_at = file, key, 0.0
        try:
            with self._opened() as opened:
                if os.fstat(opened).st_size != FILE_BYTES:
                    os.ftruncate(opened, 0)
                    os.pwrite(opened, bytes(FILE_BYTES), 0)
        except OSError as trouble:
            LOGGER.warning("calls are taken however many they are: %s", trouble)

    def mark(self, kind: str, value: bytes) -> bytes:
        """Under what somebody is counted; without the key nobody can tell whose it is."""
        return hashlib.blake2b(kind.encode("ascii") + b"\0" + value, digest_size=MARK_BYTES, key=self._key).digest()

    @contextmanager
    def count_of(self, mark: bytes, now: float) -> Iterator[Count]:
        """The count of a mark, which may be changed; no other worker reads or writes meanwhile."""
        try:
            opened = os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            yield Count()  # said when the server started
            return
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            place, count = self._find(opened, mark, now)
            before = _ROW.pack(mark, count.calls_full_at, count.codes_full_at, count.known_until)
            yield count
            after = _ROW.pack(mark, count.calls_full_at, count.codes_full_at, count.known_until)
            if after != before:
                self._write(opened, after, place)
        finally:
            os.close(opened)  # which also gives the lock back

    @contextmanager
    def _opened(self) -> Iterator[int]:
        opened = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield opened
        finally:
            os.close(opened)

    def _find(self, opened: int, mark: bytes, now: float) -> tuple[int, Count]:
        """The row of the mark, or the one that matters least of those it can stand in."""
        self._wipe_if_due(opened, now)
        shelf = _HEAD_BYTES + int.from_bytes(mark[:4], "little") % _SHELVES * _SHELF * _ROW.size
        raw = _read(opened, _SHELF * _ROW.size, shelf)
        at = raw.find(mark)
        if at >= 0 and at % _ROW.size == 0:
            return shelf + at, Count(*_ROW.unpack_from(raw, at)[1:])
        matter = [max(moments) for _, *moments in _ROW.iter_unpack(raw)]
        return shelf + matter.index(min(matter)) * _ROW.size, Count()

    def _wipe_if_due(self, opened: int, now: float) -> None:
        """Once a minute, whoever comes first: rows in which nothing counts any more are emptied."""
        if 0 <= now - self._wiped_at < WIPED_EACH_SECONDS:
            return  # by this worker or another one
        [self._wiped_at] = _HEAD.unpack(_read(opened, _HEAD.size, 0))
        if 0 <= now - self._wiped_at < WIPED_EACH_SECONDS:
            return
        self._wiped_at = now
        self._write(opened, _HEAD.pack(now), 0)
        raw = _read(opened, FILE_BYTES - _HEAD_BYTES, _HEAD_BYTES)
        for number, (whose, *moments) in enumerate(_ROW.iter_unpack(raw)):
            if whose != NOTHING and max(moments) <= now:
                self._write(opened, bytes(_ROW.size), _HEAD_BYTES + number * _ROW.size)

    @staticmethod
    def _write(opened: int, raw: bytes, place: int) -> None:
        try:
            os.pwrite(opened, raw, place)
        except OSError as trouble:  # a disk that is full must turn nobody away
            LOGGER.warning("a call could not be counted: %s", trouble)


def _read(opened: int, length: int, place: int) -> bytes:
    """So many bytes; what the file lacks is empty."""
    return os.pread(opened, length, place).ljust(length, b"\0")
