"""Printers: the bytes arrive as composed, and a printer that is away, silent or out of paper is said to be so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ConfigInvalid, PrinterSettings, read_settings
from kiosk.devices import printers
from kiosk.devices.printers import EscposPrinter, NoPrinter, slip_bytes
from kiosk.slip import ticket_parts
from tests.kiosk.test_slip import TICKET

PAPER_STATUS = b"\x10\x04\x04"  # DLE EOT 4
ENOUGH, NONE = b"\x12", b"\x72"


class TcpPrinter:
    """A network printer on the loopback: keeps what it gets and answers questions about its paper."""

    def __init__(self) -> None:
        self.paper: bytes | None = ENOUGH
        self.paper_after: bytes | None = ENOUGH  # once data has come
        self.jobs: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line:
                self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        job = b""
        while piece := line.recv(65_536):
            questions = piece.count(PAPER_STATUS)
            job += piece.replace(PAPER_STATUS, b"")
            answer = self.paper_after if job else self.paper
            if questions and answer is not None:
                line.sendall(answer)
        if job:
            self.jobs.append(job)

    def close(self) -> None:
        if self._listening.fileno() == -1:
            return
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


@pytest.fixture
def network_printer() -> Iterator[TcpPrinter]:
    printer = TcpPrinter()
    yield printer
    printer.close()


def settings_of(printer: TcpPrinter) -> PrinterSettings:
    return PrinterSettings(transport="network", host="127.0.0.1", port=printer.port, mode="text", paper_mm=58)


def test_a_network_printer_gets_exactly_the_composed_bytes(network_printer: TcpPrinter) -> None:
    settings = settings_of(network_printer)
    outcome = EscposPrinter(settings).print_slip(ticket_parts(TICKET), "1")
    assert (outcome.printed, outcome.reason) == (True, None)
    network_printer.close()
    assert network_printer.jobs == [slip_bytes(ticket_parts(TICKET), settings)]


def test_a_printer_without_paper_gets_nothing(network_printer: TcpPrinter) -> None:
    network_printer.paper = NONE
    printer = EscposPrinter(settings_of(network_printer))
    outcome = printer.print_slip(ticket_parts(TICKET), "1")
    assert (outcome.printed, outcome.reason) == (False, "paper_out")
    assert printer.state() == "paper_out"
    assert network_printer.jobs == []


def test_a_roll_that_ends_inside_a_ticket_counts_as_none(network_printer: TcpPrinter) -> None:
    network_printer.paper_after = NONE
    outcome = EscposPrinter(settings_of(network_printer)).print_slip(ticket_parts(TICKET), "1")
    assert (outcome.printed, outcome.reason) == (False, "paper_out")


def test_a_printer_that_says_nothing_of_its_paper_prints(
    network_printer: TcpPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "ANSWER_SECONDS", 0.1)
    network_printer.paper = network_printer.paper_after = None
    assert EscposPrinter(settings_of(network_printer)).print_slip(ticket_parts(TICKET), "1").printed


def test_a_printer_that_is_unplugged_is_absent_and_found_again(
    network_printer: TcpPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "STATE_SECONDS", 0.0)
    printer = EscposPrinter(settings_of(network_printer))
    assert printer.state() == "ready"
    network_printer.close()
    outcome = printer.print_slip(ticket_parts(TICKET), "1")
    assert (outcome.printed, outcome.reason) == (False, "absent")
    assert printer.state() == "absent"


def test_a_printer_behind_a_device_file_gets_the_bytes(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    settings = PrinterSettings(transport="file", device=str(device))
    assert EscposPrinter(settings).print_slip(ticket_parts(TICKET), "1").printed
    assert device.read_bytes() == slip_bytes(ticket_parts(TICKET), settings)


def test_a_missing_device_file_is_an_absent_printer(tmp_path: Path) -> None:
    printer = EscposPrinter(PrinterSettings(transport="file", device=str(tmp_path / "gone" / "lp0")))
    assert printer.state() == "absent"


def test_no_printer_is_said_to_be_absent() -> None:
    assert NoPrinter().print_slip([], "1").reason == "absent"


# Settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour = 'red'", "there is no setting colour"),
        ("battery_clock = 'yes'", "battery_clock must be of type bool"),
        ("[printer]\ntransport = 'telex'", "printer.transport must be one of"),
        ("[printer]\npaper_mm = 76", "printer.paper_mm must be one of 58, 80"),
        ("[printer]\nmode = 'poetry'", "printer.mode must be one of"),
        ("[printer]\ntransport = 'network'", "a network printer needs printer.host"),
        ("[printer]\nport = true", "printer.port must be of type int"),
        ("printer = 5", "printer must be a table"),
        ("battery_clock = ", "is not TOML"),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(ConfigInvalid, match=sentence):
        read_settings(path)


def test_a_serial_printer_draws_its_own_letters_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[printer]\ntransport = "serial"\ndevice = "/dev/ttyUSB0"\n')
    assert read_settings(path).printer.mode == "text"
    path.write_text('[printer]\ntransport = "serial"\ndevice = "/dev/ttyUSB0"\nmode = "raster"\n')
    assert read_settings(path).printer.mode == "raster"


def test_settings_have_defaults_and_are_read(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    assert read_settings(path).printer == PrinterSettings()
    path.write_text('battery_clock = false\n[printer]\ntransport = "none"\npaper_mm = 58\n')
    settings = read_settings(path)
    assert (settings.battery_clock, settings.printer.transport, settings.printer.dots) == (False, "none", 384)
