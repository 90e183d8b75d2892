"""Settings and secrets. No secret has a default, and an unexpected setting stops the start with a sentence."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from miniprogram_api.domain.keys import Keys

PREFIX = "TANYU_"
SQLITE = "sqlite"
DATABASES = (SQLITE, "postgresql+psycopg")


# 32 random bytes with fewer different ones come once in 10^25 files.
SECRET_BYTES_DIFFERENT = 12


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
    """Make the secrets file once, readable by its owner only; an existing file is left alone."""
    if path.exists():
        return
    document = {
        "office": {"id": "office-1", "private": secrets.token_hex(32)},
        "voucher": {"current": 1, "masters": {"1": secrets.token_hex(32)}},
        **{name: secrets.token_hex(32) for name in ("arrival", "readable_code", "readable_pepper", "recovery_pepper")},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def load_keys(path: Path) -> Keys:
    """Read the secrets file; raises SettingsRefused when it is missing, open to others or malformed."""
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsRefused(f"{path} can be read by others: chmod 600 it")
        keys = _keys_from(json.loads(path.read_text(encoding="utf-8")))
        _check_different(keys)
        return keys
    except FileNotFoundError as error:
        raise SettingsRefused(f"{path} is missing; `./island up` makes it for a demonstration") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsRefused(f"{path} is not a keys file: {error}") from error


def _keys_from(document: dict) -> Keys:
    masters = {int(number): _secret(value) for number, value in document["voucher"]["masters"].items()}
    return Keys(
        office_id=document["office"]["id"],
        office_private=_secret(document["office"]["private"]),
        voucher_masters=masters,
        voucher_key_id=document["voucher"]["current"],
        arrival=_secret(document["arrival"]),
        readable_code=_secret(document["readable_code"]),
        readable_pepper=_secret(document["readable_pepper"]),
        recovery_pepper=_secret(document["recovery_pepper"]),
    )


def _secret(text: str) -> bytes:
    value = bytes.fromhex(text)
    if len(value) != 32:
        raise ValueError("a secret is not 32 bytes")
    if len(set(value)) < SECRET_BYTES_DIFFERENT or value == bytes(range(32)):
        raise ValueError("a secret is a sample, not random; let `./island` make the file")
    return value


def _check_different(keys: Keys) -> None:
    own = (keys.office_private, keys.arrival, keys.readable_code, keys.readable_pepper, keys.recovery_pepper)
    secrets_held = [*own, *keys.voucher_masters.values()]
    if len(set(secrets_held)) != len(secrets_held):
        raise ValueError("two of the secrets are the same")
