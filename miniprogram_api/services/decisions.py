"""What an act is worth that has arrived, however it did: the one decision in which online and offline meet."""

from __future__ import annotations

from miniprogram_api.books.facts import Facts
from miniprogram_api.domain.awards import Award, check_cool_down, check_open, decide_award, is_full
from miniprogram_api.domain.refusals import CodeFull
from miniprogram_api.services.arrivals import Arrived, boarding_of, doing_of, limits_of
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
        return pending(waits)
    for use in boarding_of(arrived):
        if is_full(use, facts.used.get(use.key, 0), facts.windows.get(use.key, 0)):
            raise CodeFull
    companion = arrived.source.companion
    exclusive = exclusive_with(arrived, island)
    check_cool_down(arrived.rule.scene, arrived.occurred_at, facts.earlier(companion), exclusive)
    if companion in facts.far:
        return pending("too_far")
    caps = limits_of(arrived, member.member_id, member.kind, island)
    return decide_award(arrived.rule, variant, doing, caps, facts.used)


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
