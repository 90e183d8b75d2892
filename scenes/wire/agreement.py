"""The signed agreement that a kiosk runs on: scenes, the place's profile, keys and revocations (contract section 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.documents import AGREEMENT, KEY_ID_MAX, open_document
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX, members, path, sequence, whole_number, words
from scenes.wire.json_text import json_text
from scenes.wire.profile import GroupLimits, Profile, Route, SceneOffer, parse_profile, profile_document
from scenes.wire.signing import KEY_BYTES, check_public_key

__all__ = [
    "Agreement",
    "GroupLimits",
    "OfficeKey",
    "PassKey",
    "Profile",
    "Revoked",
    "Route",
    "SceneOffer",
    "agreement_body",
    "open_agreement",
    "parse_agreement",
    "parse_profile",
    "profile_document",
]

SCENES_MAX = 255
TEXTS_MAX = 256
TEXT_CHARACTERS_MAX = 2_000
KEYS_MAX = 64
REVOKED_MAX = 50_000
ALIAS_BYTES = 8
CARD_BYTES = 8


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A public key, 32 bytes, that signs agreements and verdicts."""

    id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class PassKey:
    """A public key, 32 bytes, that signs member passes and cards; `valid_from` in Unix seconds (`from` on the wire)."""

    id: int
    key: bytes
    valid_from: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """What is not taken any more: pass aliases and cards (8 bytes each), and kiosks by number."""

    aliases: frozenset[bytes] = frozenset()
    cards: frozenset[bytes] = frozenset()
    kiosks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a kiosk runs on; `version` only rises; `issued_at` in Unix seconds.

    `scenes` are scene documents as `scenes.validation` reads them; `texts` are names and sentences, each {zh, en}.
    """

    version: int
    kiosk: int
    issued_at: int
    scenes: tuple[dict[str, Any], ...]
    profile: Profile
    texts: dict[str, dict[str, str]]
    office_keys: tuple[OfficeKey, ...]
    pass_keys: tuple[PassKey, ...] = ()
    revoked: Revoked = Revoked()


def agreement_body(agreement: Agreement) -> str:
    """The body text for the office key to sign; refuses our own mistakes by reading it back as the kiosk will."""
    body = {
        "version": agreement.version,
        "kiosk": agreement.kiosk,
        "issued_at": agreement.issued_at,
        "scenes": list(agreement.scenes),
        "profile": profile_document(agreement.profile),
        "texts": agreement.texts,
        "office_keys": [{"id": key.id, "key": binary_text(key.key)} for key in agreement.office_keys],
        "pass_keys": [
            {"id": key.id, "key": binary_text(key.key), "from": key.valid_from} for key in agreement.pass_keys
        ],
        "revoked": {
            "aliases": [binary_text(alias) for alias in sorted(agreement.revoked.aliases)],
            "cards": [binary_text(card) for card in sorted(agreement.revoked.cards)],
            "kiosks": sorted(agreement.revoked.kiosks),
        },
    }
    parse_agreement(body)
    return json_text(body)


def open_agreement(document: object, office_key_of: Callable[[str], bytes | None], kiosk: int) -> Agreement:
    """The agreement with this kiosk; raises CodeRefused for anything else. That versions rise is the caller's."""
    agreement = parse_agreement(open_document(AGREEMENT, document, office_key_of))
    if agreement.kiosk != kiosk:
        raise FieldsInvalid("kiosk", "the agreement of another kiosk")
    return agreement


def parse_agreement(value: object) -> Agreement:
    """The agreement that this body says. Raises FieldsInvalid with the path of what is wrong."""
    body = members(value, "", Agreement.__annotations__)
    return Agreement(
        version=whole_number(body["version"], "version", 1, UNSIGNED_32_MAX),
        kiosk=whole_number(body["kiosk"], "kiosk", 0, UNSIGNED_32_MAX),
        issued_at=whole_number(body["issued_at"], "issued_at", 0, UNSIGNED_32_MAX),
        scenes=_scenes(body["scenes"]),
        profile=parse_profile(body["profile"], "profile"),
        texts=_texts(body["texts"]),
        office_keys=tuple(
            _office_key(key, f"office_keys[{position}]")
            for position, key in enumerate(sequence(body["office_keys"], "office_keys", KEYS_MAX, least=1))
        ),
        pass_keys=tuple(
            _pass_key(key, f"pass_keys[{position}]")
            for position, key in enumerate(sequence(body["pass_keys"], "pass_keys", KEYS_MAX))
        ),
        revoked=_revoked(body["revoked"]),
    )


def _scenes(value: object) -> tuple[dict[str, Any], ...]:
    found = sequence(value, "scenes", SCENES_MAX)
    for position, scene in enumerate(found):
        if not isinstance(scene, dict):
            raise FieldsInvalid(f"scenes[{position}]", "not an object")
    return tuple(found)


def _texts(value: Any) -> dict[str, dict[str, str]]:
    named = members(value, "texts", (), value if isinstance(value, dict) else ())
    sequence(list(named), "texts", TEXTS_MAX)
    return {words(name, "texts", 64): _both_languages(named[name], path("texts", name)) for name in named}


def _both_languages(value: object, where: str) -> dict[str, str]:
    both = members(value, where, {"zh", "en"})
    return {language: words(both[language], path(where, language), TEXT_CHARACTERS_MAX) for language in ("zh", "en")}


def _office_key(value: object, where: str) -> OfficeKey:
    key = members(value, where, {"id", "key"})
    return OfficeKey(words(key["id"], path(where, "id"), KEY_ID_MAX), _public_key(key["key"], path(where, "key")))


def _pass_key(value: object, where: str) -> PassKey:
    key = members(value, where, {"id", "key", "from"})
    return PassKey(
        id=whole_number(key["id"], path(where, "id"), 0, 255),
        key=_public_key(key["key"], path(where, "key")),
        valid_from=whole_number(key["from"], path(where, "from"), 0, UNSIGNED_32_MAX),
    )


def _public_key(value: object, where: str) -> bytes:
    public = binary_bytes(value, KEY_BYTES, where)
    try:
        check_public_key(public)
    except FieldsInvalid as error:
        raise FieldsInvalid(where, error.reason) from error
    return public


def _revoked(value: object) -> Revoked:
    body = members(value, "revoked", {"aliases", "cards", "kiosks"})
    kiosks = sequence(body["kiosks"], "revoked.kiosks", REVOKED_MAX)
    return Revoked(
        aliases=_binary_set(body["aliases"], ALIAS_BYTES, "revoked.aliases"),
        cards=_binary_set(body["cards"], CARD_BYTES, "revoked.cards"),
        kiosks=frozenset(whole_number(kiosk, "revoked.kiosks", 0, UNSIGNED_32_MAX) for kiosk in kiosks),
    )


def _binary_set(value: object, length: int, where: str) -> frozenset[bytes]:
    return frozenset(binary_bytes(text, length, where) for text in sequence(value, where, REVOKED_MAX))
