"""A new kiosk introduces itself with its invitation and keeps what the office answers (contract section 2)."""

from __future__ import annotations

from hashlib import sha256

import httpx

from kiosk.agreement import AgreementKeeper
from kiosk.folder import KioskFolder, KioskLock
from kiosk.identity import Identity, keep_identity, new_private_key, read_identity, read_office_keys
from kiosk.uplink import Answer, Uplink, UplinkUnavailable
from scenes.wire import signing
from scenes.wire.binary_text import binary_text
from scenes.wire.errors import CodeRefused
from scenes.wire.fields import UNSIGNED_32_MAX, members, whole_number, words
from scenes.wire.json_text import json_text


class AlreadyProvisioned(Exception):
    """The folder holds an identity; a second invitation would leave two keys with one journal."""


class WrongOffice(Exception):
    """The server's office key is not the one that the invitation names: this is not the server one was sent to."""


def provision_kiosk(
    folder: KioskFolder,
    server: str,
    invitation: str,
    office_key_sha256: str | None,
    transport: httpx.BaseTransport | None = None,
) -> Identity:
    """Provisions the kiosk of this folder and fetches its first agreement; both are on disk when this returns.

    Raises AlreadyProvisioned, WrongOffice, UplinkRefused (the invitation is not taken) or UplinkUnavailable. Asked
    again after an answer was lost on the way, it goes on with the same key where it stopped.
    """
    folder.make()
    with KioskLock(folder):
        if folder.identity.exists() and folder.agreement.exists():
            raise AlreadyProvisioned(f"{folder.path} is provisioned already")
        if not folder.identity.exists():
            identity = _introduce(folder, server, invitation, office_key_sha256, transport)
            keep_identity(folder, identity)
            folder.new_key.unlink(missing_ok=True)
        identity = read_identity(folder)
        fetch_agreement(identity, AgreementKeeper(folder, identity), transport)
        return identity


def _introduce(
    folder: KioskFolder,
    server: str,
    invitation: str,
    office_key_sha256: str | None,
    transport: httpx.BaseTransport | None,
) -> Identity:
    private = new_private_key(folder)
    public = binary_text(signing.public_key_of(private))
    uplink = Uplink(server, public, private, transport)
    try:
        answer = uplink.post("/kiosk/provisioning", json_text({"invitation": invitation, "public_key": public}))
    finally:
        uplink.close()
    try:
        identity = _identity(answer, private, server)
    except CodeRefused as reason:
        raise UplinkUnavailable(f"an answer that is not the office's: {reason}") from reason
    if office_key_sha256 is not None and office_key_sha256.lower() not in _fingerprints(identity):
        raise WrongOffice("the server's office key is not the one that the invitation names")
    return identity


def _identity(answer: Answer, private: bytes, server: str) -> Identity:
    body = members(answer.body, "", ("kiosk", "epoch", "office_keys", "code_base_url"))
    return Identity(
        private_key=private,
        kiosk=whole_number(body["kiosk"], "kiosk", 1, UNSIGNED_32_MAX),
        epoch=whole_number(body["epoch"], "epoch", 1, 255),
        server=server.rstrip("/"),
        office_keys=read_office_keys(body["office_keys"]),
        code_base_url=words(body["code_base_url"], "code_base_url", 200),
    )


def _fingerprints(identity: Identity) -> set[str]:
    return {sha256(office.key).hexdigest() for office in identity.office_keys}


def fetch_agreement(identity: Identity, keeper: AgreementKeeper, transport: httpx.BaseTransport | None) -> None:
    """Fetches and keeps the first agreement; raises UplinkUnavailable for one that the office did not sign."""
    uplink = Uplink(identity.server, identity.key_id, identity.private_key, transport)
    try:
        answer = uplink.get("/kiosk/agreement", {"since": "0"})
        if answer.status == 200:
            keeper.take(answer.body)
    except CodeRefused as reason:
        raise UplinkUnavailable(f"an agreement that the office did not sign: {reason}") from reason
    finally:
        uplink.close()
