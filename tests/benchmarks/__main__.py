"""`./island bench [NAME]`: runs one measurement or all of them, on both databases."""

from __future__ import annotations

import argparse

from rich.console import Console

from tests.benchmarks import exchange, history, kiosk, page, races, scan

BENCHMARKS = {
    "scan": scan.main,
    "exchange": exchange.main,
    "races": races.main,
    "history": history.main,
    "kiosk": kiosk.main,
    "page": page.main,
}
KINDS = ["postgresql", "sqlite"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./island bench", description="Measure speed as ratios in one run.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), help="which one; all when left out")
    parser.add_argument("--database", choices=KINDS, help="on one of the two only")
    parser.add_argument("--quick", action="store_true", help="a short run that says whether it works, not how fast")
    asked = parser.parse_args(arguments)
    kinds = [asked.database] if asked.database else KINDS
    for name in [asked.name] if asked.name else BENCHMARKS:
        BENCHMARKS[name](Console(width=120), kinds, asked.quick)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
