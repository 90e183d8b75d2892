"""Who this kiosk is: its own Ed25519 key, made on the machine, and what the office answered when it was provisioned."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.refusals import NotProvisioned
from scenes.wire import signing
from scenes.wire.agreement import OfficeKey
from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.fields import UNSIGNED_32_MAX, members, sequence, truth, whole_number, words
from scenes.wire.key_id import kiosk_key_id

SERVER_CHARACTERS_MAX = 200
OFFICE_KEYS_MAX = 64

_MEMBERS = ("private_key", "kiosk", "epoch", "server", "office_keys", "code_base_url")


@dataclass(frozen=True, slots=True)
class Identity:
    """A provisioned kiosk. `office_keys` are the keys whose agreements and verdicts it believes.

    `counters_kept`: counters.json was written when this key was; without it counters could repeat.
    """

    private_key: bytes
    kiosk: int
    epoch: int
    server: str
    office_keys: tuple[OfficeKey, ...]
    code_base_url: str
    counters_kept: bool = False

    @property
    def key_id(self) -> str:
        return kiosk_key_id(self.kiosk, self.epoch)

    def office_key(self, key_id: str) -> bytes | None:
        """The office's public key of that id, None when this kiosk does not know it."""
        return next((office.key for office in self.office_keys if office.id == key_id), None)

    def believing(self, office_keys: tuple[OfficeKey, ...]) -> Identity:
        """The same kiosk after the office has rolled its keys."""
        return replace(self, office_keys=office_keys)


def read_identity(folder: KioskFolder) -> Identity:
    """The identity on disk; raises NotProvisioned when there is none, FieldsInvalid when the file is damaged."""
    if not folder.identity.exists():
        raise NotProvisioned
    body = members(json.loads(folder.identity.read_text(encoding="utf-8")), "", _MEMBERS, ("counters_kept",))
    return Identity(
        private_key=binary_bytes(body["private_key"], signing.KEY_BYTES, "private_key"),
        kiosk=whole_number(body["kiosk"], "kiosk", 1, UNSIGNED_32_MAX),
        epoch=whole_number(body["epoch"], "epoch", 1, 255),
        server=words(body["server"], "server", SERVER_CHARACTERS_MAX),
        office_keys=read_office_keys(body["office_keys"]),
        code_base_url=words(body["code_base_url"], "code_base_url", SERVER_CHARACTERS_MAX),
        counters_kept=truth(body.get("counters_kept", False), "counters_kept"),
    )


def keep_identity(folder: KioskFolder, identity: Identity) -> None:
    """Writes the identity durably, readable by its owner only."""
    body = {
        "private_key": binary_text(identity.private_key),
        "kiosk": identity.kiosk,
        "epoch": identity.epoch,
        "server": identity.server,
        "office_keys": [{"id": office.id, "key": binary_text(office.key)} for office in identity.office_keys],
        "code_base_url": identity.code_base_url,
        "counters_kept": identity.counters_kept,
    }
    write_durably(folder.identity, json.dumps(body, indent=2).encode())


def new_private_key(folder: KioskFolder, invitation: str) -> bytes:
    """The key of a provisioning under way, made once for each invitation: a repeat after a lost answer has the same."""
    if folder.new_key.exists():
        body = members(json.loads(folder.new_key.read_text(encoding="utf-8")), "", ("private_key", "invitation"))
        if body["invitation"] == invitation:
            return binary_bytes(body["private_key"], signing.KEY_BYTES, "private_key")
    private = signing.generate_private_key()
    body = {"private_key": binary_text(private), "invitation": invitation}
    write_durably(folder.new_key, json.dumps(body).encode())
    return private


def read_office_keys(value: object) -> tuple[OfficeKey, ...]:
    """The office keys of an answer or a file; raises FieldsInvalid."""
    return tuple(_office_key(key) for key in sequence(value, "office_keys", OFFICE_KEYS_MAX, least=1))


def _office_key(value: object) -> OfficeKey:
    key = members(value, "office_keys", ("id", "key"))
    public = binary_bytes(key["key"], signing.KEY_BYTES, "office_keys")
    signing.check_public_key(public)
    return OfficeKey(words(key["id"], "office_keys", 64), public)
