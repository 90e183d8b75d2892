"""Weighings of one person after the other: 30 s between two persons, and each weighing is handed in once."""

from __future__ import annotations

import math
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kiosk.clock import KioskClock
from kiosk.devices.scales import READY as SCALE_READY
from kiosk.devices.scales import Sample
from kiosk.issue import Mint, issuing_agreement, open_offer
from kiosk.offers import Offer
from kiosk.promise import points_up_to
from kiosk.reading_refusals import NoScale, WeighingGone, WeighingNotDone, WeighingUsed
from kiosk.refusals import FieldsNotValid, ProofNotAllowed
from kiosk.weighing import GRAMS_PER_CODE_UNIT, Weighing

BETWEEN_PERSONS_SECONDS = 30
PAUSE = "pause"
SCALE_AWAY = "scale_away"
DONE, HANDED_IN = "done", "handed_in"


@dataclass(slots=True)
class WeighingSession:
    """One person at the scale. `quantity` in code units once the person is done."""

    id: str
    offer: Offer
    variant: int
    weighing: Weighing = field(default_factory=Weighing)
    quantity: int | None = None
    state: str | None = None  # None while weighing, then done, then handed_in

    @property
    def most(self) -> int:
        """The most code units that one act may have here."""
        variant = self.offer.scene.variant(self.variant)
        assert variant is not None, "checked at the beginning"
        return self.offer.quantities(variant)[2]

    @property
    def least(self) -> int:
        variant = self.offer.scene.variant(self.variant)
        assert variant is not None, "checked at the beginning"
        return self.offer.quantities(variant)[1]


@dataclass(frozen=True, slots=True)
class ShownWeighing:
    """What the page shows. `grams` on the scale now; `total_grams` of the bags that count, `counted_grams` as far as
    one act holds; `points_up_to` for these and the bag that is still to be tipped."""

    id: str
    scene: int
    state: str
    grams: int | None
    held_grams: int | None
    bags: tuple[int, ...]
    total_grams: int
    counted_grams: int
    quantity: int | None
    points_up_to: int
    is_finishable: bool
    seconds_left: int


class WeighingDesk:
    """The scale's one place: a weighing that begins ends the one before."""

    def __init__(self, mint: Mint, scale_state: Callable[[], str]) -> None:
        self._mint, self._scale_state = mint, scale_state
        self._clock: KioskClock = mint.clock
        self._lock = threading.RLock()
        self._session: WeighingSession | None = None
        self._next_at = 0.0

    def take(self, sample: Sample) -> None:
        """What the scale says; called by the scale."""
        with self._lock:
            now, session = self._clock.uptime(), self._session
            if session is not None and session.state is None and now >= self._next_at:
                session.weighing.take(sample, now)

    def begin(self, scene: int, variant: int = 0) -> ShownWeighing:
        """Begins a weighing for this scene; raises a Refusal, NoScale without an answering one."""
        kept = issuing_agreement(self._mint.keeper, self._clock)
        offer = open_offer(kept.offers, scene, self._clock)
        if not (offer.is_weighed and "WT" in offer.terms.proofs):
            raise ProofNotAllowed
        if offer.scene.variant(variant) is None:
            raise FieldsNotValid("variant", "unknown")
        if self._scale_state() != SCALE_READY:
            raise NoScale
        with self._lock:
            self._leave()
            self._session = WeighingSession(secrets.token_urlsafe(9), offer, variant)
            return self._shown(self._session)

    def show(self, weighing_id: str) -> ShownWeighing:
        """The weighing as it stands; raises WeighingGone."""
        with self._lock:
            return self._shown(self._get(weighing_id))

    def finish(self, weighing_id: str) -> ShownWeighing:
        """The person is done: the bags are one act. Raises WeighingNotDone with a bag on the scale or too little."""
        with self._lock:
            session = self._get(weighing_id)
            if session.state is None:
                if not session.weighing.is_finishable or session.weighing.quantity < session.least:
                    raise WeighingNotDone
                session.quantity, session.state = min(session.weighing.quantity, session.most), DONE
                self._next_at = self._clock.uptime() + BETWEEN_PERSONS_SECONDS
            return self._shown(session)

    def end(self, weighing_id: str) -> None:
        """The person has gone; a weighing that is not there any more is over already."""
        with self._lock:
            if self._session is not None and self._session.id == weighing_id:
                self._leave()

    @contextmanager
    def handed_in(self, weighing_id: str) -> Iterator[WeighingSession]:
        """The finished weighing, to be handed in inside the block: once. A refusal inside leaves it as it was.

        Raises WeighingGone, WeighingNotDone or WeighingUsed.
        """
        with self._lock:
            session = self._get(weighing_id)
            if session.state == HANDED_IN:
                raise WeighingUsed
            if session.state != DONE:
                raise WeighingNotDone
            session.state = (
                HANDED_IN  # before the block: printing takes seconds, and a second touch must not wait for it
            )
        try:
            yield session
        except BaseException:
            session.state = DONE
            raise

    def _leave(self) -> None:
        """Whoever weighed a bag and left without a word still gets the half minute to go."""
        session, self._session = self._session, None
        if session is not None and session.state is None and session.weighing.bags:
            self._next_at = self._clock.uptime() + BETWEEN_PERSONS_SECONDS

    def _get(self, weighing_id: str) -> WeighingSession:
        if self._session is None or self._session.id != weighing_id:
            raise WeighingGone
        return self._session

    def _shown(self, session: WeighingSession) -> ShownWeighing:
        weighing = session.weighing
        variant = session.offer.scene.variant(session.variant)
        assert variant is not None, "checked at the beginning"
        counted = min(weighing.quantity, session.most)
        promised = min((weighing.total_grams + (weighing.held or 0)) // GRAMS_PER_CODE_UNIT, session.most)
        return ShownWeighing(
            id=session.id,
            scene=session.offer.scene.number,
            state=self._state(session),
            grams=weighing.grams,
            held_grams=weighing.held,
            bags=tuple(weighing.bags),
            total_grams=weighing.total_grams,
            counted_grams=counted * GRAMS_PER_CODE_UNIT,
            quantity=session.quantity,
            points_up_to=points_up_to(session.offer.scene, variant, promised),
            is_finishable=weighing.is_finishable and weighing.quantity >= session.least,
            seconds_left=self._seconds_left(),
        )

    def _state(self, session: WeighingSession) -> str:
        if session.state is not None:
            return session.state
        if self._seconds_left() > 0:
            return PAUSE
        return session.weighing.state if self._scale_state() == SCALE_READY else SCALE_AWAY

    def _seconds_left(self) -> int:
        return max(0, math.ceil(self._next_at - self._clock.uptime()))
