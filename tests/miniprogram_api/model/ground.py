"""The island on which the machine lives: three kiosks, two shops, two persons of the staff; made new for each run."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text, update

from miniprogram_api.db import Base
from miniprogram_api.models import (
    Item,
    Kiosk,
    KioskKey,
    Member,
    MemberSession,
    MerchantPerson,
    MerchantSession,
    PersonMember,
    Venue,
)
from miniprogram_api.services.appointments import NewMerchant, NewPerson, admit_merchant, appoint_person
from miniprogram_api.services.items import NewItem, offer_item
from scenes.wire.code_text import code_text
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import EVERY_PROOF, NOON, PIER, Stage, token_hash
from tests.miniprogram_api.model.correcting import Requests
from tests.miniprogram_api.model.exchanging import Good, Shelves
from tests.miniprogram_api.model.island_model import IslandModel
from tests.miniprogram_api.model.scanning import PEOPLE_PER_CODE, SEATS, Place, Scans, Shown

BEACH, MAINLAND = 2, 3
LONG = 4_000_000_000
ACTOR = "system:tests"
PLACES = {
    PIER: Place("island", most=65_535, points_an_hour=100_000),
    BEACH: Place("island", most=400, points_an_hour=60, only_tickets=True),
    MAINLAND: Place("mainland", most=65_535, points_an_hour=100_000),
}
# Who offers it, price in points, fen owed for a piece, pieces, pieces a person: a guest may not have the dear one.
OFFERS = (("chen", 10, 150, 3, 2), ("chen", 25, 0, 6, None), ("deng", 70, 800, 2, None))


class Ground:
    """A stage with more on it, and its rows as they were at the beginning. lin has an interest in bo's account."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.privates = {PIER: stage.kiosk_key, BEACH: generate_private_key(), MAINLAND: generate_private_key()}
        stage.member("guest", "guest")
        self.counters = {login: self._counter(login) for login in ("chen", "deng")}
        self.lin, self.wen = self._person("lin", "operator"), self._person("wen", "approver")
        self.goods = [self._good(*offer) for offer in OFFERS]
        with stage.engine.begin() as connection:
            connection.execute(update(Member).where(Member.id == stage.members["bo"]).values(kind="resident"))
            connection.execute(update(MemberSession).values(expires_at=LONG))
            interest = {"person_id": self.lin, "member_id": stage.members["bo"], "declared_at": NOON}
            connection.execute(insert(PersonMember).values(**interest))
            self._add_kiosks(connection)
        with stage.engine.connect() as connection:
            self._rows = {
                one.name: [dict(row) for row in connection.execute(select(one)).mappings()] for one in _tables()
            }

    def begin(self, moment: int) -> IslandModel:
        """The rows of the beginning, a clock at `moment`, and a model of both."""
        self.stage.session.rollback()
        with self.stage.engine.begin() as connection:
            self._put_back(connection)
        self.stage.clock.set(moment)
        self.stage.counter = 0
        self.stage.island.directory.forget()
        members = self.stage.members
        kinds = {members["mei"]: "visitor", members["bo"]: "resident", members["guest"]: "guest"}
        shelves = Shelves({good.number: good for good in self.goods})
        return IslandModel(kinds, Scans(PLACES), shelves, Requests({self.lin: members["bo"]}))

    def code(
        self, kind: int, kiosk: int, scene: int, variant: int, quantity: int, issued_at: int, like: Shown | None = None
    ) -> Shown:
        """A code of a kiosk; with `like` one on the same counter with another nonce."""
        if like is None:
            self.stage.counter += 1
        counter = like.counter if like else self.stage.counter
        nonce = like.nonce + 1 if like else counter
        made = KioskCode(kind, 1, kiosk, counter, issued_at, scene, variant, quantity, nonce.to_bytes(6, "big"))
        return Shown(kind, kiosk, counter, issued_at, scene, variant, quantity, nonce, self._text(made))

    def _text(self, code: KioskCode) -> str:
        return code_text(encode(code, self.privates[code.kiosk]))

    def _counter(self, login: str) -> tuple[int, int]:
        """A shop whose owner is signed in: merchant and person."""
        shop = NewMerchant(f"{login}的店", f"{login}'s", "-", "-", login, login, "a long password")
        merchant = admit_merchant(self.stage.session, shop, ACTOR, self.stage.clock)
        with self.stage.engine.begin() as connection:
            person = connection.execute(select(MerchantPerson.id).where(MerchantPerson.login == login)).scalar_one()
            session = {"person_id": person, "merchant_id": merchant, "created_at": NOON, "expires_at": LONG}
            connection.execute(insert(MerchantSession).values(token_hash=token_hash(login), **session))
        return merchant, person

    def _person(self, login: str, role: str) -> int:
        person = NewPerson(login=login, name=login, password="a long password", role=role, totp_secret=None)
        number = appoint_person(self.stage.session, person, ACTOR, self.stage.clock)
        assert number is not None
        return number

    def _good(self, login: str, points: int, fen: int, pieces: int, limit: int | None) -> Good:
        merchant, _ = self.counters[login]
        words = (f"{points} 分", f"For {points}", "-", "-", "shopping-bag")
        with self.stage.engine.connect() as connection:
            before = set(connection.execute(select(Item.id)).scalars())
        offered = NewItem(merchant, *words, points, fen, pieces, limit, 0)
        assert offer_item(self.stage.session, offered, ACTOR, self.stage.clock)
        with self.stage.engine.connect() as connection:
            [number] = set(connection.execute(select(Item.id)).scalars()) - before
        return Good(number, merchant, points, fen, pieces, limit)

    def _add_kiosks(self, connection: Connection) -> None:
        connection.execute(update(Venue).values(profile=_profile(PLACES[PIER])))
        for number in (BEACH, MAINLAND):
            name, place = f"place-{number}", PLACES[number]
            shown = {"name_zh": name, "name_en": name, "side": place.side, "map_x": 1, "map_y": 1}
            connection.execute(insert(Venue).values(id=name, profile=_profile(place), **shown))
            state = {"state": "active", "state_since": NOON - 1, "epoch": 1}
            connection.execute(insert(Kiosk).values(id=number, name=name, venue_id=name, **state))
            public = public_key_of(self.privates[number])
            connection.execute(insert(KioskKey).values(kiosk_id=number, epoch=1, public_key=public, created_at=NOON))

    def _put_back(self, connection: Connection) -> None:
        """As the database's owner, past the triggers that keep the books."""
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            self._fill(connection)
            return
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        self._fill(connection)
        for _, statement in triggers:
            connection.exec_driver_sql(statement)

    def _fill(self, connection: Connection) -> None:
        for table in reversed(_tables()):
            connection.execute(table.delete())
        for table in _tables():
            if self._rows[table.name]:
                connection.execute(insert(table), self._rows[table.name])


def _tables() -> list[Table]:
    """All tables but the rules, which nothing here changes."""
    return [table for table in Base.metadata.sorted_tables if table.name != "rule_versions"]


def _profile(place: Place) -> str:
    proofs = ["TK"] if place.only_tickets else EVERY_PROOF["1"]["proofs"]
    profile: dict[str, Any] = {
        "attended": True,
        "scenes": {scene: {"proofs": proofs, "max_quantity": place.most} for scene in EVERY_PROOF},
        "group": {"per_code": PEOPLE_PER_CODE, "seats": SEATS, "window_minutes": 30},
        "ceilings": {"points_per_hour": place.points_an_hour},
        "ticket_days": 14,
        "routes": [],
    }
    return json.dumps(profile)
