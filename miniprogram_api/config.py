"""Settings and secrets. No secret has a default, and an unexpected setting stops the start with a sentence."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from miniprogram_api.domain.keys import Keys

PREFIX = "TANYU_"
SQLITE = "sqlite"
DATABASES = (SQLITE, "postgresql+psycopg")


# 32 random bytes with fewer different ones come once in 10^25 files.
SECRET_BYTES_DIFFERENT = 12
KEY_NUMBER_MAX = 255  # one byte of a code


class SettingsRefused(Exception):
    """The start is refused; the message says which setting and why."""


class Settings(BaseSettings):
    """What an operator sets by environment variables (prefix TANYU_, but DATABASE_URL and CODE_BASE_URL bare)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    environment: Literal["demonstration", "production"]
    keys_file: Path
    database_url: str = Field(validation_alias="DATABASE_URL")
    code_base_url: str = Field(validation_alias="CODE_BASE_URL")
    island_name: str = "灵山岛（示范）"
    help_contact: str = "灵山岛旅客服务台"
    hosts: int = Field(default=1, ge=1)
    requests_body_bytes_max: int = 65_536

    @property
    def demonstration(self) -> bool:
        return self.environment == "demonstration"


def load_settings() -> Settings:
    """Settings from the environment; raises SettingsRefused with a sentence for a missing, wrong or unknown one."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsRefused(f"Unknown setting: {', '.join(unknown)}")
    try:
        settings = Settings.model_validate({})  # values come from the environment
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_url=False)]
        raise SettingsRefused("Settings can't be used: " + "; ".join(lines)) from error
    _check_code_base_url(settings.code_base_url)
    _check_database_url(settings)
    return settings


def _check_code_base_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise SettingsRefused(f"CODE_BASE_URL must look like HTTPS://HOST, it is {url!r}")


def _check_database_url(settings: Settings) -> None:
    kind = settings.database_url.partition(":")[0]
    if kind not in DATABASES:
        raise SettingsRefused(f"DATABASE_URL must begin with {' or '.join(DATABASES)}, not {kind!r}")
    if kind == SQLITE and settings.hosts > 1:
        raise SettingsRefused(
            f"TANYU_HOSTS is {settings.hosts}, but DATABASE_URL is a SQLite file, which one host alone can use; "
            "take PostgreSQL"
        )


def create_keys(path: Path) -> None:
    """Make the secrets file, readable by its owner only. A file made earlier gets the secrets that came later, once;
    none that is there is replaced, and a file that `load_keys` refuses is left alone.

    Raises SettingsRefused when secrets are missing and the file can't be written.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(path.parent) as folder:
        there = _document_in(path)
        missing = {name: value for name, value in _new_secrets().items() if there is not None and name not in there}
        if missing:
            try:
                _keep(path, {**(there or {}), **missing}, folder)
            except OSError as error:
                raise SettingsRefused(f"{path} lacks {', '.join(missing)} and can't be written: {error}") from error


def _new_secrets() -> dict[str, Any]:
    return {
        "office": {"id": "office-1", "private": secrets.token_hex(32)},
        "voucher": {"current": 1, "masters": {"1": secrets.token_hex(32)}},
        "pass": {
            "current": 1,
            "keys": {"1": {"private": secrets.token_hex(32), "from": 0}},
            "seed": secrets.token_hex(32),
        },
        **{name: secrets.token_hex(32) for name in ("arrival", "readable_code", "readable_pepper", "recovery_pepper")},
    }


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """One process at a time; two that start together must not each make secrets of their own."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _document_in(path: Path) -> dict[str, Any] | None:
    """What the file says: nothing yet when there is none, None when it is no file that we would read."""
    if not path.exists():
        return {}
    try:
        document = None if _open_to_others(path) else json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def _keep(path: Path, document: dict[str, Any], folder: int) -> None:
    """The whole new file takes the place of the old one, so that a power cut leaves one or the other."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if path.exists():
            owner = path.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    os.fsync(folder)


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def load_keys(path: Path) -> Keys:
    """Read the secrets file; raises SettingsRefused when it is missing, open to others or malformed."""
    try:
        if _open_to_others(path):
            raise SettingsRefused(f"{path} can be read by others: chmod 600 it")
        keys = _keys_from(json.loads(path.read_text(encoding="utf-8")))
        _check_different(keys)
        return keys
    except FileNotFoundError as error:
        raise SettingsRefused(f"{path} is missing; `./island up` makes it for a demonstration") from error
    except KeyError as error:
        raise SettingsRefused(
            f"{path} is not a keys file: it has no {error}; `./island` adds what came later"
        ) from error
    except (AttributeError, TypeError, ValueError) as error:
        raise SettingsRefused(f"{path} is not a keys file: {error}") from error


def _keys_from(document: dict) -> Keys:
    masters = {int(number): _secret(value) for number, value in document["voucher"]["masters"].items()}
    pass_keys = {int(number): key for number, key in document["pass"]["keys"].items()}
    return Keys(
        office_id=document["office"]["id"],
        office_private=_secret(document["office"]["private"]),
        voucher_masters=masters,
        voucher_key_id=_one_of(masters, document["voucher"]["current"]),
        pass_privates={number: _secret(key["private"]) for number, key in pass_keys.items()},
        pass_begins={number: int(key["from"]) for number, key in pass_keys.items()},
        pass_key_id=_one_of(pass_keys, document["pass"]["current"]),
        pass_seed=_secret(document["pass"]["seed"]),
        arrival=_secret(document["arrival"]),
        readable_code=_secret(document["readable_code"]),
        readable_pepper=_secret(document["readable_pepper"]),
        recovery_pepper=_secret(document["recovery_pepper"]),
    )


def _one_of(keys: Mapping[int, Any], current: int) -> int:
    if current not in keys or not all(0 <= number <= KEY_NUMBER_MAX for number in keys):
        raise ValueError(f"the current key is {current!r}, the keys are {sorted(keys)}; numbers go to {KEY_NUMBER_MAX}")
    return current


def _secret(text: str) -> bytes:
    value = bytes.fromhex(text)
    if len(value) != 32:
        raise ValueError("a secret is not 32 bytes")
    if len(set(value)) < SECRET_BYTES_DIFFERENT or value == bytes(range(32)):
        raise ValueError("a secret is a sample, not random; let `./island` make the file")
    return value


def _check_different(keys: Keys) -> None:
    own = (keys.office_private, keys.arrival, keys.readable_code, keys.readable_pepper, keys.recovery_pepper)
    secrets_held = [*own, keys.pass_seed, *keys.voucher_masters.values(), *keys.pass_privates.values()]
    if len(set(secrets_held)) != len(secrets_held):
        raise ValueError("two of the secrets are the same")
