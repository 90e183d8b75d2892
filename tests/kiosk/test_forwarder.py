"""The forwarder: at least once, oldest first, and done only by a verdict that the office signed for this very hash."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from kiosk.forwarder import STRIKES_MAX, WAIT_SECONDS, WAIT_SECONDS_MAX, Forwarder, Turn
from kiosk.machine import Machine
from scenes.wire.journal import CodeIssued, JournalItem
from scenes.wire.upload import UPLOAD_BYTES_MAX, UPLOAD_ITEMS_MAX
from scenes.wire.verdict import ItemVerdict
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Asked, Office, Reply, json_reply, problem
from tests.kiosk.test_uplink import UNBELIEVED

JOURNAL = "/api/v1/kiosk/journal"


def keep(pier: Machine, count: int) -> list[str]:
    """So many issued codes in the journal; their texts."""
    texts = [f"CODE{number}" for number in range(count)]
    for text in texts:
        pier.journal.keep_issued(text, pier.journal.next_counter())
    return texts


def uploads(office: Office) -> list[list[Any]]:
    """The items of each upload that reached the office, as (seq) numbers."""
    bodies = [json.loads(asked.body) for asked in office.asked if asked.path == JOURNAL]
    return [[json.loads(item["body"])["seq"] for item in body["items"]] for body in bodies]


def table(pier: Machine, name: str) -> list[Any]:
    with closing(sqlite3.connect(pier.folder.journal)) as connection:
        return connection.execute(f"SELECT * FROM {name} ORDER BY number").fetchall()


def drain(pier: Machine, turns: int = 60) -> Turn:
    """Turns until there is nothing to send."""
    for _ in range(turns):
        turn = pier.forwarder.drain_once()
        if turn.is_empty:
            return turn
    raise AssertionError(f"not empty after {turns} turns: {pier.forwarder.trouble}")


def journal_alone(answer: Callable[[Asked], Reply | None]) -> Callable[[Asked], Reply | None]:
    """Only uploads get this answer."""
    return lambda asked: answer(asked) if asked.path == JOURNAL else None


def test_a_verified_verdict_ends_the_waiting_and_is_kept(pier: Machine, office: Office) -> None:
    texts = keep(pier, 3)
    assert pier.forwarder.drain_once() == Turn(sent=4, done=4)
    assert pier.journal.queue_length() == 0
    assert office.books.codes() == texts
    verdicts = table(pier, "verdicts")
    assert [(number, result, lines) for number, result, lines, _ in verdicts] == [
        (number, "credited", "[]") for number in range(1, 5)
    ]
    assert {server_time for *_, server_time in verdicts} == {office.server_time()}
    assert len(table(pier, "items")) == 4, "done items stay"
    assert pier.forwarder.drain_once() == Turn()
    assert len(uploads(office)) == 1, "nothing waits, nothing is asked"


def test_batches_are_short_enough_and_oldest_first(pier: Machine, office: Office) -> None:
    keep(pier, 449)
    drain(pier)
    assert [len(batch) for batch in uploads(office)] == [200, 200, 50]
    assert [seq for batch in uploads(office) for seq in batch] == list(range(1, 451))
    assert all(len(asked.body) < UPLOAD_BYTES_MAX for asked in office.asked)


def test_long_items_make_shorter_batches(pier: Machine, office: Office) -> None:
    for number in range(UPLOAD_ITEMS_MAX):
        pier.journal.keep_issued(f"{number}" + "甲" * 500, pier.journal.next_counter())
    drain(pier)
    assert len(uploads(office)) > 1
    assert max(len(asked.body) for asked in office.asked) <= UPLOAD_BYTES_MAX + 200
    assert [seq for batch in uploads(office) for seq in batch] == list(range(1, UPLOAD_ITEMS_MAX + 2))


def all_accepted(asked: Asked) -> Reply:
    """What somebody in between would like the kiosk to believe."""
    items = [
        {**{name: json.loads(item["body"])[name] for name in ("boot", "seq")}, "hash": "0" * 64, "result": "credited"}
        for item in json.loads(asked.body)["items"]
    ]
    return json_reply(200, {"accepted": True, "items": items})


def replayed_with_items(office: Office) -> Callable[[Asked], Reply]:
    """The office's own verdict on an earlier upload of the same items."""

    def answer(asked: Asked) -> Reply:
        items, contiguous = office.books.take(asked.body)
        return json_reply(200, office.verdict_on(b"another request", items=tuple(items), contiguous=contiguous))

    return answer


LIES: dict[str, Callable[[Office], Callable[[Asked], Reply]]] = {
    **UNBELIEVED,
    "unsigned all accepted with items": lambda office: all_accepted,
    "an earlier verdict on the same items": replayed_with_items,
}


@pytest.mark.parametrize("name", LIES)
def test_what_the_office_did_not_sign_for_this_request_ends_no_waiting(
    pier: Machine, office: Office, name: str
) -> None:
    texts = keep(pier, 2)
    office.instead = journal_alone(LIES[name](office))
    for _ in range(2):
        assert pier.forwarder.drain_once().trouble
    assert table(pier, "verdicts") == []
    assert pier.journal.queue_length() == 3
    office.instead = lambda asked: None
    drain(pier)
    assert office.books.codes() == texts
    assert pier.journal.queue_length() == 0


def test_a_verdict_counts_only_for_the_hash_that_is_held(pier: Machine, office: Office) -> None:
    keep(pier, 1)

    def of_another_hash(asked: Asked) -> Reply:
        items, _ = office.books.take(asked.body)
        wrong = tuple(ItemVerdict(item.boot, item.seq, "ab" * 32, item.result) for item in items)
        return json_reply(200, office.verdict_on(asked.body, items=wrong))

    office.instead = journal_alone(of_another_hash)
    assert pier.forwarder.drain_once().done == 0
    assert table(pier, "verdicts") == []
    assert pier.journal.queue_length() == 2


def test_refused_and_pending_are_done_and_stay_listed(pier: Machine, office: Office) -> None:
    def judge(item: JournalItem) -> str:
        by_seq = {2: "refused:code_expired", 3: "pending", 4: "duplicate"}
        return by_seq.get(item.head.seq, "credited")

    office.books.judge = judge
    keep(pier, 4)
    drain(pier)
    assert pier.journal.queue_length() == 0
    listed = [(answered.seq, answered.kind, answered.result) for answered in pier.journal.queue.not_credited()]
    assert listed == [(3, "issued", "pending"), (2, "issued", "refused:code_expired")]


def poisonous(office: Office, bad: set[str], reply: Reply) -> Callable[[Asked], Reply | None]:
    """The office refuses every request that holds one of these codes."""

    def answer(asked: Asked) -> Reply | None:
        found = {json.loads(item["body"]).get("code") for item in json.loads(asked.body)["items"]}
        return reply if found & bad else None

    return journal_alone(answer)


@pytest.mark.parametrize(
    ("status", "code"), [(422, "invalid_fields"), (413, "body_too_large"), (400, "code_malformed")]
)
def test_a_bad_item_is_put_aside_and_holds_up_nobody(pier: Machine, office: Office, status: int, code: str) -> None:
    texts = keep(pier, 60)
    office.instead = poisonous(office, {"CODE17"}, problem(status, code))
    drain(pier)
    assert sorted(office.books.codes()) == sorted(set(texts) - {"CODE17"})
    backlog = pier.journal.queue.backlog()
    assert (backlog.items, backlog.aside) == (1, 1)
    [aside] = [each for each in pier.journal.queue.not_credited() if each.server_time is None]
    assert (aside.result, aside.kind) == (f"{status} {code}", "issued")
    assert len(uploads(office)) < 30, "halving finds it soon"


def test_many_bad_items_in_a_row_are_found_one_by_one(pier: Machine, office: Office) -> None:
    texts = keep(pier, 20)
    bad = set(texts[5:12])
    office.instead = poisonous(office, bad, problem(422, "invalid_fields"))
    drain(pier, turns=200)
    assert set(office.books.codes()) == set(texts) - bad
    assert pier.journal.queue.backlog().aside == 7


def test_an_office_that_refuses_everything_gets_less_and_less_often_asked(pier: Machine, office: Office) -> None:
    keep(pier, 30)
    office.instead = journal_alone(lambda asked: problem(422, "invalid_fields"))
    pauses = []
    for _ in range(25):
        pier.forwarder.wake.clear()
        turn = pier.forwarder.drain_once()
        pier.forwarder.hear_office()
        pauses.append(pier.forwarder.pause_after(turn))
    assert pauses[-1] > WAIT_SECONDS_MAX / 4
    assert not pier.forwarder.wake.is_set(), "heartbeats alone don't hurry it"
    assert pier.journal.queue_length() == 31, "nothing is lost"


def test_what_was_put_aside_is_tried_again_later_and_by_drain(
    pier: Machine, office: Office, time_now: MovedClock
) -> None:
    keep(pier, 3)
    office.instead = poisonous(office, {"CODE1"}, problem(422, "invalid_fields"))
    drain(pier)
    office.instead = lambda asked: None
    drain(pier)
    assert pier.journal.queue_length() == 1, "not yet"
    time_now.move(3_700)
    drain(pier)
    assert pier.journal.queue_length() == 0
    assert sorted(office.books.codes()) == ["CODE0", "CODE1", "CODE2"]


def test_staff_need_not_wait_for_the_hour(pier: Machine, office: Office) -> None:
    keep(pier, 3)
    office.instead = poisonous(office, {"CODE1", "CODE2"}, problem(422, "invalid_fields"))
    drain(pier)
    lost = iter([Reply(502, b"", "text/html")])  # a line that fails once sends nothing back to its hour
    office.instead = journal_alone(lambda asked: next(lost, None))
    pier.forwarder.hurry()
    drain(pier)
    assert pier.journal.queue_length() == 0


def test_an_item_over_which_the_office_fails_is_put_aside_when_heartbeats_are_answered(
    pier: Machine, office: Office
) -> None:
    texts = keep(pier, 12)
    office.instead = poisonous(office, {"CODE4"}, Reply(500, b"<html>", "text/html"))
    for _ in range(80):
        pier.rounds.greet()
        pier.forwarder.drain_once()
    assert set(office.books.codes()) == set(texts) - {"CODE4"}
    assert pier.journal.queue.backlog().aside == 1


def test_without_a_line_nothing_is_put_aside(pier: Machine, office: Office) -> None:
    keep(pier, 1)
    office.instead = lambda asked: Reply(502, b"", "text/html")
    for _ in range(STRIKES_MAX * 10):
        pier.rounds.greet()
        pier.forwarder.drain_once()
    assert pier.journal.queue.backlog().aside == 0


def test_an_item_that_the_disk_has_changed_is_put_aside_with_its_reason(pier: Machine, office: Office) -> None:
    keep(pier, 3)
    with closing(sqlite3.connect(pier.folder.journal)) as connection, connection:
        connection.execute("DROP TRIGGER items_stay")
        connection.execute("UPDATE items SET body = replace(body, 'CODE1', 'CODEX') WHERE number = 3")
    drain(pier)
    assert sorted(office.books.codes()) == ["CODE0", "CODE2"]
    [aside] = pier.journal.queue.not_credited()
    assert (aside.seq, aside.result) == (3, "damaged_on_disk")


@pytest.mark.parametrize(
    ("status", "code"), [(401, "not_signed_in"), (403, "kiosk_suspended"), (403, "not_allowed"), (404, "not_found")]
)
def test_an_unknown_key_or_a_suspension_waits_and_puts_nothing_aside(
    pier: Machine, office: Office, status: int, code: str
) -> None:
    keep(pier, 1)
    office.instead = journal_alone(lambda asked: problem(status, code))
    for _ in range(STRIKES_MAX + 1):
        pier.rounds.greet()
        turn = pier.forwarder.drain_once()
        assert (turn.done, turn.aside) == (0, 0)
        assert code in str(turn.trouble)
        assert pier.forwarder.pause_after(turn) > 0
    assert pier.journal.queue.backlog().aside == 0


def test_waits_grow_with_a_jitter_up_to_a_ceiling_and_end_with_the_first_answer(pier: Machine, office: Office) -> None:
    keep(pier, 1)
    office.instead = lambda asked: Reply(502, b"", "text/html")
    pier.forwarder._chance = random.Random(7)
    pauses = [pier.forwarder.pause_after(pier.forwarder.drain_once()) for _ in range(14)]
    for number, pause in enumerate(pauses):
        longest = min(WAIT_SECONDS * 2**number, WAIT_SECONDS_MAX)
        assert longest / 2 <= pause <= longest
    assert len({pause / min(WAIT_SECONDS * 2**n, WAIT_SECONDS_MAX) for n, pause in enumerate(pauses)}) == len(pauses)
    office.instead = lambda asked: None
    assert pier.forwarder.pause_after(pier.forwarder.drain_once()) == 0


def test_an_answered_heartbeat_ends_the_wait(pier: Machine, office: Office) -> None:
    keep(pier, 1)
    office.instead = lambda asked: Reply(502, b"", "text/html")
    pier.forwarder.drain_once()
    pier.rounds.greet()
    assert not pier.forwarder.wake.is_set()
    office.instead = lambda asked: None
    pier.rounds.greet()
    assert pier.forwarder.wake.is_set()


def test_a_long_batch_gets_shorter_on_a_line_that_breaks_and_longer_again(pier: Machine, office: Office) -> None:
    keep(pier, 199)
    office.instead = journal_alone(
        lambda asked: Reply(502, b"", "text/html") if len(json.loads(asked.body)["items"]) > 30 else None
    )
    drain(pier)
    lengths = [len(batch) for batch in uploads(office)]
    assert lengths[:4] == [200, 100, 50, 25]
    assert len(office.books.codes()) == 199


def test_a_lost_answer_is_asked_again_and_applied_once(pier: Machine, office: Office) -> None:
    texts = keep(pier, 5)
    lost = []

    def lose_first(asked: Asked) -> Reply | None:
        if lost:
            return None
        lost.append(office.journal(asked))
        return Reply(502, b"", "text/html")

    office.instead = journal_alone(lose_first)
    drain(pier)
    assert office.books.codes() == texts
    assert office.books.faults == []
    assert pier.journal.queue_length() == 0


def test_an_office_that_lost_its_newest_books_is_sent_them_again(
    pier: Machine, office: Office, time_now: MovedClock
) -> None:
    texts = keep(pier, 6)
    drain(pier)
    office.books.forget(pier.journal.boot, 3)
    time_now.move(60)
    keep(pier, 0)
    held = {pier.journal.boot: office.books.contiguous(pier.journal.boot)}
    office.instead = lambda asked: (
        json_reply(200, office.verdict_on(asked.body, contiguous=held)) if asked.path.endswith("heartbeats") else None
    )
    pier.rounds.greet()
    assert pier.journal.queue_length() == 4
    office.instead = lambda asked: None
    drain(pier)
    assert office.books.codes() == texts
    assert office.books.contiguous(pier.journal.boot) == 7
    assert pier.journal.queue_length() == 0
    pier.rounds.greet()
    assert pier.journal.queue_length() == 0, "once"


def test_the_line_that_is_cut_for_show_sends_nothing_and_says_so(pier: Machine, office: Office) -> None:
    keep(pier, 2)
    pier.folder.cut.touch()
    office.asked.clear()
    assert not pier.rounds.greet()
    assert "offline" in str(pier.forwarder.drain_once().trouble)
    assert office.asked == []
    pier.folder.cut.unlink()
    assert pier.rounds.greet()
    drain(pier)
    assert pier.journal.queue_length() == 0


def test_items_of_an_earlier_start_go_first(pier: Machine, office: Office, time_now: MovedClock) -> None:
    texts = keep(pier, 2)
    pier.journal._name_boot()
    pier.journal._start()
    later = keep_named(pier, "LATER")
    drain(pier)
    assert office.books.codes() == [*texts, later]
    assert [item.head.seq for item in office.books.order] == [1, 2, 3, 1, 2]


def keep_named(pier: Machine, text: str) -> str:
    pier.journal.keep_issued(text, pier.journal.next_counter())
    return text


def test_two_uploads_of_the_same_items_leave_one_of_each(pier: Machine, office: Office) -> None:
    """Another forwarder on the same journal, as after an answer that came too late."""
    texts = keep(pier, 3)
    batch = pier.journal.queue.batch(200, UPLOAD_BYTES_MAX)
    second = Forwarder(pier.uplink, pier.keeper, pier.journal, pier.clock, pier.identity.kiosk)
    assert second._sent(batch).done == 4
    assert pier.forwarder._sent(batch).done == 4
    assert office.books.codes() == texts
    assert isinstance(office.books.order[1].content, CodeIssued)
    assert len(table(pier, "verdicts")) == 4
