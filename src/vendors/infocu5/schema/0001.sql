--- INFOCU5, version 1.
CREATE TABLE infocu5_affiliate (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE infocu5_agent (
    --- The order in which agents are listed.
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name_first TEXT NOT NULL,
    name_last TEXT NOT NULL,
    --- The affiliate that the agent works for.
    affiliate_id TEXT NOT NULL,
    --- Only current agents are listed.
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    --- When the agent's work in traffic is done, as far as it is planned.
    free_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX infocu5_agent_affiliate ON infocu5_agent (affiliate_id);

CREATE TABLE infocu5_campaign (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    --- The affiliate that owns it.
    affiliate_id TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX infocu5_campaign_affiliate ON infocu5_campaign (affiliate_id);

CREATE TABLE infocu5_share (
    --- An agent or a campaign that another affiliate may interact with.
    affiliate_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('agent', 'campaign')),
    id TEXT NOT NULL,
    PRIMARY KEY (affiliate_id, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE infocu5_list (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    campaign_id TEXT NOT NULL
) STRICT;
CREATE INDEX infocu5_list_campaign ON infocu5_list (campaign_id);

CREATE TABLE infocu5_mapping (
    --- A dialer that a list feeds.
    position INTEGER PRIMARY KEY,
    list_id TEXT NOT NULL,
    dialer_id TEXT NOT NULL,
    dialer_name TEXT NOT NULL,
    --- The lead fields that the list accepts, as a JSON array of texts.
    fields TEXT NOT NULL
) STRICT;
CREATE INDEX infocu5_mapping_list ON infocu5_mapping (list_id);

CREATE TABLE infocu5_call (
    id TEXT NOT NULL UNIQUE,
    --- Start of the call, whole seconds.
    date_ms INTEGER NOT NULL,
    campaign_id TEXT NOT NULL,
    --- The agent is hidden from the wire: a record holds only a name. Filters go by this.
    agent_id TEXT NOT NULL,
    --- The contact's number: the one that was called, or else the one that called.
    phone TEXT NOT NULL,
    --- The record as it goes over the wire, without its id. A call is history and never changes, so
    --- it is rendered once, when it is recorded.
    record TEXT NOT NULL,
    --- The order of getCalls, so that a window is one stretch of the table.
    PRIMARY KEY (date_ms, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE infocu5_setting (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
