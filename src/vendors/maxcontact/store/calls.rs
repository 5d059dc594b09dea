//! Calls in an agent's hand, and those that have left.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::vendor::Trace;
use crate::vendors::maxcontact::model::machine::{CallState, Recording};
use crate::vendors::maxcontact::model::{Call, Disposition, NewCall};
use crate::vendors::maxcontact::store::agents::word;
use crate::{phone_digits, statements};

statements! {
    INSERT_CALL = "
        INSERT INTO maxcontact_call (id, user_id, campaign_id, source, number, lead_id, attempt,
            state, recording, record_button, start_ms, connected_ms, ended_ms)
        VALUES (:id, :user_id, :campaign_id, :source, :number, :lead_id, :attempt, :state,
            :recording, :recording = 'recording', :now_ms,
            CASE :state WHEN 'connected' THEN :now_ms END, NULL)";
    COUNT_CALL_MADE = "UPDATE maxcontact_books SET n_made = n_made + 1 WHERE id = 1";
    SELECT_CALL = "
        SELECT call.id, user_id, campaign_id, source, number, lead_id, attempt, state, recording,
            start_ms, connected_ms, lead.name, lead.name2
        FROM maxcontact_call AS call JOIN maxcontact_lead AS lead ON lead.id = call.lead_id
        WHERE call.id = :id";
    LIST_CALLS_BY_USER = "
        SELECT call.id, user_id, campaign_id, source, number, lead_id, attempt, state, recording,
            start_ms, connected_ms, lead.name, lead.name2
        FROM maxcontact_call AS call JOIN maxcontact_lead AS lead ON lead.id = call.lead_id
        WHERE user_id = :user_id ORDER BY call.id";
    LIST_CALL_IDS = "SELECT id FROM maxcontact_call ORDER BY id";
    LIST_CALL_STATES_BY_USER = "
        SELECT state FROM maxcontact_call WHERE user_id = :user_id ORDER BY id";
    UPDATE_CALL_STATE = "
        UPDATE maxcontact_call SET state = :state,
            connected_ms = CASE :state WHEN 'connected' THEN COALESCE(connected_ms, :now_ms)
                ELSE connected_ms END,
            ended_ms = CASE :state WHEN 'ended' THEN :now_ms ELSE ended_ms END
        WHERE id = :id";
    UPDATE_CALL_RECORDING = "UPDATE maxcontact_call SET recording = :recording WHERE id = :id";
    UPDATE_RECORD_BUTTON = "UPDATE maxcontact_call SET record_button = :shows WHERE id = :id";
    UPDATE_CALL_LEAD = "UPDATE maxcontact_call SET lead_id = :lead_id WHERE id = :id";
    DELETE_CALL = "DELETE FROM maxcontact_call WHERE id = :id";
    INSERT_PAST_CALL = "
        INSERT INTO maxcontact_past_call (call_id, user_id, campaign_id, source, number, lead_id,
            how, result_code, notes, n_sales, start_ms, connected_ms, left_ms)
        VALUES (:call_id, :user_id, :campaign_id, :source, :number, :lead_id, :how, :result_code,
            :notes, :n_sales, :start_ms, :connected_ms, :now_ms)";
    SELECT_LAST_PAST_CALL = "
        SELECT user_id, how FROM maxcontact_past_call WHERE call_id = :call_id
        ORDER BY seq DESC LIMIT 1";
    TRACE_CALLS = concat!("
        SELECT start_ms AS at_ms,
            'in call ' || call_id || ' (' || source || ') with agent ' || user_id
                || CASE result_code WHEN '' THEN '' ELSE ', ' || result_code END AS what
        FROM maxcontact_past_call WHERE ", phone_digits!("number"), " IN (:phone, '00' || :phone)
        UNION ALL
        SELECT start_ms, 'in call ' || id || ' (' || source || ') with agent ' || user_id
            || ', ' || state
        FROM maxcontact_call WHERE ", phone_digits!("number"), " IN (:phone, '00' || :phone)
        ORDER BY 1, 2");
    COUNT_ATTEMPT = "
        INSERT INTO maxcontact_attempt (campaign_id, number, n_calls)
        VALUES (:campaign_id, :number, 1)
        ON CONFLICT (campaign_id, number) DO UPDATE SET n_calls = n_calls + 1";
    SELECT_ATTEMPTS = "
        SELECT n_calls FROM maxcontact_attempt
        WHERE campaign_id = :campaign_id AND number = :number";
}

/// Where a person's calls are.
pub(crate) const CALLS: Trace = Trace { name: "calls", rows: TRACE_CALLS };

fn from_row(row: &Row<'_>) -> rusqlite::Result<Call> {
    Ok(Call {
        id: row.get(0)?,
        user_id: row.get(1)?,
        campaign_id: row.get(2)?,
        source: row.get(3)?,
        number: row.get(4)?,
        lead_id: row.get(5)?,
        attempt: row.get(6)?,
        state: word(row, 7, CallState::from_word)?,
        recording: word(row, 8, Recording::from_word)?,
        start: row.get(9)?,
        connected: row.get(10)?,
        name: row.get(11)?,
        name2: row.get(12)?,
    })
}

pub(crate) fn insert_call(tx: &Tx<'_>, call: &NewCall<'_>, now: Instant) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CALL)?.execute(named_params! {
        ":id": call.id, ":user_id": call.user_id, ":campaign_id": call.campaign_id,
        ":source": call.source, ":number": call.number, ":lead_id": call.lead_id,
        ":attempt": call.attempt, ":state": call.state.word(),
        ":recording": call.recording.word(), ":now_ms": now,
    })?;
    tx.prepare_cached(COUNT_CALL_MADE)?.execute([])?;
    Ok(())
}

pub(crate) fn call(db: &Connection, id: i64) -> rusqlite::Result<Option<Call>> {
    db.prepare_cached(SELECT_CALL)?.query_row(named_params! { ":id": id }, from_row).optional()
}

/// The calls that an agent has in hand, ended ones included.
pub(crate) fn calls_of(db: &Connection, user_id: i64) -> rusqlite::Result<Vec<Call>> {
    db.prepare_cached(LIST_CALLS_BY_USER)?
        .query_map(named_params! { ":user_id": user_id }, from_row)?
        .collect()
}

pub(crate) fn call_ids(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_CALL_IDS)?.query_map([], |row| row.get(0))?.collect()
}

pub(crate) fn call_states_of(db: &Connection, user_id: i64) -> rusqlite::Result<Vec<CallState>> {
    db.prepare_cached(LIST_CALL_STATES_BY_USER)?
        .query_map(named_params! { ":user_id": user_id }, |row| word(row, 0, CallState::from_word))?
        .collect()
}

pub(crate) fn set_call_state(
    tx: &Tx<'_>,
    id: i64,
    state: CallState,
    now: Instant,
) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_CALL_STATE)?
        .execute(named_params! { ":id": id, ":state": state.word(), ":now_ms": now })?;
    Ok(())
}

pub(crate) fn set_recording(tx: &Tx<'_>, id: i64, recording: Recording) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_CALL_RECORDING)?
        .execute(named_params! { ":id": id, ":recording": recording.word() })?;
    Ok(())
}

/// What the web agent's record button shows.
pub(crate) fn set_record_button(tx: &Tx<'_>, id: i64, shows: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_RECORD_BUTTON)?
        .execute(named_params! { ":id": id, ":shows": shows })?;
    Ok(())
}

pub(crate) fn set_call_lead(tx: &Tx<'_>, id: i64, lead_id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_CALL_LEAD)?
        .execute(named_params! { ":id": id, ":lead_id": lead_id })?;
    Ok(())
}

/// Takes a call from its agent and writes down what became of it.
pub(crate) fn take_call(
    tx: &Tx<'_>,
    call: &Call,
    disposition: &Disposition<'_>,
    now: Instant,
) -> rusqlite::Result<()> {
    tx.prepare_cached(DELETE_CALL)?.execute(named_params! { ":id": call.id })?;
    tx.prepare_cached(INSERT_PAST_CALL)?.execute(named_params! {
        ":call_id": call.id, ":user_id": call.user_id, ":campaign_id": call.campaign_id,
        ":source": call.source, ":number": call.number, ":lead_id": call.lead_id,
        ":how": disposition.exit.word(), ":result_code": disposition.result_code,
        ":notes": disposition.notes, ":n_sales": disposition.n_sales,
        ":start_ms": call.start, ":connected_ms": call.connected, ":now_ms": now,
    })?;
    Ok(())
}

/// Whose call that id was last, and how it left.
pub(crate) fn last_past_call(
    db: &Connection,
    call_id: i64,
) -> rusqlite::Result<Option<(i64, String)>> {
    db.prepare_cached(SELECT_LAST_PAST_CALL)?
        .query_row(named_params! { ":call_id": call_id }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Counts one more call of a campaign to a number; answers which it is.
pub(crate) fn next_attempt(tx: &Tx<'_>, campaign_id: i64, number: &str) -> rusqlite::Result<i64> {
    let params = named_params! { ":campaign_id": campaign_id, ":number": number };
    tx.prepare_cached(COUNT_ATTEMPT)?.execute(params)?;
    tx.prepare_cached(SELECT_ATTEMPTS)?.query_row(params, |row| row.get(0))
}
