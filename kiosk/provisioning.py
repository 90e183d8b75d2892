"""A new kiosk introduces itself with its invitation and keeps what the office answers (contract section 2)."""

from __future__ import annotations

import logging
import time
from hashlib import sha256
from pathlib import Path

import httpx

from kiosk.agreement import AgreementKeeper, AgreementNotNewer
from kiosk.counters import begin_counters
from kiosk.folder import KioskFolder, KioskLock
from kiosk.identity import Identity, keep_identity, new_private_key, read_office_keys
from kiosk.journal_file import keep_aside
from kiosk.journal_reader import kiosk_of
from kiosk.uplink import Answer, Uplink, UplinkUnavailable
from scenes.wire import signing
from scenes.wire.binary_text import binary_text
from scenes.wire.errors import CodeRefused
from scenes.wire.fields import UNSIGNED_32_MAX, members, whole_number, words
from scenes.wire.json_text import json_text

log = logging.getLogger(__name__)


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
        if folder.identity.exists():
            raise AlreadyProvisioned(f"{folder.path} is provisioned already; its next key: ./island kiosk rotate")
        identity = introduce(server, invitation, new_private_key(folder, invitation), transport)
        if office_key_sha256 is not None and office_key_sha256.lower() not in _fingerprints(identity):
            raise WrongOffice("the server's office key is not the one that the invitation names")
        # The identity comes last: a folder that has one has an agreement and its counters too.
        _fetch_agreement(folder, identity, transport)
        _set_aside_journal_of_another(folder, identity.kiosk)
        begin_counters(folder.counters, identity)
        keep_identity(folder, identity)
        folder.new_key.unlink(missing_ok=True)
        return identity


def introduce(
    server: str, invitation: str, private: bytes, transport: httpx.BaseTransport | None, cut: Path | None = None
) -> Identity:
    """Shows the invitation, signed by the new key; the identity that the office answers. Nothing is kept yet.

    Raises UplinkRefused or UplinkUnavailable.
    """
    public = binary_text(signing.public_key_of(private))
    uplink = Uplink(server, public, private, transport, cut)
    try:
        answer = uplink.post("/kiosk/provisioning", json_text({"invitation": invitation, "public_key": public}))
    finally:
        uplink.close()
    try:
        return _identity(answer, private, server)
    except CodeRefused as reason:
        raise UplinkUnavailable(f"an answer that is not the office's: {reason}") from reason


def _set_aside_journal_of_another(folder: KioskFolder, kiosk: int) -> None:
    """A journal of this very kiosk goes on, its items signed by the old key; one of another kiosk is kept aside."""
    found = kiosk_of(folder.journal)
    if found is not None and found != kiosk:
        kept = keep_aside(folder.journal, f"kiosk-{found}", time.time())
        log.warning("the journal of kiosk %d is kept as %s; export it for the staff", found, kept.name)


def _identity(answer: Answer, private: bytes, server: str) -> Identity:
    body = members(answer.body, "", ("kiosk", "epoch", "office_keys", "code_base_url"))
    return Identity(
        private_key=private,
        kiosk=whole_number(body["kiosk"], "kiosk", 1, UNSIGNED_32_MAX),
        epoch=whole_number(body["epoch"], "epoch", 1, 255),
        server=server.rstrip("/"),
        office_keys=read_office_keys(body["office_keys"]),
        code_base_url=words(body["code_base_url"], "code_base_url", 200),
        counters_kept=True,
    )


def _fingerprints(identity: Identity) -> set[str]:
    return {sha256(office.key).hexdigest() for office in identity.office_keys}


def _fetch_agreement(folder: KioskFolder, identity: Identity, transport: httpx.BaseTransport | None) -> None:
    """Fetches and keeps the first agreement; raises UplinkUnavailable for one that the office did not sign."""
    uplink = Uplink(identity.server, identity.key_id, identity.private_key, transport)
    try:
        keeper = AgreementKeeper(folder, identity)
        keeper.take(uplink.get("/kiosk/agreement", {"since": "0"}).body)
    except AgreementNotNewer:
        log.info("the agreement was here already")
    except CodeRefused as reason:
        raise UplinkUnavailable(f"an agreement that the office did not sign: {reason}") from reason
    finally:
        uplink.close()
