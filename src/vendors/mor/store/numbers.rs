//! Numbers of campaigns, what came of them, and what was answered to the poll.

use rusqlite::{Connection, named_params};

use crate::base::limits::ID_MAX;
use crate::base::time::{Instant, Span};
use crate::contract::cx::Tx;
use crate::statements;
use crate::vendors::mor::model::Statistics;

statements! {
    EXISTS_FREE_NUMBER = "
        SELECT EXISTS (SELECT 1 FROM mor_number INDEXED BY mor_number_free
            WHERE campaign_id = :campaign_id AND status = 'new')";
    EXISTS_NUMBER = "SELECT EXISTS (SELECT 1 FROM mor_number WHERE campaign_id = :campaign_id)";
    COUNT_NUMBERS = "
        SELECT COUNT(*), COUNT(*) FILTER (WHERE status = 'executed'),
            COUNT(*) FILTER (WHERE status = 'completed')
        FROM mor_number WHERE campaign_id = :campaign_id";
    COUNT_CALLS = "
        SELECT COALESCE(SUM(billed_s), 0), COALESCE(SUM(billed_s) FILTER (WHERE billed_s > 10), 0),
            COUNT(*) FILTER (WHERE disposition = 'answered'),
            COUNT(*) FILTER (WHERE disposition = 'no_answer'),
            COUNT(*) FILTER (WHERE disposition = 'busy'),
            COUNT(*) FILTER (WHERE disposition = 'failed')
        FROM mor_call WHERE campaign_id = :campaign_id AND at_ms BETWEEN :from_ms AND :to_ms";
    NEAREST_CALLS = "
        SELECT MAX(at_ms) FILTER (WHERE at_ms < :from_ms), MIN(at_ms) FILTER (WHERE at_ms > :to_ms)
        FROM mor_call WHERE campaign_id = :campaign_id";
    LIST_NUMBERS = "
        SELECT id, number, executed_ms, completed_ms, valid_from_ms, valid_till_ms
        FROM mor_number WHERE campaign_id = :campaign_id ORDER BY id";
    LIST_LOGS = "
        SELECT number_id, at_ms, text FROM mor_ivr_log WHERE campaign_id = :campaign_id
        ORDER BY number_id, at_ms, id";
    SELECT_LAST_NUMBER_ID = "
        SELECT COALESCE(MAX(id), 0) FROM mor_number WHERE campaign_id = :campaign_id";
    EXISTS_NUMBER_OF_CAMPAIGN = "
        SELECT EXISTS (
            SELECT 1 FROM mor_number WHERE campaign_id = :campaign_id AND number = :number)";
    INSERT_FREE_NUMBER = "
        INSERT INTO mor_number (campaign_id, id, number, status, n_tries)
        VALUES (:campaign_id, :id, :number, 'new', 0)";
    INSERT_NUMBER = "
        INSERT INTO mor_number (campaign_id, id, number, status, executed_ms, completed_ms, n_tries,
            valid_from_ms, valid_till_ms)
        VALUES (:campaign_id, :id, :number, :status, :executed_ms, :completed_ms, :n_tries,
            :valid_from_ms, :valid_till_ms)";
}

pub(crate) fn has_free_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<bool> {
    has(db, EXISTS_FREE_NUMBER, campaign_id)
}

pub(crate) fn has_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<bool> {
    has(db, EXISTS_NUMBER, campaign_id)
}

fn has(db: &Connection, sql: &str, campaign_id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
}

/// The figures of a campaign's numbers, and of its calls between two instants, both included.
pub(crate) fn statistics(
    db: &Connection,
    campaign_id: i64,
    from: Instant,
    to: Instant,
) -> rusqlite::Result<Statistics> {
    let mut figures = db.prepare_cached(COUNT_CALLS)?.query_row(
        named_params! { ":campaign_id": campaign_id, ":from_ms": from, ":to_ms": to },
        |row| {
            Ok(Statistics {
                billed: row.get(0).map(Span::clamped_from_secs)?,
                billed_long: row.get(1).map(Span::clamped_from_secs)?,
                n_answered: row.get(2)?,
                n_no_answer: row.get(3)?,
                n_busy: row.get(4)?,
                n_failed: row.get(5)?,
                ..Statistics::default()
            })
        },
    )?;
    let params = named_params! { ":campaign_id": campaign_id };
    (figures.n_numbers, figures.n_executed, figures.n_completed) = db
        .prepare_cached(COUNT_NUMBERS)?
        .query_row(params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(figures)
}

/// How many numbers a campaign has.
pub(crate) fn count_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    let params = named_params! { ":campaign_id": campaign_id };
    db.prepare_cached(COUNT_NUMBERS)?.query_row(params, |row| row.get(0))
}

/// The last call before a period and the first one after it.
pub(crate) fn nearest_calls(
    db: &Connection,
    campaign_id: i64,
    from: Instant,
    to: Instant,
) -> rusqlite::Result<(Option<Instant>, Option<Instant>)> {
    db.prepare_cached(NEAREST_CALLS)?.query_row(
        named_params! { ":campaign_id": campaign_id, ":from_ms": from, ":to_ms": to },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// A number as poll results show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PollNumber<'r> {
    pub(crate) number: &'r str,
    pub(crate) executed: Option<Instant>,
    pub(crate) completed: Option<Instant>,
    pub(crate) valid_from: Option<Instant>,
    pub(crate) valid_till: Option<Instant>,
}

/// Hands over a campaign's numbers in the order in which they were added, and behind each its
/// answers, oldest first.
pub(crate) fn each_number<P>(
    db: &Connection,
    campaign_id: i64,
    poll: &mut P,
    mut number: impl FnMut(&mut P, PollNumber<'_>),
    mut answer: impl FnMut(&mut P, Instant, &str),
) -> rusqlite::Result<()> {
    let params = named_params! { ":campaign_id": campaign_id };
    let (mut numbers, mut logs) = (db.prepare_cached(LIST_NUMBERS)?, db.prepare_cached(LIST_LOGS)?);
    let (mut numbers, mut logs) = (numbers.query(params)?, logs.query(params)?);
    // Both lists are in the order of the numbers' ids, so they are read side by side.
    let mut log = logs.next()?;
    while let Some(row) = numbers.next()? {
        let id: i64 = row.get(0)?;
        let shown = PollNumber {
            number: row.get_ref(1)?.as_str()?,
            executed: row.get(2)?,
            completed: row.get(3)?,
            valid_from: row.get(4)?,
            valid_till: row.get(5)?,
        };
        number(poll, shown);
        while let Some(logged) = log {
            let of_id: i64 = logged.get(0)?;
            if of_id != id {
                break;
            }
            answer(poll, logged.get(1)?, logged.get_ref(2)?.as_str()?);
            log = logs.next()?;
        }
    }
    Ok(())
}

/// The id of the number that was added to a campaign last; 0 where it has none.
pub(crate) fn last_number_id(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    let params = named_params! { ":campaign_id": campaign_id };
    db.prepare_cached(SELECT_LAST_NUMBER_ID)?.query_row(params, |row| row.get(0))
}

/// The id of the number that is added next; `None` where `last_id` was the last there is.
pub(crate) fn id_after(last_id: i64) -> Option<i64> {
    (last_id < ID_MAX).then(|| last_id + 1)
}

/// A number to be added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewNumber<'a> {
    pub(crate) campaign_id: i64,
    pub(crate) id: i64,
    pub(crate) number: &'a str,
    pub(crate) status: &'a str,
    pub(crate) executed: Option<Instant>,
    pub(crate) completed: Option<Instant>,
    pub(crate) valid_from: Option<Instant>,
    pub(crate) valid_till: Option<Instant>,
}

/// Whether a campaign has a number.
pub(crate) fn has_number(
    db: &Connection,
    campaign_id: i64,
    number: &str,
) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_NUMBER_OF_CAMPAIGN)?
        .query_row(named_params! { ":campaign_id": campaign_id, ":number": number }, |row| {
            row.get(0)
        })
}

/// Adds a number that was not dialled yet.
pub(crate) fn insert_free_number(
    tx: &Tx<'_>,
    campaign_id: i64,
    id: i64,
    number: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":campaign_id": campaign_id, ":id": id, ":number": number };
    tx.prepare_cached(INSERT_FREE_NUMBER)?.execute(params)?;
    Ok(())
}

/// Adds a number with what is known of it.
pub(crate) fn insert_number(tx: &Tx<'_>, number: &NewNumber<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_NUMBER)?.execute(named_params! {
        ":campaign_id": number.campaign_id, ":id": number.id, ":number": number.number,
        ":status": number.status, ":executed_ms": number.executed,
        ":completed_ms": number.completed,
        ":n_tries": i64::from(number.executed.is_some()),
        ":valid_from_ms": number.valid_from, ":valid_till_ms": number.valid_till,
    })?;
    Ok(())
}
