"""Files of the pages: the right media type, an ETag, and text compressed once for all who take gzip."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

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
SERVICE_WORKER = "offline.js"


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent. `gzipped` is None for what doesn't get smaller."""

    changed_at: int
    media_type: str
    etag: str
    raw: bytes
    gzipped: bytes | None


class StaticFiles:
    """The files below one folder, read when first asked for and again when they changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._kept: dict[str, StaticFile] = {}

    def read(self, name: str) -> StaticFile:
        """The file of that name below the folder; raises Problem not_found for any other name."""
        path = self._path(name)
        changed_at = path.stat().st_mtime_ns
        kept = self._kept.get(name)
        if kept is None or kept.changed_at != changed_at:
            kept = _read(path, changed_at)
            if len(kept.raw) <= KEPT_BYTES_MAX:
                self._kept[name] = kept
        return kept

    def answer(self, name: str) -> Response:
        """The file as an answer: 304 when the caller has it, gzip when the caller takes it."""
        file = self.read(name)
        small = file.gzipped if "gzip" in request.headers.get("Accept-Encoding", "") else None
        response = Response(file.raw if small is None else small, content_type=file.media_type)
        response.headers["Cache-Control"] = "no-cache"  # asked again each time, sent again only when changed
        response.headers["Vary"] = "Accept-Encoding"
        if small is not None:
            response.headers["Content-Encoding"] = "gzip"
        if Path(name).name == SERVICE_WORKER:
            response.headers["Service-Worker-Allowed"] = "/"  # it lives below /static and serves the whole site
        response.set_etag(file.etag if small is None else f"{file.etag}-gzip")
        response.make_conditional(request)
        return response

    def _path(self, name: str) -> Path:
        if "\0" in name or Path(name).suffix not in MEDIA_TYPES:
            raise Problem("not_found")
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            raise Problem("not_found")
        return path


def _read(path: Path, changed_at: int) -> StaticFile:
    raw = path.read_bytes()
    gzipped = gzip.compress(raw, 9, mtime=0) if path.suffix in COMPRESSED else None
    if gzipped is not None and len(gzipped) >= len(raw):
        gzipped = None
    return StaticFile(changed_at, MEDIA_TYPES[path.suffix], hashlib.sha256(raw).hexdigest()[:24], raw, gzipped)
