"""A kiosk's journal comes in on a USB stick: each item once, whoever brings it; a bad file changes nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from apiflask import APIFlask

from miniprogram_api.services.appointments import NewPerson, appoint_person
from scenes.wire.journal_export import JournalExport, export_bytes
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.signing import generate_private_key
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.journals import Machine, notices, set_state
from tests.miniprogram_api.routes.speech import SQLITE_ONLY, answered, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk
from tests.miniprogram_api.test_races import check_books

CLEAN_PLATE, REFILL, HOME_ENERGY, TREE_CARE = 6, 9, 22, 23
HOUR = 3600


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "fleet", None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


@pytest.fixture
def pier(stage: Stage) -> Machine:
    """The pier's kiosk after some hours without network: two readings, a line refused, a ticket."""
    machine = Machine(stage)
    machine.start()
    machine.read(stage.member_code("mei"), (REFILL, 1), (HOME_ENERGY, 5))
    stage.clock.advance(60)
    machine.issued(stage.code(TREE_CARE, KIND_TICKET))
    machine.read(stage.member_code("bo"), (CLEAN_PLATE, 1))
    stage.clock.advance(2 * HOUR)
    return machine


def exported(machine: Machine, **changes: Any) -> str:
    facts: dict[str, Any] = {
        "kiosk": machine.kiosk,
        "epoch": 1,
        "exported_at": machine.stage.clock.now(),
        "complete": True,
        "offsets": {},
        "items": tuple(machine.documents),
    }
    return export_bytes(JournalExport(**{**facts, **changes})).decode()


def counts(imported: dict[str, Any]) -> dict[str, int]:
    names = ("credited", "noted", "pending", "duplicate", "refused", "unread")
    return {name: imported[name] for name in names if imported[name]}


def nothing_came_in(stage: Stage) -> bool:
    return not any(stage.count(table) for table in ("journal_items", "kiosk_boots", "readings", "acts", "notices"))


def test_what_was_carried_counts_as_if_the_kiosk_had_sent_it(lin: Desk, stage: Stage, pier: Machine) -> None:
    shown = answered(lin("POST", "journal/imports", {"file": exported(pier)}))
    assert (shown["kiosk"], shown["items"], shown["complete"]) == ({"id": "1", "name": "island-pier"}, 4, True)
    assert counts(shown) == {"credited": 2, "noted": 2}
    assert (stage.balance("mei")[0], stage.balance("bo")[0]) == (2, 5)
    [line] = stage.rows("SELECT actor_kind, act, object, detail FROM audit_events WHERE act = 'journal_imported'")
    assert line[:3] == ("staff", "journal_imported", "kiosk:1")
    assert {"items": 4, "credited": 2, "noted": 2, "duplicate": 0}.items() <= json.loads(str(line[3])).items()
    check_books(stage)


def test_the_same_file_again_changes_nothing(lin: Desk, stage: Stage, pier: Machine) -> None:
    lin("POST", "journal/imports", {"file": exported(pier)})
    before = (stage.count("acts"), stage.count("entries"), stage.count("journal_items"), stage.balance("mei"))
    assert counts(answered(lin("POST", "journal/imports", {"file": exported(pier)}))) == {"duplicate": 4}
    assert (stage.count("acts"), stage.count("entries"), stage.count("journal_items"), stage.balance("mei")) == before
    check_books(stage)


def test_the_kiosk_that_comes_online_afterwards_gets_a_verdict_on_each_item(
    lin: Desk, stage: Stage, pier: Machine
) -> None:
    lin("POST", "journal/imports", {"file": exported(pier)})
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    verdict = pier.upload()
    assert [item.result for item in verdict.items] == ["duplicate"] * 4 + ["credited"]
    assert verdict.items[1].lines == ("duplicate", "refused:scene_closed")
    assert verdict.contiguous == {pier.boot: 5}
    assert (stage.balance("mei")[0], stage.count("readings")) == (7, 3)
    assert notices(stage) == []
    check_books(stage)


def test_a_part_of_the_file_after_the_kiosk_itself_and_in_any_order_counts_once(
    lin: Desk, stage: Stage, pier: Machine
) -> None:
    pier.upload(pier.documents[2:])
    late = exported(pier, items=tuple(pier.documents[1:3]))
    assert counts(answered(lin("POST", "journal/imports", {"file": late}))) == {"credited": 1, "duplicate": 1}
    first = exported(pier, items=tuple(pier.documents[:1]))
    assert counts(answered(lin("POST", "journal/imports", {"file": first}))) == {"noted": 1}
    assert pier.upload().contiguous == {pier.boot: 4}
    assert (stage.balance("mei")[0], stage.balance("bo")[0], notices(stage)) == (2, 5, [])


def test_the_file_can_not_set_the_clock_of_a_kiosk_that_does_not_know_the_time(
    lin: Desk, stage: Stage, pier: Machine
) -> None:
    pier.trusted = False
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    file = exported(pier, items=tuple(pier.documents[-1:]), offsets={pier.boot: 0})
    assert counts(answered(lin("POST", "journal/imports", {"file": file}))) == {"pending": 1}
    assert stage.balance("mei")[0] == 0


def test_items_of_a_lost_kiosk_are_refused_here_too(lin: Desk, stage: Stage, pier: Machine) -> None:
    set_state(stage, "lost", stage.clock.now() - 48 * HOUR)
    shown = answered(lin("POST", "journal/imports", {"file": exported(pier)}))
    assert counts(shown) == {"noted": 2, "refused": 2}
    assert [told["result"] for told in shown["told"]] == ["refused:kiosk_suspended"] * 2
    assert stage.balance("mei")[0] == 0


def test_an_item_that_was_altered_is_told_and_not_kept_and_holds_up_no_other(
    lin: Desk, stage: Stage, pier: Machine
) -> None:
    forged = {**pier.documents[1], "body": pier.documents[1]["body"].replace('"quantity":1', '"quantity":3')}
    items = (pier.documents[0], forged, *pier.documents[2:])
    shown = answered(lin("POST", "journal/imports", {"file": exported(pier, items=items)}))
    assert counts(shown) == {"credited": 1, "noted": 2, "unread": 1}
    assert shown["told"] == [{"boot": pier.boot, "seq": 2, "result": "refused:code_signature_invalid"}]
    assert (stage.count("journal_items"), stage.balance("mei")[0], notices(stage)) == (3, 0, [])
    assert [item.result for item in pier.upload().items] == ["duplicate", "credited", "duplicate", "duplicate"]


def test_a_journal_without_items_is_no_trouble(lin: Desk, pier: Machine) -> None:
    assert answered(lin("POST", "journal/imports", {"file": exported(pier, items=())}))["items"] == 0


def other_island(pier: Machine) -> str:
    other = Machine(pier.stage, key=generate_private_key())
    other.start()
    return exported(other)


def other_epoch(pier: Machine) -> str:
    other = Machine(pier.stage, epoch=7, key=generate_private_key())
    other.start()
    return exported(other)


FILES: dict[str, tuple[Any, int, str, str]] = {
    "noise": (lambda pier: "\u0001\u2028 noise", 422, "invalid_fields", "no journal"),
    "picture": (lambda pier: "PK\u0003\u0004" + "\u0000" * 5000, 422, "invalid_fields", "no journal"),
    "json": (lambda pier: "{}\n", 422, "invalid_fields", "no journal"),
    "deep": (lambda pier: "[" * 100_000, 422, "invalid_fields", "no journal"),
    "broken off": (lambda pier: exported(pier)[:-40], 422, "invalid_fields", "breaks off"),
    "first line only": (lambda pier: exported(pier).partition("\n")[0], 422, "invalid_fields", "breaks off"),
    "a figure changed": (
        lambda pier: exported(pier).replace('"seq\\":2', '"seq\\":9'),
        422,
        "invalid_fields",
        "breaks off",
    ),
    "no kiosk": (lambda pier: exported(pier, kiosk=77), 404, "not_found", "kiosk 77"),
    "other island": (other_epoch, 422, "code_signature_invalid", "never had the key"),
    "other key": (other_island, 422, "code_signature_invalid", "Not one record"),
}


@SQLITE_ONLY
@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_in_a_clear_sentence_and_changes_nothing(
    lin: Desk, stage: Stage, pier: Machine, name: str
) -> None:
    make, status, code, words = FILES[name]
    lin.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    problem = refused(lin("POST", "journal/imports", {"file": make(pier)}), status, code)
    assert words in problem["detail"]
    assert "Nothing was taken." in problem["detail"]
    assert nothing_came_in(stage)


@SQLITE_ONLY
def test_a_file_too_long_for_one_call_is_refused_before_anything_is_taken(
    lin: Desk, stage: Stage, pier: Machine
) -> None:
    many = exported(pier, items=tuple(pier.documents) * 300)
    problem = refused(lin("POST", "journal/imports", {"file": many}), 422, "invalid_fields")
    assert "1000" in problem["detail"]
    refused(lin("POST", "journal/imports", {"file": "x" * 2_000_001}), 422, "invalid_fields")
    refused(lin("POST", "journal/imports", {"file": "x" * 10_000_000}), 413, "body_too_large")
    assert nothing_came_in(stage)


@SQLITE_ONLY
def test_bytes_that_are_no_json_and_a_packed_body_are_refused(lin: Desk, stage: Stage) -> None:
    send = {"X-CSRF-Token": lin.csrf, "Content-Type": "application/json"}
    address = "/api/v1/staff/journal/imports"
    noise = random.Random(5).randbytes(4000)
    refused(lin.client.post(address, data=noise, headers=send), 400, "json_malformed")
    refused(lin.client.post(address, data=b'{"file":"\\ud800"}', headers=send), 400, "json_malformed")
    packed = {**send, "Content-Encoding": "gzip"}
    refused(lin.client.post(address, data=b"\x1f\x8b", headers=packed), 415, "media_type_unsupported")
    assert nothing_came_in(stage)


@SQLITE_ONLY
def test_only_the_office_hands_journals_in(lin: Desk, app: APIFlask, stage: Stage, pier: Machine) -> None:
    zhao = NewPerson("zhao", "赵", PASSWORD, "auditor", None)
    appoint_person(stage.session, zhao, "system:test", stage.clock)
    auditor = Desk(app)
    answered(auditor.sign_in("zhao"), 201)
    refused(auditor("POST", "journal/imports", {"file": exported(pier)}), 403, "not_allowed")
    assert nothing_came_in(stage)
