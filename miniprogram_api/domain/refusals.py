"""Refusals: what the system says no to, each with a stable code and what helps the person (contract section 3)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A use case that ends without effect. `helps` goes into the answer; `code` never changes its meaning."""

    code = "refused"

    def __init__(self, **helps: Any) -> None:
        super().__init__(self.code, helps)
        self.helps = helps


class CodeMalformed(Refusal):
    code = "code_malformed"


class CodeUnknownVersion(Refusal):
    code = "code_unknown_version"


class CodeSignatureInvalid(Refusal):
    code = "code_signature_invalid"


class CodeExpired(Refusal):
    code = "code_expired"


class CodeAlreadyUsed(Refusal):
    """To the member who used it with the activity, to others without."""

    code = "code_already_used"


class CodeFull(Refusal):
    code = "code_full"


class CoolDown(Refusal):
    """`allowed_again_at` in Unix seconds."""

    code = "cool_down"


class SceneClosed(Refusal):
    """`why`: paused, season or audience."""

    code = "scene_closed"


class QuantityTooSmall(Refusal):
    code = "quantity_too_small"


class ProofNotAllowed(Refusal):
    code = "proof_not_allowed"


class KioskSuspended(Refusal):
    code = "kiosk_suspended"


class MerchantSuspended(Refusal):
    code = "merchant_suspended"


class WrongMerchant(Refusal):
    code = "wrong_merchant"


class NotSignedIn(Refusal):
    code = "not_signed_in"


class NotAllowed(Refusal):
    code = "not_allowed"


class NotFound(Refusal):
    code = "not_found"


class InvalidFields(Refusal):
    """`fields`: a list of {field, reason}."""

    code = "invalid_fields"


class IdempotencyKeyMissing(Refusal):
    code = "idempotency_key_missing"


class IdempotencyConflict(Refusal):
    code = "idempotency_conflict"


class PointsMissing(Refusal):
    """`points_missing`: how many more are needed."""

    code = "points_missing"


class OutOfStock(Refusal):
    code = "out_of_stock"


class LimitReached(Refusal):
    code = "limit_reached"


class VoucherAlreadyRedeemed(Refusal):
    code = "voucher_already_redeemed"


class VoucherCancelled(Refusal):
    code = "voucher_cancelled"


class VoucherExpired(Refusal):
    code = "voucher_expired"


class UndoTooLate(Refusal):
    code = "undo_too_late"


class TooManyTries(Refusal):
    """`retry_after` in seconds."""

    code = "too_many_tries"
