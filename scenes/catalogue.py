"""The catalogue: all scenes with their factors, methodologies and cap groups, as the files of scenes/data have them."""

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from scenes.cap_group import CapGroup
from scenes.factor import Factor, Methodology
from scenes.fields import SceneInvalid
from scenes.scene import Scene
from scenes.validation import parse_cap_group, parse_factor, parse_methodology, parse_scenes
from scenes.variant import Variant

__all__ = ["DATA", "CapGroup", "Catalogue", "Factor", "Methodology", "Scene", "Variant", "load_catalogue"]

DATA: Final = Path(__file__).parent / "data"
_TABLES: Final = ("methodologies", "factors", "cap_groups")  # files of many entries; every other file is one scene


class _Entry(Protocol):
    @property
    def id(self) -> str: ...


_E = TypeVar("_E", bound=_Entry)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Scenes by number and by slug, and what they refer to by id; `documents` holds each scene as it was read."""

    scenes: dict[int, Scene]
    by_slug: dict[str, Scene]
    factors: dict[str, Factor]
    methodologies: dict[str, Methodology]
    cap_groups: dict[str, CapGroup]
    documents: dict[int, dict[str, Any]]

    def find(self, name: str) -> Scene | None:
        """The scene of that slug or number, as a person types it; None where there is none."""
        if name in self.by_slug:
            return self.by_slug[name]
        return self.scenes.get(int(name)) if name.isascii() and name.isdigit() and len(name) <= 3 else None


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """Read and check every file of `folder`. Raises SceneInvalid at the first thing that is not right."""
    methodologies = _read_entries(folder, "methodologies", parse_methodology)
    factors = _read_entries(folder, "factors", partial(parse_factor, methodologies=methodologies))
    cap_groups = _read_entries(folder, "cap_groups", parse_cap_group)
    documents = _read_scene_documents(folder)
    scenes = parse_scenes(documents, factors, cap_groups)
    return Catalogue(
        scenes=scenes,
        by_slug={scene.slug: scene for scene in scenes.values()},
        factors=factors,
        methodologies=methodologies,
        cap_groups=cap_groups,
        documents=dict(sorted((document["number"], document) for _, document in documents)),
    )


def _read_scene_documents(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    documents = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem in _TABLES:
            continue
        document = _read_toml(path)
        if document.get("slug") != path.stem:
            raise SceneInvalid(path.name, "slug", f"The slug must be the name of the file, {path.stem}.")
        documents.append((path.name, document))
    return documents


def _read_entries(folder: Path, name: str, parse: Callable[[dict[str, Any], str], _E]) -> dict[str, _E]:
    path = folder / f"{name}.toml"
    document = _read_toml(path)
    _refuse_other_keys(document, path.name, {name})
    found: dict[str, _E] = {}
    for entry in document.get(name, []):
        parsed = parse(entry, path.name)
        if parsed.id in found:
            raise SceneInvalid(path.name, parsed.id, "This id comes twice.")
        found[parsed.id] = parsed
    return found


def _refuse_other_keys(document: dict[str, Any], origin: str, known: Collection[str]) -> None:
    for key in document:
        if key not in known:
            raise SceneInvalid(origin, key, "This key is unknown.")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SceneInvalid(path.name, "", "This file is missing.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SceneInvalid(path.name, "", f"This file can't be read as TOML: {fault}.") from None
