"""Paper tickets: journaled, then printed, at most one in 5 s; without paper the same code stands on the screen."""

from __future__ import annotations

import math
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from kiosk.agreement import KeptAgreement
from kiosk.devices.printers import Printer, PrintOutcome
from kiosk.issue import CodeRequest, IssuedCode, Mint, issue_kiosk_code, issuing_agreement
from kiosk.refusals import TicketTooSoon
from kiosk.slip import Ticket, ticket_number, ticket_parts
from kiosk.texts import VenueTexts
from kiosk.unit_words import amount_words
from kiosk.words import Words

TICKET_SECONDS = 5
TICKETS_AT_HAND_MAX = 64


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket that is in the journal, and what became of its paper."""

    id: str
    issued: IssuedCode
    number: str
    outcome: PrintOutcome


class TicketDesk:
    """Issues and prints the tickets of this kiosk."""

    def __init__(self, mint: Mint, printer: Printer) -> None:
        self._mint, self._printer = mint, printer
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._tickets: OrderedDict[str, IssuedTicket] = OrderedDict()

    def begin(self, request: CodeRequest, *, by_touch: bool) -> IssuedTicket:
        """Issues a ticket and prints it; raises a Refusal. An operator's (not by touch) is text only."""
        kept = issuing_agreement(self._mint.keeper, self._mint.clock)
        issued = self._issue(request, by_touch=by_touch)
        facts = issued.facts
        number = ticket_number(facts.kiosk, facts.epoch, facts.counter)
        outcome = self._print(kept, issued, number) if by_touch else PrintOutcome(False, "not_asked")
        ticket = IssuedTicket(secrets.token_urlsafe(9), issued, number, outcome)
        with self._lock:
            self._tickets[ticket.id] = ticket
            while len(self._tickets) > TICKETS_AT_HAND_MAX:
                self._tickets.popitem(last=False)
        return ticket

    def get(self, ticket_id: str) -> IssuedTicket | None:
        """A ticket of this start of the kiosk, None when it is not at hand any more."""
        with self._lock:
            return self._tickets.get(ticket_id)

    def _issue(self, request: CodeRequest, *, by_touch: bool) -> IssuedCode:
        with self._lock:
            now = self._mint.clock.uptime()
            if by_touch and now < self._next_at:
                raise TicketTooSoon(math.ceil(self._next_at - now))
            issued = issue_kiosk_code(self._mint, request, by_touch=by_touch)
            self._next_at = now + TICKET_SECONDS if by_touch else self._next_at
            return issued

    def _print(self, kept: KeptAgreement, issued: IssuedCode, number: str) -> PrintOutcome:
        parts = ticket_parts(self._ticket(kept, issued, number))
        return self._printer.print_slip(parts, number.replace(" ", ""))

    def _ticket(self, kept: KeptAgreement, issued: IssuedCode, number: str) -> Ticket:
        facts, clock = issued.facts, self._mint.clock
        offer = kept.offers.get(facts.scene)
        variant = None if offer is None else offer.scene.variant(facts.variant)
        assert offer is not None, "the code was just issued for this scene"
        assert variant is not None, "the code was just issued for this variant"
        scene = offer.scene
        texts = VenueTexts(kept.agreement)
        return Ticket(
            number=number,
            link=issued.link,
            scene=Words(scene.name_zh, scene.name_en),
            variant=Words(variant.name_zh, variant.name_en) if len(scene.variants) > 1 else None,
            amount=amount_words(facts.quantity, variant.unit),
            venue=texts.venue,
            island=texts.island,
            help=texts.help,
            demonstration=texts.is_demonstration,
            issued_at=facts.issued_at + (clock.offset or 0) if facts.issued_at else None,
            days_valid=kept.agreement.profile.ticket_days,
        )
