--- What a world in a file has of its process beside its state, version 2 of what only files have.
CREATE TABLE ringback_own (
    --- One row: how long the world lives after its last use. None where it lives for ever.
    ttl_ms INTEGER NOT NULL
) STRICT;
