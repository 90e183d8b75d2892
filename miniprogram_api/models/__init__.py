"""Tables: columns and constraints, no decisions."""

from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.corrections import Adjustment, PersonMember, Reversal
from miniprogram_api.models.jobs import JobLease, JobRun
from miniprogram_api.models.kiosks import AgreementDocument, Kiosk, KioskInvitation, KioskKey, Venue
from miniprogram_api.models.ledger import Act, Cap, Entry, Lot, TransferRow
from miniprogram_api.models.members import Member, MemberBalance, MemberIdentity, MemberSession
from miniprogram_api.models.merchants import Merchant, MerchantBalance, MerchantPerson, MerchantSession
from miniprogram_api.models.people import AuditEvent, Person, PersonRole, RecoveryCode, SignInTries, StaffSession
from miniprogram_api.models.scenes import RuleVersion
from miniprogram_api.models.vouchers import Item, Redemption, RedemptionUndo, Stock, Voucher, VoucherLot

__all__ = [
    "Act",
    "Adjustment",
    "AgreementDocument",
    "Approval",
    "AuditEvent",
    "Cap",
    "Entry",
    "Item",
    "JobLease",
    "JobRun",
    "Kiosk",
    "KioskInvitation",
    "KioskKey",
    "Lot",
    "Member",
    "MemberBalance",
    "MemberIdentity",
    "MemberSession",
    "Merchant",
    "MerchantBalance",
    "MerchantPerson",
    "MerchantSession",
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
    "TransferRow",
    "Venue",
    "Voucher",
    "VoucherLot",
]
