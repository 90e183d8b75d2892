"""A ferry of three hundred people, all behind one address, as on a ship's wireless: all get in and are credited."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.journeys.callers import member
from tests.journeys.running_island import RunningIsland, start_island, two_free_ports

# A group code takes sixty people, a new one comes every twenty seconds, and a boarding has three hundred seats.
PEOPLE_OF_A_CODE, CODES = 60, 5
AT_ONCE = 30
FIRST_LOOKS = ("member/me", "member/scenes", "member/items", "member/vouchers", "member/activities", "member/pass")
NAMED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_hundred_people_behind_one_address_get_in_and_are_credited(tmp_path: Path) -> None:
    island = start_island(tmp_path, two_free_ports())
    try:
        met: Counter[int] = Counter()
        with ThreadPoolExecutor(AT_ONCE) as people:
            for _ in range(CODES):
                code = island.code("ferry-arrival", "--group")
                for statuses in people.map(lambda _, shown=code: come_on_board(island, shown), range(PEOPLE_OF_A_CODE)):
                    met.update(statuses)
        assert set(met) == {200, 201}, met
        total = httpx.get(f"{island.document['server']}/api/v1/public/island").json()["total"]
        assert total["acts"] == PEOPLE_OF_A_CODE * CODES
    finally:
        island.stop()


def come_on_board(island: RunningIsland, code: str) -> list[int]:
    """One newcomer: the page with all it names, the sign-in, what the home page asks for, and the code on the wall."""
    with httpx.Client(base_url=island.document["server"], timeout=30) as http:
        page = http.get("/")
        statuses = [page.status_code, *(http.get(name).status_code for name in set(NAMED.findall(page.text)))]
        tourist = member(http, {"code": f"sim:tourist-{uuid4().hex[:8]}", "device": uuid4().hex})
        statuses += [tourist.get(path).status_code for path in FIRST_LOOKS]
        scanned = tourist.scan(code)
        assert scanned.json().get("activity", {}).get("state") == "credited", scanned.text
        return [*statuses, scanned.status_code]
