"""What staff may make of a kiosk in which state, and whether a second person has to agree. Pure."""

from __future__ import annotations

from miniprogram_api.domain.refusals import InvalidFields, NotAllowed

INVITED, UNINVITED = "invited", "uninvited"
SUSPENDED, RESUMED, LOST, RETIRED, ROTATED = "suspended", "resumed", "lost", "retired", "rotated"
ACTIVE = "active"

# In which states of the kiosk each change may be asked for. Who is lost comes back by an invitation alone: with a key
# that nobody else can have. Retired is for good.
ALLOWED_IN = {
    INVITED: frozenset({INVITED, ACTIVE, SUSPENDED, LOST}),
    UNINVITED: frozenset({INVITED, ACTIVE, SUSPENDED, LOST}),
    SUSPENDED: frozenset({ACTIVE}),
    RESUMED: frozenset({SUSPENDED}),
    LOST: frozenset({ACTIVE, SUSPENDED}),
    RETIRED: frozenset({INVITED, ACTIVE, SUSPENDED, LOST}),
    ROTATED: frozenset({ACTIVE}),
}
BECOMES = {SUSPENDED: SUSPENDED, RESUMED: ACTIVE, LOST: LOST, RETIRED: RETIRED}
NEEDS_TWO = frozenset({INVITED, RESUMED})
# An invitation that was agreed on is over with each of these.
ENDS_INVITATION = frozenset({INVITED, UNINVITED, SUSPENDED, LOST, RETIRED})
STOPPED = frozenset({SUSPENDED, LOST})


def check_change(change: str, state: str) -> None:
    """Raises NotAllowed (why: kiosk_state) where a kiosk in this state can't become that."""
    if state not in ALLOWED_IN[change]:
        raise NotAllowed(why="kiosk_state")


def lost_since(since: int | None, now: int) -> int:
    """From when on it is lost, now by default. Raises InvalidFields for a time that is to come, or before any."""
    if since is None:
        return now
    if not 0 <= since <= now:
        raise InvalidFields(fields=[{"field": "since", "reason": "in_the_future" if since > now else "too_early"}])
    return since
