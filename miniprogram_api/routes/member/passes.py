"""What my phone needs to show my member code without network."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from miniprogram_api.db import db
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Calls, Moment, surroundings
from miniprogram_api.services.passes import passes_of_session
from scenes.wire.binary_text import binary_text

calls = Calls("member", "passes")


class PassAnswer(Answer):
    """`pass` is the first 96 bytes of each code of this day, `last_value` the end of its chain; both base64url."""

    pass_: str = Field(alias="pass")
    last_value: str


class Passes(Answer):
    """The one that runs now comes first."""

    server_time: Moment
    passes: list[PassAnswer]


@calls.get("/member/pass", caller=MEMBER, answer=Passes)
def read_pass(member: MemberCaller) -> dict[str, Any]:
    """My passes of three days

    The same ones on each call of this session; signing out ends them.
    """
    here = surroundings()
    passes = passes_of_session(db.session(), member.token_hash, here.island, here.clock)
    shown = [{"pass": binary_text(day.signed), "last_value": binary_text(day.last_value)} for day in passes]
    return {"server_time": here.clock.now(), "passes": shown}
