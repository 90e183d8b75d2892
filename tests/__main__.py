"""`./island test`: the one list of checks, the same at the desk and on the server."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPED = ["scenes", "kiosk", "miniprogram_api"]
WORKERS = 2  # the browser tests and the database tests already start processes of their own


@dataclass(frozen=True)
class Check:
    """One check: its name in the summary and the module that does it, with arguments."""

    name: str
    module: str
    arguments: list[str]


@dataclass(frozen=True)
class Result:
    check: Check
    passed: bool
    seconds: float


def checks(full: bool) -> list[Check]:
    """The list. The fast run leaves out what is marked slow."""
    marked = [] if full else ["-m", "not slow"]
    return [
        Check("style", "ruff", ["check", "."]),
        Check("format", "ruff", ["format", "--check", "."]),
        Check("types", "mypy", TYPED),
        Check("tests", "pytest", ["-n", str(WORKERS), "--dist", "loadscope", *marked]),
    ]


def carry_out(check: Check) -> Result:
    """Runs one check from the root with its output shown as it comes."""
    print(f"\n── {check.name}: {check.module} {' '.join(check.arguments)}", flush=True)
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", check.module, *check.arguments], cwd=ROOT, env=environment, check=False
    )
    return Result(check, done.returncode == 0, time.monotonic() - began)


def summary(results: list[Result]) -> str:
    """One line a check, then one sentence."""
    lines = [f"  {'ok    ' if one.passed else 'FAILED'} {one.check.name:<7} {one.seconds:6.1f} s" for one in results]
    failed = [one.check.name for one in results if not one.passed]
    verdict = f"Failed: {', '.join(failed)}." if failed else "Everything passed."
    return "\n".join(["", *lines, verdict])


def main(arguments: list[str]) -> int:
    """0 when every check passed, else 1."""
    parser = argparse.ArgumentParser(prog="./island test", description=__doc__)
    parser.add_argument("--full", action="store_true", help="also the long ones: the figures of the safety table")
    results = [carry_out(check) for check in checks(parser.parse_args(arguments).full)]
    print(summary(results), flush=True)
    return 0 if all(one.passed for one in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
