"""Rules of the scenes come into force."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import RuleVersion
from scenes.catalogue import Catalogue

FIRST_VERSION = 1
FROM_THE_BEGINNING = 0  # an act of a kiosk whose clock was behind still finds its rule


@use_case
def publish_catalogue(session: Session, catalogue: Catalogue, reason: str, clock: Clock) -> int:
    """Puts the first version of every scene in force that has none yet; answers how many were new."""
    with transaction(session) as connection:
        there = set(connection.execute(select(RuleVersion.scene)).scalars())
        rows = [
            _first_version(catalogue, number, reason, clock.now())
            for number in catalogue.documents
            if number not in there
        ]
        if rows:
            connection.execute(insert(RuleVersion), rows)
    return len(rows)


def _first_version(catalogue: Catalogue, number: int, reason: str, now: int) -> dict[str, Any]:
    scene = catalogue.scenes[number]
    factors = sorted({variant.factor for variant in scene.variants})
    return {
        "scene": number,
        "version": FIRST_VERSION,
        "slug": scene.slug,
        "starts_at": FROM_THE_BEGINNING,
        "document": json.dumps(catalogue.documents[number], ensure_ascii=False, sort_keys=True),
        "factors": json.dumps([asdict(catalogue.factors[name]) for name in factors], ensure_ascii=False),
        "reason": reason,
        "created_at": now,
    }
