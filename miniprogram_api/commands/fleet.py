"""The demonstration's kiosks: invited by the server, provisioned over the real signed HTTP, one process each."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.commands.addresses import Addresses
from miniprogram_api.commands.data_folder import ROOT, DataFolder
from miniprogram_api.commands.demonstration import read_description
from miniprogram_api.commands.supervisor import Child
from miniprogram_api.commands.surroundings import StartRefused
from miniprogram_api.config import load_keys
from miniprogram_api.services.kiosks import invite_kiosk
from scenes.wire.signing import public_key_of

PIER = "island-pier"
ACTOR = "system:seed"
PROVISION_SECONDS = 60
TOGETHER = 2  # kiosks that introduce themselves at once: as many as the server has workers


def kiosks_of_the_island() -> dict[str, int]:
    """The demonstration's kiosks: name and number."""
    return {row["id"]: row["kiosk"] for row in read_description()["venue"]}


def provision_missing(
    engine: Engine, data: DataFolder, addresses: Addresses, environment: Mapping[str, str], step: Callable[[], bool]
) -> None:
    """Provisions each kiosk that has no identity yet; `step` is called after each and says whether to go on."""
    fingerprint = hashlib.sha256(public_key_of(load_keys(data.keys).office_private)).hexdigest()

    def provision(name: str, number: int) -> None:
        identity = data.kiosk(name) / "identity.json"
        if identity.exists():
            follow_address(identity, addresses)
        else:
            _provision(engine, data, addresses, environment, name, number, fingerprint)

    with ThreadPoolExecutor(TOGETHER) as pool:
        under_way = [pool.submit(provision, name, number) for name, number in kiosks_of_the_island().items()]
        for one in under_way:
            one.result()
            if not step():
                pool.shutdown(cancel_futures=True)
                return


def _provision(
    engine: Engine,
    data: DataFolder,
    addresses: Addresses,
    environment: Mapping[str, str],
    name: str,
    number: int,
    fingerprint: str,
) -> None:
    with Session(engine) as session:
        invitation = invite_kiosk(session, number, ACTOR, SystemClock())
    command = [sys.executable, "-m", "kiosk", "provision", name, "--data", str(data.path)]
    command += ["--server", addresses.server, "--invitation", invitation, "--office-key-sha256", fingerprint]
    # A session of its own: Ctrl-C asks us to stop, and this one may finish what it has begun.
    done = subprocess.run(
        command,
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PROVISION_SECONDS,
        check=False,
        start_new_session=True,
    )
    if done.returncode != 0:
        raise StartRefused(f"The kiosk {name} could not be provisioned: {(done.stderr or done.stdout).strip()}")


def follow_address(identity: Path, addresses: Addresses) -> None:
    """A demonstration that starts on another port or with --lan takes its provisioned kiosks along."""
    document = json.loads(identity.read_text(encoding="utf-8"))
    now = {"server": addresses.server, "code_base_url": addresses.code_base_url}
    if now.items() <= document.items():
        return
    fresh = identity.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({**document, **now}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(identity)


def pier_process(data: DataFolder, addresses: Addresses, environment: Mapping[str, str]) -> Child:
    """The kiosk that stands at the pier."""
    command = [
        sys.executable,
        "-m",
        "kiosk",
        "run",
        PIER,
        "--data",
        str(data.path),
        "--port",
        str(addresses.kiosk_port),
    ]
    return Child("The pier's kiosk", command, environment, data.logs / f"kiosk-{PIER}.log", ROOT)
