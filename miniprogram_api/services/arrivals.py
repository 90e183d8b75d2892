"""A kiosk code that was scanned on its way in, and what every act that arrives brings along: rule, place, limits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from miniprogram_api.books.journals import JournaledCode
from miniprogram_api.domain.awards import CapUse, Doing, caps_of
from miniprogram_api.domain.code_age import check_age
from miniprogram_api.domain.refusals import KioskSuspended, ProofNotAllowed, SceneClosed
from miniprogram_api.domain.rules import KioskStanding, Rule
from miniprogram_api.domain.sources import Source
from miniprogram_api.services.codes import open_code
from miniprogram_api.services.island import Island
from scenes.wire.arrival import arrival_seen_at
from scenes.wire.code_text import code_bytes
from scenes.wire.kinds import KIND_CARD, KIND_GROUP, KIND_TICKET
from scenes.wire.kiosk_code import KioskCode

UNTIMED = "clock_untrusted"  # nothing tells when it was


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
    """An act whose code or reading is genuine: what it says, where and when, in the server's time. `waits` is why it
    has to wait for a person; `ceilings` are limits in points of those who confirmed it, beside the place's own."""

    source: Source
    place: KioskStanding
    rule: Rule
    occurred_at: int
    now: int
    waits: str | None = None
    ceilings: tuple[CapUse, ...] = ()


def source_of(code: KioskCode, scan: Scan) -> Source:
    """What a scanned code says, and who hands it in for whom."""
    return Source(
        code.kind,
        code.epoch,
        code.kiosk,
        code.counter,
        code.nonce,
        code.issued_at,
        code.scene,
        code.variant,
        code.quantity,
        scan.companion,
        scan.room,
        scan.key,
    )


def content_of(code: KioskCode | Source, companion: int) -> bytes:
    """SHA-256 of the decoded fields that a repeat with the same key must have again, whatever the spelling."""
    fields = [code.kind, code.epoch, code.kiosk, code.counter, code.nonce.hex(), companion]
    return hashlib.sha256(json.dumps(fields).encode("ascii")).digest()


Journal = Callable[[KioskCode], JournaledCode | None]


def arrive(scan: Scan, island: Island, now: int, journal: Journal) -> Arrived:
    """The scan with its kiosk and rule; `journal` is asked about codes that don't say when they were made, and those of
    a kiosk that was lost. Raises the refusals of opening, of the kiosk's state, of age: in this order."""
    directory, limits = island.directory, island.limits
    code = open_code(scan.code_text, island)
    kiosk = directory.kiosk(code.kiosk, now, code.epoch)
    if kiosk is None:
        raise KioskSuspended
    journaled = journal(code) if not code.issued_at or kiosk.state == "lost" else None
    known_at = _known_at(code, kiosk, journaled)
    issued_at = now if known_at is None else known_at
    occurred_at = min(issued_at, now)
    kiosk = directory.kiosk(code.kiosk, occurred_at, code.epoch) or kiosk
    _check_kiosk(kiosk, code, occurred_at)
    rule = directory.rule(code.scene, occurred_at)
    if rule is None:
        raise SceneClosed(why="paused")
    if known_at is not None:
        seen_at = _seen_at(scan, island, now)
        check_age(code.kind, issued_at, seen_at, kiosk.profile.get("ticket_days", limits.ticket_days), limits)
    if scan.companion and code.kind != KIND_TICKET:
        raise ProofNotAllowed
    waits = _waits(kiosk, known_at, journaled)
    return Arrived(source_of(code, scan), kiosk, rule, occurred_at, now, waits)


def _known_at(code: KioskCode, kiosk: KioskStanding, journaled: JournaledCode | None) -> int | None:
    """When the code was made, in the server's time, as far as anything tells."""
    if code.issued_at:
        return code.issued_at + kiosk.offset_seconds
    return journaled.corrected_at if journaled else None


def _waits(kiosk: KioskStanding, known_at: int | None, journaled: JournaledCode | None) -> str | None:
    """Of a kiosk that was lost only that counts which its journal had told before."""
    if kiosk.state == "lost" and (journaled is None or journaled.received_at >= kiosk.state_since):
        return "kiosk_lost"
    return UNTIMED if known_at is None else None


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
    doing = doing_of(arrived, member_id, member_kind)
    return [*caps_of(arrived.rule, doing, _ceiling(arrived), island.limits), *arrived.ceilings]


def doing_of(arrived: Arrived, member_id: int, member_kind: str) -> Doing:
    source = arrived.source
    return Doing(
        member_id,
        member_kind,
        source.companion,
        source.variant,
        source.quantity,
        arrived.occurred_at,
        source.kiosk,
        source.kind == KIND_TICKET,
        source.room,
        source.kind == KIND_CARD,
    )


def _ceiling(arrived: Arrived) -> int | None:
    ceiling: int | None = arrived.place.profile.get("ceilings", {}).get("points_per_hour")
    return ceiling


def boarding_of(arrived: Arrived) -> list[CapUse]:
    """The limits of a group code: people per code, and seats per boarding window of the kiosk and scene."""
    code, group = arrived.source, arrived.place.profile.get("group")
    if code.kind != KIND_GROUP or group is None:
        return []
    return [
        CapUse(code.kiosk, f"code:{code.epoch}:{code.counter}", 0, group["per_code"], "uses", 1),
        CapUse(
            code.kiosk, f"seats:{code.scene}", 0, group["seats"], "uses", 1, group["window_minutes"] * 60, arrived.now
        ),
    ]
