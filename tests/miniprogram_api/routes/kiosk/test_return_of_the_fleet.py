"""Many kiosks come back after three days; every batch comes twice, in any order: each item is here once."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from apiflask import APIFlask

from kiosk.intake import Intake
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.journal_queue import WaitingItem
from kiosk.reading_lines import AskedLine
from scenes.wire.upload import UPLOAD_BYTES_MAX, Upload, upload_text
from scenes.wire.verdict import open_verdict
from tests.miniprogram_api.cast import BASE_URL, PIER, Stage
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import KioskAtSea, kiosk_on_the_line
from tests.miniprogram_api.test_reconcile import found as differences_found

DAY = 86_400
MINUTE = 60
GUESTS = 25  # so that nobody comes again within the half hour in which it would be the same act
TICKET = CodeRequest(6, 0, None, "ticket")
FULL = [pytest.mark.slow, pytest.mark.timeout(1_800)]


def live_offline(kiosk: KioskAtSea, guests: list[str], items: int) -> None:
    """Tickets and readings in turn, one a minute; with the start's own item there are so many."""
    machine, stage = kiosk.machine, kiosk.stage
    intake = Intake(machine.keeper, machine.clock, machine.journal, BASE_URL)
    for number in range(items - 1):
        stage.clock.advance(MINUTE)
        if number % 2:
            issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        else:
            code = stage.member_code(guests[number // 2 % GUESTS])
            intake.take_member_code(code, (AskedLine(9, 0, None),))


def batches_of(kiosk: KioskAtSea, length: int) -> list[list[WaitingItem]]:
    waiting = kiosk.machine.journal.queue.batch(10_000, 100 * UPLOAD_BYTES_MAX)
    return [waiting[first : first + length] for first in range(0, len(waiting), length)]


def send(kiosk: KioskAtSea, batch: list[WaitingItem]) -> int:
    """One upload over the signed line; how many items the kiosk holds for done after it."""
    machine = kiosk.machine
    documents = tuple(item.document for item in batch)
    body = upload_text(Upload(machine.journal.boot, machine.clock.uptime_ms(), documents))
    answer = machine.uplink.post("/kiosk/journal", body)
    verdict = open_verdict(answer.body, machine.keeper.office_key, machine.identity.kiosk, body.encode())
    return machine.journal.apply_verdicts(batch, verdict)


@pytest.mark.parametrize(("kiosks", "items"), [(3, 30), pytest.param(40, 500, marks=FULL)])
def test_every_batch_twice_and_shuffled_leaves_each_item_once(
    stage: Stage, app: APIFlask, tmp_path: Path, kiosks: int, items: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # pytest shows it with a failure
    chance = random.Random(seed)
    numbers = [*range(PIER + 1, PIER + kiosks), PIER]  # the pier's place gets its offers with the first other kiosk
    fleet = [kiosk_on_the_line(stage, app, tmp_path, number) for number in numbers]
    began = stage.clock.now()
    for number, kiosk in enumerate(fleet):
        guests = [f"guest-{number}-{place}" for place in range(GUESTS)]
        for guest in guests:
            stage.member(guest)
        stage.clock.set(began)
        assert kiosk.machine.rounds.greet()
        live_offline(kiosk, guests, items)
    stage.clock.set(began + 3 * DAY)
    sending = [(kiosk, batch) for kiosk in fleet for batch in batches_of(kiosk, 100 if items > 100 else 7)] * 2
    chance.shuffle(sending)
    for kiosk, batch in sending:
        assert send(kiosk, batch) == len(batch)
    assert stage.count("journal_items") == kiosks * items
    check_the_fleet(stage, fleet, items)
    assert differences_found(stage.engine) == []


def check_the_fleet(stage: Stage, fleet: list[KioskAtSea], items: int) -> None:
    """No queue is left, nothing was refused for coming late or twice, and each reading is one act."""
    readings = items // 2
    for kiosk in fleet:
        assert kiosk.machine.journal.queue_length() == 0
        kiosk.machine.close()
    per_kiosk = stage.rows("SELECT kiosk_id, boot, seq, count(*) FROM readings GROUP BY kiosk_id, boot, seq")
    assert {times for *_, times in per_kiosk} == {1}
    assert Counter(kiosk for kiosk, *_ in per_kiosk) == {kiosk.machine.identity.kiosk: readings for kiosk in fleet}
    assert stage.count("acts") == readings * len(fleet)
    assert stage.rows("SELECT count(*) FROM notices") == [(0,)]
