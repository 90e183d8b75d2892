"""A new machine becomes a kiosk: it shows an invitation and signs with the key it has just made."""

from __future__ import annotations

import hmac
from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.domain.fair_use import WRONG_INVITATIONS
from miniprogram_api.routes.api import NEW_KIOSK, Answer, Body, Calls, Problem, surroundings, text
from miniprogram_api.routes.tries import tried_by_address
from miniprogram_api.services.kiosks import provision_kiosk
from scenes.wire.binary_text import binary_text
from scenes.wire.signing import check_public_key

calls = Calls("kiosk", "provisioning")


class Provisioning(Body):
    """`public_key` is the Ed25519 key, 32 bytes as base64url; the key id of the signature is the same text."""

    invitation: Annotated[str, text(32)]
    public_key: Annotated[str, text(43, 43, pattern=r"^[A-Za-z0-9_-]+$")]


class OfficeKeyAnswer(Answer):
    id: str
    key: str


class Provisioned(Answer):
    kiosk: int
    epoch: int
    office_keys: list[OfficeKeyAnswer]
    code_base_url: str


@calls.post(
    "/kiosk/provisioning",
    caller=NEW_KIOSK,
    body=Provisioning,
    answer=Provisioned,
    status=201,
    refuses=("not_found", "code_already_used", "code_expired", "not_allowed"),
)
def create_provisioning(public_key: bytes, body: Provisioning) -> dict[str, Any]:
    """Become the kiosk of an invitation

    The same key with the same invitation gets the same answer again.
    """
    if not hmac.compare_digest(binary_text(public_key), body.public_key):
        raise Problem("invalid_fields", fields=[{"field": "public_key", "reason": "not_the_signing_key"}])
    check_public_key(public_key)
    here = surroundings()
    with tried_by_address(WRONG_INVITATIONS):
        return provision_kiosk(db.session(), body.invitation, public_key, here.island, here.clock)
