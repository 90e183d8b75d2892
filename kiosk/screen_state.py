"""What the kiosk's own page needs to know, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kiosk.groups import IN_TOUCH_SECONDS, GroupPicture
from kiosk.island_time import written_time
from kiosk.issue import issuing_agreement
from kiosk.journal_file import kept_aside
from kiosk.machine import Machine
from kiosk.refusals import CountersUnknown, DiskRolledBack, JournalNotWritten, Refusal
from kiosk.screen_scenes import is_touchable, ready_scene, shown_scene
from kiosk.texts import VenueTexts
from kiosk.tickets import IssuedTicket
from kiosk.touches import Shown
from kiosk.words import Words

# A reading carries no counter, so it goes on where counters may not be given.
STILL_READING = frozenset({CountersUnknown.code, DiskRolledBack.code})


def screen_state(machine: Machine) -> dict[str, Any]:
    """GET /api/state."""
    clock, keeper = machine.clock, machine.keeper
    kept = keeper.current
    texts = None if kept is None else VenueTexts(kept.agreement)
    age = machine.heartbeats.answer_age()
    reason = _why_not_issuing(machine)
    cut = machine.uplink.is_cut
    today = machine.rounds.today
    heard = machine.heartbeats.answered_at
    return {
        "kiosk": machine.identity.kiosk,
        "venue": (texts.venue if texts else Words("自助机", "Kiosk")).as_json(),
        "island_name": texts.island.as_json() if texts else None,
        "demonstration": machine.is_demonstration(),
        "online": age is not None and age <= IN_TOUCH_SECONDS and not cut,
        "cut": cut,
        "last_sync": _written(machine.journal.last_sync() if heard is None else heard + (clock.offset or 0)),
        "trouble": machine.heartbeats.trouble,
        "queue": machine.journal.queue_length(),
        "waiting": _waiting(machine),
        "forwarding": {"turns": machine.forwarder.turns, "trouble": machine.forwarder.trouble},
        "kept_aside": [path.name for path in kept_aside(machine.folder.path)],
        "agreement": {"version": keeper.version, "age_days": keeper.age_days(clock.earliest_time())},
        "issuing": reason is None,
        "issuing_reason": reason,
        "reading": reason is None or reason in STILL_READING,
        "clock": {"trusted": clock.trusted},
        "printer": {"state": machine.printer.state(), "simulated": machine.printer.is_simulated},
        "scanner": {"state": machine.scanner.state(), "simulated": machine.scanner.is_simulated,
                    "camera": machine.settings.scanner.camera},
        "scale": {"state": machine.scale.state(), "simulated": machine.scale.is_simulated},
        "attended": kept is not None and kept.agreement.profile.attended,
        "clerk": machine.duty.clerk,
        "today": None if today is None else asdict(today),
        "now": written_time(clock.shown_time()),
        "ready": None if kept is None else ready_scene(kept.offers, machine.duty.ready_scene, clock),
        "scenes": [] if kept is None else [
            shown_scene(offer, kept.offers) for offer in kept.offers.all() if is_touchable(offer, kept.offers, clock)
        ],
    }  # fmt: skip


def _waiting(machine: Machine) -> dict[str, Any]:
    """Since when the oldest item waits, and how many were put aside; unknown while the disk can't be read."""
    try:
        backlog = machine.journal.queue.backlog()
    except JournalNotWritten:
        return {"since": None, "aside": None}
    return {"since": _written(backlog.since), "aside": backlog.aside}


def _written(moment: int | None) -> str | None:
    return None if moment is None else written_time(moment)


def _why_not_issuing(machine: Machine) -> str | None:
    if machine.journal.why_not is not None:
        return machine.journal.why_not.code
    try:
        issuing_agreement(machine.keeper, machine.clock)
    except Refusal as refusal:
        return refusal.code
    return None


def shown_code(shown: Shown) -> dict[str, Any]:
    """A single-use code on the screen."""
    return {
        "id": shown.id,
        "way": "single",
        "scene": shown.issued.facts.scene,
        "link": shown.issued.link,
        "qr": f"/api/codes/{shown.id}/{shown.picture}.svg",
        "picture": shown.picture,
        "seconds_left": shown.seconds_left,
        "state": shown.state,
        "printed": False,
        "printed_reason": None,
        "preview": None,
        "ticket_number": None,
    }


def shown_ticket(ticket: IssuedTicket) -> dict[str, Any]:
    """A paper ticket, or the same on the screen where no paper came out."""
    outcome = ticket.outcome
    return {
        "id": ticket.id,
        "way": "ticket",
        "scene": ticket.issued.facts.scene,
        "link": ticket.issued.link,
        "qr": f"/api/codes/{ticket.id}/1.svg",
        "picture": 1,
        "seconds_left": None,
        "state": "printed" if outcome.printed else "showing",
        "printed": outcome.printed,
        "printed_reason": outcome.reason,
        "preview": None if outcome.preview is None else f"/api/codes/{ticket.id}/ticket.png",
        "ticket_number": ticket.number,
    }


def shown_group(scene: int, picture: GroupPicture, now: float) -> dict[str, Any]:
    """A group code on the screen."""
    return {
        "link": picture.issued.link,
        "qr": f"/api/group/{scene}/{picture.issued.facts.counter}.svg",
        "seconds_left": picture.seconds_left(now),
    }
