"""The shapes that several of a member's calls answer with."""

from __future__ import annotations

from typing import Annotated, Literal

from miniprogram_api.domain.consents import Consent
from miniprogram_api.routes.api import Answer, Body, Day, Moment, PublicId, whole

NoticeVersion = Annotated[int, whole(1, 10_000)]


class ConsentGiven(Body):
    """The versions of terms and privacy notice that the person had in front of them, and in which language."""

    terms: NoticeVersion
    privacy: NoticeVersion
    language: Literal["zh", "en"]

    def consent(self) -> Consent:
        return Consent(self.terms, self.privacy, self.language)


class Expiring(Answer):
    """Points that end on this day."""

    points: int
    on: Day


class Balance(Answer):
    available: int
    held: int
    debt: int
    expiring: list[Expiring]


class ActReversal(Answer):
    """Why the staff took an act back."""

    reason: str
    reversed_at: Moment


class ActQuestion(Answer):
    """What the staff asked about an act that waits, and the member's one answer."""

    text: str
    asked_at: Moment
    answer: str | None
    answered_at: Moment | None


class Activity(Answer):
    """One act. Quantities in code units (contract section 1); `formula` says how the grams were reached, `reason_text`
    says the reason in the caller's language.

    A reversed act keeps the points and grams that it had brought, and counts no more. `decided_at`: when an act that
    waited was credited or refused. `companion`: 0 the member, 1…3 a child whose ticket it was.
    """

    id: PublicId
    scene: str
    name: str
    variant: int
    unit: str
    quantity: int
    credited_quantity: int
    companion: int
    points: int
    reduction_grams: int
    state: Literal["credited", "pending", "capped", "refused", "reversed"]
    reason: str | None
    reason_text: str | None
    reversal: ActReversal | None
    question: ActQuestion | None
    decided_at: Moment | None
    occurred_at: Moment
    recorded_at: Moment
    formula: str
    place: str
    leaf_index: int | None


class MerchantNamed(Answer):
    id: PublicId
    name: str


class ItemNamed(Answer):
    id: PublicId
    name: str
    icon: str
    image: str | None
