-- The journal of one kiosk, layout 1. Nothing in it is ever changed; journal_layout_2.sql says when an item may go.

CREATE TABLE boots (
    boot TEXT PRIMARY KEY CHECK (length(boot) = 16),
    started_at INTEGER NOT NULL
) STRICT;

-- What the last verified heartbeat of a boot measured: server time minus device time.
CREATE TABLE offsets (
    boot TEXT PRIMARY KEY REFERENCES boots (boot),
    offset_seconds INTEGER NOT NULL,
    answered_at INTEGER NOT NULL
) STRICT;

-- A block of counters is here before its first code exists.
CREATE TABLE blocks (
    first INTEGER PRIMARY KEY CHECK (first % 1000 = 1 AND first BETWEEN 1 AND 4294966001),
    boot TEXT NOT NULL REFERENCES boots (boot)
) STRICT;

CREATE TABLE items (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    boot TEXT NOT NULL REFERENCES boots (boot),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    before TEXT CHECK (length(before) = 64),
    claimed_at INTEGER NOT NULL,
    counter INTEGER UNIQUE,
    body TEXT NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL,
    UNIQUE (boot, seq)
) STRICT;

CREATE TRIGGER items_stay BEFORE UPDATE ON items
BEGIN SELECT RAISE(ABORT, 'a journal item is never changed'); END;

CREATE TRIGGER items_are_not_lost BEFORE DELETE ON items
BEGIN SELECT RAISE(ABORT, 'a journal item stays'); END;

-- REPLACE removes the row in its way without asking the triggers above.
CREATE TRIGGER items_are_not_replaced BEFORE INSERT ON items
WHEN EXISTS (
    SELECT 1 FROM items
    WHERE number = NEW.number OR hash = NEW.hash OR counter = NEW.counter OR (boot = NEW.boot AND seq = NEW.seq)
)
BEGIN SELECT RAISE(ABORT, 'a journal item is never written over'); END;

CREATE TRIGGER blocks_stay BEFORE UPDATE ON blocks
BEGIN SELECT RAISE(ABORT, 'a block of counters is never changed'); END;

CREATE TRIGGER blocks_are_not_given_back BEFORE DELETE ON blocks
BEGIN SELECT RAISE(ABORT, 'a block of counters is never given back'); END;

CREATE TRIGGER blocks_are_not_replaced BEFORE INSERT ON blocks
WHEN EXISTS (SELECT 1 FROM blocks WHERE first = NEW.first)
BEGIN SELECT RAISE(ABORT, 'a block of counters is never written over'); END;
