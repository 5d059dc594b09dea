--- The password that the present one took the place of, so that a client that still sends it can be told;
--- empty where there was none.
ALTER TABLE maxcontact_account ADD COLUMN former_password TEXT NOT NULL DEFAULT '';
ALTER TABLE maxcontact_account ADD COLUMN replaced_ms INTEGER;
