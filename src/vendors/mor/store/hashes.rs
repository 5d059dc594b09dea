//! The hashes that are right for users and campaigns as they are: whoever has one asks in that user's
//! name for ever (mor 1.3).
//!
//! Not here: a hash with periods in it, which is each request's own and is told by its form.

use std::collections::BTreeSet;

use rusqlite::{Connection, Rows, named_params};

use crate::statements;
use crate::vendors::mor::hash;

statements! {
    LIST_HASHED_OF_OWNERS = "
        SELECT caller.username, campaign.id, COALESCE(reseller.secret_key, setting.secret_key)
        FROM mor_campaign AS campaign
            CROSS JOIN mor_user AS caller ON caller.id = campaign.user_id
            CROSS JOIN mor_setting AS setting
            LEFT JOIN mor_user AS reseller ON reseller.kind = 'reseller'
                AND reseller.id = CASE caller.kind WHEN 'reseller' THEN caller.id ELSE caller.owner_id END
        ORDER BY campaign.id LIMIT :limit";
    // Without the limits within, every pair there is would be made before the first is told.
    LIST_HASHED_OF_OTHERS = "
        SELECT caller.username, campaign.id, COALESCE(reseller.secret_key, setting.secret_key)
        FROM (SELECT id, user_id FROM mor_campaign ORDER BY id LIMIT :side) AS campaign
            CROSS JOIN (SELECT id, username, kind, owner_id FROM mor_user ORDER BY id LIMIT :side)
                AS caller
            CROSS JOIN mor_setting AS setting
            LEFT JOIN mor_user AS reseller ON reseller.kind = 'reseller'
                AND reseller.id = CASE caller.kind WHEN 'reseller' THEN caller.id ELSE caller.owner_id END
        WHERE caller.id <> campaign.user_id LIMIT :limit";
}

/// Pairs of a user and a campaign whose hashes are known, each campaign's own user first. They are made
/// anew whenever somebody looks behind an input, in less than a millisecond.
const PAIRS_MAX: i64 = 1_000;

/// Campaigns, and users, of whom each is paired with each: about as many pairs as are known.
const SIDE_MAX: i64 = 32;

/// The hashes, with the user in them and without.
pub(crate) fn derived(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut all = BTreeSet::new();
    let mut left = PAIRS_MAX;
    let mut take = |rows: &mut Rows<'_>| {
        while let Some(row) = rows.next()? {
            left -= 1;
            let (username, id, key): (String, i64, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            // Without a key nobody is let in.
            if !key.is_empty() {
                let id = id.to_string();
                all.insert(hash::hash([username.as_str(), &id], &key));
                all.insert(hash::hash([id.as_str()], &key));
            }
        }
        Ok::<_, rusqlite::Error>(left)
    };
    let mut owners = db.prepare_cached(LIST_HASHED_OF_OWNERS)?;
    let left = take(&mut owners.query(named_params! { ":limit": PAIRS_MAX })?)?;
    let mut others = db.prepare_cached(LIST_HASHED_OF_OTHERS)?;
    take(&mut others.query(named_params! { ":side": SIDE_MAX, ":limit": left })?)?;
    Ok(all.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(db: &Connection, sql: &str) -> Vec<String> {
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().unwrap()
    }

    /// A world of as many users as campaigns, each user's own.
    fn crowd(count: i64) -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../schema/0001.sql")).unwrap();
        let fill = format!(
            "INSERT INTO mor_setting VALUES (1, 1, 0, 'key', 0, 0, 0, ',', 0, 0);
            WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {count})
            INSERT INTO mor_user
            SELECT id, 'u' || id, 'user', 0, 0, 0, 0, 0, 'UTC', '', 0, '', '', '', 0, '', 0, 0 FROM n;
            INSERT INTO mor_campaign
            SELECT id, '', id, 0, 0, 0, 0, 0, 0, '', '', 0, '[]' FROM mor_user"
        );
        db.execute_batch(&fill).unwrap();
        db
    }

    #[test]
    fn no_more_pairs_are_made_than_are_known() {
        let db = crowd(1);
        for (name, sql) in STATEMENTS {
            let steps = steps(&db, sql);
            assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{name}: {steps:?}");
        }
    }

    #[test]
    fn every_campaign_has_its_own_user_and_the_first_have_others() {
        let all = derived(&crowd(40)).unwrap();
        let has = |user: &str, campaign: &str| all.contains(&hash::hash([user, campaign], "key"));
        assert!(has("u1", "1") && has("u40", "40") && has("u32", "30"));
        assert!(!has("u40", "1") && !has("u1", "40"));
        let all = derived(&crowd(2_000)).unwrap();
        let own = hash::hash(["u1000", "1000"], "key");
        assert!(all.contains(&own));
        assert!(!all.contains(&hash::hash(["u2", "1"], "key")));
    }
}
