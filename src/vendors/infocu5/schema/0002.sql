--- End of the call. A call is on the wire when that has come; those of older worlds all are.
ALTER TABLE infocu5_call ADD COLUMN ended_ms INTEGER NOT NULL DEFAULT 0;
