"""`python -m tests.mutation [MODULE …]`: how many small mistakes in the pure decisions do their tests notice?

Each survivor is named. One that can't be noticed, because it changes nothing, is explained in docs/mutation.md and not
counted. The run ends after some minutes and says what it did not come to.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.trial import load_what_is_not_ours, survives

ROOT = Path(__file__).resolve().parent.parent.parent
EXPLAINED = ROOT / "docs" / "mutation.md"
TESTS = "tests/miniprogram_api/domain"
DOMAIN = "miniprogram_api.domain"
# The tests that have to notice a mistake in each: only those that need no database.
NOTICED_BY: dict[str, list[str]] = {
    "awards": ["test_awards.py"],
    "badges": ["test_badges.py"],
    "calendar": ["test_calendar.py"],
    "code_age": ["test_code_age.py"],
    "comparisons": ["test_comparisons.py"],
    "consents": ["test_consents.py"],
    "corrections": ["test_corrections.py"],
    "debts": ["test_debts.py"],
    "forgetting": ["test_forgetting.py"],
    "group_changes": ["test_group_changes.py"],
    "kiosk_changes": ["test_kiosk_changes.py"],
    "ledger": ["test_ledger.py"],
    "lots": ["test_lots.py"],
    "notices": ["test_notices.py"],
    "permissions": ["test_permissions.py"],
    "reviews": ["test_reviews.py"],
    "rule_changes": ["test_rule_changes.py", "test_rule_seasons.py"],
    "trails": ["test_trails.py"],
    "versions": ["test_versions.py", "test_version_edges.py"],
    "vouchers": ["test_vouchers.py"],
}
NICE = 10


@dataclass
class Tally:
    """What came of one module."""

    module: str
    noticed: int = 0
    explained: int = 0
    survived: list[Mutant] = field(default_factory=list)
    left: int = 0

    @property
    def sentence(self) -> str:
        total = self.noticed + self.explained + len(self.survived)
        words = f"{self.module}: {total} mutants, {self.noticed} noticed, {self.explained} explained"
        words += f", {len(self.survived)} survived"
        return f"{words}, {self.left} not tried" if self.left else words


def try_module(name: str, until: float, console: Console) -> Tally:
    """Every mutant of the module, as long as there is time."""
    source = (ROOT / "miniprogram_api" / "domain" / f"{name}.py").read_text(encoding="utf-8")
    tests, tally = [f"{TESTS}/{test}" for test in NOTICED_BY[name]], Tally(name)
    explained = EXPLAINED.read_text(encoding="utf-8")
    if not survives(f"{DOMAIN}.{name}", source, tests):
        raise SystemExit(f"The tests of {name} fail without any mutant.")
    for mutant in mutants_of(source):
        if time.monotonic() > until:
            tally.left += 1
        elif f"`{name}.{mutant.name}`" in explained:
            tally.explained += 1
        elif survives(f"{DOMAIN}.{name}", mutant.source, tests):
            tally.survived.append(mutant)
            console.print(f"  survived: {name}.{mutant.name} (line {mutant.line})", markup=False, soft_wrap=True)
        else:
            tally.noticed += 1
    console.print(tally.sentence, soft_wrap=True)
    return tally


def main(arguments: list[str]) -> int:
    """0 when every mutant was noticed or is explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"some of: {', '.join(NOTICED_BY)}")
    parser.add_argument("--minutes", type=float, default=15.0, help="end after so many (default: 15)")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.modules) - set(NOTICED_BY))
    if unknown:
        parser.error(f"no such module: {', '.join(unknown)}")
    os.chdir(ROOT)
    os.nice(NICE)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a survivor is named when it is found, in a file too
    load_what_is_not_ours()
    console, until = Console(highlight=False), time.monotonic() + asked.minutes * 60
    tallies = [try_module(name, until, console) for name in asked.modules or NOTICED_BY]
    survived, left = sum(len(tally.survived) for tally in tallies), sum(tally.left for tally in tallies)
    noticed, explained = sum(tally.noticed for tally in tallies), sum(tally.explained for tally in tallies)
    console.print(f"In all {noticed} noticed, {explained} explained, {survived} survived, {left} not tried.")
    return 1 if survived or left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
