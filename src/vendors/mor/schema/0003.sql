CREATE TABLE mor_old_key (
    --- Keys that were replaced, so that a hash made with one can be told. They grow in order.
    id INTEGER PRIMARY KEY,
    --- The reseller whose key it was; empty for the administrator's.
    reseller TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    replaced_ms INTEGER NOT NULL
) STRICT;
