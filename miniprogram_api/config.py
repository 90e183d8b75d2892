"""Settings and secrets. No secret has a default, and an unexpected setting stops the start with a sentence."""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from miniprogram_api.domain.keys import Keys
from miniprogram_api.domain.messages import POINTS_EXPIRE, VOUCHER_EXPIRES, Template, template_of
from miniprogram_api.domain.wechat import App, SetUp

PREFIX = "TANYU_"
SQLITE = "sqlite"
DATABASES = (SQLITE, "postgresql+psycopg")


# 32 random bytes with fewer different ones come once in 10^25 files.
SECRET_BYTES_DIFFERENT = 12
KEY_NUMBER_MAX = 255  # one byte of a code

WECHAT = "https://api.weixin.qq.com"
APP_ID = re.compile(r"wx[0-9A-Za-z]{4,30}")
APP_SECRET = re.compile(r"[0-9A-Za-z]{16,64}")
TEMPLATE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
MINI_PAGE = re.compile(r"[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)*")
VERIFICATION = re.compile(r"(?P<name>[0-9A-Za-z_-]{1,64}\.txt)=(?P<content>[0-9A-Za-z_-]{1,128})")


class SettingsRefused(Exception):
    """The start is refused; the message says which setting and why."""


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(value: Any) -> Any:
    """Addresses and networks with commas between, as 127.0.0.1, 10.0.0.0/8."""
    return [ipaddress.ip_network(part.strip()) for part in value.split(",")] if isinstance(value, str) else value


class WechatSettings(BaseSettings):
    """WeChat, as far as it is set up; docs/operations.md says what each value is and where it comes from.

    A secret is in the environment or in the keys file below `wechat`, as `mini_secret` and `web_secret`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    environment: Literal["demonstration", "production"] | None = None
    keys_file: Path | None = None
    code_base_url: str = Field(default="", validation_alias="CODE_BASE_URL")
    wechat_mini_app_id: str | None = None
    wechat_mini_secret: SecretStr | None = None
    wechat_web_app_id: str | None = None
    wechat_web_secret: SecretStr | None = None
    wechat_page: str = "pages/index/index"
    wechat_voucher_template: str | None = None
    wechat_points_template: str | None = None
    wechat_web_template: str | None = None
    wechat_verification_files: str = ""
    wechat_base_url: str = WECHAT

    @cached_property
    def mini(self) -> App | None:
        """The mini-program."""
        return self._app("mini", self.wechat_mini_app_id, self.wechat_mini_secret)

    @cached_property
    def web(self) -> App | None:
        """The service account whose web sign-in the pages use inside WeChat."""
        return self._app("web", self.wechat_web_app_id, self.wechat_web_secret)

    @property
    def wechat(self) -> SetUp | None:
        """All of it; None where neither is set up."""
        if self.mini is None and self.web is None:
            return None
        return SetUp(
            base_url=self.wechat_base_url.rstrip("/"),
            mini=self.mini,
            web=self.web,
            page=self.wechat_page,
            templates=self.templates,
            web_template=self.wechat_web_template,
            own_url=self.code_base_url.rstrip("/").lower(),
        )

    @property
    def demonstration(self) -> bool:
        return self.environment == "demonstration"

    @cached_property
    def templates(self) -> dict[str, Template]:
        """Of the mini-program's messages, by occasion."""
        texts = {VOUCHER_EXPIRES: self.wechat_voucher_template, POINTS_EXPIRE: self.wechat_points_template}
        try:
            return {occasion: template_of(text, occasion) for occasion, text in texts.items() if text}
        except ValueError as error:
            raise SettingsRefused(f"A WeChat template can't be used: {error}") from error

    @cached_property
    def verification_files(self) -> dict[str, str]:
        """Name and content of what WeChat wants to find at the root of our domain."""
        texts = [part.strip() for part in self.wechat_verification_files.split(",") if part.strip()]
        found = [VERIFICATION.fullmatch(text) for text in texts]
        if not all(found):
            raise SettingsRefused("TANYU_WECHAT_VERIFICATION_FILES looks like NAME.txt=CONTENT, with commas between")
        return {match["name"]: match["content"] for match in found if match}

    def _app(self, name: str, app_id: str | None, given: SecretStr | None) -> App | None:
        """Raises SettingsRefused for half a set-up."""
        secret = given.get_secret_value() if given else _wechat_secret(self.keys_file, f"{name}_secret")
        if app_id is None and not secret:
            return None
        upper = name.upper()
        if app_id is None or not secret:
            missing = f"_{upper}_SECRET" if app_id else f"_{upper}_APP_ID"
            raise SettingsRefused(f"WeChat is only half set up: TANYU_WECHAT{missing} is missing")
        if not APP_ID.fullmatch(app_id):
            raise SettingsRefused(f"TANYU_WECHAT_{upper}_APP_ID is no AppID: {app_id!r}")
        if not APP_SECRET.fullmatch(secret):
            raise SettingsRefused(f"TANYU_WECHAT_{upper}_SECRET is no AppSecret")
        return App(app_id, secret)


def check_wechat(settings: WechatSettings) -> None:
    """Raises SettingsRefused for half a set-up, and for another host than WeChat's in production."""
    mini, web, templates = settings.mini, settings.web, settings.templates
    if mini is None and templates:
        raise SettingsRefused("Templates of a mini-program are set, but TANYU_WECHAT_MINI_APP_ID is not")
    if web is None and settings.wechat_web_template:
        raise SettingsRefused("TANYU_WECHAT_WEB_TEMPLATE is set, but TANYU_WECHAT_WEB_APP_ID is not")
    if settings.wechat_web_template and not TEMPLATE_ID.fullmatch(settings.wechat_web_template):
        raise SettingsRefused("TANYU_WECHAT_WEB_TEMPLATE is no id of a template")
    if not MINI_PAGE.fullmatch(settings.wechat_page):
        raise SettingsRefused("TANYU_WECHAT_PAGE is a page of the mini-program, as pages/index/index")
    assert settings.verification_files is not None  # what can't be read is refused now
    if settings.wechat_base_url != WECHAT and not settings.demonstration:
        raise SettingsRefused(f"TANYU_WECHAT_BASE_URL must not be set in production: WeChat is at {WECHAT}")
    parts = urlsplit(settings.wechat_base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.username:
        raise SettingsRefused(f"TANYU_WECHAT_BASE_URL looks like {WECHAT}")


def load_wechat_settings() -> WechatSettings:
    """The part of the settings that is about WeChat, for processes that need no other. Raises SettingsRefused."""
    try:
        settings = WechatSettings.model_validate({})
    except ValidationError as error:
        raise SettingsRefused(_said(error)) from error
    check_wechat(settings)
    return settings


def _wechat_secret(path: Path | None, name: str) -> str | None:
    """What the keys file holds under this name, where there is one that we would read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8")) if path and not _open_to_others(path) else {}
        secret = document.get("wechat", {}).get(name)
    except (OSError, ValueError, AttributeError):
        return None  # load_keys says what is wrong with the file
    return secret if isinstance(secret, str) else None


ENGLISH = {"灵山岛（示范）": "Lingshan Island (demonstration)", "灵山岛旅客服务台": "Lingshan Island visitor desk"}


class Settings(WechatSettings):
    """What an operator sets by environment variables (prefix TANYU_, but DATABASE_URL and CODE_BASE_URL bare)."""

    environment: Literal["demonstration", "production"]
    keys_file: Path
    database_url: str = Field(validation_alias="DATABASE_URL")
    code_base_url: str = Field(validation_alias="CODE_BASE_URL")
    island_name: str = "灵山岛（示范）"
    island_name_en: str = ""
    help_contact: str = "灵山岛旅客服务台"
    help_contact_en: str = ""
    hosts: int = Field(default=1, ge=1)
    requests_body_bytes_max: int = 65_536
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = ()

    @property
    def island_names(self) -> dict[str, str]:
        """The island's name by language; without an English one, the Chinese one stands there too."""
        return {"zh": self.island_name, "en": self.island_name_en or ENGLISH.get(self.island_name, self.island_name)}

    @property
    def help_contacts(self) -> dict[str, str]:
        """Where to find help, by language."""
        return {
            "zh": self.help_contact,
            "en": self.help_contact_en or ENGLISH.get(self.help_contact, self.help_contact),
        }


def load_settings() -> Settings:
    """Settings from the environment; raises SettingsRefused with a sentence for a missing, wrong or unknown one."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsRefused(f"Unknown setting: {', '.join(unknown)}")
    try:
        settings = Settings.model_validate({})  # values come from the environment
    except ValidationError as error:
        raise SettingsRefused(_said(error)) from error
    _check_code_base_url(settings.code_base_url)
    _check_database_url(settings)
    check_wechat(settings)
    return settings


def _said(error: ValidationError) -> str:
    lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_url=False)]
    return "Settings can't be used: " + "; ".join(lines)


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
