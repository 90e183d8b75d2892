"""The people who walk through the journeys, and the island they walk on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.browser.tourist_places import Guests, a_morning
from tests.journeys.callers import Caller, counter, member
from tests.journeys.running_island import RunningIsland, start_island, two_free_ports

TIMEOUT_SECONDS = 300  # an island starts inside: half a minute on a busy machine, twice in one test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys may take longer than one rule."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


@pytest.fixture(scope="session")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIsland]:
    """One island for all journeys."""
    running = start_island(tmp_path_factory.mktemp("island"), two_free_ports())
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def http(island: RunningIsland) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=island.document["server"], timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def phones(playwright: Playwright) -> Iterator[Browser]:
    """The browser of people's phones; each phone is a context of its own."""
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def guests(island: RunningIsland) -> Iterator[Guests]:
    """mei after a morning on the island and noa who has just arrived, for who only looks at their pages."""
    with httpx.Client(base_url=island.document["server"], timeout=20) as http:
        yield a_morning(island, http)


@pytest.fixture
def mei(http: httpx.Client) -> Caller:
    """A tourist, new on the island in each journey."""
    return member(http, {"code": f"sim:mei-{uuid4().hex[:8]}"})


@pytest.fixture
def bo(http: httpx.Client) -> Caller:
    """A second tourist."""
    return member(http, {"code": f"sim:bo-{uuid4().hex[:8]}"})


@pytest.fixture
def guest(http: httpx.Client) -> Caller:
    """Somebody without WeChat, in a browser."""
    return member(http, {"guest": True})


@pytest.fixture
def chen(http: httpx.Client, island: RunningIsland) -> Caller:
    """Who stands at the counter of the low-carbon shop."""
    shop = next(one for one in island.document["merchants"] if one["name"] == "低碳商店")
    return counter(http, shop)


@pytest.fixture
def lin(island: RunningIsland) -> Iterator[Caller]:
    """An operator at the console, signed in with both factors."""
    one = next(one for one in island.document["staff"] if one["role"] == "operator")
    with httpx.Client(base_url=island.document["server"], timeout=20) as client:
        totp = pyotp.TOTP(one["totp_secret"]).now()
        body = {"login": one["login"], "password": one["password"], "totp": totp}
        answer = client.post("/api/v1/staff/sessions", json=body)
        assert answer.status_code == 201, answer.text
        yield Caller(client, {"X-CSRF-Token": answer.json()["csrf"]})
