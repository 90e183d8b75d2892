"""Acts: each that was decided has exactly one entry, and its award is what its own rule version gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from miniprogram_api.db import public_id
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check
from miniprogram_api.queries.reconciliation.rules import Rules
from scenes.reduction import points_for, reduction_grams

CHECKS = (
    Check(
        "acts",
        "entry",
        "SELECT a.id, e.id, a.entry_id FROM acts a LEFT JOIN entries e ON e.id = a.entry_id AND e.act_id = a.id"
        " AND e.kind = 'earn' WHERE a.entry_id IS NOT NULL AND e.id IS NULL",
    ),
    Check(
        "acts",
        "credited quantity, beside the reason for what is missing,",
        "SELECT id, credited_quantity, CASE WHEN reason IS NULL THEN quantity ELSE 0 END FROM acts"
        " WHERE (state = 'credited' AND (reason IS NULL) <> (credited_quantity = quantity))"
        " OR (state <> 'credited' AND (credited_quantity <> 0 OR reason IS NULL))",
    ),
    Check(
        "acts",
        "member",
        "SELECT a.id, NULL, a.member_id FROM acts a LEFT JOIN members m ON m.id = a.member_id WHERE m.id IS NULL",
    ),
    Check(
        "acts",
        "entry that another use of the same key made",
        "SELECT a.id, e.id, NULL FROM acts a JOIN entries e ON e.caller_kind = 'member' AND e.caller = a.member_id"
        " AND e.key = a.pending_key AND (e.act_id IS NULL OR e.act_id <> a.id) WHERE a.pending_key IS NOT NULL",
    ),
    Check(
        "acts",
        "first code on its counter",
        "SELECT a.id, b.id, a.id FROM acts a JOIN acts b ON b.kiosk_id = a.kiosk_id AND b.epoch = a.epoch"
        " AND b.counter = a.counter AND b.claimant = 0 AND (b.nonce <> a.nonce OR b.kind <> a.kind)"
        " WHERE a.claimant > 0 AND a.claimant <> a.id AND a.epoch > 0",  # a reading's lines have epoch 0
    ),
    Check(
        "acts",
        "claimant, which is negative for a twin and for nothing else,",
        "SELECT id, claimant, 0 FROM acts WHERE (claimant < 0) <> (COALESCE(reason, '') = 'code_twin')"
        " AND (state = 'pending' OR claimant <> -id)",  # of a twin that was accepted: queries/reconciliation/reviews.py
    ),
)


def act_differences(connection: Connection) -> Iterator[Difference]:
    """What one statement can see of acts; the walk along the members compares awards and limits."""
    for check in CHECKS:
        yield from check.differences(connection)


def award_differences(act: Any, rules: Rules) -> Iterator[Difference]:
    """Points, grams and factor of a decided act against its rule version."""
    row, rule = f"acts {public_id(act.id)}", rules.get((act.scene, act.rule_version))
    variant = rule.scene.variant(act.variant) if rule else None
    if rule is None or variant is None:
        version = f"{act.scene}/{act.rule_version}, variant {act.variant}"
        yield Difference(row, "rule version", None, version)
        return
    factor = rule.factor_of(variant)
    expected = {
        "points": points_for(act.credited_quantity, variant),
        "reduction_grams": reduction_grams(act.credited_quantity, variant.unit, factor.value),
        "factor": f"{factor.id}/{factor.version}",
    }
    for field, value in expected.items():
        stored = getattr(act, field)
        if stored != value:
            yield Difference(row, field, stored, value)
