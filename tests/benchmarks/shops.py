"""Shops under measurement: merchants with a counter that is signed in, an item each, and points to spend."""

from __future__ import annotations

import time

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.domain.calendar import points_last_day
from miniprogram_api.models import Item, Lot, MemberBalance, MerchantPerson, MerchantSession
from miniprogram_api.services.appointments import NewMerchant, admit_merchant
from miniprogram_api.services.items import NewItem, offer_item
from miniprogram_api.services.tokens import token_hash
from tests.benchmarks.ground import DAY

POINTS = 10_000_000
PIECES = 10_000_000
ACTOR = "for measuring"


def counter_of(number: int) -> str:
    """The bearer token of a merchant's counter."""
    return f"counter-{number}"


def open_shops(engine: Engine, count: int) -> list[int]:
    """So many merchants with an item of one point each; answers the items, in the order of the counters."""
    clock, items = SystemClock(), []
    with Session(engine) as session:
        for number in range(count):
            named = {"name_zh": f"商店 {number}", "name_en": f"Shop {number}", "place_zh": "码头", "place_en": "Pier"}
            merchant = NewMerchant(**named, login=f"shop-{number}", owner="陈", password="for measuring only")
            merchant_id = admit_merchant(session, merchant, ACTOR, clock)
            told = {
                "description_zh": "-",
                "description_en": "-",
                "icon": "shopping-bag",
                "name_zh": "袋",
                "name_en": "Bag",
            }
            prices = {"points": 1, "settlement_fen": 10, "stock": PIECES, "limit_per_person": None}
            offer_item(session, NewItem(merchant_id, **told, **prices, position=number), ACTOR, clock)
            items.append(session.execute(select(Item.id).where(Item.merchant_id == merchant_id)).scalar_one())
            session.rollback()
            _sign_in(engine, merchant_id, number)
    return items


def _sign_in(engine: Engine, merchant_id: int, number: int) -> None:
    now = int(time.time())
    with engine.begin() as connection:
        mine = select(MerchantPerson.id).where(MerchantPerson.merchant_id == merchant_id)
        connection.execute(
            insert(MerchantSession).values(
                token_hash=token_hash(counter_of(number)),
                person_id=connection.execute(mine.limit(1)).scalar_one(),
                merchant_id=merchant_id,
                created_at=now,
                expires_at=now + DAY,
            )
        )


def give_points(engine: Engine) -> None:
    """Everybody has points enough for the whole measurement, in one lot."""
    with engine.begin() as connection:
        everybody = connection.execute(select(MemberBalance.member_id)).scalars().all()
        lot = {"expires_on": points_last_day(int(time.time())), "graced": 0, "granted": POINTS, "remaining": POINTS}
        connection.execute(insert(Lot), [{"member_id": one, **lot} for one in everybody])
        connection.execute(update(MemberBalance).values(available=POINTS))
