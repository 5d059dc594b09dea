//! SQL: the call that a campaign is on.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::contract::cx::Tx;
use crate::statements;

statements! {
    SELECT_NUMBER_ON_CALL = "
        SELECT number_id FROM mor_call_in_progress WHERE campaign_id = :campaign_id";
    INSERT_CALL_IN_PROGRESS = "
        INSERT INTO mor_call_in_progress (campaign_id, number_id)
        VALUES (:campaign_id, :number_id)";
    DELETE_CALL_IN_PROGRESS = "
        DELETE FROM mor_call_in_progress WHERE campaign_id = :campaign_id";
}

/// The id of the number that a campaign is on a call with.
pub(crate) fn number_on_call(db: &Connection, campaign_id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_NUMBER_ON_CALL)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
        .optional()
}

/// Notes that a campaign is on a call.
pub(crate) fn begin(tx: &Tx<'_>, campaign_id: i64, number_id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CALL_IN_PROGRESS)?
        .execute(named_params! { ":campaign_id": campaign_id, ":number_id": number_id })?;
    Ok(())
}

/// Notes that a campaign's call is over.
pub(crate) fn end(tx: &Tx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(DELETE_CALL_IN_PROGRESS)?
        .execute(named_params! { ":campaign_id": campaign_id })?;
    Ok(())
}
