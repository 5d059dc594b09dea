--- What the journal of a world in a file had to let go, version 3 of what only files have.
CREATE TABLE ringback_gone (
    --- One row at the most: entries that went to make room, since the world was made.
    evicted INTEGER NOT NULL,
    --- Those of them that nobody cleared: how many, the last one's number, the latest world time.
    lost INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    latest_ms INTEGER NOT NULL
) STRICT;
