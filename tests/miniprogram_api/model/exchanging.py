"""The model of vouchers: exchange, redeem, undo, cancel, expire; stock, limits and what shops are owed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.miniprogram_api.model.island_time import DAY, MINUTE
from tests.miniprogram_api.model.outcome import No
from tests.miniprogram_api.model.purse import Uses

VOUCHER_DAYS = 30
READABLE_MINUTES = 15
UNDO_SECONDS = 120
GUEST_ITEM_POINTS = 60
PIECES_MAX = 10


@dataclass(frozen=True)
class Good:
    """An item on a shelf; `limit` pieces a person, None for as many as they like."""

    number: int
    merchant: int
    points: int
    fen: int
    put_in: int
    limit: int | None = None


@dataclass
class Held:
    """A voucher. `redeemed_at` is of the redemption that stands."""

    number: int
    good: Good
    member: int
    quantity: int
    uses: Uses
    issued_at: int
    key: str = ""
    state: str = "issued"
    redeemed_at: int = 0

    @property
    def points(self) -> int:
        return self.good.points * self.quantity

    @property
    def fen(self) -> int:
        return self.good.fen * self.quantity

    @property
    def ends_at(self) -> int:
        return self.issued_at + VOUCHER_DAYS * DAY


@dataclass
class Shelves:
    """What is offered, what was given for points, and what the programme owes."""

    goods: dict[int, Good]
    vouchers: dict[int, Held] = field(default_factory=dict)
    payable: Counter[int] = field(default_factory=Counter)
    redeemed: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # redemption: voucher, when, undone

    def _standing(self, good: Good) -> list[Held]:
        there = (voucher for voucher in self.vouchers.values() if voucher.good == good)
        return [voucher for voucher in there if voucher.state in ("issued", "redeemed")]

    def stock_of(self, good: Good) -> int:
        return good.put_in - sum(voucher.quantity for voucher in self._standing(good))

    def had(self, good: Good, member: int) -> int:
        """Pieces that count against the person's limit."""
        return sum(voucher.quantity for voucher in self._standing(good) if voucher.member == member)

    def price(self, item: int, member: int, kind: str, quantity: int, good_points: int) -> int:
        """The points to hold; raises No."""
        good = self.goods.get(item)
        if good is None:
            raise No("not_found")
        if kind == "guest" and good.points > GUEST_ITEM_POINTS:
            raise No("not_allowed", why="guest_limit", points_most=GUEST_ITEM_POINTS)
        if self.stock_of(good) < quantity:
            raise No("out_of_stock", stock=self.stock_of(good))
        if good.limit is not None and self.had(good, member) + quantity > good.limit:
            raise No("limit_reached", limit_per_person=good.limit)
        points = good.points * quantity
        if good_points < points:
            raise No("points_missing", points_missing=points - good_points)
        return points

    def check_cancel(self, number: int, member: int, now: int) -> Held:
        voucher = self.vouchers.get(number)
        if voucher is None or voucher.member != member:
            raise No("not_found")
        self._check_state(voucher, now)
        return voucher

    def check_redeem(self, number: int, merchant: int, now: int, minutes_old: int | None) -> Held:
        """`minutes_old` of a live code; None for the readable code that came with the exchange."""
        voucher = self.vouchers[number]
        over = voucher.issued_at + READABLE_MINUTES * MINUTE <= now
        if over if minutes_old is None else abs(minutes_old) > 1:
            raise No("code_expired", way_on="show_the_code_again")
        if voucher.good.merchant != merchant:
            raise No("wrong_merchant")
        self._check_state(voucher, now)
        return voucher

    def _check_state(self, voucher: Held, now: int) -> None:
        if voucher.state == "redeemed":
            raise No("voucher_already_redeemed", redeemed_at=voucher.redeemed_at)
        if voucher.state == "cancelled":
            raise No("voucher_cancelled")
        if voucher.state == "expired" or voucher.ends_at <= now:
            raise No("voucher_expired")

    def redeem(self, voucher: Held, redemption: int, now: int) -> None:
        voucher.state, voucher.redeemed_at = "redeemed", now
        self.payable[voucher.good.merchant] += voucher.fen
        self.redeemed[redemption] = (voucher.number, now, False)

    def check_undo(self, redemption: int, merchant: int, now: int) -> Held:
        number, redeemed_at, undone = self.redeemed[redemption]
        if self.vouchers[number].good.merchant != merchant:
            raise No("not_found")
        if undone or now - redeemed_at > UNDO_SECONDS:
            raise No("undo_too_late")
        return self.vouchers[number]

    def undo(self, voucher: Held, redemption: int) -> None:
        voucher.state = "issued"
        self.payable[voucher.good.merchant] -= voucher.fen
        number, redeemed_at, _ = self.redeemed[redemption]
        self.redeemed[redemption] = (number, redeemed_at, True)

    def overdue(self, now: int) -> list[Held]:
        """Vouchers that the job has to end, in its order."""
        late = [voucher for voucher in self.vouchers.values() if voucher.state == "issued" and voucher.ends_at <= now]
        return sorted(late, key=lambda voucher: (voucher.ends_at, voucher.number))
