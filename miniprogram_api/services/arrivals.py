"""A scanned kiosk code on its way in: opened, its kiosk and age checked, its rule and limits found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from miniprogram_api.domain.awards import CapUse, Doing, caps_of
from miniprogram_api.domain.code_age import check_age
from miniprogram_api.domain.refusals import KioskSuspended, ProofNotAllowed, SceneClosed
from miniprogram_api.domain.rules import KioskStanding, Rule
from miniprogram_api.services.codes import open_code
from miniprogram_api.services.island import Island
from scenes.wire.arrival import arrival_seen_at
from scenes.wire.code_text import code_bytes
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from scenes.wire.kiosk_code import KioskCode


@dataclass(frozen=True)
class Scan:
    """What a phone hands in. `key` is its idempotency key; `companion` 0 is the member, 1…3 a child with a ticket."""

    token_hash: bytes
    code_text: str
    arrival: str | None = None
    companion: int = 0
    key: str | None = None
    room: int | None = None  # as services.rooms knows it


@dataclass(frozen=True)
class Arrived:
    """A scan whose code is genuine: what it says and when, in the server's time."""

    scan: Scan
    code: KioskCode
    kiosk: KioskStanding
    rule: Rule
    occurred_at: int
    now: int


def content_of(code: KioskCode, companion: int) -> bytes:
    """SHA-256 of the decoded fields that a repeat with the same key must have again, whatever the spelling."""
    fields = [code.kind, code.epoch, code.kiosk, code.counter, code.nonce.hex(), companion]
    return hashlib.sha256(json.dumps(fields).encode("ascii")).digest()


def arrive(scan: Scan, island: Island, now: int) -> Arrived:
    """The scan with its kiosk and rule. Raises the refusals of opening, of the kiosk's state, of age: in this order."""
    directory, limits = island.directory, island.limits
    code = open_code(scan.code_text, island)
    kiosk = directory.kiosk(code.kiosk, now)
    if kiosk is None:
        raise KioskSuspended
    issued_at = code.issued_at + kiosk.offset_seconds if code.issued_at else now
    occurred_at = min(issued_at, now)
    kiosk = directory.kiosk(code.kiosk, occurred_at) or kiosk
    _check_kiosk(kiosk, code, occurred_at)
    rule = directory.rule(code.scene, occurred_at)
    if rule is None:
        raise SceneClosed(why="paused")
    if code.issued_at:
        seen_at = _seen_at(scan, island, now)
        check_age(code.kind, issued_at, seen_at, kiosk.profile.get("ticket_days", limits.ticket_days), limits)
    if scan.companion and code.kind != KIND_TICKET:
        raise ProofNotAllowed
    return Arrived(scan, code, kiosk, rule, occurred_at, now)


def _check_kiosk(kiosk: KioskStanding, code: KioskCode, occurred_at: int) -> None:
    if kiosk.state != "active" and occurred_at >= kiosk.state_since:
        raise KioskSuspended
    most = kiosk.max_quantity(code.scene)
    if not kiosk.allows(code.scene, code.kind) or (most is not None and code.quantity > most):
        raise ProofNotAllowed


def _seen_at(scan: Scan, island: Island, now: int) -> int:
    if scan.arrival:
        raw = code_bytes(scan.code_text, island.code_base_url)
        seen = arrival_seen_at(island.keys.arrival, raw, scan.arrival)
        if seen is not None and 0 <= now - seen <= island.limits.arrival_seconds:
            return seen
    return now


def limits_of(arrived: Arrived, member_id: int, member_kind: str, island: Island) -> list[CapUse]:
    """The limits in units and points that this act counts against for a member of this kind."""
    return caps_of(arrived.rule, doing_of(arrived, member_id, member_kind), _ceiling(arrived), island.limits)


def doing_of(arrived: Arrived, member_id: int, member_kind: str) -> Doing:
    code = arrived.code
    ticket = code.kind == KIND_TICKET
    return Doing(
        member_id,
        member_kind,
        arrived.scan.companion,
        code.variant,
        code.quantity,
        arrived.occurred_at,
        code.kiosk,
        ticket,
        arrived.scan.room,
    )


def _ceiling(arrived: Arrived) -> int | None:
    ceiling: int | None = arrived.kiosk.profile.get("ceilings", {}).get("points_per_hour")
    return ceiling


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


def boarding_of(arrived: Arrived) -> list[CapUse]:
    """The limits of a group code: people per code, and seats per boarding window of the kiosk and scene."""
    code, group = arrived.code, arrived.kiosk.profile.get("group")
    if code.kind != KIND_GROUP or group is None:
        return []
    return [
        CapUse(code.kiosk, f"code:{code.epoch}:{code.counter}", 0, group["per_code"], "uses", 1),
        CapUse(
            code.kiosk, f"seats:{code.scene}", 0, group["seats"], "uses", 1, group["window_minutes"] * 60, arrived.now
        ),
    ]
