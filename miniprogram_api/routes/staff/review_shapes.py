"""What the calls about acts that wait take and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from miniprogram_api.domain.corrections import REASON_LENGTH_MAX
from miniprogram_api.routes.api import DIGITS, Answer, Body, Moment, PublicId, text, whole
from miniprogram_api.routes.member.shapes import Activity
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.adjustments import MemberNamed, PersonNamed
from miniprogram_api.routes.staff.kiosks import MapPoint
from miniprogram_api.routes.staff.version_shapes import Start

SELECTED_MAX = 100
QUESTION_LENGTH_MAX = 200
DAYS_MAX = 3650
KIOSK_MAX = 4_294_967_295  # four bytes in a code
Reason = Annotated[str, text(REASON_LENGTH_MAX, 3)]
State = Literal["credited", "pending", "capped", "refused", "reversed"]


class ReviewQuery(Page):
    """`state`: those that wait, the longest waiting first, or those decided about, newest first. `reason`: the word
    that says why it waits; `scene`: its id; `days`: handed in at least so many days ago."""

    state: Literal["waiting", "decided"] = "waiting"
    reason: Annotated[str, text(64)] | None = None
    kiosk: Annotated[int, whole(0, KIOSK_MAX), DIGITS] | None = None
    scene: Annotated[str, text(64)] | None = None
    member: PublicId | None = None
    days: Annotated[int, whole(0, DAYS_MAX), DIGITS] = 0


class AcceptBody(Body):
    """`occurred_at`: when it was done, where that is known better. The reason stays with the decision."""

    reason: Reason
    occurred_at: Start | None = None


class RefuseBody(Body):
    """The reason is what the member reads."""

    reason: Reason


class SelectionBody(Body):
    """Each of them is judged for itself."""

    ids: Annotated[list[PublicId], Field(min_length=1, max_length=SELECTED_MAX)]
    reason: Reason


class AskBody(Body):
    """The member sees the question beside the activity and answers once."""

    question: Annotated[str, text(QUESTION_LENGTH_MAX, 3)]


class ReviewedMember(MemberNamed):
    kind: Literal["guest", "visitor", "resident"]


class ReviewDecision(Answer):
    """`by` null: the system. `code`: the rules' or the system's word, where they said it."""

    decision: Literal["accepted", "refused"]
    by: PersonNamed | None
    code: str | None
    reason: str
    decided_at: Moment


class ReviewAnswer(Answer):
    """`points_most`: what the act may bring; `needs_approver`: more than somebody without that role decides about.
    `claimed_at` is the device's time, null where it didn't know it."""

    id: PublicId
    activity: Activity
    member: ReviewedMember
    kiosk: str | None
    side: str | None
    waited_for: str | None
    waited_for_text: str | None
    claimed_at: Moment | None
    points_most: int
    needs_approver: bool
    decision: ReviewDecision | None


class CodeNumber(Answer):
    epoch: int
    counter: int


class OtherAct(Answer):
    """An act that this one may double, or that speaks against it."""

    id: PublicId
    member: MemberNamed
    name: str
    state: State
    points: int
    occurred_at: Moment
    recorded_at: Moment
    place: str


class ReviewRead(ReviewAnswer):
    """`first_occurred_at`: the time that counted until the decision; `journal_time`: what the kiosk's record says."""

    first_occurred_at: Moment
    journal_time: Moment | None
    code: CodeNumber | None
    clerk: str | None
    map: MapPoint | None
    others: list[OtherAct]


class Reviews(Answer):
    """`waiting`: how many wait in all."""

    data: list[ReviewAnswer]
    next: str | None
    waiting: int


class SelectedResult(Answer):
    """How the act stands after its decision; `state` null with `code`, `title` and `detail` where there was none."""

    id: PublicId
    state: Literal["credited", "capped", "refused"] | None
    points: int
    code: str | None
    title: str | None
    detail: str | None


class SelectedResults(Answer):
    data: list[SelectedResult]
