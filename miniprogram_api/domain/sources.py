"""Where an act comes from: a kiosk code that was scanned, or one line of a reading; what follows is the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """What the act's row will say of its origin. A line of a reading has epoch 0, its own number as counter and the
    pass or card as nonce, and `kiosk` is 0 at a merchant's till.

    `claimant`: who holds it where the code itself doesn't say; of a reading its id. `reader` asked for the entry, as a
    kind of caller and its number; None: the member did, with `key`.
    """

    kind: int
    epoch: int
    kiosk: int
    counter: int
    nonce: bytes
    claimed_at: int
    scene: int
    variant: int
    quantity: int
    companion: int = 0
    room: int | None = None  # as services.rooms knows it
    key: str | None = None
    claimant: int | None = None
    reader: tuple[str, int] | None = None
