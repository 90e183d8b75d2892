"""Group codes: one picture for thirty people, a new one every 20 s, only while the office answers heartbeats."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.issue import CodeRequest, IssuedCode, Mint, allowed_offer, issue_kiosk_code
from kiosk.refusals import Offline
from kiosk.touches import PICTURE_SECONDS

# Group codes are not journaled, so they stand only while a heartbeat was answered no longer ago than this.
IN_TOUCH_SECONDS = 60
DEFAULT_VARIANT = 0


@dataclass(frozen=True, slots=True)
class GroupPicture:
    """A group code on the screen; `made_at` in seconds of uptime."""

    issued: IssuedCode
    made_at: float

    def seconds_left(self, now: float) -> int:
        return max(0, math.ceil(PICTURE_SECONDS - (now - self.made_at)))


class Groups:
    """The group code of each scene, made anew when it is asked for after its 20 s."""

    def __init__(self, mint: Mint, answer_age: Callable[[], float | None]) -> None:
        """`answer_age`: seconds since the last verified answer to a heartbeat, None before the first."""
        self._mint, self._answer_age = mint, answer_age
        self._lock = threading.Lock()
        self._pictures: dict[int, GroupPicture] = {}

    def show(self, scene: int) -> GroupPicture:
        """The picture that stands now; raises a Refusal, Offline when the office has not answered lately."""
        with self._lock:
            # Asked each time: a standing picture goes too when the line is lost or the agreement changes.
            self._require_allowed(scene)
            standing = self._pictures.get(scene)
            if standing is None or standing.seconds_left(self._mint.clock.uptime()) == 0:
                standing = GroupPicture(self.issue(scene), self._mint.clock.uptime())
                self._pictures[scene] = standing
            return standing

    def issue(self, scene: int, variant: int = DEFAULT_VARIANT, quantity: int | None = None) -> IssuedCode:
        """A fresh group code; raises a Refusal."""
        self._require_allowed(scene)
        return issue_kiosk_code(self._mint, CodeRequest(scene, variant, quantity, "group"), by_touch=True)

    def _require_allowed(self, scene: int) -> None:
        allowed_offer(self._mint, CodeRequest(scene, DEFAULT_VARIANT, None, "group"), by_touch=True)
        age = self._answer_age()
        if age is None or age > IN_TOUCH_SECONDS:
            raise Offline
