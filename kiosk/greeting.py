"""A line for a boot that has no machine: opened for one command, with one heartbeat sent first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.boot import Boot
from kiosk.heartbeats import Heartbeats
from kiosk.uplink import Uplink

PAPER_NOT_ASKED = "unknown"  # a boot for one command looks at no printer


@contextmanager
def greeted_boot(boot: Boot) -> Iterator[tuple[Uplink, Heartbeats]]:
    """The line, and the heartbeats of which one was sent; closed when the block ends."""
    identity = boot.identity
    uplink = Uplink(identity.server, identity.key_id, identity.private_key, cut=boot.folder.cut)
    try:
        beats = Heartbeats(uplink, boot.keeper, boot.journal, boot.clock, identity.kiosk, lambda: PAPER_NOT_ASKED)
        beats.beat()
        yield uplink, beats
    finally:
        uplink.close()
