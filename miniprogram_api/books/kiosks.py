"""A kiosk whose key is on two machines is suspended, in the transaction that found it out."""

from __future__ import annotations

from sqlalchemy import case, update

from miniprogram_api.books.audit import add_audit
from miniprogram_api.books.ledger import number
from miniprogram_api.books.prepared import Prepared, Writes
from miniprogram_api.models import Kiosk

_WORKS = Kiosk.state == "active"
# A kiosk that is suspended or lost already stays so since when it was: acts before that still count.
_SUSPEND = Prepared(
    lambda dialect, rows: (
        update(Kiosk)
        .where(Kiosk.id == number("kiosk"))
        .values(
            state=case((_WORKS, "suspended"), else_=Kiosk.state),
            state_since=case((_WORKS, number("now")), else_=Kiosk.state_since),
        )
        .returning(Kiosk.id)
    )
)


def suspend_kiosk(writes: Writes, kiosk: int, epoch: int, counter: int, now: int) -> None:
    """Two codes with one counter mean two machines with one key: nothing more from either until staff have looked."""
    writes.change(_SUSPEND, {"kiosk": kiosk, "now": now}, AssertionError)
    add_audit(writes, "system:scans", "kiosk_suspended", f"kiosk:{kiosk}", {"epoch": epoch, "counter": counter}, now)
