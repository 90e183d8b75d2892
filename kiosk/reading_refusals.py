"""Why a code that was shown to this kiosk is not taken, or an act is not noted; each says what helps."""

from __future__ import annotations

from kiosk.refusals import Refusal
from kiosk.words import Words


class NotAMemberCode(Refusal):
    code, status = "code_malformed", 400
    words = Words(
        "这不是会员码。请在手机里打开“会员码”再对准。", "That is no member code. Open “Member code” on your phone."
    )


class CodeOfNewerVersion(Refusal):
    code, status = "code_unknown_version", 426
    words = Words(
        "这台自助机还不认识这种码，请找工作人员。", "This kiosk does not know that kind of code yet; ask the staff."
    )


class CodeNotGenuine(Refusal):
    code, status = "code_signature_invalid", 422
    words = Words(
        "这个码核对不上。请在有信号时打开手机上的“会员码”再试。",
        "That code can't be verified. Open “Member code” once where your phone has signal, then try again.",
    )


class MinuteOver(Refusal):
    """The minute that the code shows is not this one, by a trusted clock."""

    code, status = "code_expired", 410
    words = Words(
        "这个码过了时间。请看手机上的新码；手机时间不对时请校准。",
        "That code is past its minute. Show the new one on your phone; if its clock is wrong, set it first.",
    )


class CodeRevoked(Refusal):
    code, status = "code_expired", 410
    words = Words(
        "这个码已经停用。请在手机上重新登录，或找工作人员。",
        "That code is no longer in use. Sign in again on your phone, or ask the staff.",
    )


class CardNotValid(Refusal):
    code, status = "code_expired", 410
    words = Words("这张卡不在有效期内，请找工作人员。", "This card is not valid now; please ask the staff.")


class CardNeedsStaff(Refusal):
    code, status = "proof_not_allowed", 403
    words = Words(
        "居民卡只在有工作人员的地点使用，请到那里出示。", "A resident card is read only where staff stand by."
    )


class AlreadyRead(Refusal):
    """This minute of this pass, or this card a moment ago, is in the journal already; nothing is noted twice."""

    code, status = "code_already_used", 409
    words = Words(
        "这个码刚才已经读过，也记下了。要记别的事，请等手机换出新码。",
        "That code was read already, and is kept. For something else, wait for the next code on your phone.",
    )


class WeightNeeded(Refusal):
    code, status = "measurement_needed", 409
    words = Words("这一项的数量要由秤来读。", "The scale has to say how much this is.")


class NoScale(Refusal):
    code, status = "no_scale", 409
    words = Words(
        "这台自助机没有秤，或秤没有应答，请找工作人员。",
        "This kiosk has no scale, or it does not answer; please ask the staff.",
    )


class WeighingGone(Refusal):
    code, status = "not_found", 404
    words = Words("这次称重已经结束，请重新称。", "That weighing is over; please weigh again.")


class WeighingNotDone(Refusal):
    code, status = "weighing_not_done", 409
    words = Words(
        "还不能交：请先把秤上的袋子倒进箱里，至少称好一袋。",
        "Not yet: tip the bag on the scale into the bin first; at least one bag has to be weighed.",
    )


class WeighingUsed(Refusal):
    code, status = "code_already_used", 409
    words = Words("这次称重已经交过一次。", "That weighing was handed in already.")


class QuizNeeded(Refusal):
    code, status = "quiz_needed", 409
    words = Words("先答对五题，再领积分。", "Answer five questions right first.")


class QuizGone(Refusal):
    code, status = "not_found", 404
    words = Words("这次问答已经结束，请重新开始。", "That quiz is over; please begin again.")


class OnlyInDemonstration(Refusal):
    code, status = "not_allowed", 403
    words = Words("这是模拟设备，只在示范里工作。", "That is a simulated device; it works in a demonstration only.")
