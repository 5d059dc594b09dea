--- Kolmisoft MOR, version 1.
CREATE TABLE mor_setting (
    --- One row: the administrator's own settings.
    id INTEGER PRIMARY KEY CHECK (id = 1),
    allow_api INTEGER NOT NULL CHECK (allow_api IN (0, 1)),
    allow_get INTEGER NOT NULL CHECK (allow_get IN (0, 1)),
    --- Empty where none was entered.
    secret_key TEXT NOT NULL,
    disable_hash INTEGER NOT NULL CHECK (disable_hash IN (0, 1)),
    xml_extension INTEGER NOT NULL CHECK (xml_extension IN (0, 1)),
    restrict_ip INTEGER NOT NULL CHECK (restrict_ip IN (0, 1)),
    --- The system's separator, for users and resellers who have none of their own.
    csv_separator TEXT NOT NULL,
    --- Without the paid add-on a campaign holds few numbers.
    paid_addon INTEGER NOT NULL CHECK (paid_addon IN (0, 1)),
    --- Whether a running campaign dials by itself.
    auto_dial INTEGER NOT NULL CHECK (auto_dial IN (0, 1))
) STRICT;

CREATE TABLE mor_whitelist (
    --- The Whitelisted IPs list; a last-octet range is kept as single addresses.
    id INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    --- The addresses as numbers; both ends belong to the entry.
    ip_first INTEGER NOT NULL,
    ip_last INTEGER NOT NULL,
    allow_api INTEGER NOT NULL CHECK (allow_api IN (0, 1))
) STRICT;

CREATE TABLE mor_permission_group (
    name TEXT PRIMARY KEY,
    --- Levels: 0 disabled, 1 read, 2 write.
    poll_results INTEGER NOT NULL,
    statistics INTEGER NOT NULL,
    change_status INTEGER NOT NULL,
    upload_numbers INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mor_user (
    --- The administrator is 0.
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind = 'admin' OR kind = 'accountant' OR kind = 'reseller' OR
        kind = 'user'),
    --- 0, or the reseller that the user belongs to.
    owner_id INTEGER NOT NULL,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
    --- Money is only compared with zero, never summed, so a real is good enough.
    balance REAL NOT NULL,
    --- -1 is unlimited.
    credit REAL NOT NULL,
    postpaid INTEGER NOT NULL CHECK (postpaid IN (0, 1)),
    time_zone TEXT NOT NULL,
    --- Empty where the user has none of their own.
    csv_separator TEXT NOT NULL,
    api_restricted INTEGER NOT NULL CHECK (api_restricted IN (0, 1)),
    --- Empty where none was chosen.
    permission_group TEXT NOT NULL,
    --- Not used by the methods here; known so that a hash made with it can be told.
    password TEXT NOT NULL,
    uniquehash TEXT NOT NULL,
    --- The rest counts for resellers only.
    allow_api INTEGER NOT NULL CHECK (allow_api IN (0, 1)),
    secret_key TEXT NOT NULL,
    disable_hash INTEGER NOT NULL CHECK (disable_hash IN (0, 1)),
    autodialer INTEGER NOT NULL CHECK (autodialer IN (0, 1))
) STRICT;
CREATE INDEX mor_user_owner ON mor_user (owner_id, id);

CREATE TABLE mor_campaign (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    running INTEGER NOT NULL CHECK (running IN (0, 1)),
    --- Times of day between which numbers are dialled, in seconds after midnight.
    start_s INTEGER NOT NULL,
    stop_s INTEGER NOT NULL,
    max_retries INTEGER NOT NULL,
    retry_time_s INTEGER NOT NULL,
    wait_time_s INTEGER NOT NULL,
    device TEXT NOT NULL,
    callerid TEXT NOT NULL,
    allow_duplicates INTEGER NOT NULL CHECK (allow_duplicates IN (0, 1)),
    --- What the called may answer to the poll, as a JSON array of texts; for dialling by itself.
    answers TEXT NOT NULL
) STRICT;
CREATE INDEX mor_campaign_user ON mor_campaign (user_id, id);

CREATE TABLE mor_action (
    campaign_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'PLAY' OR kind = 'WAIT' OR kind = 'IVR'),
    --- The file, the seconds, or the IVR's id.
    data TEXT NOT NULL,
    PRIMARY KEY (campaign_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mor_number (
    campaign_id INTEGER NOT NULL,
    --- Counts up within the campaign: the order in which poll results list the numbers.
    id INTEGER NOT NULL,
    number TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'new' OR status = 'executed' OR status = 'completed'),
    --- NULL until it was dialled.
    executed_ms INTEGER,
    --- NULL until it was answered; the end of the call.
    completed_ms INTEGER,
    --- How often it was dialled since it was last new.
    n_tries INTEGER NOT NULL,
    --- The other reading of the poll's columns; see the switch poll_columns.
    valid_from_ms INTEGER,
    valid_till_ms INTEGER,
    --- By campaign, because a poll reads all numbers of one.
    PRIMARY KEY (campaign_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mor_number_number ON mor_number (campaign_id, number);
--- SQLite takes the table's own order for as good, and would look at every number that was dialled:
--- statements name this index.
CREATE INDEX mor_number_free ON mor_number (campaign_id, id) WHERE status = 'new';
--- By tries, because those that have used up theirs stay, and more of them by the hour.
CREATE INDEX mor_number_retry ON mor_number (campaign_id, n_tries, executed_ms, id)
    WHERE status = 'executed';

CREATE TABLE mor_ivr_log (
    --- What IVR steps of the kind "Action log" noted; these are the poll's answers.
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    number_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX mor_ivr_log_number ON mor_ivr_log (campaign_id, number_id, at_ms, id);

CREATE TABLE mor_call (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    disposition TEXT NOT NULL CHECK (disposition = 'answered' OR disposition = 'no_answer' OR
        disposition = 'busy' OR disposition = 'failed'),
    --- Billed seconds; 0 unless answered.
    billed_s INTEGER NOT NULL
) STRICT;
CREATE INDEX mor_call_campaign ON mor_call (campaign_id, at_ms);
