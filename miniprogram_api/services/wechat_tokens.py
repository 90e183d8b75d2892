"""The token that WeChat knows our calls by: one for all workers and hosts, renewed by one of them, five minutes early.

It rests in the database, sealed under a key that is made of the application's secret: whoever has the secret could ask
WeChat for the token anyway, and whoever has only the database, or a copy of it, has nothing. A secret that was changed
opens nothing either, and the token is fetched anew.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import Fetched
from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.wechat import AWAY_SECONDS, App, WechatAway
from miniprogram_api.models import WechatToken

EARLY_SECONDS = 300  # so long before its end WeChat gives the next one, and both are good
LEASE_SECONDS = 20  # longer than a renewal with all its tries
LOOKS, LOOK_SECONDS = 80, 0.1  # how long others wait for the one who renews
FORCED_A_DAY = 20  # WeChat's allowance
FORCED_APART_SECONDS = 30
NONCE_BYTES = 12

Fetch = Callable[[App, bool], Fetched]


@dataclass(frozen=True)
class _Kept:
    """What the row says: the token where it could be opened, and until when it is good (Unix seconds)."""

    token: str | None
    expires_at: int

    def good(self, now: int, rejected: str | None) -> bool:
        """Good to use, if perhaps not for long."""
        return self.token is not None and self.expires_at > now and self.token != rejected


class SharedTokens:
    """`fetch` asks WeChat (adapters.real_wechat.fetch_token); it is called outside of every transaction."""

    def __init__(self, engine: Engine, fetch: Fetch, clock: Clock) -> None:
        self._engine, self._fetch, self._clock = engine, fetch, clock

    def current(self, app: App) -> str:
        """The token of this application. Raises WechatAway, TooManyTries or WechatRefused when none is to be had."""
        kept, now = self._kept(app), self._clock.now()
        if kept.good(now + EARLY_SECONDS, None):
            return str(kept.token)
        if self._claim(app, kept.expires_at):
            return self._renewed(app, None)
        return str(kept.token) if kept.good(now, None) else self._waited_for(app, None)

    def instead_of(self, app: App, rejected: str) -> str:
        """Another token than the one that WeChat calls invalid. Raises the same."""
        kept = self._kept(app)
        if kept.good(self._clock.now(), rejected):
            return str(kept.token)
        if self._claim(app, kept.expires_at):
            return self._renewed(app, rejected)
        return self._waited_for(app, rejected)

    def _renewed(self, app: App, rejected: str | None) -> str:
        """By the one who has the lease. A renewal gives the token that is in force; only when WeChat insists on the one
        that it rejects, a new one is forced, which it allows twenty times a day."""
        try:
            fetched = self._fetch(app, False)
            if fetched.token == rejected:
                if not self._may_force(app):
                    raise WechatAway(retry_after=AWAY_SECONDS)
                fetched = self._fetch(app, True)
        except BaseException:
            self._let_go(app)
            raise
        self._keep(app, fetched)
        return fetched.token

    def _waited_for(self, app: App, rejected: str | None) -> str:
        for _ in range(LOOKS):
            time.sleep(LOOK_SECONDS)
            kept = self._kept(app)
            if kept.good(self._clock.now(), rejected):
                return str(kept.token)
            if self._claim(app, kept.expires_at):
                return self._renewed(app, rejected)
        raise WechatAway(retry_after=AWAY_SECONDS)

    def _kept(self, app: App) -> _Kept:
        with Session(self._engine) as session:
            row = session.execute(select(WechatToken.__table__).where(WechatToken.app_id == app.app_id)).first()
        return _Kept(None, 0) if row is None else _Kept(_opened(app, row), row.expires_at)

    def _claim(self, app: App, expires_at: int) -> bool:
        """Whether the renewal is ours: nobody is at it, and nobody has done it since we looked."""
        with Session(self._engine) as session:
            return _claim_lease(session, app.app_id, expires_at, self._clock.now())

    def _keep(self, app: App, fetched: Fetched) -> None:
        with Session(self._engine) as session:
            values = {"sealed": _sealed(app, fetched.token), "expires_at": self._clock.now() + fetched.seconds}
            _end_lease(session, app.app_id, values)

    def _let_go(self, app: App) -> None:
        with Session(self._engine) as session:
            _end_lease(session, app.app_id, {})

    def _may_force(self, app: App) -> bool:
        with Session(self._engine) as session:
            return _count_forced(session, app.app_id, self._clock.now())


@use_case
def _claim_lease(session: Session, app_id: str, expires_at: int, now: int) -> bool:
    with transaction(session) as connection:
        free = (WechatToken.renewing_until <= now, WechatToken.expires_at == expires_at)
        lease = {"renewing_until": now + LEASE_SECONDS}
        taken = update(WechatToken).where(WechatToken.app_id == app_id, *free).values(lease)
        if connection.execute(taken).rowcount == 1:
            return True
        if connection.execute(select(WechatToken.app_id).where(WechatToken.app_id == app_id)).first():
            return False
        try:
            connection.execute(insert(WechatToken).values(app_id=app_id, **lease))
        except IntegrityError:
            return False  # somebody else was first, and renews
    return True


@use_case
def _end_lease(session: Session, app_id: str, values: dict[str, object]) -> None:
    """Also a renewer that was slower than its lease keeps what it got: WeChat gives everybody the same token."""
    with transaction(session) as connection:
        ended = update(WechatToken).where(WechatToken.app_id == app_id)
        connection.execute(ended.values(renewing_until=0, **values))


@use_case
def _count_forced(session: Session, app_id: str, now: int) -> bool:
    """Counted before it is done, so that a process that dies in between forces one less, never one more."""
    today = day_number(now)
    with transaction(session) as connection:
        allowed = (
            WechatToken.forced_at <= now - FORCED_APART_SECONDS,
            or_(WechatToken.forced_on != today, WechatToken.forced_count < FORCED_A_DAY),
        )
        row = connection.execute(
            select(WechatToken.forced_on, WechatToken.forced_count).where(WechatToken.app_id == app_id, *allowed)
        ).first()
        if row is None:
            return False
        count = row.forced_count + 1 if row.forced_on == today else 1
        counted = {"forced_at": now, "forced_on": today, "forced_count": count}
        connection.execute(update(WechatToken).where(WechatToken.app_id == app_id).values(counted))
    return True


def _sealing_key(app: App) -> AESGCM:
    info = b"TANYU-WECHAT-TOKEN-1\0" + app.app_id.encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=info).derive(app.secret.encode()))


def _sealed(app: App, token: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _sealing_key(app).encrypt(nonce, token.encode(), app.app_id.encode())


def _opened(app: App, row: Row[tuple[bytes, ...]]) -> str | None:
    if row.sealed is None:
        return None
    sealed = bytes(row.sealed)
    try:
        raw = _sealing_key(app).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], app.app_id.encode())
    except (InvalidTag, ValueError):
        return None  # sealed under a secret that was changed since
    return raw.decode()
