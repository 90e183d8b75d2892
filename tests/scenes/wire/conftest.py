"""The pier's kiosk and the office, with keys of their own, and one code, item, verdict and agreement to alter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from scenes.wire import signing
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.profile import GroupLimits, Profile, SceneOffer

BASE_URL = "HTTPS://ISLAND.EXAMPLE"


@dataclass(frozen=True)
class KeyHolder:
    """Somebody with a private key."""

    private: bytes

    @property
    def public(self) -> bytes:
        return signing.public_key_of(self.private)

    def key_of(self, *_: object) -> bytes:
        """Answers the public key whoever is asked for."""
        return self.public


@pytest.fixture
def pier_kiosk() -> KeyHolder:
    return KeyHolder(bytes(range(32)))


@pytest.fixture
def stranger() -> KeyHolder:
    return KeyHolder(b"\x07" * 32)


@pytest.fixture
def office() -> KeyHolder:
    return KeyHolder(b"\x2a" * 32)


@pytest.fixture
def pier_code() -> KioskCode:
    return KioskCode(
        kind=0x11,
        epoch=1,
        kiosk=1,
        counter=1_001,
        issued_at=1_795_400_000,
        scene=9,
        variant=0,
        quantity=1,
        nonce=b"nonce6",
    )


@pytest.fixture
def signed_code(pier_kiosk: KeyHolder, pier_code: KioskCode) -> bytes:
    return encode(pier_code, pier_kiosk.private)


@pytest.fixture
def nobody() -> Callable[..., None]:
    """The look-up of a key that finds none."""
    return lambda *_: None


@pytest.fixture
def pier_profile() -> Profile:
    return Profile(
        attended=True,
        scenes={
            1: SceneOffer(frozenset({"GK", "TK"}), 1),
            9: SceneOffer(frozenset({"DK", "TK"}), 4),
            15: SceneOffer(frozenset({"WT", "TK"}), 1_000),
        },
        group=GroupLimits(per_code=60, seats=300, window_minutes=30),
        points_per_hour=20_000,
        ticket_days=14,
    )
