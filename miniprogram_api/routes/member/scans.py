"""A member hands in a code."""

from __future__ import annotations

from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.history import show_activity
from miniprogram_api.routes.api import (
    MEMBER_TOKEN,
    Answer,
    Body,
    Calls,
    CodeText,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.member.shapes import Activity, Balance
from miniprogram_api.services.earning import Scan, record_scan

calls = Calls("member", "scans")


class ScanBody(Body):
    """`arrival` is the stamp of the page that the code's link opened; `companion` a child whose ticket this is."""

    code: CodeText
    arrival: Annotated[str, text(64, 0, r"^[A-Za-z0-9_-]*$")] | None = None
    companion: Annotated[int, whole(1, 3)] | None = None


class ScanAnswer(Answer):
    """`points` and `reduction_grams` are what this act brought, `debt_paid` how many of the points went into a debt
    with this very answer; 0 while it is pending."""

    activity: Activity
    points: int
    reduction_grams: int
    balance: Balance
    debt_paid: int


@calls.post(
    "/member/scans",
    caller=MEMBER_TOKEN,
    body=ScanBody,
    keyed="optional",
    answer=ScanAnswer,
    status=201,
    also={202: "Taken, and pending review"},
    refuses=(
        "code_malformed",
        "code_unknown_version",
        "code_signature_invalid",
        "kiosk_suspended",
        "proof_not_allowed",
        "code_already_used",
        "code_full",
        "code_expired",
        "cool_down",
        "scene_closed",
        "quantity_too_small",
        "idempotency_conflict",
    ),
)
def create_scan(token: bytes, body: ScanBody, key: str | None) -> tuple[dict[str, Any], int, None]:
    """Hand in a scanned code

    A capped act is 201 with 0 points and uses the code. A repeat with the same key answers the same activity as it
    is now.
    """
    here = surroundings()
    scan = Scan(token, body.code, body.arrival or None, body.companion or 0, key)
    scanned = record_scan(db.session(), scan, here.island, here.clock)
    act = scanned.act
    answer: dict[str, Any] = {
        "activity": show_activity(act, here.island.directory, caller_language()),
        "points": 0 if act.get("reversed_at") else act["points"],
        "reduction_grams": 0 if act.get("reversed_at") else act["reduction_grams"],
        "balance": scanned.balance.document(),
        "debt_paid": scanned.debt_paid,
    }
    return answer, 202 if answer["activity"]["state"] == "pending" else 201, None
