"""Paper tickets: in the journal before they are printed, one in 5 seconds, on the screen where there is no paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from kiosk.devices.printers import PrintOutcome
from kiosk.devices.simulated import SimulatedPrinter
from kiosk.issue import CodeRequest
from kiosk.machine import Machine
from kiosk.refusals import TicketTooSoon
from kiosk.slip import Line, Part
from kiosk.tickets import TicketDesk
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import TEXTS, Office
from tests.kiosk.test_issue import issued_items
from tests.qr_reader import read_codes

BUS = CodeRequest(1, 0, None, "ticket")


class WatchfulPrinter:
    """Prints nothing, but looks at the journal's file at the moment of printing."""

    is_simulated = True

    def __init__(self, pier: Machine) -> None:
        self._pier = pier
        self.journaled: list[list[str]] = []
        self.parts: list[list[Part]] = []

    def state(self) -> str:
        return "ready"

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        self.journaled.append(issued_items(self._pier.folder))
        self.parts.append(parts)
        return PrintOutcome(True)


def simulated(pier: Machine) -> SimulatedPrinter:
    assert isinstance(pier.printer, SimulatedPrinter)
    return pier.printer


def words_of(parts: list[Part]) -> str:
    return "\n".join(part.words if isinstance(part, Line) else " ".join(getattr(part, "values", ())) for part in parts)


def test_a_ticket_is_on_disk_when_the_printer_gets_it(pier: Machine) -> None:
    printer = WatchfulPrinter(pier)
    ticket = TicketDesk(pier.mint, printer).begin(BUS, by_touch=True)
    assert printer.journaled == [[ticket.issued.text]]


def test_the_preview_is_the_ticket_and_its_code_can_be_scanned(pier: Machine) -> None:
    ticket = pier.tickets.begin(BUS, by_touch=True)
    assert ticket.outcome.printed
    assert isinstance(ticket.outcome.preview, Path)
    with Image.open(ticket.outcome.preview) as picture:
        [code] = read_codes(picture)
    assert code == ticket.issued.link
    assert ticket.number == "0004 0001 0000 0001"


def test_one_ticket_in_5_seconds(pier: Machine, time_now: MovedClock) -> None:
    pier.tickets.begin(BUS, by_touch=True)
    time_now.move(4.5)
    with pytest.raises(TicketTooSoon) as refused:
        pier.tickets.begin(BUS, by_touch=True)
    assert refused.value.allowed_in_seconds == 1
    assert len(issued_items(pier.folder)) == 1
    time_now.move(0.5)
    pier.tickets.begin(BUS, by_touch=True)
    assert len(issued_items(pier.folder)) == 2


def test_an_operator_waits_for_nobody_and_gets_no_paper(pier: Machine) -> None:
    pier.tickets.begin(BUS, by_touch=True)
    tickets = [pier.tickets.begin(BUS, by_touch=False) for _ in range(3)]
    assert {ticket.outcome.reason for ticket in tickets} == {"not_asked"}
    assert len(list(pier.folder.tickets.glob("*.png"))) == 1


def test_without_paper_the_same_code_stands_on_the_screen(pier: Machine) -> None:
    simulated(pier).has_paper = False
    ticket = pier.tickets.begin(BUS, by_touch=True)
    assert (ticket.outcome.printed, ticket.outcome.reason, ticket.outcome.preview) == (False, "paper_out", None)
    assert issued_items(pier.folder) == [ticket.issued.text]
    assert pier.tickets.get(ticket.id) is ticket


def test_the_simulated_printer_prints_nothing_where_points_are_real(pier: Machine, office: Office) -> None:
    texts = {name: words for name, words in TEXTS.items() if name != "demonstration"}
    pier.keeper.take(office.sign_agreement(2, texts=texts))
    assert pier.printer.state() == "absent"
    assert not pier.tickets.begin(BUS, by_touch=True).outcome.printed
    assert not pier.folder.tickets.exists()


def test_a_ticket_names_place_time_and_scene_and_never_points(pier: Machine, time_now: MovedClock) -> None:
    printer = WatchfulPrinter(pier)
    TicketDesk(pier.mint, printer).begin(CodeRequest(18, 1, 3, "ticket"), by_touch=True)
    words = words_of(printer.parts[0])
    for expected in (
        "瓶罐回收",
        "Aluminium can",
        "3 件 3 pieces",
        "灵山岛码头",
        "2026-11-18 19:06",
        "2026-12-02 19:06",
    ):
        assert expected in words
    assert "分 " not in words
    assert "+" not in words


def test_a_ticket_of_an_untrusted_clock_promises_no_date(pier: Machine) -> None:
    pier.clock.trusted = False
    printer = WatchfulPrinter(pier)
    ticket = TicketDesk(pier.mint, printer).begin(BUS, by_touch=True)
    words = words_of(printer.parts[0])
    assert ticket.issued.facts.issued_at == 0
    assert "1970" not in words
    assert "打印后 14 天 days" in words


def test_the_printed_time_is_the_offices(pier: Machine, time_now: MovedClock) -> None:
    time_now.wall += 3_600  # the office is an hour ahead of this kiosk
    pier.rounds.greet()
    printer = WatchfulPrinter(pier)
    ticket = TicketDesk(pier.mint, printer).begin(BUS, by_touch=True)
    assert "2026-11-18 20:06" in words_of(printer.parts[0])
    assert ticket.issued.facts.issued_at == pier.clock.now(), "the code keeps the device's time, the office corrects it"


def test_pictures_of_old_tickets_go(pier: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.devices.simulated.TICKETS_KEPT_MAX", 2)
    for name in ("0001", "0002", "0003"):
        pier.printer.print_slip([], name)
    assert sorted(path.stem[-4:] for path in pier.folder.tickets.glob("*.png")) == ["0002", "0003"]
