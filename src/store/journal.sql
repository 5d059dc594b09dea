--- The journal of a world that is kept in a file, version 1.
CREATE TABLE ringback_journal (
    --- AUTOINCREMENT, so that numbers are not used again after the journal was cleared.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    --- The whole entry as JSON, with secrets masked.
    entry TEXT NOT NULL
) STRICT;
