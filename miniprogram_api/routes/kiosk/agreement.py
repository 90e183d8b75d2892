"""The signed agreement that a kiosk runs on."""

from __future__ import annotations

from typing import Annotated

from flask import Response

from miniprogram_api.config import Settings
from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import KioskCaller
from miniprogram_api.routes.api import DIGITS, KIOSK, Answer, Body, Calls, surroundings, whole
from miniprogram_api.services.agreements import agreement_since

calls = Calls("kiosk", "agreement")


class AgreementSince(Body):
    """The version that the kiosk holds; 0 when it holds none."""

    since: Annotated[int, whole(0, 2**32 - 1), DIGITS] = 0


class SignedDocument(Answer):
    """`body` is the exact text that was signed."""

    body: str
    key: str
    signature: str


@calls.get(
    "/kiosk/agreement",
    caller=KIOSK,
    query=AgreementSince,
    answer=SignedDocument,
    also={204: "The version named is the newest"},
    refuses=("not_found",),
)
def read_agreement(kiosk: KioskCaller, query: AgreementSince) -> dict[str, str] | Response:
    """The newest agreement, unless the kiosk holds it already"""
    here = surroundings()
    texts = _texts(here.settings)
    document = agreement_since(db.session(), kiosk.kiosk_id, query.since, texts, here.island, here.clock)
    return Response(status=204) if document is None else document


def _texts(settings: Settings) -> dict[str, dict[str, str]]:
    """The island's own words; a demonstration says in its agreements that it is one."""
    texts = {"island_name": settings.island_names, "help": settings.help_contacts}
    return texts | ({"demonstration": {"zh": "示范", "en": "Demonstration"}} if settings.demonstration else {})
