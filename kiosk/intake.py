"""Reading member codes and resident cards without a network: opened with the agreement's keys, kept before the thanks.

A reading is one to eight lines of one journal item, on the disk when `take_member_code` returns; points are the
office's to decide (contract sections 1 and 2).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from kiosk.agreement import AgreementKeeper, KeptAgreement
from kiosk.clock import KioskClock
from kiosk.issue import issuing_agreement
from kiosk.journal import Journal
from kiosk.reading_lines import AskedLine, checked_lines, line_points
from kiosk.reading_refusals import (
    AlreadyRead,
    CardNeedsStaff,
    CardNotValid,
    CodeNotGenuine,
    CodeOfNewerVersion,
    CodeRevoked,
    MinuteOver,
    NotAMemberCode,
)
from kiosk.refusals import Refusal
from scenes.wire.code_text import code_bytes, code_text
from scenes.wire.errors import CodeRefused, CodeSignatureInvalid, CodeUnknownVersion
from scenes.wire.journal import CodeRead, ReadLine
from scenes.wire.kinds import KIND_CARD, KIND_MEMBER, kind_of
from scenes.wire.member_code import open_member_code
from scenes.wire.resident_card import open_card

CARD_AGAIN_SECONDS = 30  # a card that still lies on the reader is the same reading
CARDS_REMEMBERED_MAX = 64


@dataclass(frozen=True, slots=True)
class KeptReading:
    """A reading that is on the disk. `points_up_to` stands for each line; the office decides what is credited."""

    kind: str  # member or card
    lines: tuple[ReadLine, ...]
    points_up_to: tuple[int, ...]
    clock_trusted: bool


@dataclass(frozen=True, slots=True)
class _Opened:
    """A genuine code: its bare text, and the minute of a pass or the number of a card."""

    text: str
    minute: tuple[bytes, int] | None
    card: bytes | None


class Intake:
    """Takes what people show to this kiosk."""

    def __init__(self, keeper: AgreementKeeper, clock: KioskClock, journal: Journal, base_url: str) -> None:
        self._keeper, self._clock, self._journal, self._base_url = keeper, clock, journal, base_url
        self._lock = threading.Lock()
        self._cards: OrderedDict[bytes, tuple[float, tuple[ReadLine, ...]]] = OrderedDict()

    def take_member_code(self, text: str, asked: tuple[AskedLine, ...], clerk: str | None = None) -> KeptReading:
        """Reads a member code or card for 1 to 8 acts; on the disk when this returns. Raises a Refusal.

        `clerk` is who stands there (at most 64 characters); it is kept at attended places only.
        """
        kept = issuing_agreement(self._keeper, self._clock)
        opened = self._open(text, kept)
        lines = checked_lines(kept.offers, self._clock, asked)
        attended = kept.agreement.profile.attended
        read = CodeRead(opened.text, lines, clerk if attended else None)
        with self._lock:
            if opened.card is not None:
                self._check_card_is_new(opened.card, lines)
            self._journal.keep_read(read, opened.minute)
            if opened.card is not None:
                self._remember_card(opened.card, lines)
        points = tuple(line_points(kept.offers, line) for line in lines)
        return KeptReading("member" if opened.minute else "card", lines, points, self._clock.trusted)

    def check(self, text: str) -> None:
        """Raises a Refusal for a code that could not be taken now, before the person chooses what it is for."""
        self._open(text, issuing_agreement(self._keeper, self._clock))

    def _open(self, text: str, kept: KeptAgreement) -> _Opened:
        try:
            raw = code_bytes(text, self._base_url)
            kind = kind_of(raw, {KIND_MEMBER, KIND_CARD})
            bare = code_text(raw)
            return self._open_card(bare, kept) if kind == KIND_CARD else self._open_member_code(bare, kept)
        except CodeRefused as reason:
            raise _refusal(reason) from reason

    def _open_member_code(self, bare: str, kept: KeptAgreement) -> _Opened:
        code = open_member_code(bare, self._base_url, _pass_keys(kept).get)
        if code.alias in kept.agreement.revoked.aliases:
            raise CodeRevoked
        # A clock that nobody vouches for can't call a minute over; the item says so, and the office looks again.
        if self._clock.trusted and not code.fits(self._clock.shown_time()):
            raise MinuteOver
        return _Opened(bare, (code.alias, code.slot), None)

    def _open_card(self, bare: str, kept: KeptAgreement) -> _Opened:
        card = open_card(bare, self._base_url, _pass_keys(kept).get)
        if not kept.agreement.profile.attended:
            raise CardNeedsStaff
        if card.card in kept.agreement.revoked.cards:
            raise CodeRevoked
        if self._clock.trusted and not card.is_valid(self._clock.shown_time()):
            raise CardNotValid
        return _Opened(bare, None, card.card)

    def _check_card_is_new(self, card: bytes, lines: tuple[ReadLine, ...]) -> None:
        """A card has no minutes; the same card for the same acts within half a minute was read twice by mistake."""
        before = self._cards.get(card)
        if before is not None and before[1] == lines and self._clock.uptime() - before[0] < CARD_AGAIN_SECONDS:
            raise AlreadyRead

    def _remember_card(self, card: bytes, lines: tuple[ReadLine, ...]) -> None:
        self._cards[card] = (self._clock.uptime(), lines)
        self._cards.move_to_end(card)
        while len(self._cards) > CARDS_REMEMBERED_MAX:
            self._cards.popitem(last=False)


def _pass_keys(kept: KeptAgreement) -> dict[int, bytes]:
    return {key.id: key.key for key in kept.agreement.pass_keys}


def _refusal(reason: CodeRefused) -> Refusal:
    if isinstance(reason, CodeUnknownVersion):
        return CodeOfNewerVersion()
    return CodeNotGenuine() if isinstance(reason, CodeSignatureInvalid) else NotAMemberCode()
