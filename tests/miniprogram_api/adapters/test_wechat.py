"""WeChat's simulated twin says that it is one and stays out of production."""

from __future__ import annotations

import pytest

from miniprogram_api.adapters.wechat import AbsentWechat, SimulatedWechat
from miniprogram_api.domain.refusals import NotSignedIn


def test_the_twin_announces_itself(caplog: pytest.LogCaptureFixture) -> None:
    assert SimulatedWechat("demonstration").simulated
    assert "simulated" in caplog.text


def test_the_twin_refuses_to_run_in_production() -> None:
    with pytest.raises(RuntimeError, match="production"):
        SimulatedWechat("production")


def test_a_resident_and_a_visitor_of_one_name_are_two_people() -> None:
    wechat = SimulatedWechat("demonstration")
    visitor, resident = wechat.person_of_code("sim:mei"), wechat.person_of_code("sim:resident-mei")
    assert (visitor.kind, resident.kind) == ("visitor", "resident")
    assert visitor.subject != resident.subject


def test_without_wechat_every_code_is_refused() -> None:
    for ask in (AbsentWechat().person_of_code, AbsentWechat().person_of_oauth_code):
        with pytest.raises(NotSignedIn):
            ask("sim:mei")
