"""What an operator asks of a kiosk: provision, run, code, status, offline, online.

The heavy parts are imported where they are needed, for `code` has to answer at once.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from kiosk.agreement import AgreementKeeper
from kiosk.control import ask_process
from kiosk.folder import KioskBusy, KioskFolder, KioskLock
from kiosk.identity import read_identity
from kiosk.refusals import NotProvisioned, ProofNotAllowed, Refusal, SceneNotOffered
from kiosk.status import is_running, kiosk_status

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

SERVER_PORT = 8000  # of a demonstration; an address without a port says nothing of the kiosk's own machine


def provision(
    folder: Path,
    server: str,
    invitation: str,
    office_key_sha256: str | None = None,
    transport: httpx.BaseTransport | None = None,
) -> int:
    """Provisions the kiosk of this folder and answers its number; raises what provisioning.provision_kiosk does."""
    from kiosk.provisioning import provision_kiosk

    return provision_kiosk(KioskFolder(folder), server, invitation, office_key_sha256, transport).kiosk


def run(folder: Path, port: int | None = None) -> None:
    """Runs the kiosk until it is interrupted; `port` 0 takes a free one, None the kiosk's own.

    Raises KioskBusy when another process runs it.
    """
    from kiosk.serving import serve

    kiosk = KioskFolder(folder)
    serve(kiosk, _own_port(kiosk) if port is None else port)


def _own_port(kiosk: KioskFolder) -> int:
    """The server's port plus the kiosk's number, so that ten kiosks of a demonstration run on one machine."""
    identity = read_identity(kiosk)
    return (urlsplit(identity.server).port or SERVER_PORT) + identity.kiosk


def code(folder: Path, scene: str, variant: int = 0, quantity: int | None = None, way: str | None = None) -> str:
    """One fresh bare code; `way` None: single-use where the scene has DK, else a ticket.

    Asks the process where one runs, else opens a boot of its own and closes it. Raises a Refusal: SceneNotOffered and
    ProofNotAllowed where this kiosk does not offer it.
    """
    kiosk = KioskFolder(folder)
    number, chosen = offered_way(kiosk, scene, way)
    try:
        with KioskLock(kiosk):
            return _code_of_own_boot(kiosk, number, variant, quantity, chosen)
    except KioskBusy:
        return _code_of_process(kiosk, number, variant, quantity, chosen)


def offered_way(kiosk: KioskFolder, scene: str, way: str | None) -> tuple[int, str]:
    """The scene's number and the way of the code; raises SceneNotOffered, ProofNotAllowed or NotProvisioned."""
    kept = AgreementKeeper(kiosk, read_identity(kiosk)).current
    if kept is None:
        raise NotProvisioned
    offer = kept.offers.find(scene)
    if offer is None:
        raise SceneNotOffered
    chosen = way or ("single" if "DK" in offer.terms.proofs else "ticket")
    if not kept.offers.offers_kind(offer.scene.number, chosen):
        raise ProofNotAllowed
    return offer.scene.number, chosen


def find_kiosk(data: Path, scene: str, way: str | None = None) -> Path:
    """The folder of the kiosk below DATA/kiosks that offers the scene: one that runs, else the one of lowest number.

    Raises SceneNotOffered, or ProofNotAllowed when the scene is offered but never this way.
    """
    offering: list[tuple[bool, int, Path]] = []
    refusal: Refusal = SceneNotOffered()
    for path in sorted((data / "kiosks").glob("*/identity.json")):
        kiosk = KioskFolder(path.parent)
        try:
            offered_way(kiosk, scene, way)
        except ProofNotAllowed as reason:
            refusal = reason
        except Refusal:
            continue
        else:
            offering.append((not is_running(kiosk), read_identity(kiosk).kiosk, path.parent))
    if not offering:
        raise refusal
    return min(offering)[2]


def status(folder: Path) -> dict[str, Any]:
    """How the kiosk is: what its process says, or what stands on disk when none runs."""
    return kiosk_status(KioskFolder(folder))


def cut_line(kiosk: KioskFolder) -> None:
    """From now on the kiosk asks nobody, running or not, and its screen says so. Raises NotProvisioned."""
    read_identity(kiosk)
    kiosk.cut.touch(mode=0o600)


def restore_line(kiosk: KioskFolder) -> None:
    """The line is back; a running kiosk notices with its next heartbeat, a few seconds later. Raises NotProvisioned."""
    read_identity(kiosk)
    kiosk.cut.unlink(missing_ok=True)


def _code_of_process(kiosk: KioskFolder, scene: int, variant: int, quantity: int | None, way: str) -> str:
    asked = {"variant": variant} | ({} if quantity is None else {"quantity": quantity})
    if way == "group":
        answer = ask_process(kiosk, "GET", f"/api/group/{scene}?{urlencode(asked)}")
    else:
        answer = ask_process(kiosk, "POST", "/api/codes", {"scene": scene, "way": way, **asked})
    return str(answer["code"])


def _code_of_own_boot(kiosk: KioskFolder, scene: int, variant: int, quantity: int | None, way: str) -> str:
    from kiosk.boot import Boot
    from kiosk.greeting import greeted_boot
    from kiosk.groups import Groups
    from kiosk.issue import CodeRequest, issue_kiosk_code

    boot = Boot(kiosk)
    try:
        if way == "group":
            with greeted_boot(boot) as (_, heartbeats):
                return Groups(boot.mint, heartbeats.answer_age).issue(scene, variant, quantity).text
        if not boot.clock.trusted:
            with greeted_boot(boot):
                pass
        return issue_kiosk_code(boot.mint, CodeRequest(scene, variant, quantity, way), by_touch=False).text
    finally:
        boot.close()
