"""Points for a voucher, and the voucher at the counter, each against the yardstick."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from rich.console import Console
from sqlalchemy import Row, select

from miniprogram_api.config import load_keys
from miniprogram_api.domain.keys import Keys
from miniprogram_api.models import Voucher
from scenes.wire.code_text import code_text
from scenes.wire.voucher_code import voucher_code, voucher_key
from tests.benchmarks.ground import MEMBERS, Ground, grounds, keyed_post, prepare_yardstick, token_of, yard_requests
from tests.benchmarks.results import Figures, show
from tests.benchmarks.rounds import CONNECTIONS, Contestant, Rounds, run_rounds
from tests.benchmarks.servers import OURS, YARDSTICK, databases, served
from tests.benchmarks.shops import counter_of, give_points, open_shops

MERCHANTS = 10  # a merchant's balance is one row, and an island has more than one counter
REQUESTS = 600
REPETITIONS = 5
NAMES = ("exchange", "redeem", "yardstick")


@dataclass
class Counters:
    """Members exchange in turn at every shop; each voucher is then redeemed once."""

    ground: Ground
    items: list[int]
    given: int = 0
    shown: set[int] = field(default_factory=set)

    @cached_property
    def keys(self) -> Keys:
        return load_keys(self.ground.folder / "keys.json")

    def exchanges(self, count: int) -> list[bytes]:
        return [self._exchange() for _ in range(count)]

    def _exchange(self) -> bytes:
        number, self.given = self.given, self.given + 1
        wish = {"item_id": f"{self.items[number % len(self.items)]:016x}", "quantity": 1}
        return keyed_post("/api/v1/member/vouchers", wish, token_of(number % MEMBERS))

    def redemptions(self, count: int) -> list[bytes]:
        """Of vouchers that an earlier round was given; the codes are good for a minute or two."""
        shops = {item: shop for shop, item in enumerate(self.items)}
        return [redemption(self.live_code(row.id), shops[row.item_id]) for row in self.issued(count)]

    def live_code(self, voucher: int) -> str:
        raw, key_id = voucher.to_bytes(8, "big"), self.keys.voucher_key_id
        key = voucher_key(self.keys.voucher_masters[key_id], raw)
        return code_text(voucher_code(key, key_id, raw, int(time.time()) // 60))

    def issued(self, count: int) -> list[Row[Any]]:
        """So many vouchers (`id`, `item_id`) that were never answered here before."""
        with self.ground.engine() as engine, engine.connect() as connection:
            rows = connection.execute(select(Voucher.id, Voucher.item_id).where(Voucher.state == "issued")).all()
        fresh = [row for row in rows if row.id not in self.shown][:count]
        assert len(fresh) == count, "as many are exchanged before as are redeemed"
        self.shown.update(row.id for row in fresh)
        return fresh


def redemption(code: str, shop: int) -> bytes:
    return keyed_post("/api/v1/merchant/redemptions", {"code": code}, counter_of(shop))


def measure(kind: str, console: Console, repetitions: int, count: int) -> Figures:
    with databases(kind, "ours", "yard") as (ours, yard), grounds(ours) as ground:
        with ground.engine() as engine:
            counters = Counters(ground, open_shops(engine, MERCHANTS))
            give_points(engine)
        prepare_yardstick(yard)
        with served(OURS, ground.environment) as port, served(YARDSTICK, {"YARDSTICK_DATABASE_URL": yard}) as yard_port:
            contestants = [
                Contestant("yardstick", yard_port, partial(yard_requests, "/core"), 201),
                Contestant("exchange", port, counters.exchanges, 201),
                Contestant("redeem", port, counters.redemptions, 201),
            ]
            return figures_of(run_rounds(contestants, repetitions, count, console, kind, turn=False))


def figures_of(rounds: Rounds) -> Figures:
    return {
        "exchange ÷ yardstick, answers a second": f"{rounds.ratio('exchange', 'yardstick'):.2f}",
        "redeem ÷ yardstick, answers a second": f"{rounds.ratio('redeem', 'yardstick'):.2f}",
        "exchange: p95 ÷ p95 of the yardstick": f"{rounds.p95_ratio('exchange', 'yardstick'):.2f}",
        "redeem: p95 ÷ p95 of the yardstick": f"{rounds.p95_ratio('redeem', 'yardstick'):.2f}",
        "refused because the database was locked or busy": str(rounds.busy("exchange") + rounds.busy("redeem")),
        **{f"{name}: answers a second": f"{rounds.rate(name):,.0f}" for name in NAMES},
        **{f"{name}: p95": f"{rounds.p95(name) * 1000:.1f} ms" for name in NAMES},
    }


def main(console: Console, kinds: list[str], quick: bool) -> None:
    repetitions, count = (1, 100) if quick else (REPETITIONS, REQUESTS)
    figures = {kind: measure(kind, console, repetitions, count) for kind in kinds}
    title = f"Exchange and redeem: {repetitions} × {count} requests, {CONNECTIONS} connections, {MERCHANTS} counters"
    show(console, title, figures)
