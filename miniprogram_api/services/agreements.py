"""Signed agreements: what each kiosk runs on. A new version is made when what it says has changed, never otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import AgreementDocument, Approval, Kiosk, RuleVersion, Venue, VenueVersion
from miniprogram_api.models.scenes import COUNTS, rule_versions
from miniprogram_api.models.venues import venue_versions
from miniprogram_api.services.island import Island
from scenes.wire.agreement import Agreement, OfficeKey, Revoked, agreement_body, parse_agreement, parse_profile
from scenes.wire.documents import AGREEMENT, sign_document
from scenes.wire.json_text import json_text
from scenes.wire.signing import public_key_of

Texts = dict[str, dict[str, str]]


@use_case
def agreement_since(
    session: Session, kiosk_id: int, since: int, texts: Texts, island: Island, clock: Clock
) -> dict[str, str] | None:
    """The newest signed agreement of this kiosk, None when `since` names it. `texts` are the island's own sentences.

    What is in force is compared with the newest document; if anything differs, the next version is signed first.
    """
    newest = _newest(session.connection(), kiosk_id)
    wanted = _in_force(session.connection(), kiosk_id, texts, island, clock.now())
    session.rollback()
    if newest is None or _content(parse_agreement(json.loads(newest["body"]))) != _content(wanted):
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
        revoked=Revoked(kiosks=_revoked_kiosks(connection)),
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


def _revoked_kiosks(connection: Connection) -> frozenset[int]:
    stopped = connection.execute(select(Kiosk.id).where(Kiosk.state.in_(("suspended", "lost", "retired"))))
    return frozenset(stopped.scalars())


def _content(agreement: Agreement) -> Agreement:
    """What the agreement says, whenever and as whatever version it was signed."""
    return replace(agreement, version=1, issued_at=0)
