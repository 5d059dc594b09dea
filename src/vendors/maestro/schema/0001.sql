--- MaestroConference, version 1.
CREATE TABLE maestro_offer (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    --- The token before the last rotation, so that a client which still has it can be told.
    token_before TEXT,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE maestro_call (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    --- Null while the call is running.
    end_ms INTEGER,
    --- Addresses, separated by commas.
    customer_emails TEXT NOT NULL,
    conference_emails TEXT NOT NULL,
    --- Empty where there is none.
    affiliate TEXT NOT NULL,
    --- Callers so far, which names the next one for the drawing of its UID.
    n_callers INTEGER NOT NULL
) STRICT;
--- Only the reasons behind empty lists go by these two.
CREATE INDEX maestro_call_start ON maestro_call (start_ms);
CREATE INDEX maestro_call_end ON maestro_call (end_ms);

CREATE TABLE maestro_caller (
    --- One connection to a call: someone who dials in twice is two callers.
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    call_id INTEGER NOT NULL,
    joined_ms INTEGER NOT NULL,
    --- Empty where the caller supplied none.
    ani TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL
) STRICT;

CREATE TABLE maestro_opt_in (
    --- A caller agreed to the terms of an offer. The id keeps the order of equal times.
    id INTEGER PRIMARY KEY,
    offer_id TEXT NOT NULL,
    caller_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    --- Call and end are the caller's; they stand here so that both lists are one stretch of an index.
    call_id INTEGER NOT NULL,
    call_end_ms INTEGER,
    UNIQUE (caller_id, offer_id)
) STRICT;
CREATE INDEX maestro_opt_in_by_end ON maestro_opt_in (offer_id, call_end_ms, at_ms);
CREATE INDEX maestro_opt_in_by_call ON maestro_opt_in (call_id, offer_id, at_ms);
