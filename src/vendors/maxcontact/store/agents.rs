//! Agents and what they are doing.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::statements;
use crate::vendors::maxcontact::model::User;
use crate::vendors::maxcontact::model::machine::AgentState;
use crate::vendors::maxcontact::model::rows::AgentName;

statements! {
    INSERT_USER = "
        INSERT INTO maxcontact_user (id, full_name, state, since_ms, campaign_id, break_pending)
        VALUES (:id, :full_name, :state, :since_ms, :campaign_id, 0)";
    SELECT_USER = "
        SELECT id, state, campaign_id, break_pending FROM maxcontact_user WHERE id = :id";
    LIST_USERS = "SELECT id, full_name FROM maxcontact_user ORDER BY position";
    LIST_USER_IDS = "SELECT id FROM maxcontact_user ORDER BY position LIMIT :limit";
    UPDATE_USER_STATE = "
        UPDATE maxcontact_user SET state = :state, since_ms = :since_ms WHERE id = :id";
    UPDATE_USER_CAMPAIGN = "UPDATE maxcontact_user SET campaign_id = :campaign_id WHERE id = :id";
    UPDATE_BREAK_PENDING = "
        UPDATE maxcontact_user SET break_pending = :break_pending WHERE id = :id";
    LIST_USERS_BY_CAMPAIGN = "
        SELECT id FROM maxcontact_user WHERE campaign_id = :campaign_id ORDER BY position";
    SELECT_SHIFT = "SELECT shift, shift_ends FROM maxcontact_user WHERE id = :id AND shift <> ''";
    UPDATE_SHIFT = "
        UPDATE maxcontact_user SET shift = :shift, shift_ends = :shift_ends WHERE id = :id";
    SELECT_READY_USER_BY_CAMPAIGN = "
        SELECT id, state, campaign_id, break_pending FROM maxcontact_user
        WHERE state = 'ready' AND campaign_id = :campaign_id ORDER BY since_ms, id LIMIT 1";
    SELECT_READY_USER_BY_QUEUE = "
        SELECT id, state, campaign_id, break_pending FROM maxcontact_user AS user
        WHERE state = 'ready' AND (
            NOT EXISTS (SELECT 1 FROM maxcontact_queue_user WHERE queue_id = :queue_id)
            OR EXISTS (
                SELECT 1 FROM maxcontact_queue_user AS known
                WHERE known.queue_id = :queue_id AND known.user_id = user.id))
        ORDER BY since_ms, id LIMIT 1";
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        state: word(row, 1, AgentState::from_word)?,
        campaign_id: row.get(2)?,
        break_pending: row.get(3)?,
    })
}

/// A column that holds one of a state's words.
pub(crate) fn word<T>(
    row: &Row<'_>,
    idx: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(idx)?.as_str()?;
    parse(text).ok_or_else(|| {
        let reason = format!("{text:?} is no state").into();
        rusqlite::Error::FromSqlConversionFailure(idx, Type::Text, reason)
    })
}

pub(crate) fn insert_user(
    tx: &Tx<'_>,
    user: &User,
    full_name: &str,
    since: Instant,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_USER)?.execute(named_params! {
        ":id": user.id, ":full_name": full_name, ":state": user.state.word(),
        ":since_ms": since, ":campaign_id": user.campaign_id,
    })?;
    Ok(())
}

pub(crate) fn user(db: &Connection, id: i64) -> rusqlite::Result<Option<User>> {
    db.prepare_cached(SELECT_USER)?.query_row(named_params! { ":id": id }, from_row).optional()
}

pub(crate) fn users(db: &Connection) -> rusqlite::Result<Vec<AgentName>> {
    db.prepare_cached(LIST_USERS)?
        .query_map([], |row| Ok(AgentName { id: row.get(0)?, full_name: row.get(1)? }))?
        .collect()
}

/// The first agents, for a hint.
pub(crate) fn some_user_ids(db: &Connection, limit: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_USER_IDS)?
        .query_map(named_params! { ":limit": limit }, |row| row.get(0))?
        .collect()
}

pub(crate) fn set_state(
    tx: &Tx<'_>,
    id: i64,
    state: AgentState,
    since: Instant,
) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_USER_STATE)?
        .execute(named_params! { ":id": id, ":state": state.word(), ":since_ms": since })?;
    Ok(())
}

pub(crate) fn set_campaign(tx: &Tx<'_>, id: i64, campaign_id: Option<i64>) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_USER_CAMPAIGN)?
        .execute(named_params! { ":id": id, ":campaign_id": campaign_id })?;
    Ok(())
}

pub(crate) fn set_break_pending(tx: &Tx<'_>, id: i64, break_pending: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_BREAK_PENDING)?
        .execute(named_params! { ":id": id, ":break_pending": break_pending })?;
    Ok(())
}

/// The agents of a campaign, in the order of their listing.
pub(crate) fn users_of_campaign(db: &Connection, campaign_id: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_USERS_BY_CAMPAIGN)?
        .query_map(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))?
        .collect()
}

/// The source of traffic that an agent works for, and whether that ends with the calls in hand.
pub(crate) fn shift(db: &Connection, id: i64) -> rusqlite::Result<Option<(String, bool)>> {
    db.prepare_cached(SELECT_SHIFT)?
        .query_row(named_params! { ":id": id }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Lets an agent work for a source of traffic; for none where it is empty.
pub(crate) fn set_shift(tx: &Tx<'_>, id: i64, source: &str, ends: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_SHIFT)?
        .execute(named_params! { ":id": id, ":shift": source, ":shift_ends": ends })?;
    Ok(())
}

/// The agent of a campaign who has been ready longest.
pub(crate) fn ready_for_campaign(
    db: &Connection,
    campaign_id: i64,
) -> rusqlite::Result<Option<User>> {
    db.prepare_cached(SELECT_READY_USER_BY_CAMPAIGN)?
        .query_row(named_params! { ":campaign_id": campaign_id }, from_row)
        .optional()
}

/// The agent of a queue who has been ready longest.
pub(crate) fn ready_for_queue(db: &Connection, queue_id: i64) -> rusqlite::Result<Option<User>> {
    db.prepare_cached(SELECT_READY_USER_BY_QUEUE)?
        .query_row(named_params! { ":queue_id": queue_id }, from_row)
        .optional()
}
