"""Other people's files in the pages: each is listed with version and licence and is byte for byte the published one."""

from __future__ import annotations

import hashlib
import json

from tests.architecture.tree import ROOT

SHARED = ROOT / "static" / "shared"
OURS = {"vendor.json", "fonts.json", "refresh.py", "icons.txt", "NOTICE"}


def manifest() -> list[dict[str, str]]:
    """The rows of both manifests; paths are below static/shared."""
    return [
        row
        for name in ("vendor/vendor.json", "fonts/fonts.json")
        for row in json.loads((SHARED / name).read_text(encoding="utf-8"))
    ]


def test_every_vendored_file_has_the_checksum_of_the_manifest() -> None:
    wrong = [
        row["file"]
        for row in manifest()
        if hashlib.sha256((SHARED / row["file"]).read_bytes()).hexdigest() != row["sha256"]
    ]
    assert wrong == []


def test_every_vendored_file_is_listed_with_package_version_and_licence() -> None:
    listed = {row["file"] for row in manifest() if row["package"] and row["version"] and row["licence"]}
    folders = (SHARED / "vendor", SHARED / "fonts")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    there = {path.relative_to(SHARED).as_posix() for path in files}
    kept = {name for name in there if name.rpartition("/")[2] not in OURS and "__pycache__" not in name}
    assert kept - listed == set()
