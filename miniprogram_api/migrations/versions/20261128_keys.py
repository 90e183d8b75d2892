"""A twin, another code on the counter of a first one, counts once: its claim is made of its nonce."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "20261128_keys"
down_revision = "20261127_daily_sums"
branch_labels = None
depends_on = None

KIND_GROUP = 0x12
TWINS = "state = 'pending' AND reason = 'code_twin'"


def upgrade() -> None:
    """Twins that were recorded more than once stay as they are, with claims of their own that no code can have."""
    before = _count("1 = 1")
    seen: set[tuple[object, ...]] = set()
    with _changeable():
        for act, member, *counter, kind, nonce in _twins():
            claimant = _claimant(int(kind), bytes(nonce), int(member))
            first = (*counter, claimant) not in seen
            seen.add((*counter, claimant))
            _claim(int(act), claimant if first else -int(act))
    assert _count("1 = 1") == before, "every act stays"
    assert _count(f"{TWINS} AND claimant >= 0") == 0, "every twin has a twin's claim"
    assert _count(f"NOT COALESCE({TWINS}, false) AND claimant < 0") == 0, "and nothing else has"


def downgrade() -> None:
    """Each twin had its own id as its claim."""
    with _changeable():
        op.execute(f"UPDATE acts SET claimant = id WHERE {TWINS}")
    assert _count("claimant < 0") == 0, "no claim of a twin is left"


def _twins() -> list[tuple[object, ...]]:
    columns = "id, member_id, kiosk_id, epoch, counter, kind, nonce"
    rows = op.get_bind().execute(sa.text(f"SELECT {columns} FROM acts WHERE {TWINS} ORDER BY recorded_at, id"))
    return [tuple(row) for row in rows]


def _claimant(kind: int, nonce: bytes, member: int) -> int:
    fields = [kind, nonce.hex(), member if kind == KIND_GROUP else 0]
    digest = hashlib.sha256(json.dumps(fields).encode("ascii")).digest()
    return -1 - (int.from_bytes(digest[:8], "big") >> 2)


def _claim(act: int, claimant: int) -> None:
    update = sa.text("UPDATE acts SET claimant = :claimant WHERE id = :act")
    op.get_bind().execute(update, {"claimant": claimant, "act": act})


def _count(which: str) -> int:
    return int(op.get_bind().execute(sa.text(f"SELECT count(*) FROM acts WHERE {which}")).scalar_one())


@contextmanager
def _changeable() -> Iterator[None]:
    """Acts without their guard against UPDATE, inside this migration's transaction."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE acts DISABLE TRIGGER acts_append_only")
        yield
        op.execute("ALTER TABLE acts ENABLE TRIGGER acts_append_only")
        return
    op.execute("DROP TRIGGER acts_no_update")
    yield
    op.execute(
        "CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END"
    )
