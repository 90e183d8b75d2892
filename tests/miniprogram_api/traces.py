"""What names a member, planted wherever the system takes it in, and looked for in everything that it keeps."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from miniprogram_api.services.cards import issue_card, print_cards
from miniprogram_api.services.desks import DeskLine, DeskReading, read_at_desk
from miniprogram_api.services.interests import declare_interest
from miniprogram_api.services.passes import passes_of_session
from miniprogram_api.services.questions import answer_question, ask_member
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.member_code import parse_member_code
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.lived_island import CHEN, CLEAN_PLATE, CONTAINERS, REFILL, SHOP, TREE_CARE
from tests.miniprogram_api.routes.speech import API, answered
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem

OPENID = "o-9c51-mei-of-the-pier"
DEVICE = "device-of-mei-4711"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"
NAMES = {
    "openid": OPENID,
    "answer": "I sat with my sister Anqi",
    "record": "meter 88-301 of the Wang family",
    "scan_key": "mei-13800001234-scan",
    "waiting_key": "mei-13800001234-wait",
    "voucher_key": "mei-13800001234-bag",
    "recovery": "RECOVERY-OF-MEI",
}


@dataclass
class Planted:
    """A member of whom everything is known; `traces` by what they are."""

    stage: Stage
    client: FlaskClient
    token: str
    member_id: int
    traces: dict[str, bytes] = field(default_factory=dict)
    kiosk: Machine | None = None
    code: str = ""
    lin: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def plant(stage: Stage, client: FlaskClient) -> Planted:
    """Sign in, earn, exchange, wait, be asked and answer, be read at till and kiosk, get a card, be somebody's kin."""
    mei = _signed_in(stage, client)
    _earn(mei)
    _be_read(mei)
    _get_card(mei)
    return mei


def _signed_in(stage: Stage, client: FlaskClient) -> Planted:
    body = {"code": f"sim:resident-{OPENID}", "device": DEVICE}
    consent = {"terms": 1, "privacy": 1, "language": "en"}
    answer = answered(
        client.post(f"{API}/member/sessions", json=body | {"consent": consent}, headers={"User-Agent": PHONE}), 201
    )
    mei = Planted(stage, client, answer["token"], int(answer["member"]["id"], 16))
    stage.members[mei.token] = mei.member_id
    with stage.engine.begin() as connection:
        name = {"hash": NAMES["recovery"].encode(), "id": mei.member_id}
        connection.execute(text("UPDATE members SET recovery_hash = :hash WHERE id = :id"), name)
        salt = connection.scalar(text("SELECT salt_key FROM members WHERE id = :id"), name)
        phone = connection.scalar(text("SELECT device FROM member_sessions WHERE member_id = :id"), name)
    mei.traces = {name: value.encode() for name, value in NAMES.items()}
    mei.traces |= {"device": DEVICE.encode(), "phone": phone.encode()}
    mei.traces |= {"token": mei.token.encode(), "token_hash": token_hash(mei.token), "salt_key": bytes(salt)}
    return mei


def _earn(mei: Planted) -> None:
    stage, item = mei.stage, shop(mei.stage, points=10, limit=5)
    stage.scan(mei.token, stage.code(TREE_CARE, KIND_TICKET), key=NAMES["scan_key"])
    stage.clock.advance(86_400)
    stage.scan(mei.token, stage.code(TREE_CARE, KIND_TICKET))
    exchange(stage, item, mei.token, NAMES["voucher_key"])
    redeem(stage, live_code(stage, exchange(stage, item, mei.token, "used")))
    waiting = stage.scan(mei.token, stage.code(CONTAINERS, KIND_TICKET, issued_at=0), key=NAMES["waiting_key"])
    mei.lin = stage.clerk("lin")
    ask_member(stage.session, waiting.act["id"], mei.lin, "Who was at your table?", stage.clock)
    answer_question(stage.session, mei.member_id, waiting.act["id"], NAMES["answer"], stage.clock)


def _be_read(mei: Planted) -> None:
    """At a till with a record, by a kiosk that credits it, and once more where nothing of it counts."""
    stage = mei.stage
    with stage.engine.begin() as connection:
        connection.execute(text(f"UPDATE merchants SET venue_id = 'island-pier' WHERE id = {SHOP}"))
    line = DeskLine("clean-plate", 0, 1, record=NAMES["record"])
    till = DeskReading(SHOP, CHEN, stage.member_code(mei.token), (line,), "d1")
    read_at_desk(stage.session, till, stage.island, stage.clock)
    mei.kiosk = Machine(stage)
    mei.kiosk.start()
    stage.clock.advance(120)
    mei.kiosk.read(stage.member_code(mei.token), (REFILL, 1))
    stage.clock.advance(120)
    mei.code = stage.member_code(mei.token)
    mei.kiosk.read(mei.code, (CLEAN_PLATE, 1))
    assert mei.kiosk.results() == ["credited", "credited", "refused:cool_down"]
    shown = parse_member_code(base64.b32decode(mei.code + "=" * (-len(mei.code) % 8)))
    mei.traces |= {"alias": shown.alias, "code": mei.code.encode(), "code_begins": mei.code[:16].encode()}
    [first, *_] = passes_of_session(stage.session, token_hash(mei.token), stage.island, stage.clock)
    mei.traces["pass"] = code_text(first.signed)[:64].encode()


def _get_card(mei: Planted) -> None:
    stage = mei.stage
    card = issue_card(stage.session, mei.member_id, mei.lin, stage.island, stage.clock)
    [face] = print_cards(stage.session, [card], mei.lin, stage.island, stage.clock)
    stage.clock.advance(86_400)
    assert mei.kiosk
    mei.kiosk.read(face.code_text, (TREE_CARE, 1))
    assert mei.kiosk.results()[-1] == "credited"
    declare_interest(stage.session, stage.clerk("kin"), mei.member_id, stage.clock)
    mei.traces |= {"card": card, "card_code": face.code_text[:16].encode()}


def traces_in_tables(mei: Planted) -> set[str]:
    """`trace in table.column` for each value anywhere in which one stands, as it is or in one of its spellings."""
    found = set()
    for place, value in _values(mei):
        kept = value if isinstance(value, bytes) else str(value).encode()
        found |= {f"{name} in {place}" for name, trace in mei.traces.items() if _stands_in(trace, kept)}
    return found


def traces_in_files(mei: Planted, folder: Path) -> set[str]:
    """The same in files, logs among them; the database's own is read by its tables, and its free pages are its own."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".sqlite" not in path.name]
    assert files, "a folder without files shows nothing"
    return {
        f"{name} in {path.name}"
        for path in files
        for name, trace in mei.traces.items()
        if _stands_in(trace, path.read_bytes())
    }


def _values(mei: Planted) -> Iterator[tuple[str, Any]]:
    with mei.stage.engine.connect() as connection:
        for table in inspect(mei.stage.engine).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))
            columns = list(rows.keys())
            for row in rows:
                yield from ((f"{table}.{column}", value) for column, value in zip(columns, row, strict=True))


def _stands_in(trace: bytes, kept: bytes) -> bool:
    urlsafe = base64.urlsafe_b64encode(trace).rstrip(b"=")
    spellings = {trace, trace.hex().encode(), trace.hex().upper().encode(), urlsafe, base64.b64encode(trace)}
    return any(spelling in kept for spelling in spellings)
