--- MaxContact, version 1.
CREATE TABLE maxcontact_account (
    --- Who may ask for tokens. Apart from the agents: the token's user and the agent whom a path
    --- names are two things.
    login TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    --- Whether it may use the API at all.
    api INTEGER NOT NULL CHECK (api IN (0, 1)),
    --- How many times it has logged in.
    n_logins INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_fixed_token (
    --- The token that the n-th login of an account gets, instead of one drawn from the seed.
    login TEXT NOT NULL,
    nth INTEGER NOT NULL,
    token TEXT NOT NULL UNIQUE,
    PRIMARY KEY (login, nth)
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_token (
    token TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    --- The login that it came from, 0 for one that was out before the world began.
    nth INTEGER NOT NULL,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    --- Taken back before its time.
    revoked INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX maxcontact_token_login ON maxcontact_token (login, nth);

CREATE TABLE maxcontact_list (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE maxcontact_campaign (
    --- The order in which campaigns are listed.
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    --- Starts the recording of every call that is connected.
    auto_record INTEGER NOT NULL CHECK (auto_record IN (0, 1)),
    --- The list that its leads come from and that new leads go to.
    list_id INTEGER NOT NULL,
    --- Predictive calls per hour that are put to its ready agents; 0 for none.
    calls_per_hour INTEGER NOT NULL,
    --- The seeded members as a JSON object, by the vendor's names.
    record TEXT NOT NULL
) STRICT;

CREATE TABLE maxcontact_user (
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'logged out' OR state = 'not ready' OR state = 'ready' OR
        state = 'calling' OR state = 'talking' OR state = 'holding' OR state = 'wrapping' OR
        state = 'on break'),
    --- Since when; the agent who has been ready longest gets the next call.
    since_ms INTEGER NOT NULL,
    --- The campaign that the agent is logged in to; NULL when logged out.
    campaign_id INTEGER,
    --- A break was asked for and has not begun.
    break_pending INTEGER NOT NULL CHECK (break_pending IN (0, 1)),
    --- The source of traffic that the agent works for; empty for one whom clients drive.
    shift TEXT NOT NULL DEFAULT '',
    --- The hours are over, and the calls in hand are the last.
    shift_ends INTEGER NOT NULL DEFAULT 0 CHECK (shift_ends IN (0, 1))
) STRICT;
CREATE INDEX maxcontact_user_ready ON maxcontact_user (since_ms, id) WHERE state = 'ready';

CREATE TABLE maxcontact_result_code (
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    code TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    agent_viewable INTEGER NOT NULL CHECK (agent_viewable IN (0, 1)),
    call_again INTEGER NOT NULL CHECK (call_again IN (0, 1)),
    callback INTEGER NOT NULL CHECK (callback IN (0, 1)),
    success INTEGER NOT NULL CHECK (success IN (0, 1)),
    system INTEGER NOT NULL CHECK (system IN (0, 1)),
    transfer INTEGER NOT NULL CHECK (transfer IN (0, 1)),
    sales INTEGER NOT NULL,
    status_id INTEGER NOT NULL,
    success_type INTEGER NOT NULL
) STRICT;

CREATE TABLE maxcontact_queue (
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    --- Calls per hour that come in for its agents; 0 for none.
    calls_per_hour INTEGER NOT NULL,
    --- The seeded members as a JSON object, by the vendor's names.
    record TEXT NOT NULL
) STRICT;

CREATE TABLE maxcontact_queue_user (
    --- The agents of a queue; a queue without any serves every agent.
    queue_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (queue_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_phone_type (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE maxcontact_lead (
    --- The order in which leads came; of two with one number, the later is the newest.
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    list_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name2 TEXT NOT NULL,
    reference_id TEXT NOT NULL,
    --- Other members of AddLead, as a JSON object.
    other TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status = 'active' OR status = 'inactive' OR status = 'dnc'),
    --- Ahead of all others.
    is_priority INTEGER NOT NULL CHECK (is_priority IN (0, 1)),
    --- How many times its campaign has dialled it.
    attempts INTEGER NOT NULL,
    --- The result code that closed it; empty where none did.
    final_code TEXT NOT NULL
) STRICT;
CREATE INDEX maxcontact_lead_reference ON maxcontact_lead (reference_id);
CREATE INDEX maxcontact_lead_next ON maxcontact_lead (list_id, is_priority DESC, attempts, position)
    WHERE status = 'active' AND final_code = '';

CREATE TABLE maxcontact_lead_phone (
    position INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    lead_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    type_id INTEGER NOT NULL,
    --- On the do-not-call list.
    dnc INTEGER NOT NULL CHECK (dnc IN (0, 1)),
    --- The categories that it is on it for, as the request wrote them.
    dnc_categories TEXT NOT NULL
) STRICT;
CREATE INDEX maxcontact_lead_phone_lead ON maxcontact_lead_phone (lead_id);
CREATE INDEX maxcontact_lead_phone_number ON maxcontact_lead_phone (number);

CREATE TABLE maxcontact_call (
    --- CallId: from 1000 on, and again from 1000 after a system restart.
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    --- 'dialled', or what put it to the agent: 'offered', 'queue 3'.
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    lead_id INTEGER NOT NULL,
    --- The n-th call of the campaign to the number.
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state = 'dialling' OR state = 'ringing' OR state = 'connected' OR
        state = 'on hold' OR state = 'ended'),
    recording TEXT NOT NULL CHECK (recording = 'not recording' OR recording = 'recording' OR
        recording = 'stopped'),
    --- What the record button of the web agent shows; recording by the API does not change it.
    record_button INTEGER NOT NULL CHECK (record_button IN (0, 1)),
    start_ms INTEGER NOT NULL,
    connected_ms INTEGER,
    ended_ms INTEGER
) STRICT;
CREATE INDEX maxcontact_call_user ON maxcontact_call (user_id, id);

CREATE TABLE maxcontact_past_call (
    --- Calls that have left their agent.
    seq INTEGER PRIMARY KEY,
    call_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    lead_id INTEGER NOT NULL,
    how TEXT NOT NULL CHECK (how = 'disposed' OR how = 'bridged' OR how = 'dropped'),
    --- Empty for a call that a restart dropped.
    result_code TEXT NOT NULL,
    notes TEXT NOT NULL,
    n_sales INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    connected_ms INTEGER,
    left_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE maxcontact_attempt (
    --- How many calls a campaign has made to a number.
    campaign_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    n_calls INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_import_map (
    --- How the columns of a CSV file become a lead.
    name TEXT PRIMARY KEY,
    --- A JSON array of the members' names, one per column; empty text for a column to pass over.
    columns TEXT NOT NULL,
    --- Whether the first line names the columns.
    has_header INTEGER NOT NULL CHECK (has_header IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_number (
    --- Numbers on the wire that the scenario has replaced.
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_code (
    --- ResponseCode and ResponseDetail that the scenario has replaced.
    rule TEXT PRIMARY KEY,
    code INTEGER,
    text TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE maxcontact_books (
    --- One row: how many calls were ever made.
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n_made INTEGER NOT NULL
) STRICT;
INSERT INTO maxcontact_books (id, n_made) VALUES (1, 0);
