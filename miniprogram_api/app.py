"""The application factory: one Flask application from settings, secrets and a clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apiflask import APIFlask
from sqlalchemy import Engine

from miniprogram_api.adapters.wechat import Wechat
from miniprogram_api.books.directory import Directory
from miniprogram_api.clock import Clock, SystemClock
from miniprogram_api.config import Settings, SettingsRefused, load_keys
from miniprogram_api.db import db, engine_options, prepare_engine
from miniprogram_api.domain.keys import Keys
from miniprogram_api.durability import DatabaseUnsafe, require_durability
from miniprogram_api.queries.island import Figures
from miniprogram_api.routes.access_log import keep_access_log
from miniprogram_api.routes.call_counts import CallCounts
from miniprogram_api.routes.errors import answer_errors
from miniprogram_api.routes.fair_use import FairUse, keep_fair
from miniprogram_api.routes.headers import add_headers
from miniprogram_api.routes.openapi import SECURITY_SCHEMES, complete_document
from miniprogram_api.routes.register import register_calls
from miniprogram_api.routes.right_of_way import RightOfWay, note_people
from miniprogram_api.routes.surroundings import Surroundings, surround
from miniprogram_api.services.island import Island
from miniprogram_api.services.wechat import wechat_of

STATIC = Path(__file__).resolve().parents[1] / "static"
OPENAPI_PATH = "/api/v1/openapi.json"


def create_app(
    settings: Settings, *, keys: Keys | None = None, clock: Clock | None = None, wechat: Wechat | None = None
) -> APIFlask:
    """The server's application. Secrets come from `settings.keys_file` unless they are given; the clock is the
    machine's unless one is given; WeChat is what the settings say, else its simulated twin in the demonstration and
    absent elsewhere. Raises SettingsRefused for secrets that are none, and in production for a database that may
    forget what it committed."""
    app = APIFlask(
        "miniprogram_api",
        title="碳屿 Tanyu",
        version="1",
        spec_path=OPENAPI_PATH,
        docs_path=None,  # its pages run inline scripts and load from elsewhere; ours is /api/v1/docs
        json_errors=False,  # routes/errors.py answers every error
        static_folder=None,  # type: ignore[arg-type]  # Flask takes None for "no such route", APIFlask passes it on
    )
    app.config.update(_configuration(settings))
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.spec_processor(complete_document)  # type: ignore[arg-type]  # ours is a dict, never YAML text
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    prepare_engine(engine)
    _check_durability(settings, engine)
    directory = Directory(engine)
    clock, keys = clock or SystemClock(), keys or load_keys(settings.keys_file)
    _check_pass_key(keys, clock)
    island = Island(directory, keys, settings.code_base_url.rstrip("/"))
    right_of_way = RightOfWay(settings.keys_file.with_name("uploads.lock"))
    counts = CallCounts(settings.keys_file.with_name("calls.counts"), keys.marks)
    fair_use = FairUse(counts, settings.trusted_proxies, clock)
    wechat = wechat or wechat_of(settings.wechat, settings.environment, engine, clock)
    surround(app, Surroundings(settings, island, clock, wechat, Figures(), right_of_way, fair_use))
    note_people(app, right_of_way)
    keep_access_log(app)
    keep_fair(app, fair_use)
    add_headers(app)
    answer_errors(app)
    register_calls(app, STATIC)
    return app


def _check_durability(settings: Settings, engine: Engine) -> None:
    """In production only: the demonstration may run on whatever is at hand. Raises SettingsRefused."""
    if settings.demonstration:
        return
    try:
        require_durability(engine)
    except DatabaseUnsafe as unsafe:
        raise SettingsRefused(str(unsafe)) from unsafe


def _check_pass_key(keys: Keys, clock: Clock) -> None:
    """Readers learn of a pass key before it signs. Raises SettingsRefused."""
    if keys.pass_begins[keys.pass_key_id] > clock.now():
        raise SettingsRefused(
            f"Pass key {keys.pass_key_id} signs from {keys.pass_begins[keys.pass_key_id]} on, not yet"
        )


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": settings.requests_body_bytes_max,
        "MAX_FORM_MEMORY_SIZE": settings.requests_body_bytes_max,
        "AUTO_TAGS": False,  # one tag for each kind of caller, not for each file
        "TAGS": [{"name": tag} for tag in ("member", "merchant", "kiosk", "staff", "public")],
        "AUTO_SERVERS": False,  # the host would be the first caller's word for us
        "SERVERS": [{"url": "/"}],
        "AUTO_VALIDATION_ERROR_RESPONSE": False,  # each call declares its refusals itself
        "AUTO_AUTH_ERROR_RESPONSE": False,
        "AUTO_404_RESPONSE": False,
        "SECURITY_SCHEMES": SECURITY_SCHEMES,
        "DESCRIPTION": "Low-carbon points for an island. Refusals are problem documents with a stable `code`.",
    }
