"""Tables: columns and constraints, no decisions."""

from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.consents import MemberConsent
from miniprogram_api.models.corrections import Adjustment, LotMove, PersonMember, Reversal
from miniprogram_api.models.daily_sums import DailySum
from miniprogram_api.models.desks import DeskAct, DeskUndo
from miniprogram_api.models.fair_use import PhoneMember, UsedAllowance
from miniprogram_api.models.forgetting import ForgottenMember
from miniprogram_api.models.groups import GroupVersion
from miniprogram_api.models.items import Item, ItemVersion
from miniprogram_api.models.jobs import JobLease, JobRun
from miniprogram_api.models.journals import JournalItem, KioskBoot
from miniprogram_api.models.kiosks import (
    AgreementDocument,
    Kiosk,
    KioskChange,
    KioskHeartbeat,
    KioskInvitation,
    KioskKey,
    KioskKeyBar,
    Venue,
)
from miniprogram_api.models.ledger import Act, Cap, Entry, Lot, TransferRow
from miniprogram_api.models.members import Member, MemberBalance, MemberIdentity, MemberSession
from miniprogram_api.models.merchants import (
    Merchant,
    MerchantBalance,
    MerchantPerson,
    MerchantSession,
    MerchantVersion,
)
from miniprogram_api.models.messages import Message, MessageConsent
from miniprogram_api.models.notices import Notice
from miniprogram_api.models.passes import MemberPass, ResidentCard
from miniprogram_api.models.people import AuditEvent, Person, PersonRole, RecoveryCode, SignInTries, StaffSession
from miniprogram_api.models.place_signs import PlaceSign
from miniprogram_api.models.readings import Reading
from miniprogram_api.models.reviews import Review, ReviewAnswer, ReviewNote
from miniprogram_api.models.scenes import RuleVersion
from miniprogram_api.models.staff_keys import StaffKey
from miniprogram_api.models.stock import Stock, StockChange
from miniprogram_api.models.venues import VenueVersion
from miniprogram_api.models.vouchers import Redemption, RedemptionUndo, Voucher, VoucherLot
from miniprogram_api.models.wechat import WechatToken

__all__ = [
    "Act",
    "Adjustment",
    "AgreementDocument",
    "Approval",
    "AuditEvent",
    "Cap",
    "DailySum",
    "DeskAct",
    "DeskUndo",
    "Entry",
    "ForgottenMember",
    "GroupVersion",
    "Item",
    "ItemVersion",
    "JobLease",
    "JobRun",
    "JournalItem",
    "Kiosk",
    "KioskBoot",
    "KioskChange",
    "KioskHeartbeat",
    "KioskInvitation",
    "KioskKey",
    "KioskKeyBar",
    "Lot",
    "LotMove",
    "Member",
    "MemberBalance",
    "MemberConsent",
    "MemberIdentity",
    "MemberPass",
    "MemberSession",
    "Merchant",
    "MerchantBalance",
    "MerchantPerson",
    "MerchantSession",
    "MerchantVersion",
    "Message",
    "MessageConsent",
    "Notice",
    "Person",
    "PersonMember",
    "PersonRole",
    "PhoneMember",
    "PlaceSign",
    "Reading",
    "RecoveryCode",
    "Redemption",
    "RedemptionUndo",
    "ResidentCard",
    "Reversal",
    "Review",
    "ReviewAnswer",
    "ReviewNote",
    "RuleVersion",
    "SignInTries",
    "StaffKey",
    "StaffSession",
    "Stock",
    "StockChange",
    "TransferRow",
    "UsedAllowance",
    "Venue",
    "VenueVersion",
    "Voucher",
    "VoucherLot",
    "WechatToken",
]
