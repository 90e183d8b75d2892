"""Signed agreements: what each kiosk runs on. A new version is made when what it says has changed, never otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.keys import Keys
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import (
    AgreementDocument,
    Approval,
    Kiosk,
    MemberPass,
    ResidentCard,
    RuleVersion,
    Venue,
    VenueVersion,
)
from miniprogram_api.models.scenes import COUNTS, rule_versions
from miniprogram_api.models.venues import venue_versions
from miniprogram_api.services.island import Island
from scenes.wire.agreement import (
    REVOKED_MAX,
    Agreement,
    OfficeKey,
    PassKey,
    Revoked,
    agreement_body,
    parse_agreement,
    parse_profile,
)
from scenes.wire.documents import AGREEMENT, sign_document
from scenes.wire.json_text import json_text
from scenes.wire.member_code import SECONDS_EITHER_WAY, SLOT_SECONDS, SLOTS_MAX
from scenes.wire.resident_card import DAY_SECONDS
from scenes.wire.signing import public_key_of

Texts = dict[str, dict[str, str]]
SIGN_OUTS_SECONDS = 5 * 60  # so long they gather into one version


@use_case
def agreement_since(
    session: Session, kiosk_id: int, since: int, texts: Texts, island: Island, clock: Clock
) -> dict[str, str] | None:
    """The newest signed agreement of this kiosk, None when `since` names it. `texts` are the island's own sentences.

    What is in force is compared with the newest document; if it says less or other, the next version is signed first.
    Where all that is new are passes of phones that signed out, at most once in five minutes: the server itself takes
    no revoked pass from its first second on, whatever a kiosk knows.
    """
    newest = _newest(session.connection(), kiosk_id)
    wanted = _in_force(session.connection(), kiosk_id, texts, island, clock.now())
    session.rollback()
    if newest is None or not _says_enough(parse_agreement(json.loads(newest["body"])), wanted):
        newest = _sign_next(session, wanted, island)
    version = json.loads(newest["body"])["version"]
    return None if version == since else newest


def _sign_next(session: Session, wanted: Agreement, island: Island) -> dict[str, str]:
    with transaction(session) as connection:
        last = connection.execute(
            select(func.max(AgreementDocument.version)).where(AgreementDocument.kiosk_id == wanted.kiosk)
        ).scalar()
        agreement = replace(wanted, version=(last or 0) + 1)
        keys = island.keys
        document = sign_document(AGREEMENT, agreement_body(agreement), keys.office_id, keys.office_private)
        try:
            connection.execute(
                insert(AgreementDocument).values(
                    kiosk_id=agreement.kiosk,
                    version=agreement.version,
                    document=json_text(document),
                    issued_at=agreement.issued_at,
                )
            )
        except IntegrityError as error:
            raise TryAgain from error  # another worker signed this version a moment ago
    return document


def _newest(connection: Connection, kiosk_id: int) -> dict[str, str] | None:
    text = connection.execute(
        select(AgreementDocument.document)
        .where(AgreementDocument.kiosk_id == kiosk_id)
        .order_by(AgreementDocument.version.desc())
        .limit(1)
    ).scalar()
    return None if text is None else json.loads(text)


def _in_force(connection: Connection, kiosk_id: int, texts: Texts, island: Island, now: int) -> Agreement:
    venue = _venue(connection, kiosk_id, now)
    profile = parse_profile(json.loads(venue.profile))
    keys = island.keys
    return Agreement(
        version=1,
        kiosk=kiosk_id,
        issued_at=now,
        scenes=tuple(_scene_documents(connection, set(profile.scenes), now)),
        profile=profile,
        texts={"venue": {"zh": venue.name_zh, "en": venue.name_en}, **texts},
        office_keys=(OfficeKey(keys.office_id, public_key_of(keys.office_private)),),
        pass_keys=_pass_keys(keys),
        revoked=Revoked(
            aliases=_revoked_aliases(connection, now),
            cards=_revoked_cards(connection, now),
            kiosks=_revoked_kiosks(connection),
        ),
    )


def _venue(connection: Connection, kiosk_id: int, now: int) -> Any:
    """Names and profile of the kiosk's place, in the version in force. Raises NotFound."""
    first = connection.execute(
        select(Venue.id, Venue.name_zh, Venue.name_en, Venue.profile)
        .join(Kiosk, Kiosk.venue_id == Venue.id)
        .where(Kiosk.id == kiosk_id)
    ).one_or_none()
    if first is None:
        raise NotFound
    later = connection.execute(
        venue_versions(VenueVersion.name_zh, VenueVersion.name_en, VenueVersion.profile).where(
            VenueVersion.venue_id == first.id, VenueVersion.starts_at <= now, Approval.decision == "approved"
        )
    ).all()
    return later[-1] if later else first  # the newest that has begun


def _scene_documents(connection: Connection, numbers: set[int], now: int) -> list[dict[str, Any]]:
    """The scenes that the place offers, each in the version in force."""
    rows = connection.execute(
        rule_versions(RuleVersion.scene, RuleVersion.document).where(
            RuleVersion.scene.in_(numbers), RuleVersion.starts_at <= now, COUNTS
        )
    )
    in_force = {row.scene: row.document for row in rows}  # the newest of each scene stays
    return [json.loads(document) for document in in_force.values()]


def _pass_keys(keys: Keys) -> tuple[PassKey, ...]:
    """Every pass key that the secrets hold, also those that begin later: readers know a key before it is used."""
    return tuple(
        PassKey(number, public_key_of(private), keys.pass_begins[number])
        for number, private in sorted(keys.pass_privates.items())
    )


def _revoked_aliases(connection: Connection, now: int) -> frozenset[bytes]:
    """Of passes that a phone could still show, those that run first."""
    still_shown = MemberPass.not_before + MemberPass.slots * SLOT_SECONDS > now - SECONDS_EITHER_WAY
    # The first condition says less than the second, but in terms of the index.
    begun = MemberPass.not_before > now - SECONDS_EITHER_WAY - SLOTS_MAX * SLOT_SECONDS
    found = select(MemberPass.alias).where(MemberPass.revoked_at.is_not(None), begun, still_shown)
    return _binary(connection, found.order_by(MemberPass.not_before).limit(REVOKED_MAX))


def _revoked_cards(connection: Connection, now: int) -> frozenset[bytes]:
    """Of cards that have not run out, those that were revoked last."""
    runs_out = ResidentCard.valid_from + ResidentCard.days * DAY_SECONDS
    found = select(ResidentCard.card).where(ResidentCard.revoked_at.is_not(None), runs_out > now)
    return _binary(connection, found.order_by(ResidentCard.revoked_at.desc()).limit(REVOKED_MAX))


def _binary(connection: Connection, found: Select[Any]) -> frozenset[bytes]:
    return frozenset(bytes(value) for value in connection.execute(found).scalars())


def _revoked_kiosks(connection: Connection) -> frozenset[int]:
    stopped = connection.execute(
        select(Kiosk.id).where(Kiosk.state.in_(("suspended", "lost", "retired")), Kiosk.epoch > 0)
    )
    return frozenset(stopped.scalars())


def _says_enough(agreement: Agreement, wanted: Agreement) -> bool:
    """Whether a signed agreement says what is wanted, whenever and as whatever version it was signed; passes that were
    revoked may be missing from one that was signed a moment ago.

    What ran out stays in its list of what was revoked until there is another reason for a new version.
    """
    gone, going = agreement.revoked, wanted.revoked
    if not (gone.cards >= going.cards and _content(agreement) == _content(wanted)):
        return False
    return gone.aliases >= going.aliases or 0 <= wanted.issued_at - agreement.issued_at < SIGN_OUTS_SECONDS


def _content(agreement: Agreement) -> Agreement:
    return replace(agreement, version=1, issued_at=0, revoked=Revoked(kiosks=agreement.revoked.kiosks))
