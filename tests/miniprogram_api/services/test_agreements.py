"""What agreements say of passes and cards, and when a new version is signed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from miniprogram_api.models import Kiosk, ResidentCard, Venue
from miniprogram_api.services.agreements import SIGN_OUTS_SECONDS, agreement_since
from miniprogram_api.services.sessions import sign_out_member
from scenes.wire.agreement import Agreement, parse_agreement
from scenes.wire.member_code import member_code, parse_member_code
from scenes.wire.profile import GroupLimits, Profile, SceneOffer, profile_document
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import PIER, Stage, token_hash
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.services.test_passes import passes, said

DAY = 86_400
PROFILE = Profile(True, {9: SceneOffer(frozenset({"ST"}), 5)}, GroupLimits(60, 300, 30), 20_000, 14)


@pytest.fixture(autouse=True)
def place(stage: Stage) -> None:
    """A profile as a kiosk may be given it."""
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(profile=json.dumps(profile_document(PROFILE))))


def agreement(stage: Stage, since: int = 0) -> Agreement | None:
    document = agreement_since(stage.session, PIER, since, {}, stage.island, stage.clock)
    return document and parse_agreement(json.loads(document["body"]))


def version(stage: Stage) -> int:
    newest = agreement(stage)
    assert newest
    return newest.version


def sign_out(stage: Stage, who: str) -> None:
    sign_out_member(stage.session, token_hash(who), stage.clock)


def card(stage: Stage, number: int, days: int, revoked: bool) -> bytes:
    name = number.to_bytes(8, "big")
    person = stage.clerk(f"clerk-{number}")
    with stage.engine.begin() as connection:
        connection.execute(
            insert(ResidentCard).values(
                card=name,
                member_id=stage.members["mei"],
                key_id=1,
                valid_from=stage.clock.now(),
                days=days,
                created_by=person,
                created_at=stage.clock.now(),
                revoked_at=stage.clock.now() if revoked else None,
                revoked_by=person if revoked else None,
            )
        )
    return name


def test_the_public_key_of_passes_stands_in_the_agreement_and_the_private_one_does_not(stage: Stage) -> None:
    keys = stage.island.keys
    newest = agreement(stage)
    assert newest
    (key,) = newest.pass_keys
    assert (key.id, key.key, key.valid_from) == (1, public_key_of(keys.pass_privates[1]), 0)


def test_a_key_is_named_before_it_may_sign(stage: Stage) -> None:
    before, keys = version(stage), stage.island.keys
    begins = stage.clock.now() + 40 * DAY
    privates = {**keys.pass_privates, 2: generate_private_key()}
    rolled = replace(keys, pass_privates=privates, pass_begins={**keys.pass_begins, 2: begins})
    stage.island = replace(stage.island, keys=rolled)
    newest = agreement(stage)
    assert newest
    assert [(key.id, key.valid_from) for key in newest.pass_keys] == [(1, 0), (2, begins)]
    assert newest.version == before + 1
    assert said(passes(stage)[0]).key_id == 1


def test_a_new_pass_makes_no_new_agreement(stage: Stage) -> None:
    before = version(stage)
    for who in ("mei", "bo"):
        passes(stage, who)
    assert version(stage) == before
    assert agreement(stage, before) is None


def test_signing_out_makes_one_new_agreement_that_names_the_aliases(stage: Stage) -> None:
    before = version(stage)
    aliases = {said(day).alias for day in passes(stage)}
    passes(stage, "bo")
    sign_out(stage, "mei")
    assert agreement(stage, before) is None, "others may sign out in the same minutes"
    stage.clock.advance(SIGN_OUTS_SECONDS)
    newest = agreement(stage, before)
    assert newest
    assert (newest.version, newest.revoked.aliases) == (before + 1, aliases)
    assert version(stage) == before + 1


def test_forty_sign_outs_in_five_minutes_make_one_new_version(stage: Stage) -> None:
    before = version(stage)
    stage.clock.advance(SIGN_OUTS_SECONDS)
    aliases = set()
    for number in range(40):
        stage.member(f"guest-{number}")
        aliases |= {said(day).alias for day in passes(stage, f"guest-{number}")}
        sign_out(stage, f"guest-{number}")
        assert version(stage) == before + 1, "the first at once, the others wait"
        stage.clock.advance(7)
    assert (SIGN_OUTS_SECONDS - 40 * 7) == 20
    stage.clock.advance(20)
    newest = agreement(stage)
    assert newest
    assert (newest.version, newest.revoked.aliases) == (before + 2, aliases)


def test_what_waits_to_be_named_is_refused_by_the_server_already(stage: Stage) -> None:
    before, code = version(stage), stage.member_code("mei")
    sign_out(stage, "mei")
    kiosk = Machine(stage)
    kiosk.start()
    kiosk.read(code, (9, 1))
    assert kiosk.results()[-1] == "refused:code_expired"
    assert (version(stage), stage.count("acts")) == (before, 0)


def test_a_kiosk_that_never_had_a_key_is_not_named_as_revoked(stage: Stage) -> None:
    before = version(stage)
    with stage.engine.begin() as connection:
        row = {"id": 2, "name": "pier-2", "venue_id": "island-pier", "state": "retired", "state_since": 1}
        connection.execute(insert(Kiosk).values(**row))
    assert agreement(stage, before) is None


def test_a_revoked_card_does_not_wait_for_sign_outs(stage: Stage) -> None:
    before = version(stage)
    gone = card(stage, 1, 2, revoked=True)
    newest = agreement(stage, before)
    assert newest
    assert newest.revoked.cards == {gone}


def test_what_can_no_longer_be_shown_leaves_with_the_next_version_and_makes_none(stage: Stage) -> None:
    of_mei, of_bo = ({said(day).alias for day in passes(stage, who)} for who in ("mei", "bo"))
    sign_out(stage, "mei")
    before = version(stage)
    stage.clock.advance(3 * DAY + 89)  # the last minute is still taken
    assert version(stage) == before
    stage.clock.advance(1)
    assert version(stage) == before
    passes(stage, "bo")
    sign_out(stage, "bo")
    newest = agreement(stage)
    assert newest
    assert newest.version == before + 1
    assert not newest.revoked.aliases & of_mei
    assert not newest.revoked.aliases & of_bo, "bo's first passes were over before the sign-out"
    assert len(newest.revoked.aliases) == 3


def test_the_last_pass_of_a_signed_out_phone_is_named_to_its_last_second(stage: Stage) -> None:
    last = passes(stage)[2]
    sign_out(stage, "mei")
    stage.clock.advance(3 * DAY + 89)
    code = parse_member_code(member_code(last.signed, last.last_value, 1440))
    newest = agreement(stage)
    assert newest
    assert newest.revoked.aliases == {code.alias}
    assert not code.fits(stage.clock.now())
    assert code.fits(stage.clock.now() - 29)


def test_revoked_cards_are_named_until_they_run_out(stage: Stage) -> None:
    gone, _kept = card(stage, 1, 2, revoked=True), card(stage, 2, 2, revoked=False)
    newest = agreement(stage)
    assert newest
    assert newest.revoked.cards == {gone}
    stage.clock.advance(2 * DAY)
    assert version(stage) == newest.version
    second = card(stage, 3, 400, revoked=True)
    later = agreement(stage)
    assert later
    assert (later.revoked.cards, later.version) == ({second}, newest.version + 1)
