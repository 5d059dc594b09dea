--- The key that the present one took the place of, so that a client that still sends it can be told; empty
--- where there was none.
ALTER TABLE infocu5_affiliate ADD COLUMN former_key TEXT NOT NULL DEFAULT '';
ALTER TABLE infocu5_affiliate ADD COLUMN replaced_ms INTEGER;
