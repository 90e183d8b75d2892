"""The ground of the model's tests, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram_api.clock import FixedClock
from miniprogram_api.commands.reconcile import differences, snapshot
from tests.miniprogram_api.cast import NOON, keys_in, staged
from tests.miniprogram_api.model.ground import Ground


@pytest.fixture
def ground(database: str, tmp_path: Path) -> Iterator[Ground]:
    """Whatever a test did there, the books are whole afterwards."""
    with staged(database, keys_in(tmp_path), FixedClock(NOON)) as stage:
        yield Ground(stage)
        with snapshot(stage.engine) as connection:
            assert [difference.sentence for difference in differences(connection)] == []
