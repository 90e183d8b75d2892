"""The model of a scan: which refusal, how many units fit, and what of each limit it uses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE, nights_of, period_of
from tests.miniprogram_api.model.known_scenes import (
    GUEST_A_DAY,
    GUEST_IN_ALL,
    RIDES_A_DAY,
    SCENES,
    KnownScene,
)
from tests.miniprogram_api.model.outcome import No

SINGLE, GROUP, TICKET = 0x11, 0x12, 0x13
TICKET_DAYS = 14
PEOPLE_PER_CODE, SEATS, BOARDING = 3, 5, 30 * MINUTE
CROSSING = 30 * MINUTE  # nobody is on both sides of the water within it

Limit = tuple[int, str, int]  # owner, name, period


@dataclass(frozen=True)
class Shown:
    """A kiosk code as somebody scans it; `text` is what the camera reads."""

    kind: int
    kiosk: int
    counter: int
    issued_at: int
    scene: int
    variant: int
    quantity: int
    nonce: int
    text: str = field(compare=False, repr=False)


@dataclass(frozen=True)
class Place:
    """Where a kiosk stands, the most of a quantity, and points an hour before acts wait for a look."""

    side: str
    most: int
    points_an_hour: int
    only_tickets: bool = False


@dataclass
class Done:
    """An act in the books."""

    code: Shown
    member: int
    companion: int
    occurred_at: int
    state: str
    credited: int = 0
    points: int = 0
    grams: int = 0
    reason: str | None = None
    uses: Counter[Limit] = field(default_factory=Counter)
    room: int | None = None
    number: int = 0  # the books' own id, told when it is known
    reversed: bool = False


@dataclass
class Scans:
    """Codes that were used, acts, limits."""

    places: dict[int, Place]
    acts: list[Done] = field(default_factory=list)
    used: Counter[Limit] = field(default_factory=Counter)
    boarding_since: dict[Limit, int] = field(default_factory=dict)
    suspended_since: dict[int, int] = field(default_factory=dict)

    def judge(self, code: Shown, member: int, kind: str, companion: int, room: int | None, now: int) -> Done:
        """The act as it would be booked; raises No. Nothing changes here."""
        occurred_at = min(code.issued_at, now) if code.issued_at else now
        self._check_code(code, occurred_at, companion, now)
        if code.kind == GROUP and kind == "guest":
            raise No("proof_not_allowed")
        twin = self._check_claim(code, member)
        scene = SCENES[code.scene]
        _check_scene(scene, code, kind)
        if scene.rooms and code.kind != TICKET and room is None:
            raise No("invalid_fields", fields=[{"field": "room", "reason": "missing"}])
        act = Done(code, member, companion, occurred_at, "pending", room=room)
        if twin and self.same_code(code, member):
            raise No("code_already_used")
        if twin or not code.issued_at:
            act.reason = "code_twin" if twin else "clock_untrusted"
            return act
        self._check_boarding(code, now)
        self._check_cool_down(scene, act)
        if self._too_far(act):
            act.reason = "too_far"
            return act
        self._award(scene, act, kind)
        return act

    def _check_code(self, code: Shown, occurred_at: int, companion: int, now: int) -> None:
        place = self.places[code.kiosk]
        if occurred_at >= self.suspended_since.get(code.kiosk, occurred_at + 1):
            raise No("kiosk_suspended")
        if code.quantity > place.most or (place.only_tickets and code.kind != TICKET):
            raise No("proof_not_allowed")
        late = TICKET_DAYS * DAY if code.kind == TICKET else 90
        if code.issued_at and not -30 <= now - code.issued_at <= late:
            raise No("code_expired", way_on="ticket_too_old" if code.kind == TICKET else "ask_for_a_new_code")
        if companion and code.kind != TICKET:
            raise No("proof_not_allowed")

    def on_counter(self, code: Shown) -> list[Done]:
        """Acts whose code came from the same counter, first come first."""
        return [act for act in self.acts if (act.code.kiosk, act.code.counter) == (code.kiosk, code.counter)]

    def same_code(self, code: Shown, member: int) -> list[Done]:
        """Acts of this very code, as far as they use it for this member; a twin has another nonce."""
        return [
            act
            for act in self.on_counter(code)
            if (act.code.nonce, act.code.kind) == (code.nonce, code.kind)
            and (code.kind != GROUP or act.member == member)
        ]

    def _check_claim(self, code: Shown, member: int) -> bool:
        there = self.on_counter(code)
        if not there:
            return False
        if (there[0].code.nonce, there[0].code.kind) != (code.nonce, code.kind):
            return True
        if code.kind != GROUP:
            raise No("code_already_used")
        return False

    def _check_boarding(self, code: Shown, now: int) -> None:
        if code.kind != GROUP:
            return
        people, seats = boarding_limits(code)
        over = self.boarding_since.get(seats, now) + BOARDING <= now
        if self.used[people] >= PEOPLE_PER_CODE or (not over and self.used[seats] >= SEATS):
            raise No("code_full")

    def _check_cool_down(self, scene: KnownScene, act: Done) -> None:
        near = [
            other.occurred_at
            for other in self._credited_within(act, scene.cool_down)
            if other.code.scene == scene.number or (scene.meal and SCENES[other.code.scene].meal)
        ]
        if near:
            raise No("cool_down", allowed_again_at=max(near) + scene.cool_down)

    def _credited_within(self, act: Done, seconds: int) -> list[Done]:
        """Acts of the same person that count, nearer in time than that, before or after."""
        return [
            other
            for other in self.acts
            if other.state == "credited"
            and not other.reversed
            and (other.member, other.companion) == (act.member, act.companion)
            and abs(other.occurred_at - act.occurred_at) < seconds
        ]

    def _too_far(self, act: Done) -> bool:
        side = self.places[act.code.kiosk].side
        return any(self.places[other.code.kiosk].side != side for other in self._credited_within(act, CROSSING))

    def _award(self, scene: KnownScene, act: Done, kind: str) -> None:
        """Units fit whole or not at all; the last limit that made the act smaller is its reason."""
        fit = act.code.quantity
        units = _unit_limits(scene, act)
        free = [limit for limit in units if self.used[limit] < scene.cap]
        if units:
            fits = len(free) if scene.period == "night" else min(fit, max(0, scene.cap - self.used[units[0]]))
            fit, act.reason = (fits, units[0][1]) if fits < fit else (fit, None)
        points_limits = _points_limits(scene, act, kind)
        for limit, most in points_limits:
            fits = fit
            while scene.points_of(fits) > max(0, most - self.used[limit]):
                fits -= 1
            if fits < fit:
                fit, act.reason = fits, limit[1]
        hour = (act.code.kiosk, "kiosk:hour", act.occurred_at // HOUR)
        if scene.points_of(fit) > max(0, self.places[act.code.kiosk].points_an_hour - self.used[hour]):
            act.reason = "kiosk_ceiling"
            return
        act.state = "credited" if fit else "capped"
        act.credited, act.points, act.grams = fit, scene.points_of(fit), scene.grams_of(fit, act.code.variant)
        if fit:
            act.uses.update(dict.fromkeys(free[:fit], 1) if scene.period == "night" else dict.fromkeys(units, fit))
            act.uses.update(dict.fromkeys([limit for limit, _ in points_limits] + [hour], act.points))

    def book(self, act: Done, now: int) -> None:
        """The act is in the books, its limits are used, its seat is taken."""
        self.acts.append(act)
        if act.reason == "code_twin":
            self.suspended_since.setdefault(act.code.kiosk, now)
        self.used.update(act.uses)
        if act.code.kind == GROUP and act.state != "pending":
            people, seats = boarding_limits(act.code)
            self.used[people] += 1
            if self.boarding_since.get(seats, now - BOARDING) + BOARDING <= now:
                self.boarding_since[seats], self.used[seats] = now, 0
            self.used[seats] += 1

    def reverse(self, act: Done) -> None:
        """The member's room comes back; the code stays used, the seat taken, and the kiosk's hour as full as it was."""
        act.reversed = True
        self.used.subtract({limit: amount for limit, amount in act.uses.items() if limit[1] != "kiosk:hour"})


def boarding_limits(code: Shown) -> tuple[Limit, Limit]:
    return (code.kiosk, f"code:1:{code.counter}", 0), (code.kiosk, f"seats:{code.scene}", 0)


def _check_scene(scene: KnownScene, code: Shown, kind: str) -> None:
    if scene.residents and kind != "resident":
        raise No("scene_closed", why="audience")
    if code.variant >= len(scene.grams):
        raise No("invalid_fields", fields=[{"field": "variant", "reason": "unknown"}])
    if code.quantity < scene.least:
        raise No("quantity_too_small", min_quantity=scene.least)
    if code.quantity > scene.most:
        raise No("invalid_fields", fields=[{"field": "quantity", "reason": "too_large"}])


def _child(act: Done) -> str:
    return f":{act.companion}" if act.companion else ""


def _unit_limits(scene: KnownScene, act: Done) -> list[Limit]:
    """One row of the scene's own limit for each period that the act touches."""
    owner, name = act.member, f"scene:{scene.number}{_child(act)}"
    if scene.rooms and act.code.kind == TICKET:
        return []  # a ticket counts as a room of its own
    if scene.rooms:
        owner, name = act.room or 0, f"room:{scene.number}"
    if scene.period == "night":
        return [(owner, name, night) for night in nights_of(act.occurred_at, act.code.quantity)]
    return [(owner, name, period_of(scene.period, act.occurred_at))]


def _points_limits(scene: KnownScene, act: Done, kind: str) -> list[tuple[Limit, int]]:
    day, limits = period_of("day", act.occurred_at), []
    if scene.group:
        limits.append(((act.member, f"group:island-ride{_child(act)}", day), RIDES_A_DAY))
    if kind == "guest":
        limits.append(((act.member, "guest:day", day), GUEST_A_DAY))
        limits.append(((act.member, "guest:all", 0), GUEST_IN_ALL))
    return limits
