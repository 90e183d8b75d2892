"""`./island people add LOGIN --role ROLE`: a person of the staff, asked for a password on the terminal.

The way to the first administrator: there is no default password, and none is taken as an argument, which others could
read in the list of processes.
"""

from __future__ import annotations

import argparse
import getpass
import re
import sys

from rich.console import Console
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder, data_folder
from miniprogram_api.commands.surroundings import StartRefused, open_database
from miniprogram_api.services.appointments import ROLES, NewPerson, appoint_person
from miniprogram_api.services.second_factor import new_secret, secret_link

ACTOR = "system:people"
PASSWORD_SHORTEST = 12
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
SHOWN_ONCE = """Second factor of {login}, shown this once; put it into an authenticator app:
  {secret}
  {link}
Recovery codes can be made in the console, under My account."""


class AddRefused(Exception):
    """Nobody was added; the message is the one sentence to show."""


def ask_password(login: str) -> str:
    """The password, typed twice without being shown. Raises AddRefused when it is too short or not the same."""
    if not sys.stdin.isatty():
        raise AddRefused("The password is asked for on a terminal; run this command in one.")
    password = getpass.getpass(f"Password for {login} (at least {PASSWORD_SHORTEST} characters): ")
    if len(password) < PASSWORD_SHORTEST or password.casefold() == login:
        raise AddRefused(f"The password needs {PASSWORD_SHORTEST} characters or more, and can't be the login.")
    if getpass.getpass("The same again: ") != password:
        raise AddRefused("The two were not the same; nobody was added.")
    return password


def add(data: DataFolder, login: str, name: str, roles: list[str]) -> str:
    """Adds the person and answers the second factor's secret. Raises AddRefused."""
    if LOGIN.fullmatch(login) is None:
        raise AddRefused("A login has 2 to 32 small letters, digits, and . _ - after the first.")
    password, secret = ask_password(login), new_secret()
    data.make()
    person = NewPerson(login, name, password, roles[0], secret, tuple(roles[1:]))
    with Session(open_database(data)) as session:
        if appoint_person(session, person, ACTOR, SystemClock()) is None:
            raise AddRefused(f"There is a {login} already; the console can change roles and passwords.")
    return secret


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    whole = argparse.ArgumentParser(prog="./island people", description="People of the staff.")
    adding = whole.add_subparsers(dest="act", required=True).add_parser("add", help="add a person")
    adding.add_argument("login")
    adding.add_argument("--role", action="append", required=True, choices=sorted(ROLES), help="may be repeated")
    adding.add_argument("--name", help="as the console shows it (default: the login)")
    adding.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    return whole


def main(arguments: list[str]) -> int:
    """0 when the person was added."""
    given, console = parser().parse_args(arguments), Console(highlight=False, markup=False, soft_wrap=True)
    try:
        secret = add(data_folder(given.data), given.login, given.name or given.login, given.role)
    except (AddRefused, StartRefused) as reason:
        console.print(str(reason))
        return 1
    console.print(SHOWN_ONCE.format(login=given.login, secret=secret, link=secret_link(secret, given.login)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
