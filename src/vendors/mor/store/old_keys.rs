//! SQL: keys that were replaced.

use rusqlite::{Connection, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::statements;
use crate::vendors::mor::store::users::Known;

statements! {
    INSERT_OLD_KEY = "
        INSERT INTO mor_old_key (reseller, secret_key, replaced_ms)
        VALUES (:reseller, :secret_key, :replaced)";
    DELETE_OLDEST_KEYS = "
        DELETE FROM mor_old_key WHERE id <= (SELECT MAX(id) FROM mor_old_key) - :kept";
    LIST_OLD_KEYS = "
        SELECT reseller, secret_key, replaced_ms FROM mor_old_key ORDER BY id DESC LIMIT :limit";
}

/// Old keys that are kept: a hash is seldom made with an older one, and each is tried.
const OLD_KEYS_MAX: i64 = 20;

/// Keeps a key that is no longer the one of the administrator, or of a reseller.
pub(crate) fn keep(cx: &Cx<'_>, reseller: &str, secret_key: &str) -> rusqlite::Result<()> {
    if secret_key.is_empty() {
        return Ok(());
    }
    let tx = cx.tx();
    tx.prepare_cached(INSERT_OLD_KEY)?.execute(named_params! {
        ":reseller": reseller, ":secret_key": secret_key, ":replaced": cx.now(),
    })?;
    tx.prepare_cached(DELETE_OLDEST_KEYS)?.execute(named_params! { ":kept": OLD_KEYS_MAX })?;
    Ok(())
}

/// The keys that were replaced, the latest first, for the diagnosis of a hash.
pub(crate) fn known(db: &Connection) -> rusqlite::Result<Vec<Known>> {
    let mut statement = db.prepare_cached(LIST_OLD_KEYS)?;
    let rows = statement.query_map(named_params! { ":limit": OLD_KEYS_MAX }, |row| {
        let (reseller, secret): (String, String) = (row.get(0)?, row.get(1)?);
        let replaced: Instant = row.get(2)?;
        let whose = match reseller.as_str() {
            "" => "the administrator's key".to_owned(),
            reseller => format!("the key of reseller {reseller:?}"),
        };
        Ok(Known { what: format!("{whose} that was replaced at {replaced}"), secret, is_key: true })
    })?;
    rows.collect()
}
