--- The core's own tables, version 1.
CREATE TABLE ringback_timer (
    --- Things that happen later; see sim/timer.rs.
    due_ms INTEGER NOT NULL,
    --- Counts those that are due at the same time, in the order in which they were set.
    id INTEGER NOT NULL,
    vendor TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    --- What else the vendor has to know then; empty for most.
    payload TEXT NOT NULL,
    --- The order in which they fire.
    PRIMARY KEY (due_ms, id)
) STRICT, WITHOUT ROWID;
--- Those that can be taken back.
CREATE INDEX ringback_timer_key ON ringback_timer (vendor, kind, key) WHERE key <> '';

CREATE TABLE ringback_failed_timer (
    --- Timers whose firing failed; they do not fire again.
    id INTEGER PRIMARY KEY,
    due_ms INTEGER NOT NULL,
    vendor TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE ringback_counter (
    --- Ids that count up; value is the last one given out.
    vendor TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (vendor, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE ringback_setting (
    --- What the world itself remembers: clock, seed, variants.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ringback_fault (
    --- Which requests go wrong, and how; see sim/fault. The rule with its counts, as JSON.
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL
) STRICT;

CREATE TABLE ringback_line (
    --- What the far end of a call does; the first row that fits decides. NULL fits everything.
    position INTEGER PRIMARY KEY,
    vendor TEXT,
    campaign TEXT,
    ends_with TEXT,
    attempt INTEGER,
    --- Of the calls that fit, only this share.
    share REAL,
    far_end TEXT NOT NULL,
    ring_ms INTEGER,
    talk_ms INTEGER
) STRICT;

CREATE TABLE ringback_person (
    --- Fictional persons, numbered from 1; see sim/people.
    position INTEGER PRIMARY KEY,
    --- The telephone number as it is compared: digits alone.
    digits TEXT NOT NULL UNIQUE,
    --- The same as the scenario writes it.
    phone TEXT NOT NULL,
    first_name TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL
) STRICT;

CREATE TABLE ringback_traffic (
    --- What makes things happen by the hour; see sim/traffic.
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    vendor TEXT NOT NULL,
    --- The row of the scenario as a JSON object.
    spec TEXT NOT NULL,
    --- Nothing happens before: when the world began.
    from_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ringback_traffic_vendor ON ringback_traffic (vendor, position);
