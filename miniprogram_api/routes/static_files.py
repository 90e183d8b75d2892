"""Files of the pages: the right media type, an ETag, and text compressed once for all who take it.

Each file answers under two names. Its own (`js/api.js`) is asked for again each time. The one that holds its mark
(`js/api.0123456789ab.js`, the beginning of its SHA-256) means these bytes for ever and may be kept for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import brotli
from flask import Response, request

from miniprogram_api.routes.problems import Problem

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".txt": "text/plain; charset=utf-8",
}
COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".svg", ".wasm", ".txt")
KEPT_BYTES_MAX = 3_000_000  # a larger file is read anew each time
SMALL_BYTES = 400_000  # brotli's best costs a second for each 300 kB of program; larger files get its second best
COMPRESSIONS_KEPT = 1_000
FORMER_MAX = 500  # files as they were before an edit, for pages that are still open
SERVICE_WORKER = "offline.js"
ASK_AGAIN = "no-cache"  # asked for again each time, sent again only when changed
FOR_EVER = "public, max-age=31536000, immutable"
MARK_LENGTH = 12
MARKED = re.compile(rf"^(?P<name>.+)\.(?P<mark>[0-9a-f]{{{MARK_LENGTH}}})(?P<suffix>\.[a-z]+)$")


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent; `changed_at` is 0 for one that the server has made."""

    changed_at: int
    media_type: str
    etag: str
    raw: bytes
    smaller: bool

    @property
    def mark(self) -> str:
        """What its name holds when it means these bytes for ever."""
        return self.etag[:MARK_LENGTH]

    def sent(self) -> tuple[bytes, str | None]:
        """The bytes for this caller and the encoding they have."""
        for encoding, compress in (("br", _brotli), ("gzip", _gzip)) if self.smaller else ():
            if _takes(encoding):
                small = compress(self.raw)
                return (small, encoding) if len(small) < len(self.raw) else (self.raw, None)
        return self.raw, None


def made_file(name: str, raw: bytes) -> StaticFile:
    """A file that is nowhere on the disk; the name's suffix gives its media type."""
    return _file(0, PurePosixPath(name).suffix, raw)


def marked_name(name: str, file: StaticFile) -> str:
    """The name that means this file's bytes for ever."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{file.mark}{path.suffix}"))


class StaticFiles:
    """The files below one folder, read when first asked for and again when they changed.

    `made` are files that the server makes of them, by name. What a file was before it changed stays for as long as
    this process lives: a page that is open goes on with the files it began with.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.made: dict[str, Callable[[], StaticFile]] = {}
        self._kept: dict[str, StaticFile] = {}
        self._former: dict[tuple[str, str], StaticFile] = {}

    def read(self, name: str) -> StaticFile:
        """The file of that name; raises Problem not_found for any other name."""
        return self._keep(name, self.made[name]()) if name in self.made else self.on_disk(name)

    def on_disk(self, name: str) -> StaticFile:
        """The file of that name below the folder; raises Problem not_found for any other name."""
        path = self._path(name)
        changed_at = path.stat().st_mtime_ns
        kept = self._kept.get(name)
        if kept is not None and kept.changed_at == changed_at:
            return kept
        return self._keep(name, _file(changed_at, path.suffix, path.read_bytes()))

    def find(self, name: str) -> tuple[StaticFile, str]:
        """The file of either of its names and how long it may be kept; raises Problem not_found."""
        marked = MARKED.match(name)
        if not marked:
            return self.read(name), ASK_AGAIN
        plain, mark = marked["name"] + marked["suffix"], marked["mark"]
        file = self.read(plain)
        former = file if file.mark == mark else self._former.get((plain, mark))
        if former is None:
            raise Problem("not_found")
        return former, FOR_EVER

    def answer(self, name: str) -> Response:
        """The file as an answer: 304 when the caller has it, compressed when the caller takes that."""
        file, kept = self.find(name)
        response = answer_file(file, kept)
        if PurePosixPath(name).name == SERVICE_WORKER:
            response.headers["Service-Worker-Allowed"] = "/"  # it lives below /static and serves the whole site
        return response

    def _keep(self, name: str, file: StaticFile) -> StaticFile:
        before = self._kept.get(name)
        if before is not None and before.etag != file.etag:
            self._former[name, before.mark] = before
            if len(self._former) > FORMER_MAX:
                del self._former[next(iter(self._former))]
        if len(file.raw) <= KEPT_BYTES_MAX:
            self._kept[name] = file
        return file

    def _path(self, name: str) -> Path:
        if "\0" in name or Path(name).suffix not in MEDIA_TYPES:
            raise Problem("not_found")
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            raise Problem("not_found")
        return path


def answer_file(file: StaticFile, kept: str) -> Response:
    """This file as an answer that may be kept so long."""
    body, encoding = file.sent()
    response = Response(body, content_type=file.media_type)
    response.headers["Cache-Control"] = kept
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(f"{file.etag}-{encoding}" if encoding else file.etag)
    response.make_conditional(request)
    return response


def answer_at_once(raw: bytes, media_type: str) -> Response:
    """Text that is made for one caller: compressed quickly, kept nowhere."""
    response = Response(gzip.compress(raw, 6, mtime=0) if _takes("gzip") else raw, content_type=media_type)
    response.headers["Vary"] = "Accept-Encoding"
    if _takes("gzip"):
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0


def _file(changed_at: int, suffix: str, raw: bytes) -> StaticFile:
    return StaticFile(changed_at, MEDIA_TYPES[suffix], hashlib.sha256(raw).hexdigest()[:24], raw, suffix in COMPRESSED)


@lru_cache(COMPRESSIONS_KEPT)
def _brotli(raw: bytes) -> bytes:
    small: bytes = brotli.compress(raw, quality=11 if len(raw) <= SMALL_BYTES else 9)
    return small


@lru_cache(COMPRESSIONS_KEPT)
def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw, 9, mtime=0)
