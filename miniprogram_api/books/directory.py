"""Rules, kiosks and keys as the hot path needs them: read at most once a second by each process.

A change made by staff counts on every worker within that second. Versions of rules and places and keys never change
once written, so they are parsed once. Of the versions that count and have begun the newest is in force
(domain/versions.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, select

from miniprogram_api.domain.rules import KioskStanding, Rule, read_rule
from miniprogram_api.models import (
    Approval,
    GroupVersion,
    Kiosk,
    KioskKey,
    KioskKeyBar,
    RuleVersion,
    Venue,
    VenueVersion,
)
from miniprogram_api.models.groups import group_versions
from miniprogram_api.models.scenes import COUNTS, rule_versions
from miniprogram_api.models.venues import venue_versions
from scenes.catalogue import CapGroup, load_catalogue

FRESH_SECONDS = 1.0
FROM_THE_BEGINNING = 0
NO_EPOCH = 0  # what was read at a kiosk carries no key of it


class Starting(Protocol):
    @property
    def starts_at(self) -> int: ...


S = TypeVar("S", bound=Starting)


@dataclass(frozen=True)
class Place:
    """What one version of a venue says."""

    starts_at: int
    name_zh: str
    name_en: str
    profile: dict[str, Any]


@dataclass(frozen=True)
class Shared:
    """What one later version of a group of scenes says."""

    version: int
    starts_at: int
    group: CapGroup


@dataclass(frozen=True)
class Standing:
    """A kiosk as one version of its venue makes it."""

    starts_at: int
    kiosk: KioskStanding


def begun(versions: Iterable[S], moment: int) -> S | None:
    """The newest of these that has begun; they come oldest first."""
    newest = None
    for version in versions:
        if version.starts_at <= moment:
            newest = version
    return newest


@dataclass
class Directory:
    """What is in force now. `engine` is read in a short transaction of its own; `cap_groups` are the first versions."""

    engine: Engine
    cap_groups: dict[str, CapGroup] = field(default_factory=lambda: load_catalogue().cap_groups)
    _read_at: float = field(default=float("-inf"), init=False)
    _rules: dict[int, list[Rule]] = field(default_factory=dict, init=False)
    _parsed: dict[tuple[int, int], Rule] = field(default_factory=dict, init=False)
    _groups: dict[str, list[Shared]] = field(default_factory=dict, init=False)
    _sharing: dict[tuple[int, int, int], Rule] = field(default_factory=dict, init=False)
    _places: dict[tuple[str, int], Place] = field(default_factory=dict, init=False)
    _kiosks: dict[int, list[Standing]] = field(default_factory=dict, init=False)
    _keys: dict[tuple[int, int], bytes] = field(default_factory=dict, init=False)
    _bars: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict, init=False)

    def public_key(self, kiosk: int, epoch: int) -> bytes | None:
        """The 32-byte Ed25519 key of a kiosk's epoch, None when there is none."""
        self._refresh()
        return self._keys.get((kiosk, epoch))

    def kiosk(self, number: int, moment: int, epoch: int = NO_EPOCH) -> KioskStanding | None:
        """As its venue was at this Unix second, and as it stands itself now; or its key of that epoch, where that one
        is no longer believed."""
        self._refresh()
        standing = begun(self._kiosks.get(number, ()), moment)
        if standing is None:
            return None
        state, since = self._bars.get((number, epoch), (standing.kiosk.state, standing.kiosk.state_since))
        return replace(standing.kiosk, state=state, state_since=since)

    def kiosks(self, moment: int) -> list[KioskStanding]:
        self._refresh()
        found = (begun(standings, moment) for standings in self._kiosks.values())
        return [standing.kiosk for standing in found if standing is not None]

    def rule(self, scene: int, moment: int) -> Rule | None:
        """The version in force at this Unix second, with its group as it was then; None when the scene had none yet."""
        self._refresh()
        rule = begun(self._rules.get(scene, ()), moment)
        if rule is None or rule.scene.cap_group not in self._groups:
            return rule
        return self._with_group(rule, begun(self._groups[rule.scene.cap_group], moment))

    def rules(self, moment: int) -> list[Rule]:
        """The rule in force of every scene, by scene number."""
        self._refresh()
        found = (self.rule(scene, moment) for scene in sorted(self._rules))
        return [rule for rule in found if rule is not None]

    def rule_version(self, scene: int, version: int) -> Rule | None:
        self._refresh()
        return self._parsed.get((scene, version))

    def _with_group(self, rule: Rule, shared: Shared | None) -> Rule:
        if shared is None:
            return rule
        key = (rule.scene.number, rule.version, shared.version)
        if key not in self._sharing:
            self._sharing[key] = replace(rule, cap_groups={**rule.cap_groups, shared.group.id: shared.group})
        return self._sharing[key]

    def forget(self) -> None:
        """Read again at the next question: for a process that has just changed something itself."""
        self._read_at = float("-inf")

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        with self.engine.connect() as connection:
            self._read_rules(connection)
            self._read_groups(connection)
            self._read_kiosks(connection)
        self._read_at = time.monotonic()

    def _read_rules(self, connection: Connection) -> None:
        for row in connection.execute(rule_versions(RuleVersion.scene, RuleVersion.version).where(COUNTS)).all():
            if (row.scene, row.version) not in self._parsed:
                self._parse_rule(connection, row.scene, row.version)

    def _parse_rule(self, connection: Connection, scene: int, version: int) -> None:
        row = connection.execute(
            select(*RuleVersion.__table__.columns).where(RuleVersion.scene == scene, RuleVersion.version == version)
        ).one()
        rule = read_rule(row, self.cap_groups)
        self._parsed[scene, version] = rule
        self._rules[scene] = sorted([*self._rules.get(scene, ()), rule], key=lambda one: one.version)

    def _read_groups(self, connection: Connection) -> None:
        """The later versions of every group, oldest first."""
        columns = (GroupVersion.group_id, GroupVersion.version, GroupVersion.starts_at, GroupVersion.points)
        found: dict[str, list[Shared]] = {}
        for row in connection.execute(group_versions(*columns).where(Approval.decision == "approved")).all():
            first = self.cap_groups.get(row.group_id)
            if first is not None:  # no scene names a group that scenes/data has no more
                shared = Shared(row.version, row.starts_at, replace(first, points=row.points))
                found.setdefault(row.group_id, []).append(shared)
        self._groups = found

    def _read_places(self, connection: Connection) -> dict[str, list[Place]]:
        """The later versions of every venue, oldest first."""
        approved = venue_versions(VenueVersion.venue_id, VenueVersion.version).where(Approval.decision == "approved")
        places: dict[str, list[Place]] = {}
        for row in connection.execute(approved).all():
            key = (row.venue_id, row.version)
            if key not in self._places:
                self._places[key] = _parse_place(connection, *key)
            places.setdefault(row.venue_id, []).append(self._places[key])
        return places

    def _read_kiosks(self, connection: Connection) -> None:
        rows = connection.execute(
            select(
                Kiosk.id,
                Kiosk.name,
                Kiosk.state,
                Kiosk.state_since,
                Kiosk.clock_offset_seconds,
                Venue.id.label("venue_id"),
                Venue.name_zh,
                Venue.name_en,
                Venue.profile,
                Venue.side,
            ).join(Venue, Venue.id == Kiosk.venue_id)
        ).all()
        places = self._read_places(connection)
        first = {
            row.id: KioskStanding(
                row.id,
                row.name,
                row.venue_id,
                row.name_zh,
                row.name_en,
                row.state,
                row.state_since,
                row.clock_offset_seconds,
                json.loads(row.profile),
                row.side,
            )
            for row in rows
        }
        self._kiosks = {number: _standings(kiosk, places.get(kiosk.venue_id, [])) for number, kiosk in first.items()}
        keys = connection.execute(select(KioskKey.kiosk_id, KioskKey.epoch, KioskKey.public_key)).all()
        self._keys = {(row.kiosk_id, row.epoch): bytes(row.public_key) for row in keys}
        bars = connection.execute(select(*KioskKeyBar.__table__.columns))
        self._bars = {(row.kiosk_id, row.epoch): (row.state, row.since) for row in bars}


def _parse_place(connection: Connection, venue_id: str, version: int) -> Place:
    columns = (VenueVersion.starts_at, VenueVersion.name_zh, VenueVersion.name_en, VenueVersion.profile)
    row = connection.execute(
        select(*columns).where(VenueVersion.venue_id == venue_id, VenueVersion.version == version)
    ).one()
    return Place(row.starts_at, row.name_zh, row.name_en, json.loads(row.profile))


def _standings(kiosk: KioskStanding, places: Iterable[Place]) -> list[Standing]:
    """The kiosk at its venue's first version, which is there from the beginning, and at each later one."""
    later = (replace(kiosk, venue_zh=place.name_zh, venue_en=place.name_en, profile=place.profile) for place in places)
    return [Standing(FROM_THE_BEGINNING, kiosk), *map(Standing, (place.starts_at for place in places), later)]
