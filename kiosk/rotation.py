"""The next key of a kiosk that is provisioned: a new epoch, with the same number and the same journal.

Items that wait stay as the old key signed them, and the office still knows that key. With the new one counters are
safe again, also where they were lost with a damaged disk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from kiosk.agreement import AgreementKeeper, AgreementNotNewer
from kiosk.control import ProcessSilent, end_process
from kiosk.counters import begin_counters
from kiosk.folder import KioskBusy, KioskFolder, KioskLock
from kiosk.identity import Identity, keep_identity, new_private_key, read_identity
from kiosk.provisioning import introduce
from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire.errors import CodeRefused

log = logging.getLogger(__name__)

ENDS_SECONDS = 20.0
LOOK_SECONDS = 0.02  # sooner than a supervisor starts the process again


class WrongInvitation(Exception):
    """The invitation is for another kiosk; this one keeps its key."""


def rotate_key(folder: KioskFolder, invitation: str, transport: httpx.BaseTransport | None = None) -> Identity:
    """Makes the next key and puts it in force; the new identity is on disk when this returns.

    A running process is told to end once the office has answered; whoever looks after it starts it again. Raises
    NotProvisioned, WrongInvitation, UplinkRefused, UplinkUnavailable, or ProcessSilent for a process that does not end.
    Asked again with the same invitation after an answer was lost, it goes on with the same key.
    """
    identity = _next_identity(folder, invitation, transport)
    with _own_lock(folder):
        _hear_agreement(folder, identity, transport)
        keep_identity(folder, identity)
        begin_counters(folder.counters, identity)
        folder.new_key.unlink(missing_ok=True)
    return identity


def _next_identity(folder: KioskFolder, invitation: str, transport: httpx.BaseTransport | None) -> Identity:
    old = read_identity(folder)
    private = new_private_key(folder, invitation)
    told = introduce(old.server, invitation, private, transport, folder.cut)
    if told.kiosk != old.kiosk:
        raise WrongInvitation(f"the invitation is for kiosk {told.kiosk}, this is kiosk {old.kiosk}")
    # Which office keys are believed was settled by signed agreements; this answer is not signed.
    return replace(told, office_keys=old.office_keys, code_base_url=old.code_base_url, counters_kept=True)


@contextmanager
def _own_lock(folder: KioskFolder) -> Iterator[None]:
    """The folder's lock, once the process that holds it has ended as it was told."""
    until = time.monotonic() + ENDS_SECONDS
    told = False
    while True:
        try:
            with KioskLock(folder):
                yield
                return
        except KioskBusy:
            if time.monotonic() > until:
                raise ProcessSilent(f"the process that runs {folder.path} does not end; stop it first") from None
        if not told:
            end_process(folder)
            told = True
        time.sleep(LOOK_SECONDS)


def _hear_agreement(folder: KioskFolder, identity: Identity, transport: httpx.BaseTransport | None) -> None:
    """A first try of the new key; the agreement at hand is good as it is."""
    uplink = Uplink(identity.server, identity.key_id, identity.private_key, transport, folder.cut)
    try:
        keeper = AgreementKeeper(folder, identity)
        keeper.take(uplink.get("/kiosk/agreement", {"since": "0"}).body)
    except (AgreementNotNewer, UplinkUnavailable, UplinkRefused, CodeRefused) as reason:
        log.info("no newer agreement: %s", reason)
    finally:
        uplink.close()
