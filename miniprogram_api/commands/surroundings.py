"""The settings that the server, the jobs and the seed of one data folder share."""

from __future__ import annotations

import os

from sqlalchemy import Engine, create_engine

from miniprogram_api import migrations
from miniprogram_api.commands.addresses import Addresses
from miniprogram_api.commands.data_folder import ROOT, DataFolder
from miniprogram_api.config import SettingsRefused, create_keys
from miniprogram_api.db import engine_options, prepare_engine
from miniprogram_api.durability import DatabaseUnsafe, require_durability


class StartRefused(Exception):
    """The island can't start; the message is the one sentence to show."""


def settings_of(data: DataFolder, addresses: Addresses) -> dict[str, str]:
    """The environment of the processes of this folder. Raises StartRefused in production: this is the demonstration."""
    if os.environ.get("TANYU_ENVIRONMENT", "demonstration") != "demonstration":
        raise StartRefused("./island up starts the demonstration; unset TANYU_ENVIRONMENT or start the server itself.")
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "TANYU_ENVIRONMENT": "demonstration",
        "TANYU_KEYS_FILE": str(data.keys),
        "DATABASE_URL": data.database_url,
        "CODE_BASE_URL": addresses.code_base_url,
    }


def open_database(data: DataFolder) -> Engine:
    """The secrets and the newest tables are there when this returns. Raises StartRefused for secrets that can't be
    kept, and in production for a database that may forget what it committed."""
    try:
        create_keys(data.keys)
    except SettingsRefused as refused:
        raise StartRefused(str(refused)) from refused
    engine = create_engine(data.database_url, **engine_options(data.database_url))
    prepare_engine(engine)
    if os.environ.get("TANYU_ENVIRONMENT") == "production":
        _require_durability(engine)
    migrations.upgrade(engine)
    return engine


def _require_durability(engine: Engine) -> None:
    try:
        require_durability(engine)
    except DatabaseUnsafe as unsafe:
        raise StartRefused(str(unsafe)) from unsafe
