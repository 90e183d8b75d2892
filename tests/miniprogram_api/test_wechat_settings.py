"""WeChat's settings: a whole set-up or none, and in production WeChat itself or nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram_api.adapters.wechat import AbsentWechat, SimulatedWechat
from miniprogram_api.clock import FixedClock
from miniprogram_api.config import SettingsRefused, create_keys, load_keys, load_settings, load_wechat_settings
from miniprogram_api.services.wechat import wechat_of
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.routes.speech import SQLITE_ONLY
from tests.wechat_server import MINI, MINI_SECRET, WEB, WEB_SECRET

PREFIX = "TANYU_WECHAT_"
WHOLE = {"MINI_APP_ID": MINI, "MINI_SECRET": MINI_SECRET, "WEB_APP_ID": WEB, "WEB_SECRET": WEB_SECRET}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Production with both applications."""
    create_keys(tmp_path / "keys.json")
    monkeypatch.setenv("TANYU_ENVIRONMENT", "production")
    monkeypatch.setenv("TANYU_KEYS_FILE", str(tmp_path / "keys.json"))
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://host/books")
    monkeypatch.setenv("CODE_BASE_URL", "HTTPS://ISLE.CN")
    for name, value in WHOLE.items():
        monkeypatch.setenv(PREFIX + name, value)
    return monkeypatch


def test_a_whole_set_up_is_taken_and_keeps_its_secrets_to_itself(environment: pytest.MonkeyPatch) -> None:
    environment.setenv(f"{PREFIX}VOUCHER_TEMPLATE", "t-1;thing1=item;time2=until")
    settings = load_settings()
    assert settings.wechat is not None
    assert settings.mini is not None
    assert (settings.mini.app_id, settings.mini.secret) == (MINI, MINI_SECRET)
    assert settings.wechat.own_url == "https://isle.cn"
    assert settings.templates["voucher_expires"].fields == {"thing1": "item", "time2": "until"}
    for secret in (MINI_SECRET, WEB_SECRET):
        assert secret not in repr(settings) + repr(settings.wechat) + str(settings.model_dump())


def test_a_secret_may_stand_in_the_keys_file_beside_the_others(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MINI_SECRET", "WEB_SECRET", "WEB_APP_ID"):
        environment.delenv(PREFIX + name)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"wechat": {"mini_secret": MINI_SECRET}}))
    settings = load_settings()
    assert settings.mini is not None
    assert settings.mini.secret == MINI_SECRET
    load_keys(path)
    path.chmod(0o644)
    with pytest.raises(SettingsRefused, match="TANYU_WECHAT_MINI_SECRET is missing"):
        load_settings()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"MINI_SECRET": None}, "MINI_SECRET is missing"),
        ({"WEB_APP_ID": None}, "WEB_APP_ID is missing"),
        ({"MINI_APP_ID": "mini"}, "MINI_APP_ID is no AppID"),
        ({"WEB_SECRET": "short"}, "WEB_SECRET is no AppSecret"),
        ({"BASE_URL": "https://example.org"}, "must not be set in production"),
        ({"BASE_URL": "http://api.weixin.qq.com"}, "must not be set in production"),
        ({"PAGE": "/pages/index"}, "TANYU_WECHAT_PAGE"),
        ({"VOUCHER_TEMPLATE": "t-1"}, "a template looks like"),
        ({"VOUCHER_TEMPLATE": "t-1;thing1=points"}, "item, until, advice"),
        ({"POINTS_TEMPLATE": "t-1;colour1=points"}, "no field"),
        ({"WEB_TEMPLATE": "t 1"}, "WEB_TEMPLATE"),
        ({"WEB_TEMPLATE": "t1", "WEB_APP_ID": None, "WEB_SECRET": None}, "WEB_APP_ID is not"),
        ({"VOUCHER_TEMPLATE": "t;thing1=item", "MINI_APP_ID": None, "MINI_SECRET": None}, "MINI_APP_ID is not"),
        ({"VERIFICATION_FILES": "../keys.txt=a"}, "VERIFICATION_FILES"),
        ({"VERIFICATION_FILES": "a.txt"}, "VERIFICATION_FILES"),
        ({"APP": "x"}, "Unknown setting"),
    ],
)
def test_half_a_set_up_stops_the_start_with_a_sentence_that_holds_no_secret(
    environment: pytest.MonkeyPatch, changes: dict[str, str | None], said: str
) -> None:
    for name, value in changes.items():
        environment.delenv(PREFIX + name, raising=False) if value is None else environment.setenv(PREFIX + name, value)
    with pytest.raises(SettingsRefused, match=said) as refused:
        load_settings()
    for secret in (MINI_SECRET, WEB_SECRET):
        assert secret not in str(refused.value)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "http://127.0.0.1/elsewhere", "http://a@127.0.0.1"])
def test_another_host_is_for_the_demonstration_and_has_to_be_one(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("TANYU_ENVIRONMENT", "demonstration")
    environment.setenv(f"{PREFIX}BASE_URL", "http://127.0.0.1:9")
    assert load_settings().wechat_base_url == "http://127.0.0.1:9"
    environment.setenv(f"{PREFIX}BASE_URL", url)
    with pytest.raises(SettingsRefused, match="looks like"):
        load_settings()


@SQLITE_ONLY
def test_who_was_not_told_the_environment_has_no_twin_and_production_never_has_one(stage: Stage) -> None:
    clock = FixedClock(NOON)
    assert isinstance(wechat_of(None, "demonstration", stage.engine, clock), SimulatedWechat)
    for environment in (None, "production"):
        assert isinstance(wechat_of(None, environment, stage.engine, clock), AbsentWechat)


def test_the_jobs_read_wechats_settings_alone(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("DATABASE_URL")
    assert load_wechat_settings().wechat is not None
    environment.delenv(f"{PREFIX}MINI_SECRET")
    with pytest.raises(SettingsRefused, match="MINI_SECRET"):
        load_wechat_settings()
