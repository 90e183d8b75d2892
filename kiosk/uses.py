"""Hears which single-use codes were used, so that the screen takes the picture away and thanks the person."""

from __future__ import annotations

import logging

from kiosk.touches import Touches
from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX, sequence, whole_number, words

log = logging.getLogger(__name__)

USES_MAX = 1_000
CURSOR_CHARACTERS_MAX = 64


class Uses:
    """Asks `GET kiosk/uses` from where the last answer ended; a use only changes what the screen shows."""

    def __init__(self, uplink: Uplink, touches: Touches) -> None:
        self._uplink, self._touches = uplink, touches
        self._since = "0"

    def ask(self) -> bool:
        """Takes the news of one answer; False when there was none that can be read."""
        try:
            answer = self._uplink.get("/kiosk/uses", {"since": self._since})
            body = answer.body or {}
            uses = [_use(use) for use in sequence(body.get("data"), "data", USES_MAX)]
            following = _cursor(body.get("next"))
        except (UplinkUnavailable, UplinkRefused, FieldsInvalid) as reason:
            log.debug("no news of uses: %s", reason)
            return False
        for epoch, counter in uses:
            self._touches.used(epoch, counter)
        self._since = following or self._since
        return True


def _use(value: object) -> tuple[int, int]:
    if not isinstance(value, dict):
        raise FieldsInvalid("data", "not an object")
    return (
        whole_number(value.get("epoch"), "epoch", 0, 255),
        whole_number(value.get("counter"), "counter", 0, UNSIGNED_32_MAX),
    )


def _cursor(value: object) -> str | None:
    """Where to go on; None when this answer was the newest there is."""
    if value is None:
        return None
    return str(value) if isinstance(value, int) else words(value, "next", CURSOR_CHARACTERS_MAX)
