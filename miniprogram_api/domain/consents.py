"""What a member agrees to: two notices, each with a version of its own, and what stands after all that was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from miniprogram_api.domain.refusals import InvalidFields

# The newest version of each notice. Its words are static/tourist/notices/<notice>-<version>.<language>.js; other words
# are another version, and everybody is asked again.
CURRENT = {"terms": 1, "privacy": 1}
GIVEN, WITHDRAWN = "given", "withdrawn"


@dataclass(frozen=True)
class Consent:
    """The versions that a person had in front of them when they agreed, and in which language (zh, en)."""

    terms: int
    privacy: int
    language: str

    @property
    def versions(self) -> dict[str, int]:
        return {"terms": self.terms, "privacy": self.privacy}


@dataclass(frozen=True)
class Deed:
    """A notice agreed to or taken back at a Unix second."""

    notice: str
    version: int
    deed: str
    language: str
    at: int


def check_consent(consent: Consent) -> None:
    """Raises InvalidFields for a version that there is not (yet). An older one is taken as what it is: the person will
    be asked for the newest."""
    unknown = [notice for notice, version in consent.versions.items() if not 1 <= version <= CURRENT[notice]]
    if unknown:
        raise InvalidFields(fields=[{"field": f"consent.{notice}", "reason": "no_such_version"} for notice in unknown])


def standing(deeds: Iterable[Deed]) -> dict[str, Deed]:
    """The newest deed about each notice; `deeds` in the order in which they were done."""
    return {deed.notice: deed for deed in deeds}


def versions_given(stand: dict[str, Deed]) -> dict[str, int]:
    """The versions that a member agrees to now."""
    return {notice: deed.version for notice, deed in stand.items() if deed.deed == GIVEN}


def is_withdrawn(stand: dict[str, Deed]) -> bool:
    """Whether the member has taken back what they agreed to, and not agreed anew."""
    return any(deed.deed == WITHDRAWN for deed in stand.values())
