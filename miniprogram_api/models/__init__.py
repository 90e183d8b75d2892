"""Tables: columns and constraints, no decisions."""

from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.corrections import Adjustment, LotMove, PersonMember, Reversal
from miniprogram_api.models.daily_sums import DailySum
from miniprogram_api.models.items import Item, ItemVersion
from miniprogram_api.models.jobs import JobLease, JobRun
from miniprogram_api.models.kiosks import AgreementDocument, Kiosk, KioskInvitation, KioskKey, Venue
from miniprogram_api.models.ledger import Act, Cap, Entry, Lot, TransferRow
from miniprogram_api.models.members import Member, MemberBalance, MemberIdentity, MemberSession
from miniprogram_api.models.merchants import (
    Merchant,
    MerchantBalance,
    MerchantPerson,
    MerchantSession,
    MerchantVersion,
)
from miniprogram_api.models.people import AuditEvent, Person, PersonRole, RecoveryCode, SignInTries, StaffSession
from miniprogram_api.models.scenes import RuleVersion
from miniprogram_api.models.stock import Stock, StockChange
from miniprogram_api.models.venues import VenueVersion
from miniprogram_api.models.vouchers import Redemption, RedemptionUndo, Voucher, VoucherLot

__all__ = [
    "Act",
    "Adjustment",
    "AgreementDocument",
    "Approval",
    "AuditEvent",
    "Cap",
    "DailySum",
    "Entry",
    "Item",
    "ItemVersion",
    "JobLease",
    "JobRun",
    "Kiosk",
    "KioskInvitation",
    "KioskKey",
    "Lot",
    "LotMove",
    "Member",
    "MemberBalance",
    "MemberIdentity",
    "MemberSession",
    "Merchant",
    "MerchantBalance",
    "MerchantPerson",
    "MerchantSession",
    "MerchantVersion",
    "Person",
    "PersonMember",
    "PersonRole",
    "RecoveryCode",
    "Redemption",
    "RedemptionUndo",
    "Reversal",
    "RuleVersion",
    "SignInTries",
    "StaffSession",
    "Stock",
    "StockChange",
    "TransferRow",
    "Venue",
    "VenueVersion",
    "Voucher",
    "VoucherLot",
]
