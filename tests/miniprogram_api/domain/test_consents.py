"""What stands of all that was agreed to and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram_api.domain.consents import (
    CURRENT,
    GIVEN,
    WITHDRAWN,
    Consent,
    Deed,
    check_consent,
    is_withdrawn,
    standing,
    versions_given,
)
from miniprogram_api.domain.refusals import InvalidFields


def deed(notice: str, version: int, what: str = GIVEN) -> Deed:
    return Deed(notice, version, what, "zh", 0)


def test_the_newest_word_about_each_notice_stands() -> None:
    stand = standing([deed("terms", 1), deed("privacy", 1), deed("terms", 2)])
    assert versions_given(stand) == {"terms": 2, "privacy": 1}
    assert not is_withdrawn(stand)


def test_what_was_taken_back_is_not_given_until_it_is_given_anew() -> None:
    deeds = [deed("terms", 1), deed("privacy", 1), deed("terms", 1, WITHDRAWN), deed("privacy", 1, WITHDRAWN)]
    assert versions_given(standing(deeds)) == {}
    assert is_withdrawn(standing(deeds))
    again = standing([*deeds, deed("terms", 1), deed("privacy", 1)])
    assert versions_given(again) == {"terms": 1, "privacy": 1}
    assert not is_withdrawn(again)


def test_who_was_never_asked_has_neither_agreed_nor_taken_back() -> None:
    assert versions_given(standing([])) == {}
    assert not is_withdrawn(standing([]))


@pytest.mark.parametrize("notice", sorted(CURRENT))
def test_any_version_that_there_is_can_be_agreed_to_and_no_other(notice: str) -> None:
    others = {name: 1 for name in CURRENT if name != notice}
    for version in range(1, CURRENT[notice] + 1):
        check_consent(Consent(language="zh", **{notice: version}, **others))
    for version in (0, CURRENT[notice] + 1):
        with pytest.raises(InvalidFields) as refusal:
            check_consent(Consent(language="zh", **{notice: version}, **others))
        assert refusal.value.helps["fields"] == [{"field": f"consent.{notice}", "reason": "no_such_version"}]


def test_the_newest_version_is_the_last_one_that_there_are_words_for() -> None:
    words = Path(__file__).resolve().parents[3] / "static" / "tourist" / "notices"
    for notice, version in CURRENT.items():
        versions = {int(path.name.partition(".")[0].removeprefix(f"{notice}-")) for path in words.glob(f"{notice}-*")}
        assert versions == set(range(1, version + 1))
