"""Signs of places on paper."""

from __future__ import annotations

from flask import Response

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries import venues
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Calls, surroundings
from miniprogram_api.routes.staff.place_sign_sheet import SignFace, place_sign_sheet
from miniprogram_api.services.place_signs import sign_of

calls = Calls("staff", "place_signs")


@calls.post(
    "/staff/venues/<venue_id>/sign",
    caller=STAFF,
    status=200,
    refuses=("not_allowed", "wechat_refused", "wechat_away"),
)
def print_place_sign(person: StaffCaller, venue_id: str) -> Response:
    """The sign of a place as PDF

    Its code names the place and never credits: the mini-program's own code where one is set up, else our own link.
    """
    here = surroundings()
    sign = sign_of(db.session(), venue_id, person.person_id, here.wechat, here.clock)
    found = venues.venue(db.session(), venue_id, "zh", here.clock.now())
    if found is None:
        raise NotFound
    link = f"{here.island.code_base_url.lower()}/?place={sign.scene}"
    document = found["document"]
    face = SignFace(document["name_zh"], document["name_en"], link, sign.picture)
    pdf = place_sign_sheet(face, here.settings.island_name, here.settings.help_contact)
    headers = {"Content-Disposition": 'attachment; filename="sign.pdf"'}
    return Response(pdf, 200, headers, content_type="application/pdf")
