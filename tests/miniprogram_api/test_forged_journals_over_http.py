"""Forged codes in uploads that a kiosk signed rightly: each item is refused for itself, nothing is credited (R2)."""

from __future__ import annotations

import itertools
import random
import socket
import time
from collections import Counter
from random import Random

import pytest

from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.errors import FieldsInvalid
from scenes.wire.journal import BootStarted, CodeIssued, CodeRead, ReadLine, kiosk_key_id
from scenes.wire.upload import UPLOAD_ITEMS_MAX, Upload, upload_text
from tests.benchmarks.journals import Chain, results_of, signed_post
from tests.benchmarks.load import HOST, WAIT_SECONDS
from tests.benchmarks.memory import workers_of
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.test_forgeries_over_http import CARD, KIOSK, MEMBER, TABLES, Forger, island
from tests.miniprogram_api.test_races import TREE_CARE, check_books, figures
from tests.scenes.wire.test_forgeries import STRANGER

__all__ = ["island"]  # the fixture: the stage at the present time, and two workers on its database

UPLOADS = 10
FOREIGN, ALTERED = "an item that a stranger signed", "an item that was altered"
FORGED = (MEMBER, CARD, KIOSK, MEMBER, FOREIGN, ALTERED)
BOOKED = tuple(table for table in TABLES if table != "journal_items")
Document = dict[str, str]


class ForgedJournal:
    """A kiosk that writes down whatever is held before it, and whose disk somebody wrote on."""

    def __init__(self, forger: Forger, key: bytes) -> None:
        self.forger, self.key, self.chain, self.now = forger, key, Chain(PIER, key), int(time.time())

    def first(self) -> bytes:
        return self._upload([self.chain.item(BootStarted(None), 80_000, self.now)])

    def next(self) -> bytes:
        return self._upload([self._item(number) for number in range(UPLOAD_ITEMS_MAX)])

    def _item(self, number: int) -> Document:
        name = FORGED[number % len(FORGED)]
        if name in (MEMBER, CARD, KIOSK):
            return self._of_code(name, number // len(FORGED))
        genuine = self._of_code(MEMBER, number)
        if name == FOREIGN:
            return sign_document(JOURNAL, genuine["body"], kiosk_key_id(PIER, 1), STRANGER.private)
        return genuine | {"body": genuine["body"].replace('"quantity":1', '"quantity":3')}

    def _of_code(self, name: str, number: int) -> Document:
        """With the next forgery that can stand in a journal at all: one line of text."""
        for trick in itertools.count(number):
            code = self.forger.code(name, trick)
            content = CodeIssued(code) if name == KIOSK else CodeRead(code, (ReadLine(TREE_CARE, 0, 1),))
            try:
                return self.chain.item(content, 0, self.now)
            except FieldsInvalid:
                continue
        raise AssertionError

    def _upload(self, documents: list[Document]) -> bytes:
        body = upload_text(Upload(self.chain.boot, 86_400_000, tuple(documents))).encode()
        return signed_post(kiosk_key_id(PIER, 1), self.key, body)


def answer_to(port: int, request: bytes) -> bytes:
    with socket.create_connection((HOST, port), WAIT_SECONDS) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def booked(stage: Stage) -> tuple[object, ...]:
    return (*(stage.count(table) for table in BOOKED), *figures(stage))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_forged_codes_in_a_journal_signed_rightly_are_refused_one_by_one(island: tuple[Stage, int]) -> None:
    stage, port = island
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # pytest shows it with a failure
    journal = ForgedJournal(Forger(stage, Random(seed)), stage.kiosk_key)
    before, workers, results = booked(stage), workers_of(port), Counter[str]()
    assert results_of(answer_to(port, journal.first())) == ["credited"]
    for _ in range(UPLOADS):
        upload = journal.next()
        answer = answer_to(port, upload)
        assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
        of_items = results_of(answer)
        assert len(of_items) == UPLOAD_ITEMS_MAX
        assert results_of(answer_to(port, upload)) == of_items  # sent again, it gets the same verdict
        results.update(of_items)
    assert all(result.startswith("refused:code_") for result in results), results
    assert results["refused:code_signature_invalid"] > UPLOADS * UPLOAD_ITEMS_MAX // 3
    assert stage.rows("SELECT state FROM kiosks WHERE id = 1") == [("active",)]
    assert workers_of(port) == workers
    assert booked(stage) == before
    check_books(stage)
