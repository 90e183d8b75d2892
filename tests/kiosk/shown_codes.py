"""What people show to a kiosk: phones with passes and printed cards, signed with the pass key of the test's office."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from kiosk.machine import Machine
from scenes.wire import signing
from scenes.wire.agreement import PassKey, Revoked, SceneOffer
from scenes.wire.code_text import code_text
from scenes.wire.member_code import SLOT_SECONDS, last_value, make_pass, member_code
from scenes.wire.resident_card import ResidentCard, encode_card
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Office, pier_profile, scene_documents

PASS_KEY_ID = 7
PASS_PRIVATE = bytes(range(32))
# Acts that are shown: one that counts itself, one with variants, one for each room, a trail, weights, the quiz.
SHOWN_OFFERS = {
    4: SceneOffer(frozenset({"2P", "TK"}), 200),
    6: SceneOffer(frozenset({"ST", "TK"}), 1),
    9: SceneOffer(frozenset({"DK"}), 1),
    10: SceneOffer(frozenset({"ST"}), 1),
    12: SceneOffer(frozenset({"ST"}), 7),
    15: SceneOffer(frozenset({"WT", "TK"}), 500),
    16: SceneOffer(frozenset({"ST", "TK"}), 500),
    22: SceneOffer(frozenset({"VC", "TK"}), 600),
    24: SceneOffer(frozenset({"DK", "ST", "TK"}), 1),
}


@dataclass(frozen=True)
class Phone:
    """A member's phone with one pass."""

    alias: bytes
    not_before: int
    signed: bytes
    last: bytes

    def text(self, moment: float) -> str:
        """The bare code that it shows at this second of its own clock."""
        return self.of_slot(int(moment - self.not_before) // SLOT_SECONDS + 1)

    def of_slot(self, slot: int) -> str:
        return code_text(member_code(self.signed, self.last, slot))


def phone(time_now: MovedClock, private: bytes = PASS_PRIVATE, key_id: int = PASS_KEY_ID) -> Phone:
    """A phone whose pass began an hour ago."""
    alias = secrets.token_bytes(8)
    last = last_value(b"s" * 32, alias)
    not_before = int(time_now.wall) // SLOT_SECONDS * SLOT_SECONDS - 3_600
    return Phone(alias, not_before, make_pass(key_id, alias, not_before, 1440, last, private), last)


def card_text(time_now: MovedClock, card: bytes = b"card-001", days: int = 365, begins: int = -86_400) -> str:
    """A resident's card, `begins` seconds from now."""
    facts = ResidentCard(PASS_KEY_ID, card, int(time_now.wall) + begins, days)
    return code_text(encode_card(facts, PASS_PRIVATE))


def agree(
    pier: Machine,
    office: Office,
    version: int,
    offers: dict[int, SceneOffer] | None = None,
    revoked: Revoked | None = None,
    **profile: object,
) -> None:
    """Puts an agreement in force with which the kiosk reads what people show."""
    offers = SHOWN_OFFERS if offers is None else offers
    documents = scene_documents()
    document = office.sign_agreement(
        version,
        scenes=tuple(documents[number] for number in offers),
        profile=replace(pier_profile(offers), **{"attended": True, **profile}),  # type: ignore[arg-type]  # as named
        pass_keys=(PassKey(PASS_KEY_ID, signing.public_key_of(PASS_PRIVATE), 0),),
        revoked=revoked or Revoked(),
        issued_at=pier.clock.now() - 60,
    )
    pier.keeper.take(document)
