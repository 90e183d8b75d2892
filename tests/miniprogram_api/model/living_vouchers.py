"""Points become vouchers, and vouchers end: at a counter, given back, or overdue."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, rule

from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.refunds import cancel_voucher
from miniprogram_api.services.undos import Undo, undo_redemption
from miniprogram_api.services.vouchers import Wish, exchange_points, issued
from scenes.wire.code_text import code_text
from scenes.wire.voucher_code import voucher_code
from tests.miniprogram_api.cast import token_hash
from tests.miniprogram_api.model.exchanging import Held
from tests.miniprogram_api.model.island_time import DAY, MINUTE
from tests.miniprogram_api.model.living import WHO
from tests.miniprogram_api.model.living_scans import KEYS, LivingScans

NOBODYS_ITEM = 999
# What happens to a voucher: at the right counter or another, by its owner or somebody else, twice with the same key.
STEPS = st.lists(
    st.sampled_from(
        [
            *("redeem", "redeem", "redeem by readable code", "redeem twice", "redeem elsewhere", "redeem old code"),
            *("redeem with old key", "undo", "undo", "undo twice", "undo elsewhere", "undo with old key"),
            *("cancel", "cancel", "cancel twice", "cancel another's", "cancel with waiting key", "exchange again"),
            *("wait a minute", "wait too long", "wait a month"),
        ]
    ),
    min_size=1,
    max_size=4,
)
PAUSES = {"wait a minute": MINUTE, "wait too long": 2 * MINUTE + 1, "wait a month": 30 * DAY}


class LivingVouchers(LivingScans):
    """Exchange, redeem, undo, cancel."""

    vouchers: Bundle[Held] = Bundle("vouchers")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.counter_keys: list[str] = []
        self.redemptions: dict[int, int] = {}  # the last one of a voucher

    @rule(
        target=vouchers,
        who=WHO,
        which=st.sampled_from([0, 0, 0, 1, 1, 1, 2, 2, None]),
        quantity=st.sampled_from([1, 1, 1, 1, 2, 3, 10, 0, 11]),
        keyed=KEYS,
        steps=STEPS,
    )
    def visit_a_shop(
        self, who: str, which: int | None, quantity: int, keyed: str, steps: list[str]
    ) -> MultipleResults[Any]:
        item = NOBODYS_ITEM if which is None else self.ground.goods[which].number
        key = self.key_of(keyed, who) or self.fresh_key()
        voucher = self.exchange(who, item, quantity, key)
        if voucher is None:
            return multiple()
        self.go_on(voucher, steps)
        return multiple(voucher)

    @rule(voucher=vouchers, steps=STEPS)
    def go_on(self, voucher: Held, steps: list[str]) -> None:
        """One step after the other, the books compared after each."""
        for step in steps:
            self.the_books_are_what_the_model_says()
            if step in PAUSES:
                self.stage.clock.advance(PAUSES[step])
                continue
            verb, _, how = step.partition(" ")
            {"redeem": self.redeem, "undo": self.undo, "cancel": self.cancel, "exchange": self.send_again}[verb](
                voucher, how
            )

    def exchange(self, who: str, item: int, quantity: int, key: str) -> Held | None:
        """The new voucher, or None."""
        member, wish, stage = self.stage.members[who], Wish(token_hash(who), item, quantity, key), self.stage
        came = self.same(
            lambda: self.model.foresee_exchange(member, item, quantity, key, self.now),
            lambda: exchange_points(stage.session, wish, stage.island, stage.clock),
        )
        if came is None:
            return None
        plan, voucher = came
        if isinstance(plan, Held):
            assert voucher.voucher_id == plan.number
            assert (voucher.key is None) == (plan.state != "issued")
            return None
        self.used_keys.append((member, key))
        return self.model.book_exchange(member, item, quantity, voucher.voucher_id, key, self.now)

    def send_again(self, voucher: Held, _: str) -> None:
        """The exchange with the key that it had: the same voucher as it is now."""
        assert self.exchange(self._name_of(voucher.member), voucher.good.number, voucher.quantity, voucher.key) is None

    def cancel(self, voucher: Held, how: str) -> None:
        others = [member for member in self.stage.members.values() if member != voucher.member]
        member, stage = others[0] if how == "another's" else voucher.member, self.stage
        key = str(self.key_of("waiting" if how == "with waiting key" else "fresh", self._name_of(member)))
        for _ in range(2 if how == "twice" else 1):
            came = self.same(
                lambda: self.model.foresee_cancel(member, voucher.number, key, self.now),
                lambda: cancel_voucher(stage.session, member, voucher.number, key, stage.island, stage.clock),
            )
            if came and came[0] is not None:
                self.model.book_cancel(voucher, key, self.now)
                self.used_keys.append((voucher.member, key))

    def redeem(self, voucher: Held, how: str) -> None:
        minutes_old = None if how == "by readable code" else 2 if how == "old code" else len(self.counter_keys) % 3 - 1
        login = self._counter_for(voucher, how != "elsewhere")
        key = self.counter_keys[-1] if how == "with old key" and self.counter_keys else self.fresh_key()
        (merchant, person), stage = self.ground.counters[login], self.stage
        counter = Counter(token_hash(login), self._code_of(voucher, minutes_old), key)
        for _ in range(2 if how == "twice" else 1):
            came = self.same(
                lambda: self.model.foresee_redeem(voucher.number, merchant, person, key, self.now, minutes_old),
                lambda: redeem_voucher(stage.session, counter, stage.island, stage.clock).redemption_id,
            )
            if came is None:
                return
            plan, redemption = came
            if isinstance(plan, Held):
                self.model.book_redeem(voucher, redemption, person, key, self.now)
                self.redemptions[voucher.number] = redemption
                self.counter_keys.append(key)
            else:
                assert redemption == plan

    def undo(self, voucher: Held, how: str) -> None:
        redemption = self.redemptions.get(voucher.number)
        if redemption is None:
            return
        merchant, person = self.ground.counters[self._counter_for(voucher, how != "elsewhere")]
        stage = self.stage
        key = self.counter_keys[-1] if how == "with old key" and self.counter_keys else self.fresh_key()
        wish = Undo(merchant, person, redemption, key)
        for _ in range(2 if how == "twice" else 1):
            came = self.same(
                lambda: self.model.foresee_undo(redemption, merchant, person, key, self.now),
                lambda: undo_redemption(stage.session, wish, stage.island, stage.clock),
            )
            if came and came[0] is not None:
                self.model.book_undo(voucher, redemption, person, key, self.now)
                self.counter_keys.append(key)

    def _name_of(self, member: int) -> str:
        return next(name for name, number in self.stage.members.items() if number == member)

    def _counter_for(self, voucher: Held, right: bool) -> str:
        """The shop whose item it is, or the other one."""
        chens = voucher.good.merchant == self.ground.counters["chen"][0]
        return "chen" if chens is right else "deng"

    def _code_of(self, voucher: Held, minutes_old: int | None) -> str:
        """The code that the owner's phone shows, or the readable one that came with the exchange."""
        shown = issued(voucher.number, self.stage.island.keys.voucher_key_id, 0, self.stage.island)
        assert shown.key is not None
        if minutes_old is None:
            return str(shown.readable_code)
        minute = self.now // MINUTE - minutes_old
        return code_text(voucher_code(shown.key, shown.key_id, voucher.number.to_bytes(8, "big"), minute))
