"""Who stands at this kiosk, and which act is kept ready so that reading a code is one step.

Kept in the folder's duty.json: names that were typed once, and the ready scene. Who is on duty is forgotten after a
shift and with each start; a name too many on the screen is worse than a name typed again.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.disk import write_durably
from kiosk.refusals import FieldsNotValid
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import words
from scenes.wire.journal_content import PERSON_CHARACTERS_MAX

log = logging.getLogger(__name__)

SHIFT_SECONDS = 12 * 3_600
NAMES_MAX = 12  # as many keys as fit on the panel; the name not used for longest goes


class Duty:
    """The clerk on duty, the names known here, and the scene that is ready."""

    def __init__(self, path: Path, uptime: Callable[[], float]) -> None:
        self._path, self._uptime = path, uptime
        self._lock = threading.Lock()
        kept = self._read()
        self._names: list[str] = kept["names"]
        self._ready_scene: int | None = kept["ready_scene"]
        self._clerk: str | None = None
        self._until = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Known here, the one on duty last first."""
        return tuple(self._names)

    @property
    def ready_scene(self) -> int | None:
        """Number of the scene that a shown code stands for when nothing was chosen."""
        return self._ready_scene

    @property
    def clerk(self) -> str | None:
        """Who is on duty now, None after a shift of twelve hours."""
        with self._lock:
            return self._clerk if self._uptime() < self._until else None

    def sign_in(self, name: object) -> str:
        """Somebody begins a shift under this name, 1 to 64 characters; raises FieldsNotValid."""
        try:
            clerk = words(name.strip() if isinstance(name, str) else name, "clerk", PERSON_CHARACTERS_MAX)
        except FieldsInvalid as reason:
            raise FieldsNotValid(reason.field, reason.reason) from reason
        with self._lock:
            self._names = [clerk, *(known for known in self._names if known != clerk)][:NAMES_MAX]
            self._clerk, self._until = clerk, self._uptime() + SHIFT_SECONDS
            self._write()
        return clerk

    def sign_out(self) -> None:
        """The shift is over."""
        with self._lock:
            self._clerk = None

    def keep_ready(self, scene: int | None) -> None:
        """From now on a shown code stands for this scene; None: the person chooses first."""
        with self._lock:
            self._ready_scene = scene
            self._write()

    def _write(self) -> None:
        body = {"names": self._names, "ready_scene": self._ready_scene}
        write_durably(self._path, json.dumps(body, ensure_ascii=False).encode())

    def _read(self) -> dict[str, Any]:
        """What the file says; a missing or damaged one counts as none, for nothing depends on it."""
        try:
            body = json.loads(self._path.read_text(encoding="utf-8"))
            names = [words(name, "names", PERSON_CHARACTERS_MAX) for name in body["names"]][:NAMES_MAX]
            scene = body["ready_scene"]
            return {"names": names, "ready_scene": scene if type(scene) is int else None}
        except FileNotFoundError:
            return {"names": [], "ready_scene": None}
        except (OSError, ValueError, KeyError, TypeError, FieldsInvalid) as reason:
            log.error("who is on duty can't be read: %s", reason)
            return {"names": [], "ready_scene": None}
