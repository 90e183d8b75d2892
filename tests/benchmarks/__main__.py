"""`./island bench [NAME]`: runs one measurement or all of them."""

from __future__ import annotations

import argparse

from tests.benchmarks import scan

BENCHMARKS = {"scan": scan.main}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./island bench", description="Measure speed as ratios in one run.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), help="which one; all when left out")
    chosen = parser.parse_args(arguments).name
    for name in [chosen] if chosen else sorted(BENCHMARKS):
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
