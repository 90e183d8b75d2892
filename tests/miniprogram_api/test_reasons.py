"""Whatever kept an act from its points is said in a sentence."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.awards import Doing, caps_of
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.rules import Rule
from miniprogram_api.queries.reasons import SENTENCES, reason_text
from scenes.catalogue import load_catalogue
from tests.miniprogram_api.cast import NOON

CATALOGUE = load_catalogue()
WAITING = ("kiosk_ceiling", "too_far", "code_twin", "clock_untrusted")


@pytest.mark.parametrize("number", sorted(CATALOGUE.scenes))
def test_every_limit_of_every_scene_has_its_sentence_in_both_languages(number: int) -> None:
    scene = CATALOGUE.scenes[number]
    rule = Rule(1, 0, scene, CATALOGUE.factors, CATALOGUE.cap_groups)
    doing = Doing(5, "guest", 0, 0, 2, NOON, 1, room=7)
    reasons = {cap.name for cap in caps_of(rule, doing, None, LIMITS)}
    assert len(reasons) >= 3
    for reason in reasons:
        texts = {reason_text(reason, scene.period, language) for language in ("zh", "en")}
        assert len(texts) == 2, reason


@pytest.mark.parametrize("reason", WAITING)
def test_every_reason_to_wait_has_its_sentence(reason: str) -> None:
    assert reason_text(reason, "day", "zh") != reason_text(reason, "day", "en")


def test_without_a_reason_nothing_is_said() -> None:
    assert reason_text(None, "day", "zh") is None
    assert all(set(sentence) == {"zh", "en"} for sentence in SENTENCES.values())
