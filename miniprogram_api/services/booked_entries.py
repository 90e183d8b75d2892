"""What an entry must hold, made again from the act or voucher that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.calendar import points_are_over
from miniprogram_api.domain.ledger import (
    MEMBER_AVAILABLE,
    MEMBER_DEBT,
    POINTS_EXPIRED,
    Transfer,
    earning,
    expiry,
    hold,
    redemption,
    release,
    taking_back,
    undo,
)
from miniprogram_api.domain.rules import factors_shown


@dataclass(frozen=True)
class Booked:
    """`fields` of the entry's row, `shown` of its leaf in the clear, its transfers, and the kiosk that it hides."""

    fields: dict[str, Any]
    shown: dict[str, Any]
    transfers: list[Transfer]
    kiosk: int | None = None


def booked_again(entry: Any, transfers: list[Any]) -> Booked | None:
    """What the entry must hold; None where nothing that it names stands behind it, or its kind is unknown."""
    make = _KINDS.get(entry.kind)
    return make(entry, transfers) if make else None


def _earned(entry: Any, transfers: list[Any]) -> Booked | None:
    if entry.act_entry_id_ != entry.id:
        return None
    fields = _fields(entry.act_member_id_, None, entry.act_occurred_at_, entry.act_recorded_at_)
    if entry.review_act_id_ is not None:
        by = entry.review_decided_by_
        fields |= {"caller_kind": "system" if by is None else "staff", "caller": by or 0, "key": None}
    elif entry.caller_kind == "member":
        fields["caller"] = entry.act_member_id_
    elif entry.caller_kind == "kiosk":
        fields["caller"] = entry.act_kiosk_id_
    paid = _into(MEMBER_DEBT, transfers, entry.act_points_)
    again = earning(entry.act_member_id_, entry.act_points_, entry.act_reduction_grams_, paid)
    return Booked(fields, _act_shown(entry), again, entry.act_kiosk_id_)


def _act_shown(entry: Any) -> dict[str, Any]:
    return {
        "scene": entry.act_scene_,
        "variant": entry.act_variant_,
        "rule": entry.act_rule_version_,
        "factor": entry.act_factor_,
        "quantity": entry.act_credited_quantity_,
        "points": entry.act_points_,
        "grams": entry.act_reduction_grams_,
    }


def _into(account: str, transfers: list[Any], most: int) -> int:
    """What the transfers bring there: how much that must be is what the balances say, never more than there was."""
    return min(most, sum(int(row.amount) for row in transfers if row.credit == account))


def _out_of(account: str, transfers: list[Any], most: int) -> int:
    """The same for what they take from there."""
    return min(most, sum(int(row.amount) for row in transfers if row.debit == account))


def _exchanged(entry: Any, _: list[Any]) -> Booked | None:
    if entry.voucher_key_ is None:
        return None
    fields = _of_voucher(entry, entry.voucher_created_at_, entry.voucher_member_id_)
    return Booked(fields, _pieces(entry), hold(entry.voucher_member_id_, entry.voucher_points_))


def _redeemed(entry: Any, _: list[Any]) -> Booked | None:
    if entry.voucher_key_ is None or entry.redemption_key_ is None:
        return None
    fields = _of_voucher(entry, entry.redemption_redeemed_at_, entry.redemption_person_id_)
    fields["merchant_id"] = entry.redemption_merchant_id_
    shown = _pieces(entry) | {"fen": entry.voucher_settlement_fen_}
    member, points, fen = entry.voucher_member_id_, entry.voucher_points_, entry.redemption_settlement_fen_
    return Booked(fields, shown, redemption(member, entry.redemption_merchant_id_, points, fen))


def _reversed(entry: Any, transfers: list[Any]) -> Booked | None:
    """An act, or a redemption at the counter."""
    if entry.act_id is None:
        return _taken_back(entry)
    if entry.reversal_act_id_ != entry.act_id:
        return None
    member, moment, points = entry.act_member_id_, entry.reversal_reversed_at_, entry.act_points_
    fields = _fields(member, None, moment, moment) | {"caller": entry.reversal_person_id_, "caller_kind": "staff"}
    if entry.reversal_person_id_ is None:
        fields |= {"caller": entry.desked_person_id_, "caller_kind": "merchant"}  # the till that had confirmed it
    if points_are_over(entry.act_occurred_at_, moment):
        points = _out_of(MEMBER_AVAILABLE, transfers, points)  # what could still be taken is what the lots say
        again = taking_back(member, points, 0, entry.act_reduction_grams_)
    else:
        again = _back(member, points, transfers, entry.act_reduction_grams_)
    return Booked(fields, _act_shown(entry) | {"points": points}, again, entry.act_kiosk_id_)


def _back(member: int, points: int, transfers: list[Any], grams: int = 0) -> list[Transfer]:
    """How much of it had been spent is what the lots say; here it is held against the points only."""
    debt = _out_of(MEMBER_DEBT, transfers, points)
    return taking_back(member, points - debt, debt, grams)


def _adjusted(entry: Any, transfers: list[Any]) -> Booked | None:
    if entry.adjustment_key_ is None:
        return None
    member, moment, points = entry.adjustment_member_id_, entry.adjusted_decided_at_, entry.adjustment_points_
    fields = _fields(member, None, moment, moment) | {"caller": entry.adjusted_decided_by_, "caller_kind": "staff"}
    if points < 0:
        again = _back(member, -points, transfers)
    else:
        again = earning(member, points, 0, _into(MEMBER_DEBT, transfers, points))
    return Booked(fields, {"points": points}, again)


def _approved(entry: Any, _: list[Any]) -> Booked | None:
    """What it shows is what its subject says; the leaf alone keeps the numbers of a subject that has several."""
    if entry.approval_key_ is None:
        return None
    moment = entry.approval_decided_at_
    fields = _fields(None, None, moment, moment) | {"caller": entry.approval_decided_by_, "caller_kind": "staff"}
    return Booked(fields, _approval_shown(entry), [])


def _approval_shown(entry: Any) -> dict[str, Any]:
    if entry.approval_subject_ == "adjustment":
        return {"points": entry.asked_points_}
    if entry.approval_subject_ == "review":
        return {"scene": entry.reviewed_scene_, "points": entry.reviewed_points_}
    if entry.approval_subject_ == "rule":
        return {"scene": entry.approval_subject_id_, "rule": entry.approval_version_}
    return {}


def _taken_back(entry: Any) -> Booked | None:
    if entry.voucher_key_ is None or entry.undo_entry_id_ is None:
        return None
    fields = _of_voucher(entry, entry.undo_undone_at_, entry.undo_person_id_)
    fen = entry.voucher_settlement_fen_
    transfers = undo(entry.voucher_member_id_, entry.voucher_merchant_id_, entry.voucher_points_, fen)
    return Booked(fields, _pieces(entry) | {"fen": fen}, transfers)


def _refunded(entry: Any, transfers: list[Any]) -> Booked | None:
    """How much of a refund was past its last day is what the lots say; here it is held against the points only."""
    if entry.voucher_key_ is None:
        return None
    caller = entry.voucher_member_id_ if entry.kind == "cancel" else 0
    fields = _of_voucher(entry, entry.voucher_ended_at_, caller)
    points = entry.voucher_points_
    lost = _into(POINTS_EXPIRED, transfers, points)
    paid = _into(MEMBER_DEBT, transfers, points - lost)
    return Booked(fields, _pieces(entry), release(entry.voucher_member_id_, points - lost, lost, paid))


def _expired(entry: Any, transfers: list[Any]) -> Booked | None:
    if entry.voucher_id is not None:
        return _refunded(entry, transfers)
    points = sum(row.amount for row in transfers)
    if entry.member_id is None or points <= 0:
        return None
    fields = _fields(entry.member_id, None, entry.occurred_at, entry.occurred_at) | {"caller": 0}
    return Booked(fields, {"points": points}, expiry(entry.member_id, points))


def _asked_rule(entry: Any, _: list[Any]) -> Booked | None:
    if entry.ruled_scene_ is None:
        return None
    moment = entry.ruled_created_at_
    fields = _fields(None, None, moment, moment) | {"caller": entry.ruled_asked_by_}
    shown = {"scene": entry.ruled_scene_, "rule": entry.ruled_version_, "factor": _factors(entry.ruled_factors_)}
    return Booked(fields, shown, [])


def _factors(stored: str) -> str:
    try:
        return factors_shown(stored)
    except (ValueError, KeyError, TypeError):
        return "not what was stored"


def _fields(member_id: int | None, merchant_id: int | None, occurred_at: int, recorded_at: int) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "merchant_id": merchant_id,
        "occurred_at": occurred_at,
        "recorded_at": recorded_at,
    }


def _of_voucher(entry: Any, moment: int, caller: int) -> dict[str, Any]:
    return _fields(entry.voucher_member_id_, entry.voucher_merchant_id_, moment, moment) | {"caller": caller}


def _pieces(entry: Any) -> dict[str, Any]:
    return {"quantity": entry.voucher_quantity_, "points": entry.voucher_points_}


_KINDS = {
    "earn": _earned,
    "exchange": _exchanged,
    "redeem": _redeemed,
    "reverse": _reversed,
    "adjust": _adjusted,
    "approval": _approved,
    "cancel": _refunded,
    "expire": _expired,
    "rule": _asked_rule,
}
