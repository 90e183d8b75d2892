"""Why this kiosk does not do what it was asked: each a class with a stable code and a sentence in two languages."""

from __future__ import annotations

from kiosk.words import Words


class Refusal(Exception):
    """A no with a reason that the person is told. Anything else that is raised is a fault."""

    code: str
    status: int
    words: Words
    allowed_in_seconds: int | None = None


class SceneNotOffered(Refusal):
    code, status = "not_found", 404
    words = Words("这台自助机没有这个场景。", "This kiosk does not offer that scene.")


class SceneClosed(Refusal):
    code, status = "scene_closed", 409
    words = Words("这个场景现在不开放。", "That scene is closed at present.")


class ProofNotAllowed(Refusal):
    code, status = "proof_not_allowed", 403
    words = Words("这个地点不提供这种码。", "This place does not offer that kind of code.")


class FieldsNotValid(Refusal):
    code, status = "invalid_fields", 422
    words = Words("填写的内容不对。", "What was sent is not as agreed.")

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.fields = [{"field": field, "reason": reason}]


class CodeGone(Refusal):
    code, status = "not_found", 404
    words = Words("这个码已经收起。", "That code is no longer here.")


class Offline(Refusal):
    code, status = "offline", 409
    words = Words(
        "这台自助机暂时连不上服务器，请用纸券。", "This kiosk is out of touch with the server; take a ticket instead."
    )


class ClockNotTrusted(Refusal):
    code, status = "clock_not_trusted", 409
    words = Words("这台自助机的时间还没校准，请用纸券。", "This kiosk's clock is not set yet; take a ticket instead.")


class AgreementOld(Refusal):
    code, status = "agreement_old", 409
    words = Words(
        "这台自助机太久没有联网，暂停发码，请联系工作人员。",
        "This kiosk has been out of touch for too long and gives no codes; please ask the staff.",
    )


class NotProvisioned(Refusal):
    code, status = "not_provisioned", 409
    words = Words("这台自助机还没有开通。", "This kiosk is not set up yet.")


class KioskSuspended(Refusal):
    code, status = "kiosk_suspended", 403
    words = Words("这台自助机已停用，请联系工作人员。", "This kiosk has been taken out of use; please ask the staff.")


class TicketTooSoon(Refusal):
    code, status = "too_many_tries", 429
    words = Words("请稍等几秒再取下一张。", "Please wait a few seconds for the next ticket.")

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.allowed_in_seconds = seconds


class RequestNotOurs(Refusal):
    code, status = "not_allowed", 403
    words = Words("只有这台自助机自己的页面可以这样做。", "Only this kiosk's own page may do that.")


class JournalNotWritten(Refusal):
    """What happened could not be put on the disk, so nothing is shown, printed or thanked for."""

    status = 503


class DiskFull(JournalNotWritten):
    code = "disk_full"
    words = Words(
        "这台自助机的存储满了，暂停使用，请联系工作人员。", "This kiosk's disk is full; please ask the staff."
    )


class DiskReadOnly(JournalNotWritten):
    code = "disk_read_only"
    words = Words(
        "这台自助机的存储写不进去，暂停使用，请联系工作人员。",
        "This kiosk can't write to its disk; please ask the staff.",
    )


class DiskFailing(JournalNotWritten):
    code = "disk_failing"
    words = Words(
        "这台自助机的存储出错，暂停使用，请联系工作人员。", "This kiosk's disk is failing; please ask the staff."
    )


class JournalDamaged(JournalNotWritten):
    code = "journal_damaged"
    words = Words(
        "这台自助机的记录文件坏了，正在另存并重建，请稍候。",
        "This kiosk's records are damaged; it keeps them aside and begins new ones.",
    )


class CountersUnknown(Refusal):
    code, status = "counters_unknown", 409
    words = Words(
        "这台自助机的编号记录丢了，不能发新码，请联系工作人员换密钥。",
        "This kiosk has lost count of its codes and gives no new ones; please ask the staff to change its key.",
    )


class DiskRolledBack(CountersUnknown):
    code = "disk_rolled_back"
    words = Words(
        "这台自助机的存储被换回了旧的内容，不能发新码，请联系工作人员换密钥。",
        "This kiosk's disk was put back to an earlier day, so it gives no new codes; please ask the staff to change"
        " its key.",
    )
