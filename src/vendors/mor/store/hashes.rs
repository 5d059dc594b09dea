//! The hashes that are right for users and campaigns as they are: whoever has one asks in that user's
//! name for ever (mor 1.3).
//!
//! Not here: a hash with periods in it, which is each request's own and is told by its form.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};

use crate::statements;
use crate::vendors::mor::hash;

statements! {
    LIST_HASHED = "
        SELECT caller.username, campaign.id, COALESCE(reseller.secret_key, setting.secret_key)
        FROM mor_campaign AS campaign, mor_user AS caller, mor_setting AS setting
            LEFT JOIN mor_user AS reseller ON reseller.kind = 'reseller'
                AND reseller.id = CASE caller.kind WHEN 'reseller' THEN caller.id ELSE caller.owner_id END
        ORDER BY caller.id <> campaign.user_id, campaign.id, caller.id LIMIT :limit";
}

/// Pairs of a user and a campaign whose hashes are known, each campaign's own user first. They are made
/// anew whenever somebody looks behind an input, in less than a millisecond.
const PAIRS_MAX: i64 = 1_000;

/// The hashes, with the user in them and without.
pub(crate) fn derived(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare_cached(LIST_HASHED)?;
    let mut rows = statement.query(named_params! { ":limit": PAIRS_MAX })?;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (username, id, key): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // Without a key nobody is let in.
        if !key.is_empty() {
            let id = id.to_string();
            all.insert(hash::hash([username.as_str(), &id], &key));
            all.insert(hash::hash([id.as_str()], &key));
        }
    }
    Ok(all.into_iter().collect())
}
