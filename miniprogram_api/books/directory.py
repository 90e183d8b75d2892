"""Rules, kiosks and keys as the hot path needs them: read at most once a second by each process.

A change made by staff counts on every worker within that second. Rule versions and keys never change once written,
so they are parsed once.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from miniprogram_api.domain.rules import KioskStanding, Rule
from miniprogram_api.models import Kiosk, KioskKey, RuleVersion, Venue
from scenes.catalogue import CapGroup, Factor, load_catalogue
from scenes.validation import parse_scene

FRESH_SECONDS = 1.0


@dataclass
class Directory:
    """What is in force now. `engine` is read in a short transaction of its own."""

    engine: Engine
    cap_groups: dict[str, CapGroup] = field(default_factory=lambda: load_catalogue().cap_groups)
    _read_at: float = field(default=float("-inf"), init=False)
    _rules: dict[int, list[Rule]] = field(default_factory=dict, init=False)
    _parsed: dict[tuple[int, int], Rule] = field(default_factory=dict, init=False)
    _kiosks: dict[int, KioskStanding] = field(default_factory=dict, init=False)
    _keys: dict[tuple[int, int], bytes] = field(default_factory=dict, init=False)

    def public_key(self, kiosk: int, epoch: int) -> bytes | None:
        """The 32-byte Ed25519 key of a kiosk's epoch, None when there is none."""
        self._refresh()
        return self._keys.get((kiosk, epoch))

    def kiosk(self, number: int) -> KioskStanding | None:
        self._refresh()
        return self._kiosks.get(number)

    def kiosks(self) -> list[KioskStanding]:
        self._refresh()
        return list(self._kiosks.values())

    def rule(self, scene: int, moment: int) -> Rule | None:
        """The version in force at this Unix second, None when the scene had none yet."""
        self._refresh()
        in_force = [rule for rule in self._rules.get(scene, ()) if rule.starts_at <= moment]
        return in_force[-1] if in_force else None

    def rules(self, moment: int) -> list[Rule]:
        """The rule in force of every scene, by scene number."""
        self._refresh()
        found = (self.rule(scene, moment) for scene in sorted(self._rules))
        return [rule for rule in found if rule is not None]

    def rule_version(self, scene: int, version: int) -> Rule | None:
        self._refresh()
        return self._parsed.get((scene, version))

    def forget(self) -> None:
        """Read again at the next question: for a process that has just changed something itself."""
        self._read_at = float("-inf")

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        with self.engine.connect() as connection:
            self._read_rules(connection)
            self._read_kiosks(connection)
        self._read_at = time.monotonic()

    def _read_rules(self, connection: Connection) -> None:
        for row in connection.execute(select(RuleVersion.scene, RuleVersion.version)).all():
            if (row.scene, row.version) not in self._parsed:
                self._parse_rule(connection, row.scene, row.version)

    def _parse_rule(self, connection: Connection, scene: int, version: int) -> None:
        row = connection.execute(
            select(RuleVersion.starts_at, RuleVersion.document, RuleVersion.factors).where(
                RuleVersion.scene == scene, RuleVersion.version == version
            )
        ).one()
        factors = {document["id"]: Factor(**document) for document in json.loads(row.factors)}
        parsed = parse_scene(json.loads(row.document), factors, f"rule {scene}/{version}")
        rule = Rule(version, row.starts_at, parsed, factors, self.cap_groups)
        self._parsed[scene, version] = rule
        versions = [*self._rules.get(scene, ()), rule]
        self._rules[scene] = sorted(versions, key=lambda one: (one.starts_at, one.version))

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
            ).join(Venue, Venue.id == Kiosk.venue_id)
        ).all()
        self._kiosks = {
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
            )
            for row in rows
        }
        keys = connection.execute(select(KioskKey.kiosk_id, KioskKey.epoch, KioskKey.public_key)).all()
        self._keys = {(row.kiosk_id, row.epoch): bytes(row.public_key) for row in keys}
