"""An island with a little of everything in its books: acts, limits, nights, a child, vouchers of every end."""

from __future__ import annotations

from miniprogram_api.domain.reviews import Decider
from miniprogram_api.services.adjustment_approvals import approve_adjustment
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment, turn_down_adjustment
from miniprogram_api.services.approvals import REJECTED
from miniprogram_api.services.desk_undos import DeskUndoWish, undo_desk_act
from miniprogram_api.services.desks import DeskLine, DeskReading, read_at_desk
from miniprogram_api.services.expiry import expire_lots
from miniprogram_api.services.leases import take_lease
from miniprogram_api.services.questions import answer_question, ask_member
from miniprogram_api.services.refunds import cancel_voucher, expire_voucher
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from miniprogram_api.services.reviews import Refusing, Resolution, refuse_act, resolve_act
from miniprogram_api.services.undos import Undo, undo_redemption
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem

FERRY, BUS, CLEAN_PLATE, REFILL, NO_LINEN, LITTER, CONTAINERS, TREE_CARE = 1, 2, 6, 9, 13, 16, 18, 23
CHEN, SHOP, ITEM = 73, 71, 72
ROOM = 201  # as services.rooms would number it
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
    _correct(stage)


def _correct(stage: Stage) -> None:
    """An act that was spent is reversed, the debt is paid; points are added, taken, and not added."""
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    carrier = stage.scan("guest", stage.code(REFILL))
    reverse(stage, carrier.act["id"], lin, key="r1")
    adjust(stage, "mei", 40, lin, wen, key="a1")
    adjust(stage, "bo", -5, lin, wen, key="a2")
    refused = ask_adjustment(
        stage.session,
        AdjustmentWish(stage.members["bo"], 9, "asked twice", lin, "a3"),
        stage.island,
        stage.clock,
    )
    turn_down_adjustment(stage.session, refused, REJECTED, wen, "there was no second boat", stage.clock)
    review(stage, lin, wen)
    into_debt(stage, "bo", lin, wen)
    stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET))


def review(stage: Stage, lin: int, wen: int) -> None:
    """Of six tickets without a time two are accepted, one by the system, which refuses another, as a person does; the
    last two are the ends of one walk."""
    pending = [late_ticket(stage, scene) for scene in (CLEAN_PLATE, REFILL, TREE_CARE, BUS, CONTAINERS, CONTAINERS)]
    ask_member(stage.session, pending[0], lin, "Who was at your table?", stage.clock)
    answer_question(stage.session, stage.members["guest"], pending[0], "my sister", stage.clock)
    stage.clock.advance(60)
    by_lin, then = Decider(lin), stage.clock.now() - 3600
    for wish in (
        Resolution(pending[0], then, by_lin, "the waiter remembers them"),
        Resolution(pending[1], then, code="clock_known"),
        Resolution(pending[5], code="trail_paired", joined=pending[4]),
    ):
        assert resolve_act(stage.session, wish, stage.island, stage.clock).state == "credited"
    for refusing in (
        Refusing(pending[2], Decider(wen), "no tree was planted"),
        Refusing(pending[3], code="code_expired"),
    ):
        assert refuse_act(stage.session, refusing, stage.island, stage.clock).state == "refused"


def late_ticket(stage: Stage, scene: int) -> int:
    """A guest hands in a ticket whose kiosk didn't know the time."""
    return int(stage.scan("guest", stage.code(scene, KIND_TICKET, issued_at=0)).act["id"])


def into_debt(stage: Stage, who: str, asks: int, approves: int) -> None:
    """Take ten points more than the member has."""
    available = stage.balance(who)[0]
    adjust(stage, who, -(available + 10), asks, approves, key=f"debt {who}".replace(" ", "-"))


def reverse(stage: Stage, act_id: int, person: int, key: str) -> None:
    wish = ReversalWish(act_id, person, "the bus did not run", key)
    reverse_act(stage.session, wish, stage.island, stage.clock)


def adjust(stage: Stage, who: str, points: int, asks: int, approves: int, key: str) -> int:
    wish = AdjustmentWish(stage.members[who], points, "the scanner was broken", asks, key)
    number = ask_adjustment(stage.session, wish, stage.island, stage.clock)
    approve_adjustment(stage.session, number, approves, None, stage.clock)
    return number


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
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=450))  # more than fits
    stage.clock.advance(3600)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=100))  # nothing fits
    stage.scan("mei", stage.code(REFILL))
    stage.scan("bo", stage.code(BUS, KIND_TICKET))
    stage.scan("bo", stage.code(NO_LINEN, quantity=2), room=ROOM)
    stage.clock.advance(DAY)
    stage.scan("bo", stage.code(NO_LINEN, quantity=3), room=ROOM)
    stage.scan("mei", stage.code(REFILL, KIND_TICKET, issued_at=0))  # pending: nothing is booked


def confirm(stage: Stage, who: str, key: str) -> int:
    """Chen's till is at the pier; a clean plate is confirmed there."""
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE merchants SET venue_id = 'island-pier' WHERE id = {SHOP}")
    plate = DeskLine("clean-plate", 0, 1)
    wish = DeskReading(SHOP, CHEN, stage.member_code(who), (plate,), key)
    return read_at_desk(stage.session, wish, stage.island, stage.clock)


def take_back_at_till(stage: Stage, desk_act: int, key: str) -> None:
    undo_desk_act(stage.session, DeskUndoWish(SHOP, CHEN, desk_act, key), stage.island, stage.clock)


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
