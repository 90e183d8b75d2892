"""Signs of places: a printed code that opens the place in the tourist's pages and never credits anything."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import Wechat
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, public_id, transaction, use_case
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.wechat import AWAY_SECONDS, WechatAway
from miniprogram_api.models import PlaceSign, Venue
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of

PIXELS_MAX = 2000


@dataclass(frozen=True)
class Sign:
    """`scene` is the opaque id of the place that the code carries; `picture` is WeChat's code, None for our link."""

    scene: str
    picture: bytes | None


def sign_of(session: Session, venue_id: str, person_id: int, wechat: Wechat, clock: Clock) -> Sign:
    """The sign of this place: with a mini-program its code, which WeChat is asked for once, else our own link.

    Raises NotFound, and with a mini-program WechatAway, TooManyTries or WechatRefused.
    """
    number, app_id, picture = _sign(session, venue_id, person_id, clock)
    scene, wanted = public_id(number), wechat.mini_app_id
    if wanted is None:
        return Sign(scene, None)
    if picture is None or app_id != wanted:
        picture = _checked(wechat.sign_picture(scene))
        _keep_picture(session, number, wanted, picture, clock)
    return Sign(scene, picture)


@use_case
def _sign(session: Session, venue_id: str, person_id: int, clock: Clock) -> tuple[int, str | None, bytes | None]:
    """The sign of the place, made at its first print and the same for ever."""
    now = clock.now()
    with transaction(session) as connection:
        if connection.execute(select(Venue.id).where(Venue.id == venue_id)).first() is None:
            raise NotFound
        record_act(connection, actor_of(person_id), "place_sign_printed", f"venue:{venue_id}", {}, now)
        columns = (PlaceSign.id, PlaceSign.app_id, PlaceSign.picture)
        row = connection.execute(select(*columns).where(PlaceSign.venue_id == venue_id)).first()
        if row is not None:
            return row.id, row.app_id, bytes(row.picture) if row.picture else None
        number = new_id()
        try:
            connection.execute(insert(PlaceSign).values(id=number, venue_id=venue_id, made_at=now))
        except IntegrityError as error:
            raise TryAgain from error  # printed by somebody else a moment ago
    return number, None, None


@use_case
def _keep_picture(session: Session, number: int, app_id: str, picture: bytes, clock: Clock) -> None:
    with transaction(session) as connection:
        kept = {"app_id": app_id, "picture": picture, "fetched_at": clock.now()}
        connection.execute(update(PlaceSign).where(PlaceSign.id == number).values(kept))


def _checked(picture: bytes) -> bytes:
    """A picture that can be printed; half of one is none. Raises WechatAway."""
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if max(opened.size) > PIXELS_MAX:
                raise ValueError("too large")
            opened.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise WechatAway(retry_after=AWAY_SECONDS) from None
    return picture
