"""What an act is worth: cool-down, caps that fill, points and grams. Pure; the order of checks is the contract's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from miniprogram_api.domain.calendar import island_day, nights_before, period_number
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.phones import PhoneFull, PhoneShare
from miniprogram_api.domain.refusals import CoolDown, InvalidFields, QuantityTooSmall, SceneClosed
from miniprogram_api.domain.rules import Rule
from scenes.catalogue import Scene, Variant
from scenes.limits import NIGHTS_MAX
from scenes.reduction import points_for, reduction_grams

HOUR_SECONDS = 3600
KIOSK_HOUR, DESK_HOUR, CLERK_DAY = "kiosk:hour", "desk:hour", "clerk:day"
# Above these a person of the staff has to look, instead of the rest being recorded with nothing.
LOOKED_AT = {KIOSK_HOUR: "kiosk_ceiling", DESK_HOUR: "desk_ceiling"}


@dataclass(frozen=True)
class Doing:
    """An act as it reaches the rules: who, what, how much (units of the code) and when (corrected time)."""

    member_id: int
    member_kind: str
    companion: int
    variant: int
    quantity: int
    occurred_at: int
    kiosk: int
    ticket: bool = False
    room: int | None = None  # the place's room, hashed
    card: bool = False


@dataclass(frozen=True)
class CapUse:
    """One limit an act counts against. `unit` says whether units of the scene or points are counted."""

    owner: int
    name: str
    period: int
    cap: int
    unit: str  # units | points | uses
    amount: int = 0
    window_seconds: int = 0
    window_start: int = 0

    @property
    def key(self) -> tuple[int, str, int]:
        return (self.owner, self.name, self.period)


@dataclass(frozen=True)
class Earlier:
    """A credited act of the same member and companion near this one in time."""

    scene: int
    occurred_at: int


@dataclass(frozen=True)
class Award:
    """`state` is credited, capped or pending; `cap_uses` are the limits with the amounts this award takes, `on_phone`
    what the member takes of the phone, or that it had enough members already."""

    state: str
    credited_quantity: int
    points: int
    reduction_grams: int
    reason: str | None
    cap_uses: tuple[CapUse, ...]
    on_phone: tuple[PhoneShare, ...] | PhoneFull = ()


def caps_of(rule: Rule, doing: Doing, ceiling: int | None, limits: Limits) -> list[CapUse]:
    """Every limit that this act counts against, before anything is known of how far each is used."""
    scene, suffix = rule.scene, f":{doing.companion}" if doing.companion else ""
    owner, name = doing.member_id, f"scene:{scene.number}{suffix}"
    if scene.cap_scope == "room":
        owner, name = doing.room or 0, f"room:{scene.number}"
    uses = [CapUse(owner, name, period, scene.cap, "units") for period in _periods(scene, doing)]
    if scene.cap_group is not None:
        group = rule.cap_groups[scene.cap_group]
        period = period_number(group.period, doing.occurred_at)
        uses.append(CapUse(doing.member_id, f"group:{group.id}{suffix}", period, group.points, "points"))
    if doing.member_kind == "guest":
        day = period_number("day", doing.occurred_at)
        uses.append(CapUse(doing.member_id, "guest:day", day, limits.guest_points_a_day, "points"))
        uses.append(CapUse(doing.member_id, "guest:all", 0, limits.guest_points_in_all, "points"))
    if doing.card:
        day = period_number("day", doing.occurred_at)
        uses.append(CapUse(doing.member_id, "card:day", day, limits.card_points_a_day, "points"))
    if ceiling is not None:
        uses.append(CapUse(doing.kiosk, KIOSK_HOUR, doing.occurred_at // HOUR_SECONDS, ceiling, "points"))
    return uses


def _periods(scene: Scene, doing: Doing) -> list[int]:
    if scene.cap_scope == "room" and doing.ticket:
        return []  # a ticket counts as a room of its own
    if scene.period == "night":
        # The limits are looked up before the quantity is judged: no variant allows more nights than these.
        return nights_before(doing.occurred_at, min(doing.quantity, NIGHTS_MAX))
    return [period_number(scene.period, doing.occurred_at)]


def check_open(rule: Rule, doing: Doing) -> Variant:
    """The variant in force; raises SceneClosed, InvalidFields or QuantityTooSmall."""
    scene = rule.scene
    why = why_closed(scene, doing.member_kind, doing.occurred_at)
    if why is not None:
        raise SceneClosed(why=why)
    variant = scene.variant(doing.variant)
    if variant is None:
        raise InvalidFields(fields=[{"field": "variant", "reason": "unknown"}])
    if doing.quantity < variant.min_quantity:
        raise QuantityTooSmall(min_quantity=variant.min_quantity)
    if doing.quantity > variant.max_quantity:
        raise InvalidFields(fields=[{"field": "quantity", "reason": "too_large"}])
    if scene.cap_scope == "room" and doing.room is None and not doing.ticket:
        raise InvalidFields(fields=[{"field": "room", "reason": "missing"}])
    return variant


def why_closed(scene: Scene, member_kind: str, moment: int) -> str | None:
    """paused, season or audience: what closes the scene to such a member at that moment; None while it is open."""
    if not scene.active:
        return "paused"
    if scene.season is not None and not _in_season(scene.season, moment):
        return "season"
    if scene.audience == "residents" and member_kind != "resident":
        return "audience"
    if scene.audience == "visitors" and member_kind == "resident":
        return "audience"
    return None


def _in_season(season: tuple[str, str], moment: int) -> bool:
    day, (first, last) = island_day(moment).strftime("%m-%d"), season
    return first <= day <= last if first <= last else day >= first or day <= last


def check_cool_down(scene: Scene, occurred_at: int, earlier: list[Earlier], exclusive: dict[int, int]) -> None:
    """Inside the cool-down it is the same act again; before and after count alike. Raises CoolDown.

    `exclusive` gives, for each other scene of the same exclusive pair, the seconds that keep them apart.
    """
    again_at = 0
    for act in earlier:
        apart = scene.cool_down_seconds if act.scene == scene.number else exclusive.get(act.scene, 0)
        if abs(act.occurred_at - occurred_at) < apart:
            again_at = max(again_at, act.occurred_at + apart)
    if again_at:
        raise CoolDown(allowed_again_at=again_at)


def decide_award(
    rule: Rule, variant: Variant, doing: Doing, caps: list[CapUse], used: dict[tuple[int, str, int], int]
) -> Award:
    """Fill the caps: the units that fit are credited, the rest is recorded with nothing.

    A unit fits whole or not at all. `used` holds what is already used under each cap's key.
    Grams use the credited quantity:
    ⌊quantity × factor⌋ once per act (contract section 4).
    """
    fit, reason = doing.quantity, None
    nights = [cap for cap in caps if cap.unit == "units"]
    by_night = rule.scene.period == "night" and bool(nights)
    if by_night:
        fit = sum(used.get(cap.key, 0) < cap.cap for cap in nights)
    for cap in caps:
        left = max(0, cap.cap - used.get(cap.key, 0))
        fits = fit
        if cap.unit == "units" and not by_night:
            fits = min(fit, left)
        elif cap.unit == "points":
            fits = units_within(fit, variant, left)
            if cap.name in LOOKED_AT and fits < fit:
                return Award("pending", 0, 0, 0, LOOKED_AT[cap.name], ())
        if fits < fit:
            fit, reason = fits, cap.name
    if fit < doing.quantity and reason is None:
        reason = nights[0].name
    if fit == 0:
        return Award("capped", 0, 0, 0, reason, ())
    points = points_for(fit, variant)
    grams = reduction_grams(fit, variant.unit, rule.factor_of(variant).value)
    return Award("credited", fit, points, grams, reason, cap_uses(rule, caps, used, fit, points))


def cap_uses(
    rule: Rule, caps: list[CapUse], used: dict[tuple[int, str, int], int], fit: int, points: int
) -> tuple[CapUse, ...]:
    """What a credited act takes of each limit: its units, or the free nights from the latest on; and its points."""
    units = [cap for cap in caps if cap.unit == "units"]
    if rule.scene.period == "night":
        free_nights = [cap for cap in units if used.get(cap.key, 0) < cap.cap]
        uses = [replace(cap, amount=1) for cap in free_nights[:fit]]
    else:
        uses = [replace(cap, amount=fit) for cap in units]
    return (*uses, *(replace(cap, amount=points) for cap in caps if cap.unit == "points" and points))


def units_within(quantity: int, variant: Variant, points_left: int) -> int:
    """The most units, up to quantity, whose points fit."""
    if points_for(quantity, variant) <= points_left:
        return quantity
    low, high = 0, quantity  # points_for(low) fits, points_for(high) does not
    while high - low > 1:
        middle = (low + high) // 2
        if points_for(middle, variant) <= points_left:
            low = middle
        else:
            high = middle
    return low


def is_full(use: CapUse, used: int, window_start: int) -> bool:
    """Whether a limit has no room for this use; a window that is over has all its room again."""
    over = use.window_seconds > 0 and window_start + use.window_seconds <= use.window_start
    return not over and used + use.amount > use.cap


def uses_of_credited(
    rule: Rule, doing: Doing, limits: Limits, credited_quantity: int, points: int, nights: str | None
) -> list[CapUse]:
    """What a credited act took of the limits of its member or room: what its reversal gives back.

    `nights` is `nights_text` of its award, None where that wasn't kept yet: then they were the latest. A kiosk's
    ceiling is no limit of the member: a kiosk whose acts had to be reversed gets no more room for it.
    """
    taken = set(nights_before(doing.occurred_at, doing.quantity)[:credited_quantity])
    if nights is not None:
        taken = {int(night) for night in nights.split(",")}
    uses = []
    for cap in caps_of(rule, doing, None, limits):
        amount = points if cap.unit == "points" else credited_quantity
        if rule.scene.period == "night" and cap.unit == "units":
            amount = int(cap.period in taken)
        if amount:
            uses.append(replace(cap, amount=amount))
    return uses


def nights_text(scene: Scene, award: Award) -> str | None:
    """The nights that a credited act took, as numbers of days with commas between; None for every other scene."""
    if scene.period != "night":
        return None
    return ",".join(str(use.period) for use in award.cap_uses if use.unit == "units") or None
