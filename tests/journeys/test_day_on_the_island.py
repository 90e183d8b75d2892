"""A day on the island, from the first code to the counter: what mei, chen and lin see, over real processes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

from scenes.wire.kiosk_code import parse
from scenes.wire.voucher_code import voucher_code
from tests.journeys.callers import Caller, counter
from tests.journeys.running_island import RunningIsland

CANVAS_BAG = 35
A_DAY = ("ferry-arrival", "island-bus", "clean-plate", "refill-water", "tree-care")


def item_called(who: Caller, name: str) -> dict[str, Any]:
    return next(item for item in who.get("member/items").json()["data"] if item["name"] == name)


def collect(who: Caller, island: RunningIsland, *scenes: str) -> int:
    """Hands in a fresh code of each scene; answers the points that they brought."""
    answers = [who.scan(island.code(scene)) for scene in scenes]
    assert [answer.status_code for answer in answers] == [201] * len(scenes), [answer.text for answer in answers]
    return sum(answer.json()["points"] for answer in answers)


def live_code(voucher: dict[str, Any]) -> str:
    """The code that the owner's phone shows this minute, made from the key of the answer."""
    key = base64.urlsafe_b64decode(voucher["key"] + "==")
    raw = voucher_code(key, voucher["key_id"], bytes.fromhex(voucher["id"]), int(time.time()) // 60)
    return base64.b32encode(raw).decode().rstrip("=")


def test_a_scan_brings_points_and_grams_at_once(mei: Caller, island: RunningIsland) -> None:
    answer = mei.scan(island.code("island-bus")).json()
    assert (answer["points"], answer["reduction_grams"]) == (5, 80)
    assert answer["activity"]["state"] == "credited"
    assert answer["balance"]["available"] == 5
    me = mei.get("member/me").json()
    assert (me["balance"]["available"], me["reduction_grams"]) == (5, 80)


def test_the_boat_brings_points_and_honestly_no_grams(mei: Caller, island: RunningIsland) -> None:
    answer = mei.scan(island.code("ferry-arrival")).json()
    assert (answer["points"], answer["reduction_grams"]) == (10, 0)


def test_the_same_code_counts_once_and_the_second_person_moves_nothing(
    mei: Caller, bo: Caller, island: RunningIsland
) -> None:
    code = island.code("clean-plate")
    assert mei.scan(code).status_code == 201
    again = bo.scan(code)
    assert (again.status_code, again.json()["code"]) == (409, "code_already_used")
    assert "activity" not in again.json()
    assert bo.balance["available"] == 0
    assert mei.balance["available"] == 5


def test_an_answer_that_was_lost_is_given_again_without_a_second_credit(mei: Caller, island: RunningIsland) -> None:
    code = island.code("clean-plate")
    first, second = mei.scan(code, key="lost-on-the-way"), mei.scan(code, key="lost-on-the-way")
    assert first.json()["activity"]["id"] == second.json()["activity"]["id"]
    assert mei.balance["available"] == 5


def test_a_changed_code_is_refused_and_credits_nobody(mei: Caller, island: RunningIsland) -> None:
    code = island.code("island-bus")
    forged = code[:20] + ("A" if code[20] != "A" else "B") + code[21:]
    answer = mei.scan(forged)
    assert answer.json()["code"] in {"code_signature_invalid", "code_malformed", "code_unknown_version"}
    assert mei.balance["available"] == 0
    assert mei.scan(code).status_code == 201, "the real one is still unused"


def test_from_the_pier_to_a_canvas_bag(mei: Caller, chen: Caller, island: RunningIsland) -> None:
    points = collect(mei, island, *A_DAY)
    bag = item_called(mei, "海岛帆布袋")
    assert bag["points"] == CANVAS_BAG <= points
    before = chen.get("merchant/redemptions").json()["today"]

    voucher = mei.post("member/vouchers", {"item_id": bag["id"], "quantity": 1}).json()
    assert voucher["state"] == "issued"
    assert (mei.balance["available"], mei.balance["held"]) == (points - CANVAS_BAG, CANVAS_BAG)

    code = live_code(voucher)
    shown = chen.post("merchant/lookups", {"code": code}).json()
    assert (shown["item"]["name"], shown["state"]) == ("海岛帆布袋", "issued")
    redeemed = chen.post("merchant/redemptions", {"code": code})
    assert redeemed.status_code == 201, redeemed.text
    fen = redeemed.json()["settlement_fen"]
    after = chen.get("merchant/redemptions").json()["today"]
    assert (after["count"], after["settlement_fen"]) == (before["count"] + 1, before["settlement_fen"] + fen)
    assert (mei.balance["available"], mei.balance["held"]) == (points - CANVAS_BAG, 0)

    twice = chen.post("merchant/redemptions", {"code": code})
    assert (twice.status_code, twice.json()["code"]) == (409, "voucher_already_redeemed")
    assert chen.get("merchant/redemptions").json()["today"] == after


def test_a_readable_code_does_what_the_picture_does(mei: Caller, chen: Caller, island: RunningIsland) -> None:
    collect(mei, island, "ferry-arrival", "island-bus")
    card = item_called(mei, "灵山岛明信片")
    voucher = mei.post("member/vouchers", {"item_id": card["id"], "quantity": 1}).json()
    typed = voucher["readable_code"].lower().replace("-", " ")
    assert chen.post("merchant/redemptions", {"code": typed}).status_code == 201
    assert mei.get(f"member/vouchers/{voucher['id']}").json()["state"] == "redeemed"


def test_another_shop_can_not_take_the_voucher(mei: Caller, chen: Caller, island: RunningIsland) -> None:
    collect(mei, island, "ferry-arrival", "island-bus")
    voucher = mei.post("member/vouchers", {"item_id": item_called(mei, "灵山岛明信片")["id"], "quantity": 1}).json()
    canteen = counter(chen.http, island.document["merchants"][1])
    refused = canteen.post("merchant/redemptions", {"code": live_code(voucher)})
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_merchant")
    assert mei.balance["held"] == 15
    assert chen.post("merchant/redemptions", {"code": live_code(voucher)}).status_code == 201


def test_points_that_are_missing_are_named_and_nothing_is_held(mei: Caller, island: RunningIsland) -> None:
    collect(mei, island, "island-bus")
    refused = mei.post("member/vouchers", {"item_id": item_called(mei, "海岛帆布袋")["id"], "quantity": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "points_missing")
    assert refused.json()["points_missing"] == CANVAS_BAG - 5
    assert (mei.balance["available"], mei.balance["held"]) == (5, 0)


def test_a_group_code_counts_for_everyone_once_but_not_for_a_guest(
    mei: Caller, bo: Caller, guest: Caller, island: RunningIsland
) -> None:
    code = island.code("ferry-arrival", "--group")
    assert [mei.scan(code).status_code, bo.scan(code).status_code] == [201, 201]
    assert mei.scan(code).json()["code"] == "code_already_used"
    assert (guest.scan(code).status_code, guest.balance["available"]) == (403, 0)
    assert (mei.balance["available"], bo.balance["available"]) == (10, 10)


def test_the_island_prints_a_code_for_every_scene(island: RunningIsland) -> None:
    found = [parse(base64.b32decode(code + "===")) for code in (island.code(str(number)) for number in range(1, 25))]
    assert [code.scene for code, _, _ in found] == list(range(1, 25))
    assert len({(code.kiosk, code.epoch, code.counter) for code, _, _ in found}) == 24


def test_a_scene_that_is_not_offered_so_is_refused_with_one_sentence(island: RunningIsland) -> None:
    done = island.kiosk("code", "tree-care", "--group", succeeds=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_staff_see_the_day_and_every_kiosk(lin: Caller, mei: Caller, island: RunningIsland) -> None:
    before = lin.get("staff/today").json()
    collect(mei, island, "island-bus")
    after = lin.get("staff/today").json()
    assert (after["acts"], after["points"]) == (before["acts"] + 1, before["points"] + 5)
    kiosks = {one["name"]: one for one in lin.get("staff/kiosks").json()["data"]}
    assert len(kiosks) == 10


def test_what_anyone_may_see_names_nobody(mei: Caller, island: RunningIsland) -> None:
    collect(mei, island, "island-bus")
    shown = mei.http.get("/api/v1/public/island")
    assert shown.json()["today"]["acts"] >= 1
    assert mei.get("member/me").json()["nickname"] not in shown.text


def test_the_live_code_is_the_one_of_the_contract() -> None:
    master, voucher = bytes(range(32)), bytes(range(8))
    extracted = hmac.digest(bytes(32), master, hashlib.sha256)
    key = hmac.digest(extracted, b"ISLE-VK-1\0" + voucher + b"\x01", hashlib.sha256)
    assert key.hex() == "cb93837a02ae5ab253b21c446e5ce2c8fde8c946ef515468168d15c6eac01381"
    assert voucher_code(key, 1, voucher, 29_000_000)[-16:].hex() == "71f006b6135572ef2a6e3d27577d7113"
