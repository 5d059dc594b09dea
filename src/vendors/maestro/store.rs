//! SQL, and rows into values.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::vendor::Trace;
use crate::vendors::maestro::model::{CallFacts, Caller, NewCall, NewCaller};
use crate::{phone_digits, statements};

statements! {
    SELECT_TOKEN_BY_OFFER = "SELECT token, token_before FROM maestro_offer WHERE id = :id";
    SELECT_OFFER_BY_TOKEN = "SELECT id FROM maestro_offer WHERE token = :token";
    INSERT_OFFER = "
        INSERT INTO maestro_offer (id, token, token_before, name) VALUES (:id, :token, NULL, :name)";
    UPDATE_TOKEN = "
        UPDATE maestro_offer SET token_before = token, token = :token WHERE id = :id";

    // The joins are crossed to keep SQLite from starting anywhere but at the index of the order.
    LIST_CALLERS_BY_END = "
        SELECT call.customer_emails, call.name, call.start_ms, call.conference_emails, call.uid,
            caller.uid, caller.ani, caller.name, caller.email, call.affiliate, opt_in.at_ms
        FROM maestro_opt_in AS opt_in
        CROSS JOIN maestro_caller AS caller ON caller.id = opt_in.caller_id
        CROSS JOIN maestro_call AS call ON call.id = opt_in.call_id
        WHERE opt_in.offer_id = :offer_id
            AND opt_in.call_end_ms >= :from_ms AND opt_in.call_end_ms < :to_ms
        ORDER BY opt_in.call_end_ms, opt_in.at_ms, opt_in.id";
    LIST_CALLERS_BY_CALL = "
        SELECT call.customer_emails, call.name, call.start_ms, call.conference_emails, call.uid,
            caller.uid, caller.ani, caller.name, caller.email, call.affiliate, opt_in.at_ms
        FROM maestro_opt_in AS opt_in
        CROSS JOIN maestro_caller AS caller ON caller.id = opt_in.caller_id
        CROSS JOIN maestro_call AS call ON call.id = opt_in.call_id
        WHERE opt_in.call_id = :call_id AND opt_in.offer_id = :offer_id
        ORDER BY opt_in.at_ms, opt_in.id";

    SELECT_CALL_BY_UID = "
        SELECT id, uid, start_ms, end_ms, n_callers FROM maestro_call WHERE uid = :uid";
    SELECT_UID_BY_NAME = "SELECT uid FROM maestro_call WHERE name = :name ORDER BY id LIMIT 1";
    SELECT_CALL_STARTED_BETWEEN = "
        SELECT call.id, call.uid, call.start_ms, call.end_ms, call.n_callers
        FROM maestro_call AS call
        WHERE call.start_ms >= :from_ms AND call.start_ms < :to_ms
            AND EXISTS (SELECT 1 FROM maestro_opt_in AS opt_in
                WHERE opt_in.call_id = call.id AND opt_in.offer_id = :offer_id)
        ORDER BY call.start_ms, call.id LIMIT 1";
    SELECT_CALL_ENDED_BETWEEN = "
        SELECT id, uid, start_ms, end_ms, n_callers FROM maestro_call
        WHERE end_ms >= :from_ms AND end_ms < :to_ms ORDER BY end_ms, id LIMIT 1";
    SELECT_LAST_END_BETWEEN = "
        SELECT MAX(call_end_ms) FROM maestro_opt_in
        WHERE offer_id = :offer_id AND call_end_ms >= :from_ms AND call_end_ms < :to_ms";
    SELECT_FIRST_END_FROM = "
        SELECT MIN(call_end_ms) FROM maestro_opt_in
        WHERE offer_id = :offer_id AND call_end_ms >= :to_ms";
    SELECT_CALL_OF_CALLER = "
        SELECT call.uid FROM maestro_caller AS caller
        JOIN maestro_call AS call ON call.id = caller.call_id WHERE caller.uid = :uid";
    SELECT_CALL_OF_NUMBER = "
        SELECT call.uid FROM maestro_caller AS caller
        JOIN maestro_call AS call ON call.id = caller.call_id
        WHERE caller.ani IN (:ani, '+' || :ani) ORDER BY caller.id LIMIT 1";
    // Behind a beginning stands nothing greater than the last of all characters.
    SELECT_UID_BEGUN_BY = "
        SELECT uid FROM maestro_call WHERE uid > :start AND uid < :start || char(1114111)
        ORDER BY uid LIMIT 1";
    LIST_OFFERS_OF_CALL = "
        SELECT offer_id, at_ms FROM maestro_opt_in WHERE call_id = :call_id ORDER BY offer_id";
    INSERT_CALL = "
        INSERT INTO maestro_call (uid, name, start_ms, end_ms, customer_emails, conference_emails,
            affiliate, n_callers)
        VALUES (:uid, :name, :start_ms, :end_ms, :customer_emails, :conference_emails,
            :affiliate, 0)";
    UPDATE_CALL_END = "UPDATE maestro_call SET end_ms = :end_ms WHERE id = :id";
    UPDATE_OPT_IN_END = "
        UPDATE maestro_opt_in SET call_end_ms = :end_ms WHERE call_id = :call_id";

    SELECT_CALLER_BY_UID = "SELECT id, call_id, joined_ms FROM maestro_caller WHERE uid = :uid";
    SELECT_LAST_JOINED = "
        SELECT MAX(joined_ms) FROM maestro_caller WHERE call_id = :call_id";
    INSERT_CALLER = "
        INSERT INTO maestro_caller (uid, call_id, joined_ms, ani, name, email)
        VALUES (:uid, :call_id, :joined_ms, :ani, :name, :email)
        ON CONFLICT (uid) DO NOTHING";
    UPDATE_N_CALLERS = "UPDATE maestro_call SET n_callers = :n_callers WHERE id = :id";

    INSERT_OPT_IN = "
        INSERT INTO maestro_opt_in (offer_id, caller_id, at_ms, call_id, call_end_ms)
        SELECT offer.id, :caller_id, :at_ms, call.id, call.end_ms
        FROM maestro_call AS call, maestro_offer AS offer
        WHERE call.id = :call_id AND offer.id = :offer_id
        ON CONFLICT (caller_id, offer_id) DO NOTHING";

    TRACE_JOINS = concat!("
        SELECT caller.joined_ms AS at_ms,
            'joined call ' || call.uid || ' (' || call.name || ')' AS what
        FROM maestro_caller AS caller JOIN maestro_call AS call ON call.id = caller.call_id
        WHERE ", phone_digits!("caller.ani"), " IN (:phone, '00' || :phone)
        ORDER BY caller.joined_ms, caller.id");
    TRACE_OPT_INS = concat!("
        SELECT opt_in.at_ms, 'opted in to offer ' || opt_in.offer_id || ' in call ' || call.uid AS what
        FROM maestro_caller AS caller
        JOIN maestro_opt_in AS opt_in ON opt_in.caller_id = caller.id
        JOIN maestro_call AS call ON call.id = caller.call_id
        WHERE ", phone_digits!("caller.ani"), " IN (:phone, '00' || :phone)
        ORDER BY opt_in.at_ms, opt_in.id");
}

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] =
    &[Trace { name: "callers", rows: TRACE_JOINS }, Trace { name: "opt-ins", rows: TRACE_OPT_INS }];

/// The token of an offer, and the one before it.
pub(crate) fn tokens_of(
    db: &Connection,
    offer_id: &str,
) -> rusqlite::Result<Option<(String, Option<String>)>> {
    db.prepare_cached(SELECT_TOKEN_BY_OFFER)?
        .query_row(named_params! { ":id": offer_id }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(crate) fn offer_with_token(db: &Connection, token: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_OFFER_BY_TOKEN)?
        .query_row(named_params! { ":token": token }, |row| row.get(0))
        .optional()
}

pub(crate) fn insert_offer(tx: &Tx<'_>, id: &str, token: &str, name: &str) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":token": token, ":name": name };
    tx.prepare_cached(INSERT_OFFER)?.execute(params)?;
    Ok(())
}

/// `false` where there is no such offer.
pub(crate) fn set_token(tx: &Tx<'_>, id: &str, token: &str) -> rusqlite::Result<bool> {
    let changed =
        tx.prepare_cached(UPDATE_TOKEN)?.execute(named_params! { ":id": id, ":token": token })?;
    Ok(changed == 1)
}

/// Which callers are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    /// Those of the calls that ended from the first instant on, and before the second.
    EndedBetween(Instant, Instant),
    /// Those of one call.
    OfCall(i64),
}

/// Hands over each caller who opted in to an offer or is to, by end of call, then by opt-in, until
/// `each` has enough. Answers whether all were handed over.
pub(crate) fn each_caller<E: From<rusqlite::Error>>(
    db: &Connection,
    offer_id: &str,
    wanted: Wanted,
    mut each: impl FnMut(&Caller<'_>) -> Result<ControlFlow<()>, E>,
) -> Result<bool, E> {
    let sql = match wanted {
        Wanted::EndedBetween(..) => LIST_CALLERS_BY_END,
        Wanted::OfCall(_) => LIST_CALLERS_BY_CALL,
    };
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = match wanted {
        Wanted::EndedBetween(from, to) => statement
            .query(named_params! { ":offer_id": offer_id, ":from_ms": from, ":to_ms": to })?,
        Wanted::OfCall(call_id) => {
            statement.query(named_params! { ":offer_id": offer_id, ":call_id": call_id })?
        }
    };
    while let Some(row) = rows.next()? {
        if each(&caller(row)?)?.is_break() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A row of either list, in the order of the columns on the wire.
fn caller<'r>(row: &'r Row<'_>) -> rusqlite::Result<Caller<'r>> {
    let text = |idx: usize| Ok::<_, rusqlite::Error>(row.get_ref(idx)?.as_str()?);
    Ok(Caller {
        customer_emails: text(0)?,
        call_name: text(1)?,
        call_start: row.get(2)?,
        conference_emails: text(3)?,
        call_uid: text(4)?,
        uid: text(5)?,
        ani: text(6)?,
        name: text(7)?,
        email: text(8)?,
        affiliate: text(9)?,
        opted_in: row.get(10)?,
    })
}

fn call_facts(row: &Row<'_>) -> rusqlite::Result<CallFacts> {
    Ok(CallFacts {
        id: row.get(0)?,
        uid: row.get(1)?,
        start: row.get(2)?,
        end: row.get(3)?,
        n_callers: row.get(4)?,
    })
}

pub(crate) fn call(db: &Connection, uid: &str) -> rusqlite::Result<Option<CallFacts>> {
    db.prepare_cached(SELECT_CALL_BY_UID)?
        .query_row(named_params! { ":uid": uid }, call_facts)
        .optional()
}

/// The UID of the first call of a name. Every call is looked at.
pub(crate) fn call_named(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_UID_BY_NAME)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

/// The first call with a caller of the offer that started in a window.
pub(crate) fn call_started_between(
    db: &Connection,
    offer_id: &str,
    from: Instant,
    to: Instant,
) -> rusqlite::Result<Option<CallFacts>> {
    let params = named_params! { ":offer_id": offer_id, ":from_ms": from, ":to_ms": to };
    db.prepare_cached(SELECT_CALL_STARTED_BETWEEN)?.query_row(params, call_facts).optional()
}

/// The first call that ended in a window, whoever was in it.
pub(crate) fn call_ended_between(
    db: &Connection,
    from: Instant,
    to: Instant,
) -> rusqlite::Result<Option<CallFacts>> {
    let params = named_params! { ":from_ms": from, ":to_ms": to };
    db.prepare_cached(SELECT_CALL_ENDED_BETWEEN)?.query_row(params, call_facts).optional()
}

/// The last end of a call of the offer in a window.
pub(crate) fn last_end(
    db: &Connection,
    offer_id: &str,
    from: Instant,
    to: Instant,
) -> rusqlite::Result<Option<Instant>> {
    let params = named_params! { ":offer_id": offer_id, ":from_ms": from, ":to_ms": to };
    db.prepare_cached(SELECT_LAST_END_BETWEEN)?.query_row(params, |row| row.get(0))
}

/// The first end of a call of the offer from a moment on.
pub(crate) fn first_end_from(
    db: &Connection,
    offer_id: &str,
    to: Instant,
) -> rusqlite::Result<Option<Instant>> {
    let params = named_params! { ":offer_id": offer_id, ":to_ms": to };
    db.prepare_cached(SELECT_FIRST_END_FROM)?.query_row(params, |row| row.get(0))
}

/// The UID of the call that a caller is in.
pub(crate) fn call_of_caller(
    db: &Connection,
    caller_uid: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_CALL_OF_CALLER)?
        .query_row(named_params! { ":uid": caller_uid }, |row| row.get(0))
        .optional()
}

/// A call with a caller of that number, with or without its plus sign. Every caller is looked at.
pub(crate) fn call_of_number(db: &Connection, ani: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_CALL_OF_NUMBER)?
        .query_row(named_params! { ":ani": ani }, |row| row.get(0))
        .optional()
}

/// The first call in the order of UIDs whose UID begins so.
pub(crate) fn call_begun_by(db: &Connection, start: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_UID_BEGUN_BY)?
        .query_row(named_params! { ":start": start }, |row| row.get(0))
        .optional()
}

/// The offers that callers of a call opted in to, and how many did, of the opt-ins for which `counts`
/// says so.
pub(crate) fn offers_of_call(
    db: &Connection,
    call_id: i64,
    counts: impl Fn(Instant) -> bool,
) -> rusqlite::Result<Vec<(String, i64)>> {
    let mut statement = db.prepare_cached(LIST_OFFERS_OF_CALL)?;
    let mut rows = statement.query(named_params! { ":call_id": call_id })?;
    let mut offers: Vec<(String, i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        if !counts(row.get(1)?) {
            continue;
        }
        let offer_id = row.get_ref(0)?.as_str()?;
        if let Some((_, n)) = offers.last_mut().filter(|(last, _)| last == offer_id) {
            *n += 1;
        } else if offers.len() < OFFERS_SHOWN_MAX {
            offers.push((offer_id.to_owned(), 1));
        } else {
            break;
        }
    }
    Ok(offers)
}

/// Offers of one call that a reason names; more are read by nobody.
const OFFERS_SHOWN_MAX: usize = 8;

pub(crate) fn insert_call(tx: &Tx<'_>, call: &NewCall<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CALL)?.execute(named_params! {
        ":uid": call.uid, ":name": call.name, ":start_ms": call.start, ":end_ms": call.end,
        ":customer_emails": call.customer_emails, ":conference_emails": call.conference_emails,
        ":affiliate": call.affiliate,
    })?;
    Ok(())
}

pub(crate) fn end_call(tx: &Tx<'_>, call_id: i64, end: Instant) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_CALL_END)?
        .execute(named_params! { ":id": call_id, ":end_ms": end })?;
    tx.prepare_cached(UPDATE_OPT_IN_END)?
        .execute(named_params! { ":call_id": call_id, ":end_ms": end })?;
    Ok(())
}

/// A caller's row, call and time of joining.
pub(crate) fn caller_by_uid(
    db: &Connection,
    uid: &str,
) -> rusqlite::Result<Option<(i64, i64, Instant)>> {
    db.prepare_cached(SELECT_CALLER_BY_UID)?
        .query_row(named_params! { ":uid": uid }, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
}

/// When the last caller of a call joined.
pub(crate) fn last_joined(db: &Connection, call_id: i64) -> rusqlite::Result<Option<Instant>> {
    db.prepare_cached(SELECT_LAST_JOINED)?
        .query_row(named_params! { ":call_id": call_id }, |row| row.get(0))
}

/// Answers the caller's row; `None` where the UID is taken.
pub(crate) fn insert_caller(tx: &Tx<'_>, caller: &NewCaller<'_>) -> rusqlite::Result<Option<i64>> {
    let params = named_params! {
        ":uid": caller.uid, ":call_id": caller.call_id, ":joined_ms": caller.joined,
        ":ani": caller.ani, ":name": caller.name, ":email": caller.email,
    };
    let inserted = tx.prepare_cached(INSERT_CALLER)?.execute(params)?;
    Ok((inserted == 1).then(|| tx.last_insert_rowid()))
}

/// Notes how many callers a call has had.
pub(crate) fn set_n_callers(tx: &Tx<'_>, call: &CallFacts) -> rusqlite::Result<()> {
    let params = named_params! { ":id": call.id, ":n_callers": call.n_callers };
    tx.prepare_cached(UPDATE_N_CALLERS)?.execute(params)?;
    Ok(())
}

/// `false` where there is no such offer, or the caller had opted in to it before.
pub(crate) fn insert_opt_in(
    tx: &Tx<'_>,
    offer_id: &str,
    caller_id: i64,
    call_id: i64,
    at: Instant,
) -> rusqlite::Result<bool> {
    let inserted = tx.prepare_cached(INSERT_OPT_IN)?.execute(named_params! {
        ":offer_id": offer_id, ":caller_id": caller_id, ":call_id": call_id, ":at_ms": at,
    })?;
    Ok(inserted == 1)
}
