-- Layout 3: which minute of which pass was read here, so that none is read twice. It goes with its item.

CREATE TABLE read_minutes (
    alias BLOB NOT NULL CHECK (length(alias) = 8),
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 1440),
    number INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE,
    PRIMARY KEY (alias, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX read_minutes_by_number ON read_minutes (number);
