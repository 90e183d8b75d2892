"""Why the staff's panel of a kiosk says no."""

from __future__ import annotations

from kiosk.refusals import Refusal
from kiosk.words import Words


class PinNotSet(Refusal):
    code, status = "pin_not_set", 409
    words = Words("还没有设工作人员密码：./island kiosk pin 名称", "No staff PIN is set yet: ./island kiosk pin NAME")


class PinWrong(Refusal):
    code, status = "not_allowed", 403
    words = Words("密码不对。", "That PIN is wrong.")


class PinLocked(Refusal):
    code, status = "too_many_tries", 429
    words = Words("输错太多次，请稍后再试。", "Too many wrong tries; please wait.")

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.allowed_in_seconds = seconds


class ClockSetByOffice(Refusal):
    code, status = "clock_trusted", 409
    words = Words(
        "服务器已经校过时间，不用手工设置。", "The server has put this kiosk's time right already; nothing to set."
    )


class TimeNotPlausible(Refusal):
    code, status = "invalid_fields", 422
    words = Words(
        "这个时间不可能：早于规则签发的时间，或晚了一年以上。",
        "That can't be the time: it is before the rules were signed, or more than a year after.",
    )
