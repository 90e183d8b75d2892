"""`./island seed`: the demonstration island, made by the services that staff use. A second run adds what is missing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock, SystemClock
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder, FolderBusy, data_folder
from miniprogram_api.commands.demonstration import item_of, read_description, venue_of
from miniprogram_api.commands.sign_ins import keep_demonstration, read_demonstration, sign_ins_of
from miniprogram_api.commands.surroundings import StartRefused, open_database
from miniprogram_api.services.appointments import NewMerchant, NewPerson, admit_merchant, appoint_person
from miniprogram_api.services.items import offer_item
from miniprogram_api.services.rules import publish_catalogue
from miniprogram_api.services.venues import open_venue
from scenes.catalogue import load_catalogue

ACTOR = "system:seed"
LOST = "{file} is gone, and its passwords can't be read back. Put it back, or choose another --data to begin anew."
Step = Callable[[], None]


def seed_island(engine: Engine, data: DataFolder, clock: Clock, step: Step) -> None:
    """Rules, venues, merchants, items and staff; `step` is called after each. No members: the story starts empty."""
    island, first_time = read_description(), not data.demonstration.exists()
    sign_ins = sign_ins_of(data.demonstration, island)
    # Kept before they are hashed: a start that breaks off here must not lose the only readable copy.
    keep_demonstration(data.demonstration, {**read_demonstration(data.demonstration), **sign_ins})
    with Session(engine) as session:
        if not _seed_rules_and_venues(session, island, clock, step) and first_time:
            data.demonstration.unlink()
            raise StartRefused(LOST.format(file=data.demonstration))
        merchants = _seed_merchants(session, island, sign_ins, clock, step)
        for position, row in enumerate(island["item"]):
            offer_item(session, item_of(row, merchants[row["merchant"]], position), ACTOR, clock)
            step()
        _seed_staff(session, island, sign_ins, clock, step)


def steps_of_seed() -> int:
    """How often `step` will be called."""
    island = read_description()
    return 1 + sum(len(island[part]) for part in ("venue", "merchant", "item", "staff"))


def _seed_rules_and_venues(session: Session, island: dict[str, Any], clock: Clock, step: Step) -> bool:
    """True when the island was empty: nobody has opened its first venue before."""
    catalogue = load_catalogue()
    publish_catalogue(session, catalogue, clock)
    step()
    opened = []
    for row in island["venue"]:
        opened.append(open_venue(session, venue_of(row, catalogue), ACTOR, clock))
        step()
    return opened[0]


def _seed_merchants(
    session: Session, island: dict[str, Any], sign_ins: dict[str, Any], clock: Clock, step: Step
) -> dict[str, int]:
    """The merchants' ids by their owner's login."""
    passwords = {one["login"]: one["password"] for one in sign_ins["merchants"]}
    found = {}
    for row in island["merchant"]:
        names = {field: row[field] for field in ("name_zh", "name_en", "place_zh", "place_en", "login")}
        owner = {"owner": "店主", "password": passwords[row["login"]]}
        merchant = NewMerchant(**names, **owner, venue_id=row.get("venue"))
        found[row["login"]] = admit_merchant(session, merchant, ACTOR, clock)
        step()
    return found


def _seed_staff(session: Session, island: dict[str, Any], sign_ins: dict[str, Any], clock: Clock, step: Step) -> None:
    kept = {one["login"]: one for one in sign_ins["staff"]}
    for row in island["staff"]:
        one = kept[row["login"]]
        person = NewPerson(row["login"], row["name"], one["password"], row["role"], one["totp_secret"])
        appoint_person(session, person, ACTOR, clock)
        step()


def seed_with_progress(engine: Engine, data: DataFolder, console: Console) -> None:
    """Seeds with a bar on a terminal, a single line elsewhere."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Demonstration island", total=steps_of_seed())
        seed_island(engine, data, SystemClock(), lambda: progress.advance(task))
    console.print("Demonstration island: ready")


def main(arguments: list[str]) -> int:
    """0 when everything is there."""
    parser = argparse.ArgumentParser(prog="./island seed", description=__doc__)
    parser.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    data, console = data_folder(parser.parse_args(arguments).data), Console(highlight=False)
    try:
        data.make()
        with data.held():
            seed_with_progress(open_database(data), data, console)
    except (FolderBusy, StartRefused) as reason:
        console.print(str(reason))
        return 1
    console.print(f"Sign-ins are in {data.demonstration}. The kiosks are provisioned at the next ./island up.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
