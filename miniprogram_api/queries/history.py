"""A member's activities, newest first, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.rules import KioskStanding, Rule
from miniprogram_api.models import Act
from miniprogram_api.models.reviews import activities, in_state, standing_act
from miniprogram_api.queries.paging import after_cursor, page
from miniprogram_api.queries.reasons import reason_text
from scenes.reduction import whole_unit

BY_STAFF = "by_staff"  # a person refused it, and says why in a sentence


class Rulebook(Protocol):
    """What a query asks of the island's directory."""

    def rule_version(self, scene: int, version: int) -> Rule | None: ...
    def rules(self, moment: int) -> list[Rule]: ...
    def kiosk(self, number: int, moment: int) -> KioskStanding | None: ...
    def kiosks(self, moment: int) -> list[KioskStanding]: ...


def member_history(
    session: Session,
    member_id: int,
    rulebook: Rulebook,
    language: str,
    cursor: str | None,
    limit: int,
    state: str | None = None,
) -> dict[str, Any]:
    """One page of activities, of one state where it is named: {data, next}."""
    mine = activities().where(Act.member_id == member_id, *(in_state(state) if state else ()))
    statement = after_cursor(mine, cursor, Act.occurred_at, Act.id)
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "occurred_at", "standing_id")
    return {"data": [show_activity(dict(row._mapping), rulebook, language) for row in rows], "next": following}


def member_activity(
    session: Session, member_id: int, act_id: int, rulebook: Rulebook, language: str
) -> dict[str, Any] | None:
    """One activity of this member, None when it is another's or nobody's."""
    mine = (Act.id == standing_act(act_id), Act.member_id == member_id)
    row = session.execute(activities().where(*mine)).first()
    return None if row is None else show_activity(dict(row._mapping), rulebook, language)


def staff_activity(session: Session, act_id: int, rulebook: Rulebook, language: str) -> dict[str, Any]:
    """One activity of whoever did it, as the office sees it."""
    row = session.execute(activities().where(Act.id == standing_act(act_id))).one()
    return show_activity(dict(row._mapping), rulebook, language)


def show_activity(act: Mapping[str, Any], rulebook: Rulebook, language: str) -> dict[str, Any]:
    """The activity of an act's row, of `activities` or just written; times are Unix seconds."""
    state, reason, sentence = _standing(act)
    rule = rulebook.rule_version(act["scene"], act["rule_version"])
    assert rule is not None, "rule versions are never removed"
    kiosk = rulebook.kiosk(act["kiosk_id"], act["occurred_at"])
    return {
        "id": public_id(act["id"]),
        "scene": rule.scene.slug,
        "name": in_language(rule.scene, "name", language),
        "variant": act["variant"],
        "unit": rule.scene.unit,
        "quantity": act["quantity"],
        "credited_quantity": act["credited_quantity"],
        "companion": act["companion"],
        "points": act["points"],
        "reduction_grams": act["reduction_grams"],
        "state": state,
        "reason": reason,
        "reason_text": sentence or reason_text(reason, rule.scene.period, language),
        "reversal": _reversal(act),
        "question": _question(act),
        "decided_at": act.get("decided_at"),
        "occurred_at": act["occurred_at"],
        "recorded_at": act["recorded_at"],
        "formula": _formula(rule, act),
        "place": act.get(f"till_{language}") or "" if kiosk is None else in_language(kiosk, "venue", language),
        "leaf_index": None,
    }


def _standing(act: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """State and reason of an activity, and the sentence of a person of the staff where they refused it."""
    if act.get("reversed_at"):
        return "reversed", act["reason"], None
    if act.get("decision") == "refused":
        code = act["decision_code"]
        return "refused", code or BY_STAFF, None if code else act["decision_reason"]
    return act["state"], act.get("waits") or act["reason"], None


def _question(act: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the staff asked while the act waited, and the member's answer."""
    if not act.get("question"):
        return None
    return {
        "text": act["question"],
        "asked_at": act["asked_at"],
        "answer": act["answer"],
        "answered_at": act["answered_at"],
    }


def _reversal(act: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why and when the act was taken back, None while it counts."""
    if not act.get("reversed_at"):
        return None
    return {"reason": act["reversal_reason"], "reversed_at": act["reversed_at"]}


def in_language(thing: Any, name: str, language: str) -> str:
    """The text of that name in the reader's language."""
    text: str = getattr(thing, f"{name}_{language}")
    return text


def _formula(rule: Rule, act: Mapping[str, Any]) -> str:
    """How the grams were reached, such as `1 meal × 144 g/meal = 144 g (clean-plate-meal v1)`."""
    variant = rule.scene.variant(act["variant"])
    assert variant is not None, "an act was judged by a variant of its rule"
    factor, whole = rule.factor_of(variant), whole_unit(variant.unit)
    quantity = amount_text(act["credited_quantity"], whole)
    grams = act["reduction_grams"]
    return f"{quantity} {variant.unit} × {factor.value} {factor.unit} = {grams} g ({factor.id} v{factor.version})"


def amount_text(units: int, whole: int) -> str:
    """Units of the code as whole units: 250 of 100 are 2.5."""
    count, rest = divmod(units, whole)
    if not rest:
        return str(count)
    digits = len(str(whole)) - 1
    return f"{count}.{rest:0{digits}d}".rstrip("0")
