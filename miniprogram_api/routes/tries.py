"""Sign-ins are counted for the address they come from and for the phone, on all machines together."""

from __future__ import annotations

from contextlib import AbstractContextManager

from miniprogram_api.db import db
from miniprogram_api.domain.fair_use import SIGN_INS_OF_PHONE, Allowance
from miniprogram_api.routes.surroundings import surroundings
from miniprogram_api.services.fair_use import Asker, a_try, phone_mark, take_one


def take_by_address(allowance: Allowance) -> None:
    """Raises TooManyTries."""
    take_one(db.session(), allowance, _asker(), surroundings().clock)


def tried_by_address(allowance: Allowance) -> AbstractContextManager[None]:
    """What is done inside counts unless it succeeds. Raises TooManyTries."""
    return a_try(db.session(), allowance, _asker(), surroundings().clock)


def phone_signing_in(device: str | None) -> str | None:
    """What the phone is known by from now on, None for one that says nothing of itself. Raises TooManyTries."""
    here = surroundings()
    mark = phone_mark(here.island.keys.marks, device)
    if mark is not None:
        take_one(db.session(), SIGN_INS_OF_PHONE, Asker(here.island.keys.marks, mark), here.clock)
    return mark


def _asker() -> Asker:
    here = surroundings()
    return Asker(here.island.keys.marks, here.fair_use.address())
