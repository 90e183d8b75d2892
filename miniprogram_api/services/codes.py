"""What was scanned becomes what it says, or a refusal of the contract."""

from __future__ import annotations

from miniprogram_api.domain.refusals import (
    CodeMalformed,
    CodeSignatureInvalid,
    CodeUnknownVersion,
    InvalidFields,
    Refusal,
)
from miniprogram_api.services.island import Island
from scenes.wire.errors import CodeRefused
from scenes.wire.kiosk_code import KioskCode, open_kiosk_code
from scenes.wire.voucher_code import VoucherCode, open_voucher_code

_REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal for refusal in (CodeMalformed, CodeUnknownVersion, CodeSignatureInvalid, InvalidFields)
}


def open_code(text: str, island: Island) -> KioskCode:
    """The kiosk code that `text` spells, its signature good. Raises CodeMalformed, CodeUnknownVersion or
    CodeSignatureInvalid."""
    try:
        return open_kiosk_code(text, island.code_base_url, island.directory.public_key)
    except CodeRefused as refused:
        raise refusal_of(refused) from refused


def open_voucher(text: str, island: Island) -> VoucherCode:
    """The voucher code that `text` spells, its tag good. Raises as open_code."""
    try:
        return open_voucher_code(text, island.code_base_url, island.keys.voucher_masters.get)
    except CodeRefused as refused:
        raise refusal_of(refused) from refused


def refusal_of(refused: CodeRefused) -> Refusal:
    """The refusal of the contract that says why a code was not taken."""
    return _REFUSALS[refused.code]()
