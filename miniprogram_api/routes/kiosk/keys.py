"""A kiosk asks whether it should change its key, and changes it."""

from __future__ import annotations

from typing import Annotated, Any

from flask import request

from miniprogram_api.db import db
from miniprogram_api.queries.kiosks import KioskCaller
from miniprogram_api.routes.api import KIOSK, Answer, Body, Calls, surroundings, text
from miniprogram_api.routes.kiosk.agreement import SignedDocument
from miniprogram_api.services.kiosk_keys import change_key, rotation_asked
from scenes.wire.binary_text import binary_bytes
from scenes.wire.signing import KEY_BYTES, check_public_key

calls = Calls("kiosk", "keys")
BASE64URL = r"^[A-Za-z0-9_-]+$"


class KeyInForce(Answer):
    """`epoch` of the key that signed; `rotate`: staff ask for the next one."""

    epoch: int
    rotate: bool


class NextKey(Body):
    """`public_key` 32 bytes as base64url; `proof` its signature (64 bytes) over "ISLE-KEY-1" 00, kiosk, epoch, key."""

    public_key: Annotated[str, text(43, 43, pattern=BASE64URL)]
    proof: Annotated[str, text(86, 86, pattern=BASE64URL)]


@calls.get("/kiosk/keys", caller=KIOSK, answer=KeyInForce)
def read_keys(kiosk: KioskCaller) -> dict[str, Any]:
    """Whether the kiosk should make its next key"""
    return {"epoch": kiosk.epoch, "rotate": rotation_asked(db.session(), kiosk.kiosk_id, kiosk.epoch)}


@calls.post(
    "/kiosk/keys",
    caller=KIOSK,
    body=NextKey,
    answer=SignedDocument,
    refuses=("not_allowed", "kiosk_suspended", "code_signature_invalid"),
)
def create_key(kiosk: KioskCaller, body: NextKey) -> dict[str, str]:
    """Put the next key in force

    Signed by the key before, which signs no more requests afterwards; what it signed stays good. Answers a verdict
    without items. Who did not hear it asks again, signed by the next key.
    """
    here = surroundings()
    public = binary_bytes(body.public_key, KEY_BYTES, "public_key")
    check_public_key(public)
    proof = binary_bytes(body.proof, 64, "proof")
    whose = (kiosk.kiosk_id, kiosk.epoch)
    return change_key(db.session(), *whose, public, proof, request.get_data(), here.island, here.clock)
