"""Making codes: what may be issued now, and the one place where a code comes into being.

A single-use code and a ticket are in the journal, on the disk, before anybody sees them; a group code is not journaled
and is made only while the office answers heartbeats (contract section 1).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from kiosk.agreement import AgreementKeeper, KeptAgreement
from kiosk.clock import KioskClock
from kiosk.identity import Identity
from kiosk.journal import Journal
from kiosk.offers import WAYS, Offer, Offers
from kiosk.reading_refusals import QuizNeeded
from kiosk.refusals import (
    AgreementOld,
    ClockNotTrusted,
    FieldsNotValid,
    KioskSuspended,
    NotProvisioned,
    ProofNotAllowed,
    SceneClosed,
    SceneNotOffered,
)
from scenes.wire.code_text import code_link, code_text
from scenes.wire.fields import path
from scenes.wire.kiosk_code import KioskCode, encode

NONCE_BYTES = 6
ISSUED_BY_AN_UNTRUSTED_CLOCK = 0


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What a person or an operator asked for; `quantity` in code units, None for the usual one.

    `weighed`: the quantity is what the scale said. `quiz_passed`: the person has answered this kiosk's quiz.
    """

    scene: int
    variant: int
    quantity: int | None
    way: str
    weighed: bool = False
    quiz_passed: bool = False


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that may be shown: what it says, its bare text and its link."""

    facts: KioskCode
    text: str
    link: str


class Mint:
    """Makes codes with this kiosk's key, counters and clock."""

    def __init__(self, identity: Identity, keeper: AgreementKeeper, journal: Journal, clock: KioskClock) -> None:
        self._identity, self._journal = identity, journal
        self.keeper, self.clock = keeper, clock

    def new_facts(self, request: CodeRequest, quantity: int) -> KioskCode:
        """A code with a fresh counter and nonce, issued now; a ticket of an untrusted clock is issued at 0."""
        return KioskCode(
            kind=WAYS[request.way],
            epoch=self._identity.epoch,
            kiosk=self._identity.kiosk,
            counter=self._journal.next_counter(),
            issued_at=self.clock.now() if self.clock.trusted else ISSUED_BY_AN_UNTRUSTED_CLOCK,
            scene=request.scene,
            variant=request.variant,
            quantity=quantity,
            nonce=secrets.token_bytes(NONCE_BYTES),
        )

    def signed(self, facts: KioskCode) -> IssuedCode:
        """The code of these facts, signed; nobody has seen it yet."""
        raw = encode(facts, self._identity.private_key)
        return IssuedCode(facts, code_text(raw), code_link(raw, self._identity.code_base_url))

    def next_picture(self, issued: IssuedCode) -> IssuedCode:
        """The same code issued now: counter and nonce stay, time and signature differ."""
        return self.signed(replace(issued.facts, issued_at=self.clock.now()))

    def keep(self, issued: IssuedCode) -> None:
        """Writes the code into the journal; on the disk when this returns."""
        self._journal.keep_issued(issued.text, issued.facts.counter)


def issue_kiosk_code(mint: Mint, request: CodeRequest, *, by_touch: bool) -> IssuedCode:
    """Issues the code that was asked for and journals it, except a group code; raises a Refusal.

    `by_touch`: a person at the screen asks, who may not have the kinds that need a measurement first.
    """
    offer = allowed_offer(mint, request, by_touch=by_touch)
    if request.way != "ticket" and not mint.clock.trusted:
        raise ClockNotTrusted
    issued = mint.signed(mint.new_facts(request, _quantity(offer, request)))
    assert request.way == "ticket" or issued.facts.issued_at > 0, "only a ticket is ever issued at 0"
    if request.way != "group":
        mint.keep(issued)
    return issued


def allowed_offer(mint: Mint, request: CodeRequest, *, by_touch: bool) -> Offer:
    """The offer that the request is about, if this kiosk may issue such a code now; raises a Refusal."""
    offers = issuing_agreement(mint.keeper, mint.clock).offers
    offer = open_offer(offers, request.scene, mint.clock)
    if by_touch:
        _check_touch(offer, request)
    elif not offers.offers_kind(request.scene, request.way):
        raise ProofNotAllowed
    return offer


def open_offer(offers: Offers, scene: int, clock: KioskClock) -> Offer:
    """The offer of this scene; raises SceneNotOffered, or SceneClosed out of its season."""
    offer = offers.get(scene)
    if offer is None:
        raise SceneNotOffered
    if not offer.is_open_now(clock):
        raise SceneClosed
    return offer


def issuing_agreement(keeper: AgreementKeeper, clock: KioskClock) -> KeptAgreement:
    """The agreement in force if codes may be made under it; raises NotProvisioned, KioskSuspended, AgreementOld."""
    if keeper.current is None:
        raise NotProvisioned
    if keeper.suspends_this_kiosk:
        raise KioskSuspended
    if keeper.is_too_old(clock.earliest_time()):
        raise AgreementOld
    return keeper.current


def _check_touch(offer: Offer, request: CodeRequest) -> None:
    if not offer.offers_touch(request.way, weighed=request.weighed):
        raise ProofNotAllowed
    if offer.needs_quiz and not request.quiz_passed:
        raise QuizNeeded


def _quantity(offer: Offer, request: CodeRequest) -> int:
    return allowed_quantity(offer, request.variant, request.quantity)


def allowed_quantity(offer: Offer, number: int, asked: int | None, where: str = "") -> int:
    """The quantity of one act, the usual one for None; raises FieldsNotValid with the field's path below `where`."""
    variant = offer.scene.variant(number)
    if variant is None:
        raise FieldsNotValid(path(where, "variant"), "unknown")
    usual, least, most = offer.quantities(variant)
    quantity = usual if asked is None else asked
    if not least <= quantity <= most:
        raise FieldsNotValid(path(where, "quantity"), f"from {least} to {most}")
    return quantity
