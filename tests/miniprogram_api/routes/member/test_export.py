"""My data: everything that is held about me and nothing about others, however long the history is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from miniprogram_api.db import Base, db
from miniprogram_api.queries.export import SECTIONS
from miniprogram_api.routes.member.export_shapes import ROWS, Export
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.lived_island import TREE_CARE, live
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.traces import NAMES, OPENID, Planted, plant

EXPORT = f"{API}/member/export"
ACTS = 10_000


@pytest.fixture
def mei(stage: Stage, client: FlaskClient) -> Planted:
    return plant(stage, client)


def copy_of(client: FlaskClient, token: str, language: str = "zh") -> Any:
    response = client.get(EXPORT, headers=bearer(token, language=language))
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "application/json"
    return answered(response)


def test_the_copy_holds_who_i_am_what_i_agreed_to_where_i_was_signed_in_and_all_that_was_booked(mei: Planted) -> None:
    copy = copy_of(mei.client, mei.token)
    Export.model_validate(copy)
    member = copy["member"]
    assert [identity["subject"] for identity in member["identities"]] == [f"resident:{OPENID}"]
    assert member["recovery_code_kept"] is True
    assert {(deed["notice"], deed["version"], deed["deed"]) for deed in copy["consents"]} == {
        ("terms", 1, "given"),
        ("privacy", 1, "given"),
    }
    [session] = copy["sessions"]
    assert (session["device"], session["current"], session["ended_at"]) == ("Safari · iPhone", True, None)
    assert [card["card"] for card in copy["cards"]] == [mei.traces["card"].hex()]
    assert mei.traces["alias"].hex() in {one["alias"] for one in copy["passes"]}
    assert len(copy["readings"]) == 3
    assert {reading["code"] for reading in copy["readings"]} == {"card", "member_code"}
    waiting = next(activity for activity in copy["activities"] if activity["state"] == "pending")
    assert waiting["question"]["answer"] == NAMES["answer"]
    assert all(activity["formula"] for activity in copy["activities"])
    assert sorted(voucher["state"] for voucher in copy["vouchers"]) == ["issued", "redeemed"]
    assert sum(lot["remaining"] for lot in copy["lots"]) == member["available"]
    assert len(copy["entries"]) == mei.stage.rows("SELECT count(*) FROM entries WHERE member_id IS NOT NULL")[0][0]


def test_what_moved_adds_up_to_what_i_have(stage: Stage, client: FlaskClient) -> None:
    live(stage)
    with stage.engine.begin() as connection:
        connection.execute(text("UPDATE member_sessions SET expires_at = 2000000000"))
    for who in ("mei", "bo", "guest"):
        copy = copy_of(client, who)
        sums: dict[str, int] = {}
        for transfer in (each for entry in copy["entries"] for each in entry["transfers"]):
            sums[transfer["credit"]] = sums.get(transfer["credit"], 0) + transfer["amount"]
            sums[transfer["debit"]] = sums.get(transfer["debit"], 0) - transfer["amount"]
        member = copy["member"]
        assert sums.get("member_available", 0) == member["available"]
        assert sums.get("member_held", 0) == member["held"]
        assert sums.get("member_grams", 0) == member["reduction_grams"]
        mine = f"SELECT count(*) FROM entries WHERE member_id = {stage.members[who]}"
        assert [(len(copy["entries"]),)] == stage.rows(mine)
        assert json.loads(copy["entries"][0]["leaf"])["v"] == 1


def test_nothing_of_anybody_else_stands_in_it(mei: Planted) -> None:
    stage = mei.stage
    bo = f"{stage.members['bo']:016x}"
    held = json.dumps(copy_of(mei.client, mei.token), ensure_ascii=False)
    for foreign in (bo, f"{mei.lin:016x}", '"lin"', "陈", NAMES["scan_key"]):
        assert foreign not in held
    theirs = copy_of(mei.client, "bo")
    assert theirs["activities"] == theirs["entries"] == theirs["vouchers"] == theirs["readings"] == []


def test_it_speaks_both_languages_and_needs_a_session(mei: Planted) -> None:
    chinese, english = (copy_of(mei.client, mei.token, language) for language in ("zh", "en"))
    assert chinese["activities"][0]["name"] != english["activities"][0]["name"]
    refused(mei.client.get(EXPORT), 401, "not_signed_in")


def test_every_section_has_its_shape_and_the_document_names_them_all() -> None:
    assert set(SECTIONS) == set(ROWS)
    assert set(Export.model_fields) - {"format", "made_at", "island", "member"} == set(ROWS)


def test_the_connection_is_given_back_whether_the_copy_is_read_or_left(
    app: APIFlask, client: FlaskClient, stage: Stage
) -> None:
    copy_of(client, "mei")
    client.get(EXPORT, headers=bearer("mei")).close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # both databases have a queue


@pytest.mark.slow
def test_ten_thousand_acts_are_sent_while_they_are_read(stage: Stage, client: FlaskClient) -> None:
    _copy_acts(stage)
    began = time.perf_counter()
    response = client.get(EXPORT, headers=bearer("mei"), buffered=False)
    pieces = list(response.response)
    response.close()
    assert len(pieces) > 100, "it is sent in pieces"
    assert max(len(piece) for piece in pieces) < 100_000
    copy = json.loads(b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces))
    assert len(copy["activities"]) == len(copy["entries"]) == ACTS + 1
    assert time.perf_counter() - began < 60


def _copy_acts(stage: Stage) -> None:
    """One act of mei's, ten thousand times over, with its entry and transfers."""
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    more = {"id": "{}.id + n.i", "entry_id": "entry_id + n.i", "act_id": "act_id + n.i", "key": "NULL"}
    with stage.engine.begin() as connection:
        for table in ("acts", "entries", "transfers"):
            names = [column.name for column in Base.metadata.tables[table].columns]
            values = [(more | {"counter": "counter + n.i"}).get(name, name).format(table) for name in names]
            connection.execute(
                text(
                    f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ACTS}) "
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, n"
                )
            )
