"""A PostgreSQL that a test may stop, and a line to it that can be cut at the worst moment."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

PORT = 5432
BYTES = 65_536
# What commits: the word itself, and the one statement in which a use case sends all its writes (books.prepared).
COMMITS = (b"COMMIT\0", b"SELECT 1 / CASE WHEN")
COMMIT_SECONDS = 0.2  # a commit on this machine takes a few milliseconds


@dataclass
class OwnServer:
    """`handle` is pgserver's; the address stays the same after a restart."""

    handle: Any

    @property
    def address(self) -> URL:
        return make_url(self.handle.get_uri()).set(drivername="postgresql+psycopg")

    def url(self, database: str) -> str:
        return self.address.set(database=database).render_as_string(hide_password=False)

    @property
    def socket_file(self) -> str:
        return str(Path(str(self.address.query["host"])) / f".s.PGSQL.{PORT}")

    def stop(self) -> None:
        self.handle.stop()

    def start(self) -> None:
        self.handle.start()

    def administer(self, *statements: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def end_all_connections(self, database: str) -> None:
        """What an administrator or a fail-over does: each connection ends at once."""
        self.administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")


@dataclass
class Line:
    """Passes everything on, until `cut_at_commit` is set: then it ends at the next COMMIT, `before` the server has got
    it or `after` the server has carried it out, and from then on is whole again."""

    socket_file: str
    cut_at_commit: str | None = None
    cuts: int = 0
    deaf: set[socket.socket] = field(default_factory=set)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.socket_file)
            for one, other, watched in ((client, server, True), (server, client, False)):
                Thread(target=self._pass_on, args=(one, other, watched), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, watched: bool) -> None:
        try:
            while data := source.recv(BYTES):
                if watched and self.cut_at_commit and any(sign in data for sign in COMMITS):
                    self._cut(source, target, data)
                    return
                if source not in self.deaf:
                    target.sendall(data)
        except OSError:
            return
        finally:
            for end in (source, target):
                _end(end)

    def _cut(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        moment, self.cut_at_commit = self.cut_at_commit, None
        self.cuts += 1
        if moment == "after":
            self.deaf.add(server)  # nothing that the server says arrives any more
            server.sendall(data)
            time.sleep(COMMIT_SECONDS)


def _end(connection: socket.socket) -> None:
    """At once, also for a thread that waits for the other side."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def line_to(server: OwnServer) -> Iterator[Line]:
    line = Line(server.socket_file)
    serving = Thread(target=line.serve, daemon=True)
    serving.start()
    yield line
    line.listener.shutdown(socket.SHUT_RDWR)
    line.listener.close()
    serving.join()
