"""What an act is worth that has arrived, however it did: the one decision in which online and offline meet."""

from __future__ import annotations

from dataclasses import replace

from miniprogram_api.books.facts import Facts
from miniprogram_api.domain.awards import Award, check_cool_down, check_open, decide_award, is_full
from miniprogram_api.domain.phones import PhoneFull, shares_of
from miniprogram_api.domain.refusals import CodeFull
from miniprogram_api.services.arrivals import UNTIMED, Arrived, boarding_of, doing_of, limits_of
from miniprogram_api.services.island import Island

# Nobody is on both sides of the water within a crossing.
OTHER_SIDE = {"mainland": "island", "island": "mainland"}


def decide(arrived: Arrived, facts: Facts, island: Island, twin: bool = False) -> Award:
    """Credited, capped or pending; what has to wait for a person waits whatever the limits say.

    Raises SceneClosed, InvalidFields, QuantityTooSmall, CodeFull, CoolDown.
    """
    member = facts.member
    assert member is not None
    doing = doing_of(arrived, member.member_id, member.kind)
    variant = check_open(arrived.rule, doing)
    waits = "code_twin" if twin else arrived.waits
    if waits is not None:
        award = pending(waits)
        # Its time will come by itself, and with it the credit; the phone would not be looked at again.
        return _on_phone(award, arrived, facts, island) if waits == UNTIMED else award
    for use in boarding_of(arrived):
        if is_full(use, facts.used.get(use.key, 0), facts.windows.get(use.key, 0)):
            raise CodeFull
    companion = arrived.source.companion
    exclusive = exclusive_with(arrived, island)
    check_cool_down(arrived.rule.scene, arrived.occurred_at, facts.earlier(companion), exclusive)
    if companion in facts.far:
        return pending("too_far")
    caps = limits_of(arrived, member.member_id, member.kind, island)
    award = decide_award(arrived.rule, variant, doing, caps, facts.used)
    return _on_phone(award, arrived, facts, island) if award.state == "credited" else award


def _on_phone(award: Award, arrived: Arrived, facts: Facts, island: Island) -> Award:
    """The award as it stands on the phone that brought it: where enough members have earned, it waits."""
    member, phone = facts.member, facts.phone
    if member is None or phone is None:
        return award
    shares = shares_of(phone, member.member_id, member.kind, arrived.occurred_at, island.limits)
    if isinstance(shares, PhoneFull):
        return replace(pending(shares.reason), on_phone=shares)
    return replace(award, on_phone=shares)


def pending(reason: str) -> Award:
    """Nothing is booked until a person, or what arrives later, says what it is."""
    return Award("pending", 0, 0, 0, reason, ())


def apart_of(arrived: Arrived, island: Island) -> int:
    """How many seconds before and after it other acts of the member matter."""
    return max(arrived.rule.scene.cool_down_seconds, *exclusive_with(arrived, island).values(), 0)


def exclusive_with(arrived: Arrived, island: Island) -> dict[int, int]:
    """The other scenes of this scene's exclusive pair, with the seconds that keep them apart."""
    scene = arrived.rule.scene
    if scene.exclusive_group is None:
        return {}
    others = (rule.scene for rule in island.directory.rules(arrived.occurred_at))
    return {
        other.number: scene.cool_down_seconds
        for other in others
        if other.exclusive_group == scene.exclusive_group and other.number != scene.number
    }
