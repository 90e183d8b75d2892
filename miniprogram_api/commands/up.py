"""`./island up`: the whole demonstration island on this machine. Ctrl-C or SIGTERM stops everything."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine

from miniprogram_api.commands.addresses import (
    LOOPBACK,
    Addresses,
    certificate_for,
    lan_address,
    port_is_free,
)
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder, FolderBusy, data_folder
from miniprogram_api.commands.fleet import kiosks_of_the_island, pier_process, provision_missing
from miniprogram_api.commands.seed import seed_with_progress
from miniprogram_api.commands.server_process import answers, door_process, jobs_process, server_process
from miniprogram_api.commands.sign_ins import keep_demonstration, read_demonstration
from miniprogram_api.commands.supervisor import Child, Supervisor
from miniprogram_api.commands.surroundings import StartRefused, open_database, settings_of
from miniprogram_api.commands.welcome import welcome, wide_console

READY_SECONDS = 60
LAST_LINES = 15


class Stopped(Exception):
    """Somebody asked us to stop before everything was up."""


class Start:
    """One start of the island: the steps in their order, each waiting for the one before."""

    def __init__(self, data: DataFolder, addresses: Addresses, console: Console) -> None:
        self.data, self.addresses, self.console = data, addresses, console
        self.supervisor = Supervisor(lambda sentence: console.print(sentence, soft_wrap=True))
        self.environment = settings_of(data, addresses)

    def run(self) -> None:
        """Returns when everything has been stopped again."""
        self.supervisor.listen()
        try:
            self._bring_up()
            self.supervisor.watch()
        except Stopped:
            pass
        finally:
            self.console.print("\nStopping…")
            self.supervisor.stop()
            self.console.print("Everything has stopped.")

    def _bring_up(self) -> None:
        engine = open_database(self.data)
        self._go_on()
        seed_with_progress(engine, self.data, self.console)
        self._go_on()
        self._start(server_process(self.data, self.addresses, self.environment), f"{self.addresses.server}/readyz")
        self._open_door()
        self._provision(engine)
        engine.dispose()
        self._start(pier_process(self.data, self.addresses, self.environment), f"{self.addresses.kiosk}/api/state")
        self.supervisor.start(jobs_process(self.data, self.environment))
        self.console.print("The jobs: started")
        places = {"server": self.addresses.server, "kiosk": self.addresses.kiosk}
        document = places | read_demonstration(self.data.demonstration) | places
        keep_demonstration(self.data.demonstration, document)
        welcome(self.console, self.data, self.addresses, document)

    def _open_door(self) -> None:
        """With --lan: HTTPS for phones, with a certificate for this machine's address."""
        if self.addresses.lan:
            tls = certificate_for(self.data.certificates, [self.addresses.lan])
            door = door_process(self.data, self.addresses, self.environment, tls)
            self._start(door, f"{self.addresses.phone}/readyz", tls[0])

    def _start(self, child: Child, address: str, trusted: Path | None = None) -> None:
        """Starts the child and waits until the address answers; shows the end of its log when it does not."""
        self.supervisor.start(child)
        if not self.supervisor.wait_until(lambda: answers(address, trusted), child, READY_SECONDS):
            self._go_on()
            said = child.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
            raise StartRefused("\n".join([*said, f"{child.name} does not answer at {address}; its log is {child.log}"]))
        self.console.print(f"{child.name}: answers")

    def _provision(self, engine: Engine) -> None:
        with Progress(console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
            task = progress.add_task("Kiosks", total=len(kiosks_of_the_island()))

            def step() -> bool:
                progress.advance(task)
                return not self.supervisor.stopping

            provision_missing(engine, self.data, self.addresses, self.environment, step)
        self._go_on()
        self.console.print(f"{len(kiosks_of_the_island())} kiosks: provisioned")

    def _go_on(self) -> None:
        """Raises Stopped once somebody has asked us to stop."""
        if self.supervisor.stopping:
            raise Stopped


def addresses_of(port: int, lan: bool) -> Addresses:
    """The addresses to listen on; raises StartRefused when --lan has no network or a port is taken."""
    addresses = Addresses(port, lan_address() if lan else None)
    if addresses.lan == LOOPBACK:
        raise StartRefused("This machine is in no network that a phone could share; start without --lan.")
    wanted = [(LOOPBACK, port, "server"), (LOOPBACK, addresses.kiosk_port, "pier's kiosk")]
    wanted += [(addresses.lan, port, "server")] if addresses.lan else []
    for host, number, name in wanted:
        if not port_is_free(number, host):
            sentence = f"Port {number}, for the {name}, is taken by another program."
            raise StartRefused(f"{sentence} Choose another: ./island up --port {port + 10}")
    return addresses


def options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="./island up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the server; the pier's kiosk takes the next (8000)")
    parser.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    parser.add_argument("--lan", action="store_true", help="also for phones in this network, with our own certificate")
    found = parser.parse_args(arguments)
    if not 1 <= found.port <= 65_534:
        parser.error("--port must be between 1 and 65534")
    return found


def main(arguments: list[str]) -> int:
    """0 after an orderly stop, 1 when the island could not start; the reason is one sentence."""
    asked, console = options(arguments), wide_console()
    data = data_folder(asked.data)
    try:
        data.make()
        with data.held():
            Start(data, addresses_of(asked.port, asked.lan), console).run()
    except (StartRefused, FolderBusy) as reason:
        console.print(str(reason), style="red", soft_wrap=True, markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
