"""Screens, writes and jobs find their rows by an index, however many acts, entries and vouchers there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.app import create_app
from miniprogram_api.db import db
from miniprogram_api.routes.session_tokens import COOKIE
from miniprogram_api.services.daily_sums import close_day, day_to_close
from miniprogram_api.services.expiry import expire_lots, members_with_expired_lots
from miniprogram_api.services.leases import Fence, take_lease
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.refunds import cancel_voucher, expire_voucher, overdue_vouchers
from miniprogram_api.services.undos import Undo, undo_redemption
from miniprogram_api.services.vouchers import Wish, exchange_points
from scenes.wire.kinds import KIND_GROUP
from tests.benchmarks.ground import token_of
from tests.miniprogram_api.cast import Stage, token_hash
from tests.miniprogram_api.long_past import CHEN, CHENS_SHOP, DAY, live_long
from tests.miniprogram_api.long_past import MEI as HER_NUMBER
from tests.miniprogram_api.query_plans import recorded, walks
from tests.miniprogram_api.routes.speech import API, answered, bearer, settings_for

# The tables that grow with every act, voucher, member or run.
LARGE = {
    *("acts", "entries", "transfers", "vouchers", "voucher_lots", "redemptions", "redemption_undos", "reversals"),
    *("lots", "caps", "members", "member_balances", "member_sessions", "adjustments", "audit_events", "job_runs"),
}
MEI = token_of(HER_NUMBER)
REFILL, FERRY, CLEAN_PLATE = 9, 1, 6


@pytest.fixture
def app(stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    """The server on the stage's database."""
    url = stage.engine.url.render_as_string(hide_password=False)
    application = create_app(settings_for(url, tmp_path / "keys.json"), clock=stage.clock)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def reads(app: APIFlask) -> list[str]:
    """Every call that answers a list or a figure to somebody who is signed in, or to everybody."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    found = [rule.rule for rule in rules if rule.rule.startswith(API) and "<" not in rule.rule]
    return sorted(path for path in found if "/kiosk/" not in path and not path.endswith(("openapi.json", "/docs")))


def ask(client: FlaskClient, path: str) -> None:
    """Ask for it, and for the page after the first where it has pages."""
    who = path.removeprefix(f"{API}/").partition("/")[0]
    headers = bearer({"member": MEI, "merchant": "chen"}.get(who, ""))
    if who == "staff":
        client.set_cookie(COOKIE, "lin")
    shown = answered(client.get(path, headers=headers))
    if isinstance(shown, dict) and shown.get("next"):
        answered(client.get(f"{path}?cursor={shown['next']}", headers=headers))


def test_no_screen_walks_along_a_large_table(stage: Stage, app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    live_long(stage)
    asked, found = reads(app), {}
    assert len(asked) > 15
    for path in asked:
        with recorded(db.engine, monkeypatch) as sent:
            ask(app.test_client(), path)
        found[path] = walks(db.engine, sent, LARGE)
    assert {path: walked for path, walked in found.items() if walked} == {}


def test_what_was_decided_is_found_from_its_decisions(
    stage: Stage, app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_long(stage)
    with recorded(db.engine, monkeypatch) as sent:
        for narrowed in ("", "&days=3", "&kiosk=1&scene=refill-water", f"&member={HER_NUMBER:016x}"):
            ask(app.test_client(), f"{API}/staff/reviews?state=decided{narrowed}")
    assert walks(db.engine, sent, LARGE) == []


def test_one_activity_and_one_voucher_are_found_by_their_ids(
    stage: Stage, app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_long(stage)
    for kind in ("activities", "vouchers"):
        client, path = app.test_client(), f"{API}/member/{kind}"
        first = answered(client.get(path, headers=bearer(MEI)))["data"][0]["id"]
        with recorded(db.engine, monkeypatch) as sent:
            answered(client.get(f"{path}/{first}", headers=bearer(MEI)))
        assert len(sent) > 1
        assert walks(db.engine, sent, LARGE) == []


def test_scan_exchange_redemption_and_their_ways_back_find_rows_by_index(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = live_long(stage)
    stage.session.rollback()
    with recorded(stage.engine, monkeypatch) as sent:
        stage.counter = 100_000
        stage.scan(MEI, stage.code(REFILL), key="one")
        stage.scan(MEI, stage.code(CLEAN_PLATE), key="two")
        stage.scan(MEI, stage.code(FERRY, KIND_GROUP))
        wishes = [Wish(token_hash(MEI), item, 1, key) for key in ("first", "second")]
        issued = [exchange_points(stage.session, wish, stage.island, stage.clock) for wish in wishes]
        assert exchange_points(stage.session, wishes[0], stage.island, stage.clock).voucher_id == issued[0].voucher_id
        counter = Counter(token_hash("chen"), str(issued[0].readable_code), "r")
        redemption = redeem_voucher(stage.session, counter, stage.island, stage.clock).redemption_id
        undo_redemption(stage.session, Undo(CHENS_SHOP, CHEN, redemption, "u"), stage.island, stage.clock)
        member = int(str(stage.rows(f"SELECT member_id FROM vouchers WHERE id = {issued[1].voucher_id}")[0][0]))
        cancel_voucher(stage.session, member, issued[1].voucher_id, "c", stage.island, stage.clock)
    assert len(sent) > 30
    assert walks(stage.engine, sent, LARGE) == []


def test_jobs_find_what_is_due_by_index_and_do_it_by_index(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    live_long(stage)
    fence = take_lease(stage.session, "jobs", stage.clock)
    assert fence is not None
    with recorded(stage.engine, monkeypatch) as sent:
        _round(stage, fence)
    assert walks(stage.engine, sent, LARGE) == []


def _round(stage: Stage, fence: Fence) -> None:
    """One of everything that the jobs do, at a time when something is due."""
    overdue = overdue_vouchers(stage.session, stage.clock.now())
    assert overdue
    expire_voucher(stage.session, overdue[0], fence, stage.clock)
    stage.clock.advance(DAY)
    day = day_to_close(stage.session, stage.clock.now())
    assert day is not None
    assert close_day(stage.session, day, fence, stage.clock)
    stage.clock.advance(500 * DAY)
    [first, *_] = members_with_expired_lots(stage.session, stage.clock.now())
    assert expire_lots(stage.session, first, fence, stage.clock)
