"""What every test stands on: the network is closed, except to this machine itself; one Playwright serves them all; the
files of the run lie in memory where there is room, so that thousands of small databases wait for no disk."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

MEMORY = Path("/dev/shm")  # the kernel's disk in memory; each name in it is made by tempfile
ROOM_BYTES = 4 << 30
PATIENCE_MILLISECONDS = 30_000  # as long as Playwright waits for what it clicks; how fast a page is, benchmarks measure


def pytest_configure() -> None:
    """Databases keep their durability settings; only what they flush to is faster."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


class NetworkClosed(AssertionError):
    """A test tried to leave this machine."""


def _stays_here(address: Any) -> bool:
    if not isinstance(address, tuple):  # the path of a UNIX socket
        return True
    host = str(address[0]).partition("%")[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_outside(address: Any) -> None:
    if not _stays_here(address):
        raise NetworkClosed(f"tests reach this machine only, not {address!r}")


@pytest.fixture(scope="session", autouse=True)
def network_guard() -> Iterator[None]:
    """Closes connections and name look-ups to anywhere but the loopback, for the whole session."""
    look_up = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", lambda host, *rest, **named: _look_up(look_up, host, *rest, **named))
        yield


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one Playwright of this run: a second one in the same process refuses to start."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as started:
        yield started


def _guarded(original: Any) -> Any:
    def call(self: socket.socket, *arguments: Any) -> Any:
        _refuse_outside(arguments[-1])
        return original(self, *arguments)

    return call


def _look_up(original: Any, host: Any, *rest: Any, **named: Any) -> Any:
    if host not in (None, "", b""):
        _refuse_outside((host.decode() if isinstance(host, bytes) else host,))
    return original(host, *rest, **named)
