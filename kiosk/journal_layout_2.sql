-- Layout 2: what the office answered, the queue of what it has not answered yet, and when an item may go.

-- The verdict on an item, verified. Only this makes an item done.
CREATE TABLE verdicts (
    number INTEGER PRIMARY KEY REFERENCES items (number) ON DELETE CASCADE,
    result TEXT NOT NULL CHECK (result IN ('credited', 'pending', 'duplicate') OR result LIKE 'refused:_%'),
    lines TEXT NOT NULL CHECK (json_type(lines) = 'array'),
    server_time INTEGER NOT NULL
) STRICT;

CREATE INDEX verdicts_by_server_time ON verdicts (server_time);

-- The queue. An item over which the office refuses a whole request is put aside: it waits on without holding up others.
CREATE TABLE waiting (
    number INTEGER PRIMARY KEY REFERENCES items (number),
    aside_because TEXT,
    aside_at INTEGER,
    CHECK ((aside_because IS NULL) = (aside_at IS NULL))
) STRICT;

-- Up to which item of each start the office said, at its time, that it has every one.
CREATE TABLE held (
    boot TEXT PRIMARY KEY CHECK (length(boot) = 16),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    server_time INTEGER NOT NULL
) STRICT;

INSERT INTO waiting (number) SELECT number FROM items;

CREATE TRIGGER items_wait AFTER INSERT ON items
BEGIN INSERT INTO waiting (number) VALUES (NEW.number); END;

CREATE TRIGGER verdicts_end_waiting AFTER INSERT ON verdicts
BEGIN DELETE FROM waiting WHERE number = NEW.number; END;

CREATE TRIGGER later_verdicts_end_waiting AFTER UPDATE ON verdicts
BEGIN DELETE FROM waiting WHERE number = NEW.number; END;

CREATE TRIGGER items_wait_for_their_verdict BEFORE DELETE ON waiting
WHEN NOT EXISTS (SELECT 1 FROM verdicts WHERE number = OLD.number)
BEGIN SELECT RAISE(ABORT, 'an item waits until it has its verdict'); END;

CREATE TRIGGER waiting_items_stay_the_same BEFORE UPDATE OF number ON waiting
BEGIN SELECT RAISE(ABORT, 'an item waits until it has its verdict'); END;

-- An office that lost its newest books is sent the items again; then a later verdict takes the place of the first.
CREATE TRIGGER verdicts_stay BEFORE UPDATE ON verdicts
WHEN NEW.number IS NOT OLD.number OR NEW.server_time < OLD.server_time
BEGIN SELECT RAISE(ABORT, 'a verdict gives way to a later one only'); END;

CREATE TRIGGER verdicts_are_not_replaced BEFORE INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM verdicts WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a verdict is never written over'); END;

CREATE TRIGGER verdicts_are_not_lost BEFORE DELETE ON verdicts
WHEN EXISTS (SELECT 1 FROM items WHERE number = OLD.number)
BEGIN SELECT RAISE(ABORT, 'a verdict stays with its item'); END;

-- An item goes 40 days after its verdict, by the office's own clock: this machine's may be wrong by years. The newest
-- item of all stays, because the next start names it; and a start loses its oldest item first, so that what is left of
-- it is an unbroken chain to its end, whose first item names the hash of the last one that went.
DROP TRIGGER items_are_not_lost;

CREATE TRIGGER items_are_not_lost BEFORE DELETE ON items
WHEN OLD.number = (SELECT max(number) FROM items)
    OR EXISTS (SELECT 1 FROM waiting WHERE number = OLD.number)
    OR EXISTS (SELECT 1 FROM items WHERE boot = OLD.boot AND seq < OLD.seq)
    OR NOT EXISTS (
        SELECT 1 FROM verdicts
        WHERE number = OLD.number AND server_time <= (SELECT max(server_time) FROM verdicts) - 3456000
    )
BEGIN SELECT RAISE(ABORT, 'a journal item stays'); END;
