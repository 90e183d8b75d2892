"""A kiosk changes its key on the line when staff asked for it; what the one before signed stays good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask

from kiosk.identity import read_identity
from kiosk.uplink import KioskRevoked, Uplink, UplinkRefused
from miniprogram_api.domain.kiosk_changes import ROTATED, SUSPENDED
from miniprogram_api.services.kiosk_standing import Wish, change_kiosk
from scenes.wire.binary_text import binary_text
from scenes.wire.json_text import json_text
from scenes.wire.key_change import key_proof
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.signing import generate_private_key, public_key_of
from scenes.wire.verdict import open_verdict
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import kiosk_on_the_line
from tests.miniprogram_api.routes.kiosk.test_kiosks import office_key

Line = Callable[..., Uplink]
REFILL = 9


def ask(stage: Stage, change: str = ROTATED) -> None:
    wish = Wish(change, "twice a year", stage.clerk(change))
    change_kiosk(stage.session, PIER, wish, stage.island, stage.clock)


def next_key(private: bytes, epoch: int = 2, kiosk: int = PIER) -> str:
    public = binary_text(public_key_of(private))
    return json_text({"public_key": public, "proof": binary_text(key_proof(kiosk, epoch, private))})


def keys(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT epoch FROM kiosk_keys ORDER BY epoch")


def test_the_next_key_is_in_force_and_codes_of_the_one_before_stay_good(stage: Stage, line: Line) -> None:
    ticket, private = stage.code(REFILL, KIND_TICKET), generate_private_key()
    assert line().get("/kiosk/keys").body == {"epoch": 1, "rotate": False}
    ask(stage)
    assert line().get("/kiosk/keys").body == {"epoch": 1, "rotate": True}
    body = next_key(private)
    verdict = open_verdict(line().post("/kiosk/keys", body).body, office_key(stage), PIER, body.encode())
    assert (verdict.items, verdict.contiguous) == ((), {})
    with pytest.raises(UplinkRefused, match="401"):
        line().get("/kiosk/uses")
    assert line(f"{PIER}.2", private).get("/kiosk/keys").body == {"epoch": 2, "rotate": False}
    assert stage.scan("mei", ticket).act["state"] == "credited"
    stage.kiosk_key = private
    assert stage.scan("bo", stage.code(REFILL, epoch=2)).act["state"] == "credited"
    acts = [act for (act,) in stage.rows("SELECT act FROM audit_events WHERE object = 'kiosk:1' ORDER BY id")]
    assert acts == ["kiosk_rotation_asked", "kiosk_rotated"]


def test_who_did_not_hear_the_answer_asks_again_in_the_name_of_the_next_key(stage: Stage, line: Line) -> None:
    private = generate_private_key()
    ask(stage)
    line().post("/kiosk/keys", next_key(private))
    body = next_key(private)
    open_verdict(line(f"{PIER}.2", private).post("/kiosk/keys", body).body, office_key(stage), PIER, body.encode())
    assert keys(stage) == [(1,), (2,)]


def test_nobody_asked_so_no_key_is_taken(stage: Stage, line: Line) -> None:
    with pytest.raises(UplinkRefused, match="not_allowed"):
        line().post("/kiosk/keys", next_key(generate_private_key()))
    assert keys(stage) == [(1,)]


@pytest.mark.parametrize("proof", [{"epoch": 3}, {"kiosk": 2}])
def test_a_key_that_did_not_agree_to_this_very_change_is_refused(
    stage: Stage, line: Line, proof: dict[str, int]
) -> None:
    ask(stage)
    with pytest.raises(UplinkRefused, match="code_signature_invalid"):
        line().post("/kiosk/keys", next_key(generate_private_key(), **proof))
    assert keys(stage) == [(1,)]


def test_a_key_that_a_kiosk_had_before_is_not_its_next(stage: Stage, line: Line) -> None:
    private = generate_private_key()
    ask(stage)
    line().post("/kiosk/keys", next_key(private))
    wish = Wish(ROTATED, "again", stage.clerk("wen"))
    change_kiosk(stage.session, PIER, wish, stage.island, stage.clock)
    with pytest.raises(UplinkRefused, match="invalid_fields"):
        line(f"{PIER}.2", private).post("/kiosk/keys", next_key(stage.kiosk_key, epoch=3))
    assert keys(stage) == [(1,), (2,)]


def test_a_suspended_kiosk_changes_no_key(stage: Stage, line: Line) -> None:
    ask(stage)
    ask(stage, SUSPENDED)
    assert line().get("/kiosk/keys").body == {"epoch": 1, "rotate": False}
    with pytest.raises(KioskRevoked):
        line().post("/kiosk/keys", next_key(generate_private_key()))
    assert keys(stage) == [(1,)]


def test_a_kiosk_rotates_at_its_next_contact_and_nothing_that_waits_is_lost(
    stage: Stage, app: APIFlask, line: Line, tmp_path: Path
) -> None:
    kiosk = kiosk_on_the_line(stage, app, tmp_path, PIER)
    kiosk.machine.journal.keep_issued(stage.code(REFILL, KIND_TICKET), kiosk.machine.journal.next_counter())
    ask(stage)
    assert kiosk.machine.rounds.greet()
    assert kiosk.machine.key_change.done
    kiosk.machine.close()
    kiosk.start()
    assert (read_identity(kiosk.folder).epoch, keys(stage)) == (2, [(1,), (2,)])
    kiosk.drain()
    kinds = stage.rows("SELECT kind, result FROM journal_items ORDER BY received_at, kind")
    assert kinds == [("boot", "credited"), ("boot", "credited"), ("issued", "credited")]
    assert stage.count("notices") == 0
    kiosk.machine.close()
