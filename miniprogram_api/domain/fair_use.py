"""Fair use: how often one phone, till, console or address may call before it has to wait, and why so often.

Every number stands here, with its reason. An allowance is a store that holds `at_once` and gets one back in each
`seconds_each`; who finds it empty is told when there will be one again. A store is known by the one moment at which it
will be full again, so that a full one needs to be kept by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """So many at once, then one in each so many seconds. `name` goes into the mark of whom it is counted for."""

    name: str
    at_once: int
    seconds_each: float

    @property
    def whole_seconds(self) -> float:
        """How long an empty one takes to fill."""
        return self.at_once * self.seconds_each


# --- Calls, counted at each machine (routes/call_counts.py): they protect the machine itself.

# A phone that opens the app makes some ten calls, one that waits for its waiter one in two seconds. Twenty tickets from
# a drawer, the history paged to its end and a page reloaded in anger a hundred times fit in at once: some seconds of
# one worker. From then on it gets a hundredth of what a machine can answer.
PHONE_CALLS = Allowance("phone", at_once=1_200, seconds_each=0.2)
# A till looks up and redeems, at most a guest in two seconds; a shop may have one sign-in open on several tills.
TILL_CALLS = Allowance("till", at_once=1_500, seconds_each=0.1)
# A console reads several lists a page, and hands in a journal on a stick part by part, four parts a second.
CONSOLE_CALLS = Allowance("console", at_once=3_000, seconds_each=0.1)
# Whoever isn't signed in: pages, files, sign-ins, public figures. A first visit takes at most twenty files and ten
# calls; three hundred people of a ferry behind one address are nine thousand, at once if it must be.
STRANGER_CALLS = Allowance("stranger", at_once=12_000, seconds_each=1 / 60)
# A token that nobody has is looked up in the database, for nothing. A ferry on which every session has run out makes
# six hundred of these calls.
UNKNOWN_TOKEN_COSTS = 2
# An address that has used up its own leaves those of its phones alone that were answered well so lately.
KNOWN_SECONDS = 600.0
# Codes that are none of ours. Nobody guesses an Ed25519 signature; this keeps a machine from being made to check them
# all day. A child that points the camera at everything on board finds fewer than thirty.
PHONE_WRONG_CODES = Allowance("phone_codes", at_once=30, seconds_each=10)
# Two for each of three hundred people. Beyond it each phone still has its first three, so that nobody on board can
# keep the others from scanning.
ADDRESS_WRONG_CODES = Allowance("address_codes", at_once=600, seconds_each=1)
FIRST_WRONG_CODES = 3

# --- Sign-ins, counted in the database (services/fair_use.py): they hold on all machines together.

# Two ferries at once, then more in an hour than a ferry has guests without WeChat. Each guest can earn 120 points in
# all, by acts that somebody has to go to.
GUESTS_OF_ADDRESS = Allowance("guests", at_once=600, seconds_each=30)
# WeChat itself takes a hundred sign-ins a minute from one person; each costs a call to it.
SIGN_INS_OF_ADDRESS = Allowance("sign_ins", at_once=900, seconds_each=1)
# A family signs in and out on one phone, and somebody tries it all once more.
SIGN_INS_OF_PHONE = Allowance("sign_ins_phone", at_once=20, seconds_each=600)
# Recovery codes have 80 random bits and name themselves, so only the address can be counted. A written one is mistyped
# a few times, by some of three hundred.
WRONG_RECOVERY_CODES = Allowance("recovery", at_once=60, seconds_each=60)
# Beside the five wrong tries that lock one login for a quarter of an hour: who tries one password on many logins. An
# office and its shops share an address, and on Monday morning many mistype.
WRONG_PASSWORDS = Allowance("passwords", at_once=60, seconds_each=30)
# An invitation is typed by hand at a new kiosk, good for half an hour and shown to nobody else.
WRONG_INVITATIONS = Allowance("invitations", at_once=20, seconds_each=180)

# How long the longest of those in the database is known after its last use: what is older says nothing any more.
COUNTED_IN_DATABASE = (
    GUESTS_OF_ADDRESS,
    SIGN_INS_OF_ADDRESS,
    SIGN_INS_OF_PHONE,
    WRONG_RECOVERY_CODES,
    WRONG_PASSWORDS,
    WRONG_INVITATIONS,
)


def take(full_at: float, now: float, allowance: Allowance, cost: float = 1) -> tuple[float, float]:
    """When the store is full again once `cost` has been taken, and 0; or, where there is too little, as before and the
    seconds to wait. Unix seconds. A clock that was put back never makes anybody wait longer than for a whole store."""
    missing = min(max(full_at - now, 0.0), allowance.whole_seconds)
    after = missing + cost * allowance.seconds_each
    if after > allowance.whole_seconds + allowance.seconds_each / 100:  # moments of today are rounded to 0.2 µs
        return now + missing, after - allowance.whole_seconds
    return now + after, 0.0


def charge(full_at: float, now: float, allowance: Allowance, cost: float = 1) -> float:
    """When the store is full again once `cost`, or all that is left of it, has been taken."""
    missing = min(max(full_at - now, 0.0), allowance.whole_seconds)
    return now + min(missing + cost * allowance.seconds_each, allowance.whole_seconds)


def taken(full_at: float, now: float, allowance: Allowance) -> float:
    """How many are missing from the store now."""
    return min(max(full_at - now, 0.0), allowance.whole_seconds) / allowance.seconds_each
