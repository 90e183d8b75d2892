"""What one person asked for is approved or rejected by another, or taken back: the three calls, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls
from miniprogram_api.routes.staff.version_shapes import Digest, Reason
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN
from miniprogram_api.services.version_decisions import Verdict


class ApprovalBody(Body):
    """`payload` of the version that was read: another one is not approved."""

    payload: Digest | None = None


class RejectionBody(Body):
    reason: Reason


@dataclass(frozen=True)
class Bodies:
    """What the calls take; None: nothing."""

    approval: type[BaseModel] = ApprovalBody
    rejection: type[BaseModel] = RejectionBody
    withdrawal: type[BaseModel] | None = None


# Gets the verdict and the ids in the path by name; answers what was decided about, as it is now.
Decided = Callable[..., dict[str, Any]]
TAKES_VERSIONS = Bodies()


def declare_decisions(
    calls: Calls,
    path: str,
    noun: str,
    answer: type[Answer],
    decided: Decided,
    sentences: tuple[str, str, str],
    bodies: Bodies = TAKES_VERSIONS,
) -> None:
    """POST `path`/approve, /reject and /withdraw, whose operations are approve_`noun` and so on; `sentences` say in
    this order what each does."""

    def approve(person: StaffCaller, body: Any, **ids: str) -> dict[str, Any]:
        payload = bytes.fromhex(body.payload) if body.payload else None
        return decided(verdict=Verdict(APPROVED, person.person_id, payload=payload), **ids)

    def reject(person: StaffCaller, body: Any, **ids: str) -> dict[str, Any]:
        return decided(verdict=Verdict(REJECTED, person.person_id, body.reason or ""), **ids)

    def withdraw(person: StaffCaller, body: Any = None, **ids: str) -> dict[str, Any]:
        return decided(verdict=Verdict(WITHDRAWN, person.person_id, (body and body.reason) or ""), **ids)

    takes = (bodies.approval, bodies.rejection, bodies.withdrawal)
    refuses = (("idempotency_conflict",), (), ())
    for view, body, codes, sentence in zip((approve, reject, withdraw), takes, refuses, sentences, strict=True):
        verb = view.__name__
        view.__name__, view.__doc__ = f"{verb}_{noun}", sentence
        calls.post(f"{path}/{verb}", caller=STAFF, body=body, answer=answer, refuses=codes)(view)
