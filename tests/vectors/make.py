"""Writes the vectors that kiosk, server and browser must agree on: `python -m tests.vectors.make [--check]`.

The scripts beside this one know the contract but none of our readers: they write the bytes a second time and have their
own Ed25519. Nothing is drawn at random, so that the files are the same each time; with --check they are only compared.
Each file is a list of {why, code, base_url, key, expect, fields}: `expect` is "ok" or the code of the refusal, `key` is
base64url or null where it is not known, `fields` is what the code says, null where it is refused.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors.forged_kiosk_codes import forged_kiosk_codes
from tests.vectors.good_kiosk_codes import good_kiosk_codes
from tests.vectors.malformed_kiosk_codes import malformed_kiosk_codes
from tests.vectors.member_codes import member_codes
from tests.vectors.resident_cards import resident_cards
from tests.vectors.voucher_codes import readable_codes, voucher_codes

FOLDER = Path(__file__).parent
FILES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "kiosk_code.json": lambda: [*good_kiosk_codes(), *forged_kiosk_codes(), *malformed_kiosk_codes()],
    "member_code.json": member_codes,
    "resident_card.json": resident_cards,
    "voucher_code.json": voucher_codes,
    "readable_code.json": readable_codes,
}


def text_of(entries: list[dict[str, Any]]) -> str:
    """One entry a line, in ASCII: half of a surrogate pair and white space survive every editor so."""
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries) + "\n]\n"


def stale_files() -> list[str]:
    """The names of the files that differ from what is made here."""
    return [name for name, made in FILES.items() if _present(FOLDER / name) != text_of(made())]


def _present(path: Path) -> str | None:
    return path.read_text(encoding="ascii") if path.exists() else None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vectors.make", description="Write the vectors.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 when a file differs")
    if parser.parse_args().check:
        stale = stale_files()
        print("\n".join(f"{name} differs from what the script makes" for name in stale) or "all vectors are up to date")
        return 1 if stale else 0
    for name, made in FILES.items():
        (FOLDER / name).write_text(text_of(made()), encoding="ascii")
        print(f"{name}: {len(made())} vectors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
