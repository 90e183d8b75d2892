"""One file that tells the staff how a kiosk is, to be sent to whoever helps; it holds no key, token or code."""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk import SOFTWARE_VERSION
from kiosk.config import ConfigInvalid, read_settings
from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.island_time import written_time
from kiosk.journal_file import LAYOUT_VERSION
from kiosk.journal_reader import JournalUnreadable, answers_of, summary_of
from kiosk.log_file import last_lines
from kiosk.refusals import Refusal
from kiosk.status import kiosk_status


def diagnose_kiosk(folder: KioskFolder, target: Path) -> None:
    """Writes the diagnosis; what can't be found out is said in its place. Raises OSError for the target only."""
    found = {
        "written_at": written_time(int(time.time())),
        "kiosk": folder.name,
        "versions": _versions(),
        "status": _status(folder),
        "settings": _settings(folder),
        "journal": _journal(folder),
        "files": _files(folder.path),
        "disk": _disk(folder.path),
        "log": last_lines(folder.log),
    }
    write_durably(target, json.dumps(found, ensure_ascii=False, indent=2).encode())


def _versions() -> dict[str, str]:
    return {
        "kiosk": SOFTWARE_VERSION,
        "journal_layout": str(LAYOUT_VERSION),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
    }


def _status(folder: KioskFolder) -> dict[str, Any]:
    try:
        return kiosk_status(folder)
    except (Refusal, OSError, ValueError) as reason:
        return {"trouble": f"{type(reason).__name__}: {reason}"}


def _settings(folder: KioskFolder) -> dict[str, Any]:
    """kiosk.toml as understood; it names devices and never a secret."""
    try:
        return asdict(read_settings(folder.settings))
    except (ConfigInvalid, OSError) as reason:
        return {"trouble": str(reason)}


def _journal(folder: KioskFolder) -> dict[str, Any]:
    """Counts, and what was not simply credited; the codes themselves stay in the journal."""
    try:
        listed = [asdict(answered) for answered in answers_of(folder.journal)]
        return asdict(summary_of(folder.journal)) | {"not_credited": listed}
    except JournalUnreadable as reason:
        return {"trouble": str(reason)}


def _files(path: Path) -> dict[str, int]:
    """Names and lengths in bytes."""
    try:
        return {found.name: found.stat().st_size for found in sorted(path.iterdir()) if found.is_file()}
    except OSError:
        return {}


def _disk(path: Path) -> dict[str, int]:
    try:
        usage = shutil.disk_usage(path)
        return {"total_bytes": usage.total, "free_bytes": usage.free}
    except OSError:
        return {}
