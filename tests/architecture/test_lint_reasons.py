"""A rule that is switched off says why, beside it."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT, files, name_of

RULE = re.compile(r'^\s+"(?:[A-Z]+[0-9]+|ignore:.*)",?(.*)$')
NAMED = re.compile(r"(?:\[[a-z, -]+\]|\b[A-Z]+[0-9]+)\W+\w\S* \S")
SWITCH = re.compile(r"#\s*(noqa|type:\s*ignore|ruff:\s*noqa|mypy:)(.*)$")


def test_every_rule_that_the_project_ignores_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    rules = [(number, match[1]) for number, line in enumerate(lines, 1) if (match := RULE.match(line))]
    assert [number for number, rest in rules if not re.search(r"#\s*\S+ \S+", rest)] == []
    assert len(rules) > 5


def test_every_line_that_switches_a_check_off_names_the_rule_and_the_reason() -> None:
    found = []
    for path in files(".py", rooms=("scenes", "kiosk", "miniprogram_api", "tests")):
        if path.name == "test_lint_reasons.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            switch = SWITCH.search(line)
            if switch and not NAMED.search(switch[2]):
                found.append(f"{name_of(path)}:{number}")
    assert found == []
