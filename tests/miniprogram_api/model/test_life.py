"""Random lives of the island against the model: whatever people do, the books say what the model says (R6)."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.miniprogram_api.model.ground import Ground
from tests.miniprogram_api.model.living_corrections import IslandLife


@pytest.mark.parametrize(
    ("runs", "steps", "always_the_same"),
    [
        pytest.param(50, 30, True, id="50-lives"),
        pytest.param(2_000, 50, False, id="2000-lives", marks=[pytest.mark.slow, pytest.mark.timeout(5400)]),
    ],
)
def test_the_books_live_as_the_model_lives(ground: Ground, runs: int, steps: int, always_the_same: bool) -> None:
    def life() -> IslandLife:
        return IslandLife(ground)

    if not always_the_same:
        number = secrets.randbits(64)
        print(f"seed {number}")  # shown when it fails; seed(number) makes the same lives again
        life = seed(number)(life)
    run_state_machine_as_test(
        life,  # type: ignore[arg-type]  # whatever makes a machine
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            derandomize=always_the_same,
            database=None,
            deadline=None,
            print_blob=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
