"""Whatever kept an act from its points is said in a sentence."""

from __future__ import annotations

import json

import pytest

from miniprogram_api.domain.awards import Doing, caps_of
from miniprogram_api.domain.first_reasons import AS_BEFORE, FIRST_CATALOGUE, WRITTEN_BEFORE, first_reason
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import (
    CodeExpired,
    CoolDown,
    InvalidFields,
    QuantityTooSmall,
    Refusal,
    SceneClosed,
)
from miniprogram_api.domain.reviews import code_of
from miniprogram_api.domain.rules import Rule
from miniprogram_api.queries.reasons import SENTENCES, reason_text
from scenes.catalogue import load_catalogue
from tests.architecture.tree import ROOT
from tests.miniprogram_api.cast import NOON

CLOSED = ("paused", "season", "audience")
CATALOGUE = load_catalogue()
OF_CODES = ("kiosk_ceiling", "too_far", "code_twin", "clock_untrusted")
OF_READINGS = ("read_twice", "slot_missed", "kiosk_suspended", "kiosk_copied", "kiosk_lost", "trail_half")
WAITING = (*OF_CODES, *OF_READINGS, "trail_unpaired", "card:day")


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


@pytest.mark.parametrize(
    "refusal",
    [CodeExpired(), CoolDown(), InvalidFields(), QuantityTooSmall(), *(SceneClosed(why=why) for why in CLOSED)],
)
def test_whatever_the_rules_say_to_an_act_that_waited_has_its_sentence(refusal: Refusal) -> None:
    word = code_of(refusal)
    assert reason_text(word, "day", "zh") != reason_text(word, "day", "en")


# While an act waits, the page says what to do, as a rule nothing (static/tourist/pages/activity_review.js).
SAID_BY_THE_PAGE = {*WAITING, "desk_ceiling", "phone_members", "phone_guests", "member_forgotten"} - {
    "card:day",
    "trail_unpaired",
}


@pytest.mark.parametrize("reason", sorted(set(SENTENCES) - SAID_BY_THE_PAGE))
def test_whatever_ends_without_points_says_why_and_then_what_to_do(reason: str) -> None:
    for language, ends in (("zh", "。"), ("en", ".")):
        why, _, what_to_do = SENTENCES[reason][language].removesuffix(ends).partition(ends)
        assert why
        assert what_to_do


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_of_every_state_without_points_what_to_do(language: str) -> None:
    words = json.loads((ROOT / "static/shared/locales" / language / "tourist.json").read_text(encoding="utf-8"))
    for key in ("by_itself", "half", "staff", "asked"):
        assert words[f"activity.waiting.{key}"]
    for key in ("activity.reviewed.refused", "activity.reversed.help"):
        assert ("服务台" if language == "zh" else "desk") in words[key]


def test_without_a_reason_nothing_is_said() -> None:
    assert reason_text(None, "day", "zh") is None
    assert all(set(sentence) == {"zh", "en"} for sentence in SENTENCES.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_console_has_words_for_every_reason_of_the_system(language: str) -> None:
    words = json.loads((ROOT / "static/shared/locales" / language / "staff.json").read_text(encoding="utf-8"))
    assert len(set(WRITTEN_BEFORE.values())) == 4
    assert [word for word in WRITTEN_BEFORE.values() if f"first_reason.{word}" not in words] == []


def test_what_was_written_before_there_were_words_is_read_as_a_word() -> None:
    assert first_reason("the first catalogue") == FIRST_CATALOGUE == first_reason(FIRST_CATALOGUE)
    assert first_reason("原有") == AS_BEFORE
