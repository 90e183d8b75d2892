"""Which trouble of the disk a failed write means: full, read-only, failing, or a damaged file."""

from __future__ import annotations

import errno
import sqlite3

from kiosk.refusals import DiskFailing, DiskFull, DiskReadOnly, JournalDamaged, JournalNotWritten

_BY_SQLITE_NAME = (
    ("SQLITE_FULL", DiskFull),
    ("SQLITE_READONLY", DiskReadOnly),
    ("SQLITE_CANTOPEN", DiskReadOnly),
    ("SQLITE_CORRUPT", JournalDamaged),
    ("SQLITE_NOTADB", JournalDamaged),
    ("SQLITE_IOERR", DiskFailing),
)
_BY_NUMBER = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,
    errno.EROFS: DiskReadOnly,
    errno.EACCES: DiskReadOnly,
    errno.EPERM: DiskReadOnly,
}


def trouble_of(fault: Exception) -> JournalNotWritten | None:
    """What to tell people of this fault; None when it is no trouble of the disk but a mistake of ours."""
    if isinstance(fault, sqlite3.Error):
        name = getattr(fault, "sqlite_errorname", "")
        return next((kind() for beginning, kind in _BY_SQLITE_NAME if name.startswith(beginning)), None)
    if isinstance(fault, OSError):
        return _BY_NUMBER.get(fault.errno or 0, DiskFailing)()
    return None
