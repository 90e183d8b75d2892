"""The whole life of points in plain Python: what each step must do, before the real books do it.

Nothing here comes from the code under test. `foresee_…` raises No or answers a plan and changes nothing; `book_…`
carries the plan out, with the numbers that the books gave to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.miniprogram_api.model.correcting import Request, Requests
from tests.miniprogram_api.model.exchanging import PIECES_MAX, Held, Shelves
from tests.miniprogram_api.model.island_time import date_of, day_as_number, day_later, last_day_of_points
from tests.miniprogram_api.model.known_scenes import SCENES
from tests.miniprogram_api.model.outcome import Key, Keys, No
from tests.miniprogram_api.model.picture import Booked, Picture, Transfer
from tests.miniprogram_api.model.purse import Purse
from tests.miniprogram_api.model.scanning import GROUP, Done, Limit, Scans, Shown

GRACE_DAYS = 7
ISSUED, EXPIRED, REDEEMED = "points_issued", "points_expired", "points_redeemed"
AVAILABLE, HELD, DEBT = "member_available", "member_held", "member_debt"
WHO, WHO_AND_KIOSK, WHO_AND_SHOP = ("member", "time"), ("member", "kiosk", "time"), ("member", "merchant", "time")


@dataclass
class IslandModel:
    """`kinds` of the members: guest, visitor, resident."""

    kinds: dict[int, str]
    scans: Scans
    shelves: Shelves
    requests: Requests
    purses: dict[int, Purse] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    entries: list[Booked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.purses = {member: Purse() for member in self.kinds}

    # ── scans ──

    def foresee_scan(
        self, code: Shown, member: int, companion: int, room: int | None, key: str | None, now: int
    ) -> Done:
        """The act to book, or the one that was booked before (it has its number then)."""
        content = (code.kind, code.kiosk, code.counter, code.nonce, companion)
        mine = [act for act in self.scans.same_code(code, member) if act.member == member]
        try:
            act = self.scans.judge(code, member, self.kinds[member], companion, room, now)
            if mine and code.kind == GROUP:
                raise No("code_already_used")
        except No as no:
            before = self.keys.before(Key("member", member, key), content)
            if before is None and mine:
                raise No("code_already_used", activity=f"{mine[0].number:016x}") from no
            if before is None:
                raise
            return before  # type: ignore[no-any-return]  # an act was remembered
        return self.keys.before(Key("member", member, key), content) or act

    def book_scan(self, act: Done, number: int, key: str | None, now: int) -> None:
        code, act.number = act.code, number
        content = (code.kind, code.kiosk, code.counter, code.nonce, act.companion)
        self.keys.remember(Key("member", act.member, key), content, act)
        self.scans.book(act, now)
        if act.state == "pending":
            return
        paid = 0
        if act.points:
            paid = self.purses[act.member].put_in((last_day_of_points(act.occurred_at), 0), act.points)
        self.purses[act.member].grams += act.grams
        moved = self._credit(ISSUED, 0, act.member, act.points - paid, paid)
        moved.append(("grams_estimated", 0, "member_grams", act.member, "grams", act.grams))
        self._enter("earn", act.occurred_at, WHO_AND_KIOSK, _shown(act), moved)

    # ── vouchers ──

    def foresee_exchange(self, member: int, item: int, quantity: int, key: str, now: int) -> Held | int:
        """The points to hold, or the voucher of before."""
        if not 1 <= quantity <= PIECES_MAX:
            raise No("invalid_fields", fields=[{"field": "quantity", "reason": f"1…{PIECES_MAX}"}])
        before = self.keys.before(Key("member", member, key), ("exchange", item, quantity))
        if before is not None:
            return before  # type: ignore[no-any-return]  # a voucher was remembered
        good_points = self.purses[member].good(_today(now))
        return self.shelves.price(item, member, self.kinds[member], quantity, good_points)

    def book_exchange(self, member: int, item: int, quantity: int, number: int, key: str, now: int) -> Held:
        good, purse = self.shelves.goods[item], self.purses[member]
        uses = purse.take(good.points * quantity, _today(now))
        purse.held += good.points * quantity
        voucher = Held(number, good, member, quantity, uses, now, key)
        self.shelves.vouchers[number] = voucher
        self.keys.remember(Key("member", member, key), ("exchange", item, quantity), voucher)
        moved = [(AVAILABLE, member, HELD, member, "points", voucher.points)]
        self._enter("exchange", now, WHO_AND_SHOP, _pieces(voucher), moved)
        return voucher

    def foresee_cancel(self, member: int, number: int, key: str, now: int) -> Held | None:
        """The voucher to give back; None when this key did it before."""
        if self.keys.before(Key("member", member, key), ("cancel", number)):
            return None
        return self.shelves.check_cancel(number, member, now)

    def book_cancel(self, voucher: Held, key: str, now: int) -> None:
        self.keys.remember(Key("member", voucher.member, key), ("cancel", voucher.number), voucher)
        self._give_back(voucher, "cancelled", "cancel", now)

    def foresee_redeem(
        self, number: int, merchant: int, person: int, key: str, now: int, minutes_old: int | None
    ) -> Held | int:
        """The voucher to redeem, or the redemption of before."""
        before = self.keys.before(Key("merchant", person, key), ("redeem", number))
        if before is not None:
            return before  # type: ignore[no-any-return]  # a redemption was remembered
        return self.shelves.check_redeem(number, merchant, now, minutes_old)

    def book_redeem(self, voucher: Held, redemption: int, person: int, key: str, now: int) -> None:
        self.keys.remember(Key("merchant", person, key), ("redeem", voucher.number), redemption)
        self.shelves.redeem(voucher, redemption, now)
        self.purses[voucher.member].held -= voucher.points
        shown = _pieces(voucher) | {"fen": voucher.fen}
        self._enter("redeem", now, WHO_AND_SHOP, shown, _redeemed(voucher))

    def foresee_undo(self, redemption: int, merchant: int, person: int, key: str, now: int) -> Held | None:
        """The voucher that is good again; None when this key did it before."""
        if self.keys.before(Key("merchant", person, key), ("undo", redemption)):
            return None
        return self.shelves.check_undo(redemption, merchant, now)

    def book_undo(self, voucher: Held, redemption: int, person: int, key: str, now: int) -> None:
        self.keys.remember(Key("merchant", person, key), ("undo", redemption), redemption)
        self.shelves.undo(voucher, redemption)
        self.purses[voucher.member].held += voucher.points
        back = [(credit, to, debit, of, unit, amount) for debit, of, credit, to, unit, amount in _redeemed(voucher)]
        self._enter("reverse", now, WHO_AND_SHOP, _pieces(voucher) | {"fen": voucher.fen}, back)

    # ── jobs ──

    def book_expiry(self, now: int) -> tuple[int, int]:
        """What the jobs do when they run now: vouchers ended, members whose points expired."""
        overdue = self.shelves.overdue(now)
        for voucher in overdue:
            self._give_back(voucher, "expired", "expire", now)
        lost = {member: self.purses[member].expire(_today(now)) for member in sorted(self.purses)}
        for member, points in lost.items():
            if points:
                self._enter("expire", now, WHO, {"points": points}, [(AVAILABLE, member, EXPIRED, 0, "points", points)])
        return len(overdue), sum(points > 0 for points in lost.values())

    def _give_back(self, voucher: Held, state: str, kind: str, now: int) -> None:
        voucher.state, member = state, voucher.member
        back, paid, lost = self.purses[member].refund(voucher.uses, _today(now), day_later(now, GRACE_DAYS))
        moved = self._credit(HELD, member, member, back, paid)
        moved.append((HELD, member, EXPIRED, 0, "points", lost))
        self._enter(kind, now, WHO_AND_SHOP, _pieces(voucher), moved)

    # ── corrections ──

    def foresee_reversal(self, act: Done, person: int, reason: str, key: str, now: int) -> Done | None:
        """The act to reverse; None when this key did it before."""
        if self.keys.before(Key("staff", person, key), ("reverse", act.number, reason)):
            return None
        if self.requests.interests.get(person) == act.member:
            raise No("not_allowed", why="conflict_of_interest")
        if act.state == "pending":
            raise No("not_allowed", why="act_pending")
        if act.reversed:
            raise No("not_allowed", why="act_reversed")
        return act

    def book_reversal(self, act: Done, person: int, reason: str, key: str, now: int) -> None:
        self.keys.remember(Key("staff", person, key), ("reverse", act.number, reason), act)
        self.scans.reverse(act)
        own, points = (last_day_of_points(act.occurred_at), 0), act.points
        if _today(now) > own[0]:
            points = self.purses[act.member].take_grace(points, _today(now), own[0])
            moved = [(AVAILABLE, act.member, ISSUED, 0, "points", points)]
        else:
            moved = self._take(act.member, points, now, own)
        self.purses[act.member].grams -= act.grams
        moved.append(("member_grams", act.member, "grams_estimated", 0, "grams", act.grams))
        self._enter("reverse", now, WHO_AND_KIOSK, _shown(act) | {"points": points}, moved)

    def foresee_request(self, by: int, member: int, points: int, now: int) -> str:
        self.requests.check_ask(by, member, points, now)
        return "asked"

    def book_request(self, number: int, by: int, member: int, points: int, now: int) -> Request:
        """Nothing moves before somebody else has approved it."""
        self.requests.asked[number] = Request(number, member, points, by, now)
        return self.requests.asked[number]

    def book_decision(self, request: Request, by: int, decision: str, now: int) -> None:
        request.decision, request.decided_by = decision, by
        if decision == "approved":
            moved = self._adjust(request.member, request.points, now)
            self._enter("adjust", now, WHO, {"points": request.points}, moved)
        self._enter("approval", now, ("time",), {"points": request.points}, [])

    def _adjust(self, member: int, points: int, now: int) -> list[Transfer]:
        if points < 0:
            return self._take(member, -points, now, None)
        purse, lot = self.purses[member], (last_day_of_points(now), 0)
        paid = purse.put_back(lot, points)
        if points > paid:
            purse.granted[lot] += points - paid  # what pays a debt never was in a lot
        return self._credit(ISSUED, 0, member, points - paid, paid)

    # ── what is booked ──

    def _credit(self, source: str, owner: int, member: int, points: int, paid: int) -> list[Transfer]:
        return [
            (source, owner, AVAILABLE, member, "points", points),
            (source, owner, DEBT, member, "points", paid),
        ]

    def _take(self, member: int, points: int, now: int, own: tuple[int, int] | None) -> list[Transfer]:
        taken = self.purses[member].take_back(points, _today(now), own)
        return [
            (AVAILABLE, member, ISSUED, 0, "points", taken),
            (DEBT, member, ISSUED, 0, "points", points - taken),
        ]

    def _enter(
        self, kind: str, moment: int, committed: Sequence[str], shown: dict[str, Any], moved: list[Transfer]
    ) -> None:
        """One entry with its one leaf; what is zero moves nothing."""
        leaf = {"v": 1, "kind": kind, "day": date_of(moment).isoformat(), **shown}
        self.entries.append((leaf, frozenset(committed), tuple(sorted(row for row in moved if row[5]))))

    # ── all of it ──

    def picture(self) -> Picture:
        """What the database must hold now."""
        shelves, purses = self.shelves, self.purses
        return Picture(
            balances={member: (one.available, one.held, one.debt, one.grams) for member, one in purses.items()},
            lots={
                (member, *lot): (granted, one.left[lot])
                for member, one in purses.items()
                for lot, granted in one.granted.items()
            },
            caps=self._caps(),
            stock={number: (good.put_in, shelves.stock_of(good)) for number, good in shelves.goods.items()},
            vouchers={number: _row(voucher) for number, voucher in shelves.vouchers.items()},
            payable={good.merchant: shelves.payable[good.merchant] for good in shelves.goods.values()},
            acts={(act.number, act.member): _act(act) for act in self.scans.acts},
            entries=list(self.entries),
        )

    def _caps(self) -> dict[Limit, int]:
        used = {limit: amount for limit, amount in self.scans.used.items() if amount}
        for good in self.shelves.goods.values():
            for member in self.kinds:
                pieces = self.shelves.had(good, member) if good.limit is not None else 0
                if pieces:
                    used[member, f"item:{good.number:x}", 0] = pieces
        return used


def _today(now: int) -> int:
    return day_as_number(date_of(now))


def _shown(act: Done) -> dict[str, Any]:
    code = act.code
    factors = SCENES[code.scene].factors
    return {
        "scene": code.scene,
        "variant": code.variant,
        "rule": 1,
        "factor": f"{factors[code.variant]}/1",
        "quantity": act.credited,
        "points": act.points,
        "grams": act.grams,
    }


def _act(act: Done) -> tuple[Any, ...]:
    code = act.code
    seen = (act.companion, code.kiosk, code.counter, code.scene, code.variant, code.quantity)
    return (*seen, act.credited, act.points, act.grams, act.state, act.reason, act.occurred_at)


def _pieces(voucher: Held) -> dict[str, Any]:
    return {"quantity": voucher.quantity, "points": voucher.points}


def _redeemed(voucher: Held) -> list[Transfer]:
    return [
        (HELD, voucher.member, REDEEMED, 0, "points", voucher.points),
        ("programme_fen", 0, "merchant_payable", voucher.good.merchant, "fen", voucher.fen),
    ]


def _row(voucher: Held) -> tuple[Any, ...]:
    lots = tuple(sorted((last_day, graced, points) for (last_day, graced), points in voucher.uses))
    good = voucher.good
    return (voucher.member, good.number, voucher.quantity, voucher.points, voucher.fen, voucher.state, lots)
