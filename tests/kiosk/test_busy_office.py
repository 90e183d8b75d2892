"""An office that serves people first: the kiosk comes again in seconds with the same batch, and nothing is wrong."""

from __future__ import annotations

import pytest

from kiosk.forwarder import BUSY_SECONDS, STRIKES_MAX
from kiosk.machine import Machine
from kiosk.uplink import UplinkBusy, UplinkUnavailable, read_answer
from tests.kiosk.office import Office, problem
from tests.kiosk.test_forwarder import journal_alone, keep, uploads

PROBLEM = "application/problem+json"


def test_an_office_that_serves_people_first_gets_the_same_batch_seconds_later(pier: Machine, office: Office) -> None:
    keep(pier, 5)
    office.instead = journal_alone(lambda asked: problem(503, "busy"))
    for _ in range(STRIKES_MAX * 3):
        pier.rounds.greet()
        turn = pier.forwarder.drain_once()
        assert (turn.busy, turn.done, turn.aside, turn.trouble) == (True, 0, 0, None)
        assert BUSY_SECONDS / 2 <= pier.forwarder.pause_after(turn) <= BUSY_SECONDS * 3 / 2
    office.instead = lambda asked: None
    assert pier.forwarder.drain_once().done == 6, "no shorter batch, and nothing was put aside"
    assert len({len(batch) for batch in uploads(office)}) == 1


@pytest.mark.parametrize(
    ("status", "kind", "content"),
    [
        (503, PROBLEM, b'{"code": "database_away"}'),
        (500, PROBLEM, b'{"code": "busy"}'),
        (503, "text/html", b'{"code": "busy"}'),
        (503, PROBLEM, b"busy"),
    ],
)
def test_only_this_very_answer_is_no_trouble(status: int, kind: str, content: bytes) -> None:
    with pytest.raises(UplinkBusy):
        read_answer(503, PROBLEM, b'{"code": "busy"}')
    with pytest.raises(UplinkUnavailable) as trouble:
        read_answer(status, kind, content)
    assert not isinstance(trouble.value, UplinkBusy)
