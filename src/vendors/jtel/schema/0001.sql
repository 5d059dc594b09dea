--- jtel, version 1. The table of contacts is made from the table of fields; see fields.rs.
CREATE TABLE jtel_client (
    --- A client account: the tenant in every path.
    id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE jtel_token (
    token TEXT PRIMARY KEY,
    client_id INTEGER NOT NULL,
    --- When it was replaced or removed; NULL while it is good.
    revoked_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX jtel_token_client ON jtel_token (client_id);

CREATE TABLE jtel_campaign (
    id INTEGER PRIMARY KEY,
    client_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    language INTEGER,
    preview_time INTEGER,
    parallel_lines INTEGER,
    close_on_incoming INTEGER NOT NULL CHECK (close_on_incoming IN (0, 1)),
    caller_id_active INTEGER NOT NULL CHECK (caller_id_active IN (0, 1)),
    until_ms INTEGER,
    no_number_code INTEGER,
    incoming_code INTEGER,
    --- What follows is the dialler's, and not on the wire.
    running INTEGER NOT NULL CHECK (running IN (0, 1)),
    --- Minutes of the day in UTC, and a bit for each day of the week from Monday.
    from_min INTEGER NOT NULL,
    to_min INTEGER NOT NULL,
    days INTEGER NOT NULL,
    tries_max INTEGER NOT NULL,
    tries_per_number_max INTEGER NOT NULL,
    pause_busy_ms INTEGER NOT NULL,
    pause_no_answer_ms INTEGER NOT NULL,
    pause_mailbox_ms INTEGER NOT NULL,
    wrap_up_ms INTEGER NOT NULL,
    tries_used_up_code INTEGER,
    --- When the timer that looks for contacts is due; NULL where none is set.
    dial_ms INTEGER
) STRICT;
CREATE INDEX jtel_campaign_name ON jtel_campaign (client_id, name);

CREATE TABLE jtel_agent (
    --- An agent works in one campaign.
    users_id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX jtel_agent_campaign ON jtel_agent (campaign_id, position);

CREATE TABLE jtel_result_code (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    export_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'done' OR kind = 'abort' OR kind = 'delay' OR
        kind = 'appointment'),
    --- Until the next try, of delays and appointments.
    delay_ms INTEGER NOT NULL,
    agent_bound INTEGER NOT NULL CHECK (agent_bound IN (0, 1)),
    --- How often agents choose it, in proportion to the others.
    weight INTEGER NOT NULL
) STRICT;
CREATE INDEX jtel_result_code_campaign ON jtel_result_code (campaign_id);

CREATE TABLE jtel_result_text (
    code_id INTEGER NOT NULL,
    language INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (code_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE jtel_history (
    --- Calls made and result codes recorded.
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL,
    --- The start of the call; without a call, when the result code was recorded.
    at_ms INTEGER NOT NULL,
    result_code INTEGER,
    --- The call, as StatisticsPartA; NULL where a result code was recorded without one.
    call_id INTEGER,
    outbound INTEGER NOT NULL CHECK (outbound IN (0, 1)),
    users_id INTEGER,
    number TEXT,
    --- NULL while the call is up.
    end_ms INTEGER
) STRICT;
CREATE INDEX jtel_history_contact ON jtel_history (contact_id, at_ms, id);

CREATE TABLE jtel_call (
    --- A call that is up, or whose agent is in wrap-up. It outlives its contact.
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    history_id INTEGER NOT NULL,
    users_id INTEGER,
    --- The place of the number among the contact's, from 0.
    number_idx INTEGER NOT NULL,
    number TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    far_end TEXT NOT NULL,
    --- Asked for by an event, not by the running campaign.
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    started_ms INTEGER NOT NULL,
    --- NULL while the call is up.
    ended_ms INTEGER
) STRICT;
CREATE INDEX jtel_call_campaign ON jtel_call (campaign_id);
CREATE INDEX jtel_call_contact ON jtel_call (contact_id);
CREATE INDEX jtel_call_agent ON jtel_call (users_id);

