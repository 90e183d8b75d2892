"""A kiosk's journal on the line: signed both ways, long bodies taken, whatever stands in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.uplink import Uplink, UplinkRefused
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.signing import public_key_of
from scenes.wire.upload import UPLOAD_BYTES_MAX, UPLOAD_ITEMS_MAX
from scenes.wire.verdict import Verdict, open_verdict
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.journals import Machine

Line = Callable[..., Uplink]
CLEAN_PLATE, REFILL = 6, 9


@pytest.fixture
def machine(stage: Stage) -> Machine:
    machine = Machine(stage)
    machine.start()
    return machine


def sent(stage: Stage, line: Line, body: bytes) -> Verdict:
    """The verdict, as the kiosk verifies it."""
    answer = line().post("/kiosk/journal", body.decode())
    keys = stage.island.keys
    office = {keys.office_id: public_key_of(keys.office_private)}.get
    assert answer.status == 200
    return open_verdict(answer.body, office, PIER, body)


def test_a_batch_gets_a_verdict_that_is_signed_over_this_very_request(
    stage: Stage, line: Line, machine: Machine
) -> None:
    machine.issued(stage.code(REFILL, KIND_TICKET))
    machine.read(stage.member_code("mei"), (REFILL, 1))
    verdict = sent(stage, line, machine.body())
    assert [item.result for item in verdict.items] == ["credited", "credited", "refused:proof_not_allowed"]
    assert verdict.contiguous == {machine.boot: 3}


def test_as_many_items_as_an_upload_may_have_are_taken(stage: Stage, line: Line, machine: Machine) -> None:
    while len(machine.documents) < UPLOAD_ITEMS_MAX:
        machine.issued(stage.code(REFILL, KIND_TICKET))
    body = machine.body()
    assert 65_536 < len(body) <= UPLOAD_BYTES_MAX, "more than other calls take"
    assert {item.result for item in sent(stage, line, body).items} == {"credited"}
    machine.issued(stage.code(REFILL, KIND_TICKET))
    with pytest.raises(UplinkRefused, match="invalid_fields"):
        line().post("/kiosk/journal", json.dumps({**json.loads(body), "items": machine.documents}))
    with pytest.raises(UplinkRefused, match="413"):
        line().post("/kiosk/journal", machine.body(machine.documents[:1]).decode() + " " * UPLOAD_BYTES_MAX)


ODD: list[Any] = [None, 5, "", "\x00", [], {}, [[]] * 50, {"body": None}, {"body": "{}", "key": "1.1", "signature": ""}]


def test_whatever_stands_in_a_batch_the_good_item_is_taken(stage: Stage, line: Line, machine: Machine) -> None:
    odd = [*ODD, {**machine.documents[0], "key": "1.200"}, {**machine.documents[0], "body": "\ufffd"}]
    body = json.dumps({"boot": machine.boot, "uptime_ms": 5, "items": [*odd, *machine.documents]}).encode()
    verdict = sent(stage, line, body)
    assert [item.result for item in verdict.items] == ["refused:code_signature_invalid", "credited"]
    assert {item.hash for item in verdict.items} == {machine.last.hash if machine.last else ""}


@pytest.mark.parametrize(
    "changed", [{"boot": "x"}, {"uptime_ms": -1}, {"uptime_ms": True}, {"items": {}}, {"more": 1}, {"items": None}]
)
def test_a_batch_that_is_none_is_refused_as_a_whole(
    stage: Stage, line: Line, machine: Machine, changed: dict[str, Any]
) -> None:
    with pytest.raises(UplinkRefused, match="invalid_fields"):
        line().post("/kiosk/journal", json.dumps({**json.loads(machine.body()), **changed}))
    assert stage.count("journal_items") == 0


def test_a_heartbeats_answer_says_up_to_where_the_journal_is_here(stage: Stage, line: Line, machine: Machine) -> None:
    machine.issued(stage.code(REFILL, KIND_TICKET))
    sent(stage, line, machine.body())
    machine.heartbeat()
    assert stage.rows("SELECT boot, contiguous, begun FROM kiosk_boots") == [(machine.boot, 2, 1)]


def test_a_suspended_kiosks_journal_is_still_taken(stage: Stage, line: Line, machine: Machine) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE kiosks SET state = 'suspended', state_since = {stage.clock.now()}")
    assert [item.result for item in sent(stage, line, machine.body()).items] == ["credited"]
