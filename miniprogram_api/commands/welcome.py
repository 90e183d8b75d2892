"""What `./island up` prints once everything answers: every address and every sign-in, on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from miniprogram_api.commands.addresses import Addresses
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder
from miniprogram_api.commands.fleet import PIER, kiosks_of_the_island

WIDTH_LEAST = 110  # a narrower terminal wraps the lines itself; a password must not be cut off
PAGES = (
    ("游客 tourist", "/"),
    ("商户 merchant", "/merchant/"),
    ("管理 staff", "/staff/"),
    ("接口 API", "/api/v1/docs"),
)


def wide_console() -> Console:
    """The console of the commands: as wide as the terminal, and wide enough for every sign-in."""
    return Console(highlight=False, width=max(Console().width, WIDTH_LEAST))


def welcome(console: Console, data: DataFolder, addresses: Addresses, document: dict[str, Any]) -> None:
    """Prints the addresses, the sign-ins, where things are and how to stop."""
    console.print()
    console.print("[bold green]碳屿 Tanyu[/]  灵山岛（示范） is up", end="\n\n")
    console.print(_addresses(addresses), "", _sign_ins(document), "", sep="\n")
    others = " ".join(name for name in kiosks_of_the_island() if name != PIER)
    elsewhere = "" if data.path == Path.cwd() / DEFAULT else f" --data {data.path}"
    lines = [
        f"One fresh code ./island kiosk code SCENE{elsewhere}",
        f"Other kiosks   ./island kiosk run NAME{elsewhere}   ({others})",
        f"Sign-ins       {data.demonstration}",
        f"Logs           {data.logs}",
    ]
    console.print("\n".join(lines), soft_wrap=True)
    console.print("\nCtrl-C stops everything.", style="bold")


def _addresses(addresses: Addresses) -> Table:
    table = _table("page", "on this machine", *(["phone in the same network"] if addresses.phone else []))
    for name, path in PAGES:
        table.add_row(name, addresses.server + path, *([addresses.phone + path] if addresses.phone else []))
    table.add_row("码头自助机 pier kiosk", addresses.kiosk + "/", *([""] if addresses.phone else []))
    return table


def _sign_ins(document: dict[str, Any]) -> Table:
    table = _table("sign-in", "login", "password", "second factor (TOTP secret)")
    table.add_row("游客 tourist", "guest, or sim:mei", "none", "")
    for one in document["merchants"]:
        table.add_row(f"商户 {one['name']}", one["login"], one["password"], "")
    for one in document["staff"]:
        table.add_row(f"管理 {one['role']}", one["login"], one["password"], one["totp_secret"])
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=True, overflow="fold")
    return table
