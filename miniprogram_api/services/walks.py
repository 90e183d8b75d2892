"""One end of a walk waits for the other; after 30 days nobody will bring it any more, and it is refused."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.reviews import pending_act
from miniprogram_api.clock import Clock
from miniprogram_api.db import end_reading, standing_alone, use_case
from miniprogram_api.domain.calendar import DAY_SECONDS
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.reviews import REFUSED
from miniprogram_api.domain.trails import MOST_SECONDS, TRAIL_HALF
from miniprogram_api.models import Act, Review
from miniprogram_api.services.leases import Fence, keep_fence
from miniprogram_api.services.review_writes import Verdict, write_verdict

UNPAIRED = "trail_unpaired"
AT_ONCE = 200
# The other end may be read hours later, and its journal come in 30 days after that.
WAITS_SECONDS = LIMITS.journal_days * DAY_SECONDS + MOST_SECONDS


def half_walks_over(session: Session, now: int) -> list[int]:
    """Acts that are one end of a walk and have waited long enough, so many at a time."""
    waiting = (Act.state == "pending", Act.reason == TRAIL_HALF, Review.act_id.is_(None))
    rows = session.execute(
        select(Act.id)
        .outerjoin(Review, Review.act_id == Act.id)
        .where(*waiting, Act.occurred_at < now - WAITS_SECONDS)
        .order_by(Act.recorded_at)
        .limit(AT_ONCE)
    )
    found = list(rows.scalars())
    end_reading(session)
    return found


@use_case
def refuse_half_walk(session: Session, act_id: int, fence: Fence, clock: Clock) -> int:
    """Refuse it, unless it was decided meanwhile; answers how many were refused. Raises LeaseLost."""
    with standing_alone(session) as connection:
        act = pending_act(connection, act_id)
        if act is None or act["decision"] is not None:
            return 0
        writes = Writes(connection)
        keep_fence(writes, fence)
        write_verdict(writes, Verdict(act, REFUSED, code=UNPAIRED), clock.now())
    return 1
