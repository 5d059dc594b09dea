CREATE TABLE mor_call_in_progress (
    --- One call of a campaign's at a time.
    campaign_id INTEGER PRIMARY KEY,
    number_id INTEGER NOT NULL
) STRICT;
