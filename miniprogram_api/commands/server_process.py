"""The web server as a child process: gunicorn with sync workers, and how to see that it answers."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from miniprogram_api.commands.addresses import LOOPBACK, Addresses
from miniprogram_api.commands.data_folder import ROOT, DataFolder
from miniprogram_api.commands.supervisor import Child

WORKERS = 2
GRACEFUL_SECONDS = 5  # a request under way may finish when we stop
REQUEST_SECONDS = 30
MEMORY_FILES = Path("/dev/shm")  # noqa: S108 - the workers' heartbeat must not wait for a disk; gunicorn makes the name itself


def server_process(data: DataFolder, addresses: Addresses, environment: Mapping[str, str]) -> Child:
    """The server of this folder, for this machine and its kiosks."""
    command = _gunicorn(f"{LOOPBACK}:{addresses.port}")
    return Child("The server", command, environment, data.logs / "server.log", ROOT)


def door_process(
    data: DataFolder, addresses: Addresses, environment: Mapping[str, str], tls: tuple[Path, Path]
) -> Child:
    """The same server for phones in the network: HTTPS with this certificate and key."""
    command = [*_gunicorn(f"{addresses.lan}:{addresses.port}"), "--certfile", str(tls[0]), "--keyfile", str(tls[1])]
    return Child("The door for phones", command, environment, data.logs / "door.log", ROOT)


def jobs_process(data: DataFolder, environment: Mapping[str, str]) -> Child:
    """What happens on a clock, in a process of its own."""
    command = [sys.executable, "-m", "miniprogram_api.commands.jobs", "--data", str(data.path)]
    return Child("The jobs", command, environment, data.logs / "jobs.log", ROOT)


def _gunicorn(address: str) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "miniprogram_api.wsgi:application", "--bind", address]
    command += ["--workers", str(WORKERS), "--worker-class", "sync", "--timeout", str(REQUEST_SECONDS)]
    command += ["--graceful-timeout", str(GRACEFUL_SECONDS), "--no-control-socket", "--name", "tanyu"]
    return [*command, "--worker-tmp-dir", str(MEMORY_FILES)] if MEMORY_FILES.is_dir() else command


def answers(url: str, certificate: Path | None = None) -> bool:
    """True when a GET of this address is answered 200; with `certificate`, that one is trusted."""
    trusted: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(certificate)) if certificate else True
    try:
        return httpx.get(url, verify=trusted, timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
