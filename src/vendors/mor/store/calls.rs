//! SQL, and rows into values: numbers as they are dialled, and the calls that come of it.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::time::{Instant, Span};
use crate::contract::cx::Tx;
use crate::contract::vendor::Trace;
use crate::vendors::mor::model::Standing;
use crate::{phone_digits, statements};

statements! {
    SELECT_NUMBER = "
        SELECT id, number, status, n_tries, executed_ms FROM mor_number
        WHERE campaign_id = :campaign_id AND number = :number ORDER BY id LIMIT 1";
    SELECT_NUMBER_BY_ID = "
        SELECT id, number, status, n_tries, executed_ms FROM mor_number
        WHERE campaign_id = :campaign_id AND id = :id";
    NEXT_FREE_NUMBER = "
        SELECT id, number, status, n_tries, executed_ms FROM mor_number INDEXED BY mor_number_free
        WHERE campaign_id = :campaign_id AND status = 'new' ORDER BY id LIMIT 1";
    NEXT_NUMBER_TO_RETRY = "
        SELECT id, number, status, n_tries, executed_ms FROM mor_number
        WHERE campaign_id = :campaign_id AND status = 'executed' AND n_tries <= :max_retries
        ORDER BY executed_ms, id LIMIT 1";
    UPDATE_NUMBER_DIALLED = "
        UPDATE mor_number SET status = :status, executed_ms = :executed_ms,
            completed_ms = :completed_ms, n_tries = n_tries + 1
        WHERE campaign_id = :campaign_id AND id = :id";
    UPDATE_NUMBER_COMPLETED = "
        UPDATE mor_number SET status = 'completed', completed_ms = :completed_ms
        WHERE campaign_id = :campaign_id AND id = :id";
    UPDATE_NUMBER_REACTIVATED = "UPDATE mor_number SET status = 'new', n_tries = 0
        WHERE campaign_id = :campaign_id AND id = :id";
    UPDATE_NUMBERS_REDIAL = "
        UPDATE mor_number SET status = 'new', n_tries = 0, executed_ms = NULL
        WHERE campaign_id = :campaign_id AND status = 'executed'
            AND id IS NOT :on_call";
    INSERT_LOG = "
        INSERT INTO mor_ivr_log (campaign_id, number_id, at_ms, text)
        VALUES (:campaign_id, :number_id, :at_ms, :text)";
    INSERT_CALL = "
        INSERT INTO mor_call (campaign_id, number, at_ms, disposition, billed_s)
        VALUES (:campaign_id, :number, :at_ms, :disposition, :billed_s)";
    TRACE_CALLS = concat!("
        SELECT at_ms,
            'dialled by campaign ' || campaign_id || ', ' || replace(disposition, '_', ' ')
                || CASE disposition WHEN 'answered' THEN ', ' || billed_s || ' s' ELSE '' END AS what
        FROM mor_call WHERE ", phone_digits!("number"), " IN (:phone, '00' || :phone)
        ORDER BY at_ms, id");
    TRACE_POLL_ANSWERS = concat!("
        SELECT log.at_ms, 'answered the poll of campaign ' || log.campaign_id || ': ' || log.text
            AS what
        FROM mor_number AS number
        JOIN mor_ivr_log AS log
            ON log.campaign_id = number.campaign_id AND log.number_id = number.id
        WHERE ", phone_digits!("number.number"), " IN (:phone, '00' || :phone)
        ORDER BY log.at_ms, log.id");
    SELECT_ANSWERS = "SELECT answers FROM mor_campaign WHERE id = :campaign_id";
    SELECT_DIALLING = "
        SELECT start_s, stop_s, max_retries, retry_time_s, wait_time_s, owner.time_zone,
            owner.blocked, owner.balance, owner.credit, owner.postpaid
        FROM mor_campaign AS campaign JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE campaign.id = :campaign_id AND running = 1";
}

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] = &[
    Trace { name: "calls", rows: TRACE_CALLS },
    Trace { name: "poll answers", rows: TRACE_POLL_ANSWERS },
];

/// A number as the dialler sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) id: i64,
    pub(crate) digits: String,
    pub(crate) status: String,
    pub(crate) n_tries: i64,
    pub(crate) executed: Option<Instant>,
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Number> {
    Ok(Number {
        id: row.get(0)?,
        digits: row.get(1)?,
        status: row.get(2)?,
        n_tries: row.get(3)?,
        executed: row.get(4)?,
    })
}

/// A number of a campaign; the first of its duplicates.
pub(crate) fn number(
    db: &Connection,
    campaign_id: i64,
    number: &str,
) -> rusqlite::Result<Option<Number>> {
    let params = named_params! { ":campaign_id": campaign_id, ":number": number };
    db.prepare_cached(SELECT_NUMBER)?.query_row(params, from_row).optional()
}

pub(crate) fn number_by_id(
    db: &Connection,
    campaign_id: i64,
    id: i64,
) -> rusqlite::Result<Option<Number>> {
    db.prepare_cached(SELECT_NUMBER_BY_ID)?
        .query_row(named_params! { ":campaign_id": campaign_id, ":id": id }, from_row)
        .optional()
}

/// The first number that was not dialled yet.
pub(crate) fn next_free(db: &Connection, campaign_id: i64) -> rusqlite::Result<Option<Number>> {
    let params = named_params! { ":campaign_id": campaign_id };
    db.prepare_cached(NEXT_FREE_NUMBER)?.query_row(params, from_row).optional()
}

/// Of the numbers that may be tried again, the one that was dialled longest ago.
pub(crate) fn next_to_retry(
    db: &Connection,
    campaign_id: i64,
    max_retries: i64,
) -> rusqlite::Result<Option<Number>> {
    let params = named_params! { ":campaign_id": campaign_id, ":max_retries": max_retries };
    db.prepare_cached(NEXT_NUMBER_TO_RETRY)?.query_row(params, from_row).optional()
}

/// Notes that a number was dialled, and when the call was completed if it was.
pub(crate) fn set_dialled(
    tx: &Tx<'_>,
    campaign_id: i64,
    id: i64,
    executed: Instant,
    completed: Option<Instant>,
) -> rusqlite::Result<()> {
    let status = if completed.is_some() { "completed" } else { "executed" };
    tx.prepare_cached(UPDATE_NUMBER_DIALLED)?.execute(named_params! {
        ":campaign_id": campaign_id, ":id": id, ":status": status,
        ":executed_ms": executed, ":completed_ms": completed,
    })?;
    Ok(())
}

pub(crate) fn set_completed(
    tx: &Tx<'_>,
    campaign_id: i64,
    id: i64,
    completed: Instant,
) -> rusqlite::Result<()> {
    let params =
        named_params! { ":campaign_id": campaign_id, ":id": id, ":completed_ms": completed };
    tx.prepare_cached(UPDATE_NUMBER_COMPLETED)?.execute(params)?;
    Ok(())
}

pub(crate) fn reactivate(tx: &Tx<'_>, campaign_id: i64, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_NUMBER_REACTIVATED)?
        .execute(named_params! { ":campaign_id": campaign_id, ":id": id })?;
    Ok(())
}

/// Makes the numbers that were dialled and not completed new again, but for one that is on a call;
/// answers how many.
pub(crate) fn redial_failed(
    tx: &Tx<'_>,
    campaign_id: i64,
    on_call: Option<i64>,
) -> rusqlite::Result<usize> {
    let params = named_params! { ":campaign_id": campaign_id, ":on_call": on_call };
    tx.prepare_cached(UPDATE_NUMBERS_REDIAL)?.execute(params)
}

pub(crate) fn insert_log(
    tx: &Tx<'_>,
    campaign_id: i64,
    number_id: i64,
    at: Instant,
    text: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_LOG)?.execute(named_params! {
        ":campaign_id": campaign_id, ":number_id": number_id, ":at_ms": at, ":text": text,
    })?;
    Ok(())
}

/// A call that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCall<'a> {
    pub(crate) campaign_id: i64,
    pub(crate) number: &'a str,
    /// When it was dialled.
    pub(crate) at: Instant,
    pub(crate) disposition: &'a str,
    /// In whole seconds.
    pub(crate) billed: Span,
}

pub(crate) fn insert_call(tx: &Tx<'_>, call: &NewCall<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CALL)?.execute(named_params! {
        ":campaign_id": call.campaign_id, ":number": call.number, ":at_ms": call.at,
        ":disposition": call.disposition, ":billed_s": call.billed.as_secs(),
    })?;
    Ok(())
}

/// How a running campaign dials.
#[derive(Clone, Debug)]
pub(crate) struct Dialling {
    /// Times of day between which numbers are dialled; equal for all day.
    pub(crate) start: Span,
    pub(crate) stop: Span,
    pub(crate) max_retries: i64,
    pub(crate) retry_time: Span,
    pub(crate) wait_time: Span,
    pub(crate) time_zone: String,
    /// The user's, who pays for the calls.
    pub(crate) standing: Standing,
}

/// `None` where the campaign does not run.
pub(crate) fn dialling(db: &Connection, campaign_id: i64) -> rusqlite::Result<Option<Dialling>> {
    db.prepare_cached(SELECT_DIALLING)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| {
            let seconds = |column| row.get(column).map(Span::clamped_from_secs);
            Ok(Dialling {
                start: seconds(0)?,
                stop: seconds(1)?,
                max_retries: row.get(2)?,
                retry_time: seconds(3)?,
                wait_time: seconds(4)?,
                time_zone: row.get(5)?,
                standing: Standing {
                    blocked: row.get(6)?,
                    balance: row.get(7)?,
                    credit: row.get(8)?,
                    postpaid: row.get(9)?,
                },
            })
        })
        .optional()
}

/// What the called may answer, as a JSON array of texts.
pub(crate) fn answers(db: &Connection, campaign_id: i64) -> rusqlite::Result<String> {
    db.prepare_cached(SELECT_ANSWERS)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
}
