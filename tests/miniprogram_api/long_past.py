"""An island that has been open for most of a year: rows enough in every table that a walk along one would show.

member-0 … are signed in by those names, chen and lin by theirs. The rows have the shapes of real ones; only the acts'
add up.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from miniprogram_api.db import Base
from miniprogram_api.models import Person, PersonRole, StaffSession
from miniprogram_api.services.daily_sums import close_days
from miniprogram_api.services.leases import LEASE_SECONDS, take_lease
from tests.benchmarks.filling import Past, fill, member_ids
from tests.benchmarks.ground import add_members
from tests.miniprogram_api.cast import NOON, Stage, shop, token_hash

ACTS = 6_000
VOUCHERS = 2_000
DAY = 86_400
LIN, CHENS_SHOP, CHEN = 5, 71, 73
MEI = 1000  # member-1000 has acts, a lot and vouchers
ROLES = ("operator", "approver", "finance", "fleet", "auditor", "administrator")


def live_long(stage: Stage) -> int:
    """Answers the item of chen's shop."""
    item = shop(stage, points=1, stock=VOUCHERS)
    members = member_ids(ACTS)
    with stage.engine.begin() as connection:
        add_members(connection, members)
        _sign_lin_in(connection)
    fill(stage.engine, Past(members, NOON), ACTS, lambda written: None)
    with stage.engine.begin() as connection:
        entry = connection.scalar(text("SELECT MIN(id) FROM entries"))
        _add_vouchers(connection, members, item, entry)
        _add_corrections(connection, members)
        _add_trail(connection)
    fence = take_lease(stage.session, "long past", stage.clock)
    assert fence is not None
    close_days(stage.session, fence, stage.clock)
    stage.clock.advance(LEASE_SECONDS + 1)
    if stage.engine.dialect.name == "postgresql":
        with stage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return item


def _sign_lin_in(connection: Connection) -> None:
    lin = {"login": "lin", "name": "林", "password_hash": "-", "totp_secret": "A" * 32, "created_at": NOON}
    connection.execute(insert(Person).values(id=LIN, **lin))
    connection.execute(insert(PersonRole), [{"person_id": LIN, "role": role} for role in ROLES])
    session = {"person_id": LIN, "csrf": "-", "created_at": NOON, "expires_at": NOON + 400 * DAY}
    connection.execute(insert(StaffSession).values(token_hash=token_hash("lin"), **session))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _add_vouchers(connection: Connection, members: list[int], item: int, entry: Any) -> None:
    """Every second redeemed, every tenth of those taken back, some of the others past their last moment."""
    vouchers, redemptions, undos, lots = [], [], [], []
    for number in range(1, VOUCHERS + 1):
        made = NOON - (VOUCHERS - number) * 3600
        redeemed = number % 2 == 0
        vouchers.append(_voucher(number, members[MEI + number % 500], item, made, redeemed))
        lots.append({"voucher_id": number, "expires_on": 20271231, "graced": 0, "points": 1})
        if redeemed:
            common = {"person_id": CHEN, "entry_id": entry}
            more = {"merchant_id": CHENS_SHOP, "settlement_fen": 350, "redeemed_at": made + 60}
            redemptions.append({"id": number, "voucher_id": number, "number": 1, **common, **more})
            if number % 20 == 0:
                undos.append({"redemption_id": number, **common, "undone_at": made + 90})
    for name, rows in (
        ("vouchers", vouchers),
        ("voucher_lots", lots),
        ("redemptions", redemptions),
        ("redemption_undos", undos),
    ):
        connection.execute(insert(_table(name)), rows)
    connection.execute(text(f"UPDATE stock SET put_in = {3 * VOUCHERS}, remaining = {2 * VOUCHERS}"))
    connection.execute(text(f"UPDATE lots SET granted = granted + {VOUCHERS}"))
    connection.execute(text(f"UPDATE member_balances SET held = {VOUCHERS}"))


def _voucher(number: int, member: int, item: int, made: int, redeemed: bool) -> dict[str, Any]:
    return {
        "id": number,
        "member_id": member,
        "item_id": item,
        "item_version": 1,
        "merchant_id": CHENS_SHOP,
        "quantity": 1,
        "points": 1,
        "settlement_fen": 350,
        "state": "redeemed" if redeemed else "issued",
        "key_id": 1,
        "readable_number": 0,
        "readable_hash": number.to_bytes(32, "big"),
        "readable_expires_at": made + 900,
        "created_at": made,
        "expires_at": made + 60 * DAY,
        "ended_at": made + 60 if redeemed else None,
        "redemptions": int(redeemed),
    }


def _add_corrections(connection: Connection, members: list[int]) -> None:
    """Acts reversed, and points that were asked for."""
    connection.execute(
        text(
            "INSERT INTO reversals (act_id, entry_id, person_id, reason, reversed_at)"
            f" SELECT id, entry_id, {LIN}, 'a slip', recorded_at + 3600 FROM acts WHERE counter % 4 = 0"
        )
    )
    asked = [
        {
            "id": number,
            "member_id": members[number % 500],
            "points": 5,
            "reason": "-",
            "asked_by": LIN,
            "asked_at": NOON - number * 60,
            "expires_at": NOON + DAY,
            "key": f"k{number}",
            "content": bytes(32),
        }
        for number in range(1, 1001)
    ]
    connection.execute(insert(_table("adjustments")), asked)


def _add_trail(connection: Connection) -> None:
    """Lines of the audit trail, and runs of jobs."""
    lines = [
        {"at": NOON - number, "actor_kind": "system", "actor": "jobs", "act": "look", "object": f"kiosk:{number}"}
        for number in range(2000, 0, -1)
    ]
    connection.execute(insert(_table("audit_events")), [{**line, "detail": json.dumps({})} for line in lines])
    runs = [
        {
            "job": ("expire_points", "expire_vouchers", "reconcile")[number % 3],
            "fence": 1,
            "state": "done",
            "started_at": NOON - number * 60,
            "ended_at": NOON - number * 60 + 1,
            "units": 0,
            "detail": "",
        }
        for number in range(3000, 0, -1)
    ]
    connection.execute(insert(_table("job_runs")), runs)
