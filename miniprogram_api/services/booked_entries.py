"""What an entry must hold, made again from the act or voucher that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.ledger import POINTS_EXPIRED, Transfer, earning, expiry, hold, redemption, release, undo


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


def _earned(entry: Any, _: list[Any]) -> Booked | None:
    if entry.act_entry_id_ != entry.id:
        return None
    fields = _fields(entry.act_member_id_, None, entry.act_occurred_at_, entry.act_recorded_at_)
    if entry.caller_kind == "member":
        fields["caller"] = entry.act_member_id_
    shown = {
        "scene": entry.act_scene_,
        "variant": entry.act_variant_,
        "rule": entry.act_rule_version_,
        "factor": entry.act_factor_,
        "quantity": entry.act_credited_quantity_,
        "points": entry.act_points_,
        "grams": entry.act_reduction_grams_,
    }
    transfers = earning(entry.act_member_id_, entry.act_points_, entry.act_reduction_grams_)
    return Booked(fields, shown, transfers, entry.act_kiosk_id_)


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


def _taken_back(entry: Any, _: list[Any]) -> Booked | None:
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
    lost = min(points, sum(row.amount for row in transfers if row.credit == POINTS_EXPIRED))
    return Booked(fields, _pieces(entry), release(entry.voucher_member_id_, points - lost, lost))


def _expired(entry: Any, transfers: list[Any]) -> Booked | None:
    if entry.voucher_id is not None:
        return _refunded(entry, transfers)
    points = sum(row.amount for row in transfers)
    if entry.member_id is None or points <= 0:
        return None
    fields = _fields(entry.member_id, None, entry.occurred_at, entry.occurred_at) | {"caller": 0}
    return Booked(fields, {"points": points}, expiry(entry.member_id, points))


def _fields(member_id: int, merchant_id: int | None, occurred_at: int, recorded_at: int) -> dict[str, Any]:
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
    "reverse": _taken_back,
    "cancel": _refunded,
    "expire": _expired,
}
