"""The pier's kiosk without a line, as anybody can show it: codes go on, the queue says what waits, then it empties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from scenes.wire.journal_export import parse_export
from tests.journeys.callers import member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_bad_day import eventually

PIER = "island-pier"


def status(island: RunningIsland) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(island.kiosk("status", PIER, "--json").stdout)[PIER]
    return found


def test_a_kiosk_that_was_cut_off_tells_everything_when_the_line_is_back(
    island: RunningIsland, http: httpx.Client, tmp_path: Path
) -> None:
    island.kiosk("drain", PIER)
    try:
        island.kiosk("offline", PIER)
        tickets = [island.code("carry-litter-off", "--ticket", "--kiosk", PIER) for _ in range(3)]
        cut = status(island)
        assert (cut["running"], cut["cut"], cut["online"], cut["queue"]) == (True, True, False, 3)
        assert cut["waiting"]["since"] is not None
        refused = island.kiosk("drain", PIER, succeeds=False)
        assert refused.returncode == 1
        assert refused.stdout.startswith(f"{PIER}: 3 items wait. UplinkUnavailable: the line is cut")
        island.kiosk("export", str(tmp_path / "stick"), "--kiosk", PIER)
        carried = [json.loads(item["body"])["code"] for item in parse_export((tmp_path / "stick").read_bytes()).items]
        assert carried == tickets
        mei = member(http, {"code": "sim:mei"})
        first = mei.scan(tickets[0])
        assert first.status_code == 201, "a phone with signal needs no line of the kiosk"
    finally:
        island.kiosk("online", PIER)
    assert island.kiosk("drain", PIER).stdout == f"{PIER}: nothing waits.\n"
    assert eventually(lambda: status(island)["online"])
    assert status(island)["queue"] == 0
    again = mei.scan(tickets[0])
    assert (again.status_code, again.json()["code"]) == (409, "code_already_used"), "what came late gives no second act"
    assert again.json()["activity"] == first.json()["activity"]["id"]
    island.kiosk("diagnose", str(tmp_path / "diagnosis"), "--kiosk", PIER)
    found = json.loads((tmp_path / "diagnosis").read_text())
    assert found["journal"]["backlog"]["items"] == 0
    assert found["journal"]["not_credited"] == []
