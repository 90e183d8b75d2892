"""Codes on the screen after a touch: a new picture every 20 s for at most 60 s, gone once the office saw one used."""

from __future__ import annotations

import math
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from kiosk.issue import CodeRequest, IssuedCode, Mint, issue_kiosk_code
from kiosk.refusals import CodeGone

PICTURE_SECONDS = 20
SHOWN_SECONDS = 60
# A scan in the last second is still on its way; the news of it turns "run out" into thanks.
NEWS_SECONDS = 10
TOUCHES_MAX = 64  # one screen shows one code; the oldest is forgotten


@dataclass(slots=True)
class Touch:
    """One single-use code from its first picture on; `touched_at` in seconds of uptime."""

    id: str
    touched_at: float
    issued: IssuedCode
    picture: int = 1
    used: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen shows of a touch now; state: showing, used, expired."""

    id: str
    issued: IssuedCode
    picture: int
    seconds_left: int
    state: str


class Touches:
    """The codes that stand on the screen."""

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._lock = threading.Lock()
        self._touches: OrderedDict[str, Touch] = OrderedDict()

    def begin(self, request: CodeRequest, *, by_touch: bool) -> Shown:
        """Issues a single-use code and shows its first picture; raises a Refusal."""
        issued = issue_kiosk_code(self._mint, request, by_touch=by_touch)
        touch = Touch(secrets.token_urlsafe(9), self._mint.clock.uptime(), issued)
        with self._lock:
            self._touches[touch.id] = touch
            while len(self._touches) > TOUCHES_MAX:
                self._touches.popitem(last=False)
            return self._shown(touch)

    def show(self, touch_id: str) -> Shown:
        """What the screen shows of this touch now; a picture that is due is signed here. Raises CodeGone."""
        with self._lock:
            touch = self._touches.get(touch_id)
            if touch is None:
                raise CodeGone
            return self._shown(touch)

    def renew(self, touch_id: str) -> Shown:
        """Shows a code that ran out for another 60 s: the same counter and nonce, so it still counts once.

        For what can't be done over again, such as a bag that lies in the bin. Raises CodeGone, also for a used one.
        """
        with self._lock:
            touch = self._touches.get(touch_id)
            if touch is None or touch.used:
                raise CodeGone
            if self._shown(touch).state == "expired":
                touch.touched_at, touch.picture = self._mint.clock.uptime(), 1
                touch.issued = self._mint.next_picture(touch.issued)
            return self._shown(touch)

    def _shown(self, touch: Touch) -> Shown:
        stood = self._mint.clock.uptime() - touch.touched_at
        if touch.used or stood >= SHOWN_SECONDS:
            return Shown(touch.id, touch.issued, touch.picture, 0, "used" if touch.used else "expired")
        due = int(stood // PICTURE_SECONDS) + 1
        if due != touch.picture:
            touch.issued, touch.picture = self._mint.next_picture(touch.issued), due
        return Shown(touch.id, touch.issued, touch.picture, math.ceil(SHOWN_SECONDS - stood), "showing")

    def awaits_news(self) -> bool:
        """True while the office may still tell of a use that the screen would thank for."""
        with self._lock:
            now = self._mint.clock.uptime()
            return any(not touch.used and now - touch.touched_at < SHOWN_SECONDS + NEWS_SECONDS
                       for touch in self._touches.values())  # fmt: skip

    def used(self, epoch: int, counter: int) -> None:
        """The office has credited this code: its picture leaves the screen."""
        with self._lock:
            for touch in self._touches.values():
                if (touch.issued.facts.epoch, touch.issued.facts.counter) == (epoch, counter):
                    touch.used = True
