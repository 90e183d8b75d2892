"""The server's signed answer to a journal or heartbeat; only it lets a kiosk mark an item done (contract section 2)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from scenes.wire.documents import VERDICT, open_document
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX, hex_text, members, path, sequence, whole_number
from scenes.wire.journal_content import BOOT_DIGITS, HASH_DIGITS, READ_LINES_MAX
from scenes.wire.json_text import json_text
from scenes.wire.upload import UPLOAD_ITEMS_MAX

BOOTS_MAX = 2_000

# From best to worst; an item's result is the best of its lines'.
_RANKS = ("credited", "pending", "duplicate", "refused")
_RESULT = re.compile(r"credited|pending|duplicate|refused:[a-z][a-z0-9_]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """What became of one item: `credited`, `pending`, `duplicate` or `refused:<code>`, and the same for each line."""

    boot: str
    seq: int
    hash: str
    result: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`request` is the hex SHA-256 of the request body answered; `server_time` Unix seconds.

    `contiguous` says for each start of the kiosk up to which number the server has every item.
    """

    kiosk: int
    request: str
    server_time: int
    contiguous: dict[str, int]
    items: tuple[ItemVerdict, ...] = ()


def request_hash(request_body: bytes) -> str:
    """Hex SHA-256 of a request body: what the verdict on it names."""
    return sha256(request_body).hexdigest()


def best_result(results: Iterable[str]) -> str:
    """The best of at least one result: credited, pending, duplicate, refused, in this order."""
    return min(results, key=lambda result: _RANKS.index(result.partition(":")[0]))


def worst_result(results: Iterable[str]) -> str:
    """The worst of at least one result, without its code: `refused` rather than credited."""
    return max((result.partition(":")[0] for result in results), key=_RANKS.index)


def verdict_body(verdict: Verdict) -> str:
    """The body text for the office key to sign; refuses our own mistakes by reading it back as the kiosk will."""
    body = asdict(verdict) | {"items": [asdict(item) | {"lines": list(item.lines)} for item in verdict.items]}
    parse_verdict(body)
    return json_text(body)


def open_verdict(
    document: object, office_key_of: Callable[[str], bytes | None], kiosk: int, request_body: bytes
) -> Verdict:
    """The verdict of the office on exactly this request of this kiosk; raises CodeRefused for anything else."""
    verdict = parse_verdict(open_document(VERDICT, document, office_key_of))
    if verdict.kiosk != kiosk:
        raise FieldsInvalid("kiosk", "the answer to another kiosk")
    if verdict.request != request_hash(request_body):
        raise FieldsInvalid("request", "the answer to another request")
    return verdict


def parse_verdict(value: object) -> Verdict:
    """The verdict that this body says. Raises FieldsInvalid."""
    body = members(value, "", Verdict.__annotations__)
    found = sequence(body["items"], "items", UPLOAD_ITEMS_MAX)
    return Verdict(
        kiosk=whole_number(body["kiosk"], "kiosk", 0, UNSIGNED_32_MAX),
        request=hex_text(body["request"], "request", HASH_DIGITS),
        server_time=whole_number(body["server_time"], "server_time", 0, UNSIGNED_32_MAX),
        contiguous=_contiguous(body["contiguous"]),
        items=tuple(_item(item, f"items[{position}]") for position, item in enumerate(found)),
    )


def _contiguous(value: Any) -> dict[str, int]:
    named = members(value, "contiguous", (), value if isinstance(value, dict) else ())
    sequence(list(named), "contiguous", BOOTS_MAX)
    return {
        hex_text(boot, "contiguous", BOOT_DIGITS): whole_number(seq, path("contiguous", boot), 0, UNSIGNED_32_MAX)
        for boot, seq in named.items()
    }


def _item(value: object, where: str) -> ItemVerdict:
    item = members(value, where, ItemVerdict.__annotations__)
    lines = sequence(item["lines"], path(where, "lines"), READ_LINES_MAX)
    return ItemVerdict(
        boot=hex_text(item["boot"], path(where, "boot"), BOOT_DIGITS),
        seq=whole_number(item["seq"], path(where, "seq"), 1, UNSIGNED_32_MAX),
        hash=hex_text(item["hash"], path(where, "hash"), HASH_DIGITS),
        result=_result(item["result"], path(where, "result")),
        lines=tuple(_result(line, path(where, "lines")) for line in lines),
    )


def _result(value: object, where: str) -> str:
    if not isinstance(value, str) or not _RESULT.fullmatch(value):
        raise FieldsInvalid(where, "not a result that we know")
    return value
