"""A page and all that it is made of, under names that hold their content's mark.

The page itself is asked for each time. It names its files by their marks, and an import map gives the modules' plain
names theirs, so that everything else may be kept for a year and one page never runs with files of another. A browser
without import maps loads the plain names and is as well off as before. Nothing is built beforehand: the files are
looked at with each page, and what changed is read anew.

The tourist's page has a *pack*: what was not loaded for the first page, in one file, which the worker keeps for the
crossing. Its mark is the version that page and worker name.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass
from functools import partial

from flask import Response, request

from miniprogram_api.routes.headers import POLICY_NAME, page_headers, policy_with
from miniprogram_api.routes.page_modules import files_of, modules_of
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.static_files import ASK_AGAIN, StaticFile, StaticFiles, answer_file, made_file, marked_name

LINK = re.compile(r'^ *<link rel="(stylesheet|modulepreload)" href="/static/([^"]+)">\n', re.MULTILINE)
SCRIPT = re.compile(r'^( *)<script type="module" src="/static/([^"]+)"></script>\n', re.MULTILINE)
NAMED = re.compile(r'(?<=href=")/static/([^"]+)(?=")')
LANGUAGES = ("zh", "en")
# The camera's decoder is larger than all the rest: kept when there is time.
DECODER = "shared/vendor/zxing-wasm/"
NOT_LOADED = ".webmanifest"  # named by the page, but loaded only by who puts the app on the home screen
WORKER, PACK, STYLES = "offline.js", "pack.json", "styles.css"
VERSION_LINE, DECODER_LINE = "const VERSION = '';", "const DECODER = [];"
VERSION_HEADER = "Page-Version"


@dataclass(frozen=True)
class Build:
    """A page as its files are now. `pages` by language of the words that load with it, "" for none."""

    stamps: dict[str, int]  # when each file that was read had changed, in ns
    pages: dict[str, StaticFile]
    map_hash: str
    made: dict[str, StaticFile]  # what the server makes of several files, by its name below static/
    version: str | None


class WholePage:
    """The page `<folder>/index.html` below static/; one that `crosses` has a worker and a pack."""

    def __init__(self, files: StaticFiles, folder: str, *, crosses: bool = False) -> None:
        self.files, self.folder, self.crosses = files, folder, crosses
        self._latest: Build | None = None
        made = [STYLES, *(words_name(language) for language in LANGUAGES), *([PACK, WORKER] if crosses else [])]
        for name in (f"{folder}/{one}" for one in made):
            files.made[name] = partial(self._made_file, name)

    def answer(self) -> Response:
        """The page for the caller's language."""
        build = self.build()
        response = answer_file(build.pages[_language()], ASK_AGAIN)
        response.headers["Vary"] = "Accept-Encoding, Accept-Language"
        return self.completed(response, build)

    def completed(self, response: Response, build: Build) -> Response:
        """With the headers that this page's text needs."""
        response.headers[POLICY_NAME] = policy_with(build.map_hash)
        if build.version is not None:
            response.headers[VERSION_HEADER] = build.version
        return response

    def text(self, build: Build) -> bytes:
        """The page's bytes for the caller's language."""
        return build.pages[_language()].raw

    def build(self) -> Build:
        """The page as its files are now."""
        latest = self._latest
        if latest is None or any(self._stamp(name) != stamp for name, stamp in latest.stamps.items()):
            latest = self._latest = self._built()
        return latest

    def _stamp(self, name: str) -> int:
        try:
            return os.stat(f"{self.files.folder}/{name}").st_mtime_ns
        except OSError:
            return 0

    def _made_file(self, name: str) -> StaticFile:
        return self.build().made[name]

    def _built(self) -> Build:
        parts = _Parts(self.files, self.folder)
        import_map = parts.import_map()
        map_hash = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
        pages = {one: made_file("index.html", parts.page(import_map, one)) for one in ("", *LANGUAGES)}
        made, version = dict(parts.joined), None
        if self.crosses:
            pack = made_file(PACK, parts.pack(pages[""], page_headers(map_hash, camera=True)))
            version = pack.mark
            made[f"{self.folder}/{PACK}"] = pack
            made[f"{self.folder}/{WORKER}"] = made_file(WORKER, parts.worker(version))
        stamps = {name: file.changed_at for name, file in parts.seen.items()}
        return Build(stamps, pages, map_hash, made, version)


class _Parts:
    """One reading of a page's files."""

    def __init__(self, files: StaticFiles, folder: str) -> None:
        self.files, self.folder = files, folder
        self.seen: dict[str, StaticFile] = {}
        self.joined: dict[str, StaticFile] = {}
        self.index = f"{folder}/index.html"
        self.source = self._file(self.index).raw.decode()
        links = LINK.findall(self.source)
        script = SCRIPT.search(self.source)
        assert script, f"{self.index} names no module"
        self.entry = script[2]
        self.sheets = [name for kind, name in links if kind == "stylesheet"]
        ahead = [self.entry, *(name for kind, name in links if kind == "modulepreload")]
        self.first = modules_of(ahead, self._read, later=False)
        self.modules = modules_of([self.entry], self._read, later=True)
        self.words = {
            language: [f"shared/locales/{language}/{app}.json" for app in ("shared", folder)] for language in LANGUAGES
        }
        self.fetched = files_of(self.modules, self._read)
        self.linked = [name for name in NAMED.findall(LINK.sub("", self.source)) if self._read(name) is not None]
        self.styles = f"{folder}/{STYLES}"
        self.joined[self.styles] = made_file(STYLES, b"\n".join(self._file(name).raw for name in self.sheets))
        for language, names in self.words.items():
            words = {key: text for name in names for key, text in json.loads(self._file(name).raw).items()}
            self.joined[self._words(language)] = made_file(words_name(language), _json(words))

    def import_map(self) -> str:
        mapped = dict.fromkeys([*self.first, *self.modules, *self.fetched])
        del mapped[self.entry]
        imports = {f"/static/{name}": self._address(name) for name in sorted(mapped)}
        for language, names in self.words.items():  # the words of several catalogues come as one
            imports |= {f"/static/{name}": self._address(self._words(language)) for name in names}
        return _json({"imports": imports}).decode()

    def page(self, import_map: str, language: str) -> bytes:
        """The page with the words of this language on their way, or with none."""
        lines = [f'<link rel="stylesheet" href="{self._address(self.styles)}">']
        lines += [f'<script type="importmap">{import_map}</script>']
        if language:
            address = self._address(self._words(language))
            lines += [f'<link rel="preload" as="fetch" crossorigin href="{address}">']
        lines += [
            f'<link rel="modulepreload" href="{self._address(name)}">' for name in self.first if name != self.entry
        ]
        lines += [f'<script type="module" src="{self._address(self.entry)}"></script>']
        text = NAMED.sub(lambda found: self._address(found[1]), LINK.sub("", self.source))
        return SCRIPT.sub(lambda found: "".join(f"{found[1]}{line}\n" for line in lines), text).encode()

    def pack(self, page: StaticFile, headers: dict[str, str]) -> bytes:
        """What the worker keeps: the page, the names it has loaded already, and the text of everything else."""
        first = dict.fromkeys(name for name in (*self.first, *self.linked) if not name.endswith(NOT_LOADED))
        # Each catalogue alone as well, for browsers without import maps: twice the same words pack as well as once.
        words = [name for names in self.words.values() for name in names]
        words += [self._words(language) for language in LANGUAGES]
        rest = dict.fromkeys([*self.modules, *words, *self.fetched, *self.linked])
        texts = {
            self._address(name): self._file(name).raw.decode()
            for name in rest
            if name not in first and not name.startswith(DECODER)
        }
        headers = {"Content-Type": page.media_type, **headers}
        document = {
            "page": {"headers": headers, "text": page.raw.decode()},
            "first": [self._address(name) for name in (self.styles, *first)],
            "files": texts,
        }
        return _json(document)

    def worker(self, version: str) -> bytes:
        text = self._file(f"{self.folder}/{WORKER}").raw.decode()
        assert VERSION_LINE in text, "the worker has no place for its version"
        assert DECODER_LINE in text, "the worker has no place for the decoder's names"
        late = [self._address(name) for name in (*self.modules, *self.fetched) if name.startswith(DECODER)]
        text = text.replace(VERSION_LINE, f"const VERSION = '{version}';", 1)
        return text.replace(DECODER_LINE, f"const DECODER = {json.dumps(late)};", 1).encode()

    def _read(self, name: str) -> str | None:
        try:
            return self._file(name).raw.decode(errors="replace")
        except Problem:
            return None

    def _file(self, name: str) -> StaticFile:
        if name in self.joined:
            return self.joined[name]
        if name not in self.seen:
            self.seen[name] = self.files.on_disk(name)
        return self.seen[name]

    def _words(self, language: str) -> str:
        return f"{self.folder}/{words_name(language)}"

    def _address(self, name: str) -> str:
        return f"/static/{marked_name(name, self._file(name))}"


def words_name(language: str) -> str:
    """The words of a page in one language, all catalogues in one."""
    return f"words.{language}.json"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _language() -> str:
    """The one that the page will choose by itself (preferences.js): what the browser names first decides."""
    wished = request.headers.get("Accept-Language", "zh").strip().lower()
    return "zh" if re.match(r"zh\b", wished) else "en"
