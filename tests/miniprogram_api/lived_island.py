"""An island with a little of everything in its books: acts, limits, nights, a child, vouchers of every end."""

from __future__ import annotations

from miniprogram_api.services.expiry import expire_lots
from miniprogram_api.services.leases import take_lease
from miniprogram_api.services.refunds import cancel_voucher, expire_voucher
from miniprogram_api.services.undos import Undo, undo_redemption
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem

FERRY, BUS, REFILL, NO_LINEN, LITTER, TREE_CARE = 1, 2, 9, 13, 16, 23
CHEN, SHOP, ITEM = 73, 71, 72
DAY = 86_400
LAST_DAY = 1_830_211_200  # 2027-12-31 00:00 UTC: the last day of points earned in 2026


def live(stage: Stage) -> None:
    """Some weeks of mei, bo and a guest."""
    item = shop(stage, points=20, stock=10, limit=5)
    stage.member("guest", "guest")
    _earn(stage)
    exchange(stage, item, key="kept")
    used = exchange(stage, item, key="used")
    back = exchange(stage, item, key="back")
    over = exchange(stage, item, who="bo", key="over", quantity=1)
    undone = redeem(stage, live_code(stage, used), key="r1")
    undo_redemption(stage.session, Undo(SHOP, CHEN, undone, "u1"), stage.island, stage.clock)
    redeem(stage, live_code(stage, used), key="r2")
    cancel_voucher(stage.session, stage.members["mei"], back.voucher_id, "c1", stage.island, stage.clock)
    stage.clock.advance(31 * DAY)
    fence = take_lease(stage.session, "jobs", stage.clock)
    assert fence is not None
    assert expire_voucher(stage.session, over.voucher_id, fence, stage.clock)


def _earn(stage: Stage) -> None:
    code = stage.code(FERRY, KIND_GROUP)
    for who in ("mei", "bo"):
        stage.scan(who, code)
        stage.scan(who, stage.code(TREE_CARE, KIND_TICKET), key="tree")
        stage.clock.advance(60)
    stage.scan("guest", stage.code(TREE_CARE, KIND_TICKET))
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET), companion=1)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=120))
    stage.clock.advance(3600)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=250))  # more than fits
    stage.clock.advance(3600)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=100))  # nothing fits
    stage.scan("mei", stage.code(REFILL))
    stage.scan("bo", stage.code(BUS, KIND_TICKET))
    stage.scan("bo", stage.code(NO_LINEN, quantity=2))
    stage.clock.advance(DAY)
    stage.scan("bo", stage.code(NO_LINEN, quantity=3))
    stage.scan("mei", stage.code(REFILL, KIND_TICKET, issued_at=0))  # pending: nothing is booked


def outlive_the_points(stage: Stage) -> None:
    """Held points come back after their last day and get their days of grace; what nobody used expires."""
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member_sessions SET expires_at = 2000000000")
    stage.clock.advance(LAST_DAY - 20 * DAY - stage.clock.now())
    late = exchange(stage, ITEM, key="late", quantity=2)
    stage.clock.advance(25 * DAY)
    cancel_voucher(stage.session, stage.members["mei"], late.voucher_id, "c2", stage.island, stage.clock)
    fence = take_lease(stage.session, "jobs", stage.clock)
    assert fence is not None
    for member in stage.members.values():
        expire_lots(stage.session, member, fence, stage.clock)
    exchange(stage, ITEM, key="grace")
