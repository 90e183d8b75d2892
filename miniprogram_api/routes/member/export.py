"""My data: one JSON document, written while it is read; a long history needs no more memory than a short one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain

from flask import Response
from sqlalchemy.orm import Session

from miniprogram_api.db import db
from miniprogram_api.queries.export import SECTIONS, Asked, person
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Calls, caller_language, surroundings
from miniprogram_api.routes.member.export_shapes import FORMAT, ROWS, Export, ExportPerson
from miniprogram_api.routes.scalars import moment_text

calls = Calls("member", "export")
TEXT_AT_ONCE = 32_768
HEADERS = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="tanyu-export.json"'}
# SQLite's readers have one snapshot anyway.
ONE_SNAPSHOT = {"postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}


@calls.get("/member/export", caller=MEMBER, answer=Export)
def read_export(member: MemberCaller) -> Response:
    """My data

    Everything that is held about me, in one snapshot. The document is sent while it is read: one that breaks off is no
    JSON.
    """
    here = surroundings()
    db.session.remove()  # one connection for each request, and this one outlives the view
    session = Session(db.engine)
    asked = Asked(
        session, member.member_id, member.token_hash, here.island.directory, caller_language(), here.clock.now()
    )
    try:
        session.connection(execution_options=ONE_SNAPSHOT.get(db.engine.dialect.name, {}))
        parts = _parts(asked, here.settings.island_names[asked.language])
        first = next(parts)  # a database that is away says so with a refusal
    except BaseException:
        session.close()
        raise
    answer = Response(_sent(session, chain([first], parts)), content_type="application/json", headers=HEADERS)
    answer.call_on_close(session.close)  # also when nobody reads a word of it
    return answer


def _sent(session: Session, parts: Iterator[str]) -> Iterator[str]:
    try:
        yield from _joined(parts)
    finally:
        session.close()


def _parts(asked: Asked, island: str) -> Iterator[str]:
    member = ExportPerson.model_validate(person(asked)).model_dump_json(by_alias=True)
    made_at, name = moment_text(asked.now), json.dumps(island, ensure_ascii=False)
    yield f'{{"format":"{FORMAT}","made_at":"{made_at}","island":{name},"member":{member}'
    for section, rows in SECTIONS.items():
        yield f',"{section}":['
        shape, comma = ROWS[section], ""
        for row in rows(asked):
            yield comma + shape.model_validate(row).model_dump_json(by_alias=True)
            comma = ","
        yield "]"
    yield "}"


def _joined(parts: Iterator[str]) -> Iterator[str]:
    """Pieces of a size that is worth sending."""
    waiting, size = list[str](), 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= TEXT_AT_ONCE:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)
