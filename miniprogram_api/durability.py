"""What a database must promise before points are booked in it: what was committed is still there after a power cut.

Asked on every new connection of a production server, so that a setting changed later, for the server, the database or
the role, is noticed too; the first connection is made at the start, which is refused then.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from miniprogram_api.db import DatabaseAway

MOUNTS = Path("/proc/self/mounts")
# File systems whose locks or write-ahead memory a second machine doesn't share (sqlite.org/wal.html, section 1).
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ocfs2", "gfs2", "beegfs"}
    | {"davfs", "ncpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.davfs", "fuse.s3fs", "fuse.rclone"}
)
_POSTGRESQL = (
    "SELECT name FROM pg_settings WHERE setting = 'off' AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
)
FULL = 2  # of PRAGMA synchronous


class DatabaseUnsafe(DatabaseAway):
    """The database may forget what it has committed; the sentence names the setting."""


def require_durability(engine: Engine) -> None:
    """Every new connection of this engine is asked; one that is not safe is never used. Raises DatabaseUnsafe at once
    when the database answers and isn't safe; one that is away is asked when it comes back."""
    ask = _ask_sqlite if engine.dialect.name == "sqlite" else _ask_postgresql
    event.listen(engine, "connect", ask)
    try:
        engine.connect().close()
    except DBAPIError:
        return


def _ask_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    row = connection.execute(_POSTGRESQL).fetchone()
    connection.rollback()
    if row is not None:
        connection.close()
        raise DatabaseUnsafe(f"DATABASE_URL leads to a PostgreSQL with {row[0]} = off; it may lose what it committed")


def _ask_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    why = _why_unsafe(connection)
    if why is not None:
        connection.close()
        raise DatabaseUnsafe(f"DATABASE_URL {why}")


def _why_unsafe(connection: sqlite3.Connection) -> str | None:
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    if not file:
        return "names no file; what is kept in memory is gone after a restart"
    journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if journal != "wal":
        return f"names {file}, which has journal_mode {journal} and can't have WAL"
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if synchronous < FULL:
        return f"names {file}, which has synchronous {synchronous} and needs FULL"
    kind = file_system_of(Path(file), _mounts())
    if kind in NETWORK_FILE_SYSTEMS:
        return f"names {file} on a network file system ({kind}); take a disk of this machine, or PostgreSQL"
    return None


def file_system_of(file: Path, mounts: str) -> str | None:
    """The kind of file system that holds the file, by the text of /proc/self/mounts; None when nothing is known."""
    found, longest = None, -1
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split(" ")
        folder = place.encode().decode("unicode_escape")  # a blank is written \040
        if len(folder) > longest and _below(file, folder):
            found, longest = kind, len(folder)
    return found


def _below(file: Path, folder: str) -> bool:
    return os.path.commonpath([file.parent, folder]) == folder


def _mounts() -> str:
    """Empty on a system that doesn't tell."""
    return MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else ""
