"""The shape of a member's copy of everything that is held about them."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.routes.api import Answer, Day, Moment, PublicId
from miniprogram_api.routes.member.consents import ConsentDeed
from miniprogram_api.routes.member.shapes import Activity, ItemNamed, MerchantNamed

FORMAT = "tanyu-export-1"


class ExportIdentity(Answer):
    """Who vouches for the person: for WeChat the openid."""

    provider: str
    subject: str
    created_at: Moment


class ExportPerson(Answer):
    """`available`, `held` and `debt` are points."""

    id: PublicId
    kind: Literal["guest", "visitor", "resident"]
    nickname: str
    created_at: Moment
    recovery_code_kept: bool
    identities: list[ExportIdentity]
    available: int
    held: int
    debt: int
    reduction_grams: int


class ExportSession(Answer):
    """`phone` is a keyed hash of the random value that its browser sent."""

    id: PublicId
    device: str | None
    phone: str | None
    created_at: Moment
    last_used_on: Day | None
    expires_at: Moment
    ended_at: Moment | None
    current: bool


class ExportVoucher(Answer):
    """Without the key that draws its code: a copy may be lost."""

    id: PublicId
    state: Literal["issued", "redeemed", "cancelled", "expired"]
    item: ItemNamed
    quantity: int
    points: int
    merchant: MerchantNamed
    created_at: Moment
    expires_at: Moment
    redeemed_at: Moment | None


class ExportTransfer(Answer):
    """`amount` of `unit` (points, grams or fen) from the debit account to the credit account."""

    unit: Literal["points", "grams", "fen"]
    debit: str
    credit: str
    amount: int


class ExportEntry(Answer):
    """`leaf` is the exact text that stands in the public evidence."""

    id: PublicId
    kind: str
    act: PublicId | None
    voucher: PublicId | None
    occurred_at: Moment
    recorded_at: Moment
    transfers: list[ExportTransfer]
    leaf: str


class ExportLot(Answer):
    """Points by the last day on which they can be spent; `graced`: days of grace after a late refund."""

    expires_on: Day
    graced: bool
    granted: int
    remaining: int


class ExportAdjustment(Answer):
    """Points that the staff asked to add, or to take where negative; booked once `decision` is approved."""

    points: int
    reason: str
    asked_at: Moment
    decision: Literal["approved", "rejected", "withdrawn"] | None
    decided_at: Moment | None


class ExportPass(Answer):
    """A day of member codes. `alias` is what kiosks see in them."""

    alias: str
    valid_from: Moment
    valid_until: Moment
    created_at: Moment
    revoked_at: Moment | None


class ExportCard(Answer):
    card: str
    valid_from: Moment
    valid_until: Moment
    created_at: Moment
    revoked_at: Moment | None


class ExportReading(Answer):
    """`holder` is the pass's alias or the card's number."""

    code: Literal["member_code", "card"]
    holder: str
    place: str
    occurred_at: Moment
    recorded_at: Moment


class ExportMessageConsent(Answer):
    """How many messages about an occasion may still be sent."""

    occasion: str
    remaining: int
    language: Literal["zh", "en"]
    given_at: Moment


class ExportMessage(Answer):
    """`words` is what was handed on, as JSON text."""

    occasion: str
    provider: str
    language: Literal["zh", "en"]
    words: str
    state: str
    begun_at: Moment
    ended_at: Moment | None


class ExportLimit(Answer):
    """How much of a limit is used in a period (a day, Monday, month or 0), in units of the scene or in points."""

    name: str
    period: int
    used: int
    cap: int


class ExportNotice(Answer):
    """What the staff were asked to look at."""

    kind: str
    raised_at: Moment
    answered_at: Moment | None


class ExportTrail(Answer):
    at: Moment
    actor_kind: str
    act: str
    detail: dict[str, Any]


class Export(Answer):
    """Everything that is held about me. Activities have their reason and how their grams were reached (`formula`)."""

    format: Literal["tanyu-export-1"]
    made_at: Moment
    island: str
    member: ExportPerson
    consents: list[ConsentDeed]
    sessions: list[ExportSession]
    activities: list[Activity]
    vouchers: list[ExportVoucher]
    entries: list[ExportEntry]
    lots: list[ExportLot]
    adjustments: list[ExportAdjustment]
    passes: list[ExportPass]
    cards: list[ExportCard]
    readings: list[ExportReading]
    message_consents: list[ExportMessageConsent]
    messages: list[ExportMessage]
    limits: list[ExportLimit]
    notices: list[ExportNotice]
    trail: list[ExportTrail]


ROWS: dict[str, type[Answer]] = {
    "consents": ConsentDeed,
    "sessions": ExportSession,
    "activities": Activity,
    "vouchers": ExportVoucher,
    "entries": ExportEntry,
    "lots": ExportLot,
    "adjustments": ExportAdjustment,
    "passes": ExportPass,
    "cards": ExportCard,
    "readings": ExportReading,
    "message_consents": ExportMessageConsent,
    "messages": ExportMessage,
    "limits": ExportLimit,
    "notices": ExportNotice,
    "trail": ExportTrail,
}
