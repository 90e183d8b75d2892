"""The PIN in front of the staff's panel: kept as a scrypt hash in the kiosk's folder, locked after wrong tries."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.disk import write_durably
from kiosk.staff_refusals import PinLocked, PinNotSet, PinWrong

DIGITS_MIN, DIGITS_MAX = 6, 12
TRIES_MAX = 5
LOCK_SECONDS = 300
PANEL_SECONDS = 300  # an open panel that nobody touches closes
SALT_BYTES = 16
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}


class PinInvalid(ValueError):
    """The new PIN is no PIN; the message is the sentence to show."""


def set_pin(path: Path, pin: str) -> None:
    """Sets the PIN of the kiosk whose file this is; raises PinInvalid."""
    if not (pin.isascii() and pin.isdigit() and DIGITS_MIN <= len(pin) <= DIGITS_MAX):
        raise PinInvalid(f"a PIN has {DIGITS_MIN} to {DIGITS_MAX} digits")
    salt = secrets.token_bytes(SALT_BYTES)
    write_durably(path, json.dumps({"salt": salt.hex(), "hash": _hash(pin, salt).hex()}).encode())


class StaffPanel:
    """Opens the staff's panel by PIN, for as long as somebody uses it."""

    def __init__(self, path: Path, uptime: Callable[[], float]) -> None:
        self._path, self._uptime = path, uptime
        self._lock = threading.Lock()
        self._wrong = 0
        self._locked_until = 0.0
        self._token: str | None = None
        self._open_until = 0.0

    def open(self, pin: str) -> str:
        """The token of the opened panel; raises PinNotSet, PinLocked or PinWrong."""
        with self._lock:
            now = self._uptime()
            if now < self._locked_until:
                raise PinLocked(math.ceil(self._locked_until - now))
            if not self._matches(pin):
                self._wrong += 1
                if self._wrong >= TRIES_MAX:
                    self._wrong, self._locked_until = 0, now + LOCK_SECONDS
                raise PinWrong
            self._wrong = 0
            self._token, self._open_until = secrets.token_urlsafe(24), now + PANEL_SECONDS
            return self._token

    def require_open(self, token: str | None) -> None:
        """Raises PinWrong unless this token opened the panel not long ago; each use keeps it open."""
        with self._lock:
            now = self._uptime()
            known = self._token is not None and now < self._open_until
            if not known or token is None or not hmac.compare_digest(token.encode(), str(self._token).encode()):
                raise PinWrong
            self._open_until = now + PANEL_SECONDS

    def close(self) -> None:
        """The panel is closed; its token opens nothing any more."""
        with self._lock:
            self._token = None

    def _matches(self, pin: str) -> bool:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            salt, known = bytes.fromhex(kept["salt"]), bytes.fromhex(kept["hash"])
        except (OSError, ValueError, KeyError, TypeError) as reason:
            raise PinNotSet from reason
        return hmac.compare_digest(_hash(pin, salt), known)


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **SCRYPT)
