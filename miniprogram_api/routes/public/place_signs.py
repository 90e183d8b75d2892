"""What a sign on a wall says: which place it names, and nothing else."""

from __future__ import annotations

from typing import Any

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.place_signs import place_of_sign
from miniprogram_api.routes.api import Answer, Calls, caller_language, surroundings

calls = Calls("public", "place_signs")


class SignedPlace(Answer):
    """`id` as in `places` of the scenes."""

    id: str
    name: str


@calls.get("/public/place_signs/<sign_id>", answer=SignedPlace)
def read_place_sign(sign_id: str) -> dict[str, Any]:
    """The place of a sign"""
    number = number_of(sign_id)
    found = number and place_of_sign(db.session(), number, caller_language(), surroundings().clock.now())
    if not found:
        raise NotFound
    return found
