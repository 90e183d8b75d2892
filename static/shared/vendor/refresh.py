"""Fetch the browser assets again and write them here, unmodified, with their hashes.

For developers only: nothing at run time needs Node. Run it after changing a version or the icon list:

    python3 static/shared/vendor/refresh.py

It asks `npm pack` for each package, copies the files named below byte for byte, builds the icon sprite
from the outline icons of Tabler, and writes `vendor.json` (file, package, version, licence, SHA-256).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess  # nosec B404 - calls npm with fixed arguments
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent
SPRITE = VENDOR.parent / "img" / "icons.svg"


@dataclass(frozen=True)
class Package:
    """One npm package: which version, under which licence, and which of its files we serve."""

    name: str
    version: str
    licence: str
    folder: str
    files: dict[str, str]  # path in the package -> path below our folder


PACKAGES = (
    Package(
        "htm",
        "3.1.1",
        "Apache-2.0",
        "htm",
        {
            "preact/standalone.module.js": "preact/standalone.module.js",
            "LICENSE": "LICENSE",
        },
    ),
    # htm's standalone module contains Preact; its licence text belongs beside it.
    Package("preact", "10.29.8", "MIT", "htm", {"LICENSE": "LICENSE.preact"}),
    Package(
        "zxing-wasm",
        "3.1.4",
        "MIT",
        "zxing-wasm",
        {
            "dist/es/reader/index.js": "es/reader/index.js",
            "dist/es/share.js": "es/share.js",
            "dist/reader/zxing_reader.wasm": "reader/zxing_reader.wasm",
            "LICENSE": "LICENSE",
        },
    ),
    # No licence file in this package: its notice stands in the head of the module, the text is NOTICES' below.
    Package("qrcode-generator", "2.0.4", "MIT", "qrcode-generator", {"dist/qrcode.mjs": "qrcode.mjs"}),
    Package("@noble/ed25519", "3.2.0", "MIT", "noble-ed25519", {"index.js": "index.js", "LICENSE": "LICENSE"}),
    Package(
        "swagger-ui-dist",
        "5.35.0",
        "Apache-2.0",
        "swagger-ui-dist",
        {
            "swagger-ui-bundle.js": "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css": "swagger-ui.css",
            "LICENSE": "LICENSE",
            "NOTICE": "NOTICE",
        },
    ),
)
MIT_TEXT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
NOTICES = {"qrcode-generator": f"The MIT License\n\nCopyright (c) 2009 Kazuhiko Arase\n\n{MIT_TEXT}"}
TABLER = Package("@tabler/icons", "3.51.0", "MIT", "tabler-icons", {"LICENSE": "LICENSE"})


def icon_names() -> list[str]:
    """The names in `icons.txt`, one a line, sorted and without repeats."""
    lines = (VENDOR / "icons.txt").read_text(encoding="utf-8").split()
    return sorted(set(lines))


def unpack(package: Package, work: Path) -> Path:
    """Ask npm for the package's archive and unpack it; returns the unpacked folder."""
    target = work / package.folder / package.name.replace("/", "-")
    target.mkdir(parents=True)
    command = ["npm", "pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", str(target)]
    subprocess.run(command, check=True, capture_output=True)  # nosec B603 - fixed arguments
    archive = next(target.glob("*.tgz"))
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def copy_files(package: Package, unpacked: Path) -> list[dict[str, str]]:
    """Copy the wanted files byte for byte; returns one manifest line for each."""
    lines = []
    for source, destination in package.files.items():
        target = VENDOR / package.folder / destination
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(unpacked / source, target)
        lines.append(manifest_line(target, package))
    return lines


def manifest_line(file: Path, package: Package) -> dict[str, str]:
    """One line of `vendor.json`; the file's path is relative to static/shared."""
    return {
        "file": file.relative_to(VENDOR.parent).as_posix(),
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def write_notice(package: Package) -> dict[str, str]:
    """The licence text of a package that brings none; returns its manifest line."""
    file = VENDOR / package.folder / "LICENSE"
    file.write_text(NOTICES[package.name], encoding="utf-8")
    return manifest_line(file, package)


def symbol(name: str, unpacked: Path) -> str:
    """One icon as a symbol of the sprite: the paths of the outline icon, without its empty frame."""
    drawing = (unpacked / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", drawing)
    kept = [shape.replace(" />", "/>") for shape in shapes if "M0 0h24v24H0z" not in shape]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(kept)}</symbol>'


def build_sprite(unpacked: Path) -> dict[str, str]:
    """Write all listed icons as one file; colour and stroke come from the page that uses them."""
    symbols = "\n".join(symbol(name, unpacked) for name in icon_names())
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', encoding="utf-8")
    return manifest_line(SPRITE, TABLER)


def main() -> None:
    """Fetch everything anew and write the manifest."""
    lines: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for package in PACKAGES:
            lines += copy_files(package, unpack(package, work))
        icons = unpack(TABLER, work)
        lines += copy_files(TABLER, icons)
        lines.append(build_sprite(icons))
    lines += [write_notice(package) for package in PACKAGES if package.name in NOTICES]
    text = json.dumps(lines, ensure_ascii=False, indent=2)
    (VENDOR / "vendor.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(lines)} files, {len(icon_names())} icons")


if __name__ == "__main__":
    main()
