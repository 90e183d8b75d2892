"""What is installed: the two compiled files agree with each other and with the ranges they come from."""

from __future__ import annotations

import re
import tomllib

from tests.architecture.tree import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def named(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement)[0].lower()


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_development_file_holds_everything_of_the_other_at_the_same_version() -> None:
    running, developing = pins("requirements.txt"), pins("requirements-dev.txt")
    assert running.items() <= developing.items()
    assert len(running) > 20


def test_every_range_of_the_project_has_its_pin() -> None:
    running, developing = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {named(line) for line in project()["dependencies"]} <= set(running)
    assert {named(line) for line in project()["optional-dependencies"]["dev"]} <= set(developing)


def test_every_pin_has_a_checksum_and_names_no_machine() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links|/(?:work|opt|home|tmp)/", text) == []
