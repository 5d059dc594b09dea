//! What the dialler reads and writes: campaigns with their rules, agents, the contacts that are due,
//! calls that are up.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::{Instant, Span};
use crate::contract::cx::{Cx, Tx};
use crate::contract::reply::InternalError;
use crate::statements;
use crate::vendors::jtel::fields::NUMBERS;
use crate::vendors::jtel::model::{Hours, Rules, Standing};

/// The columns of a [`Standing`]: 3 and then 6 of each.
macro_rules! standing {
    () => {
        "id, locked, due_ms,
            phone_number1, phone_number2, phone_number3, phone_number4, phone_number5, phone_number6,
            tries1, tries2, tries3, tries4, tries5, tries6,
            phone_number1_invalid, phone_number2_invalid, phone_number3_invalid,
            phone_number4_invalid, phone_number5_invalid, phone_number6_invalid"
    };
}

statements! {
    INSERT_CAMPAIGN = "
        INSERT INTO jtel_campaign (id, client_id, name, language, preview_time, parallel_lines,
            close_on_incoming, caller_id_active, until_ms, no_number_code, incoming_code, running,
            from_min, to_min, days, tries_max, tries_per_number_max, pause_busy_ms,
            pause_no_answer_ms, pause_mailbox_ms, wrap_up_ms, tries_used_up_code)
        VALUES (:id, :client_id, :name, :language, :preview_time, :parallel_lines,
            :close_on_incoming, :caller_id_active, :until_ms, :no_number_code, :incoming_code,
            :running, :from_min, :to_min, :days, :tries_max, :tries_per_number_max,
            :pause_busy_ms, :pause_no_answer_ms, :pause_mailbox_ms, :wrap_up_ms,
            :tries_used_up_code)";
    SELECT_DIALLING = "
        SELECT id, client_id, running, parallel_lines, until_ms, no_number_code, incoming_code,
            tries_used_up_code, from_min, to_min, days, tries_max, tries_per_number_max,
            pause_busy_ms, pause_no_answer_ms, pause_mailbox_ms, wrap_up_ms, dial_ms
        FROM jtel_campaign WHERE id = :id";
    UPDATE_RUNNING = "UPDATE jtel_campaign SET running = :running WHERE id = :id";
    SHIFT_DIALS = "
        UPDATE jtel_campaign SET dial_ms = MIN(dial_ms + :by_ms, :end_ms) WHERE dial_ms IS NOT NULL";
    UPDATE_DIAL = "UPDATE jtel_campaign SET dial_ms = :dial_ms WHERE id = :id";
    LIST_RUNNING = "SELECT id FROM jtel_campaign WHERE running = 1 ORDER BY id";
    LIST_CLOSING_CAMPAIGNS = "
        SELECT id FROM jtel_campaign WHERE client_id = :client_id AND close_on_incoming = 1
        ORDER BY id";

    INSERT_AGENT = "
        INSERT INTO jtel_agent (users_id, campaign_id, position)
        VALUES (:users_id, :campaign_id, :position)
        ON CONFLICT DO NOTHING";
    COUNT_AGENTS = "SELECT COUNT(*) FROM jtel_agent WHERE campaign_id = :campaign_id";
    COUNT_CALLS = "SELECT COUNT(*) FROM jtel_call WHERE campaign_id = :campaign_id";
    FREE_AGENT = "
        SELECT users_id FROM jtel_agent AS agent
        WHERE campaign_id = :campaign_id AND NOT EXISTS (
            SELECT 1 FROM jtel_call AS call WHERE call.users_id = agent.users_id)
        ORDER BY position, users_id LIMIT 1";

    NEXT_WAITING = concat!("SELECT ", standing!(), " FROM jtel_contact
        WHERE campaign_id = :campaign_id AND due_ms > 0 AND due_ms <= :now_ms
        ORDER BY due_ms, random_sort_order, id LIMIT 1");
    NEXT_FRESH = concat!("SELECT ", standing!(), " FROM jtel_contact
        WHERE campaign_id = :campaign_id AND due_ms = 0
        ORDER BY random_sort_order, id LIMIT 1");
    NEXT_DUE = "
        SELECT MIN(due_ms) FROM jtel_contact WHERE campaign_id = :campaign_id AND due_ms > :now_ms";
    SELECT_STANDING = concat!("SELECT ", standing!(), " FROM jtel_contact WHERE id = :id");
    LIST_CALLED_BY = "
        SELECT id FROM jtel_contact
        WHERE campaign_id = :campaign_id AND :number IN (phone_number1, phone_number2,
            phone_number3, phone_number4, phone_number5, phone_number6)
        ORDER BY id";
    SELECT_CLOSING_CODE = "
        SELECT code.id FROM jtel_contact AS contact
        JOIN jtel_result_code AS code ON code.id = contact.result_code
        WHERE contact.id = :id AND contact.due_ms IS NULL AND contact.held_ms IS NULL
            AND code.kind IN ('done', 'abort')";
    HOLD_CONTACT = "UPDATE jtel_contact SET held_ms = due_ms, due_ms = NULL WHERE id = :id";
    TAKE_CONTACT = "
        UPDATE jtel_contact SET due_ms = NULL, held_ms = NULL,
            tries1 = tries1 + (:number_idx = 0), tries2 = tries2 + (:number_idx = 1),
            tries3 = tries3 + (:number_idx = 2), tries4 = tries4 + (:number_idx = 3),
            tries5 = tries5 + (:number_idx = 4), tries6 = tries6 + (:number_idx = 5)
        WHERE id = :id";
    SETTLE_CONTACT = "
        UPDATE jtel_contact SET due_ms = :due_ms, held_ms = NULL,
            next_try_ms = :next_try_ms, result_code = COALESCE(:result_code, result_code)
        WHERE id = :id";
    SETTLE_CALLED_CONTACT = "
        UPDATE jtel_contact SET due_ms = :due_ms, held_ms = NULL,
            next_try_ms = :next_try_ms, result_code = COALESCE(:result_code, result_code),
            last_result_mailbox =
                CASE WHEN :is_mailbox THEN 1 WHEN last_result_mailbox THEN 0
                ELSE last_result_mailbox END,
            phone_number1_cause = IIF(:number_idx = 0, :cause, phone_number1_cause),
            phone_number2_cause = IIF(:number_idx = 1, :cause, phone_number2_cause),
            phone_number3_cause = IIF(:number_idx = 2, :cause, phone_number3_cause),
            phone_number4_cause = IIF(:number_idx = 3, :cause, phone_number4_cause),
            phone_number5_cause = IIF(:number_idx = 4, :cause, phone_number5_cause),
            phone_number6_cause = IIF(:number_idx = 5, :cause, phone_number6_cause),
            phone_number1_invalid = IIF(:bad_idx = 0, 1, phone_number1_invalid),
            phone_number2_invalid = IIF(:bad_idx = 1, 1, phone_number2_invalid),
            phone_number3_invalid = IIF(:bad_idx = 2, 1, phone_number3_invalid),
            phone_number4_invalid = IIF(:bad_idx = 3, 1, phone_number4_invalid),
            phone_number5_invalid = IIF(:bad_idx = 4, 1, phone_number5_invalid),
            phone_number6_invalid = IIF(:bad_idx = 5, 1, phone_number6_invalid)
        WHERE id = :id";

    INSERT_CALL = "
        INSERT INTO jtel_call (id, campaign_id, contact_id, history_id, users_id, number_idx, number,
            attempt, far_end, by_hand, started_ms)
        VALUES (:id, :campaign_id, :contact_id, :history_id, :users_id, :number_idx, :number,
            :attempt, :far_end, :by_hand, :started_ms)";
    SELECT_CALL = "
        SELECT id, campaign_id, contact_id, history_id, users_id, number_idx, number, attempt,
            far_end, by_hand
        FROM jtel_call WHERE id = :id";
    END_CALL = "UPDATE jtel_call SET ended_ms = :ended_ms WHERE id = :id";
    DELETE_CALL = "DELETE FROM jtel_call WHERE id = :id";
}

/// A campaign as the dialler sees it.
#[derive(Clone, Debug)]
pub(crate) struct Dialling {
    pub(crate) id: i64,
    pub(crate) client_id: i64,
    pub(crate) running: bool,
    pub(crate) parallel_lines: Option<i64>,
    pub(crate) no_number_code: Option<i64>,
    pub(crate) incoming_code: Option<i64>,
    pub(crate) tries_used_up_code: Option<i64>,
    pub(crate) hours: Hours,
    pub(crate) rules: Rules,
    /// When the timer that looks for contacts is due.
    pub(crate) dial: Option<Instant>,
}

/// A campaign as a scenario states it.
#[derive(Clone, Debug)]
pub(crate) struct NewCampaign<'a> {
    pub(crate) dialling: Dialling,
    pub(crate) name: &'a str,
    pub(crate) language: Option<i64>,
    pub(crate) preview_time: Option<i64>,
    pub(crate) close_on_incoming: bool,
    pub(crate) caller_id_active: bool,
}

pub(crate) fn insert_campaign(tx: &Tx<'_>, campaign: &NewCampaign<'_>) -> rusqlite::Result<()> {
    let Dialling { hours, rules, .. } = &campaign.dialling;
    tx.prepare_cached(INSERT_CAMPAIGN)?.execute(named_params! {
        ":id": campaign.dialling.id, ":client_id": campaign.dialling.client_id,
        ":name": campaign.name, ":language": campaign.language,
        ":preview_time": campaign.preview_time,
        ":parallel_lines": campaign.dialling.parallel_lines,
        ":close_on_incoming": campaign.close_on_incoming,
        ":caller_id_active": campaign.caller_id_active, ":until_ms": hours.until,
        ":no_number_code": campaign.dialling.no_number_code,
        ":incoming_code": campaign.dialling.incoming_code,
        ":running": campaign.dialling.running, ":from_min": hours.from.as_mins(),
        ":to_min": hours.to.as_mins(), ":days": hours.days, ":tries_max": rules.tries_max,
        ":tries_per_number_max": rules.tries_per_number_max,
        ":pause_busy_ms": rules.pause_busy, ":pause_no_answer_ms": rules.pause_no_answer,
        ":pause_mailbox_ms": rules.pause_mailbox, ":wrap_up_ms": rules.wrap_up,
        ":tries_used_up_code": campaign.dialling.tries_used_up_code,
    })?;
    Ok(())
}

fn dialling_from_row(row: &Row<'_>) -> rusqlite::Result<Dialling> {
    Ok(Dialling {
        id: row.get(0)?,
        client_id: row.get(1)?,
        running: row.get(2)?,
        parallel_lines: row.get(3)?,
        no_number_code: row.get(5)?,
        incoming_code: row.get(6)?,
        tries_used_up_code: row.get(7)?,
        hours: Hours {
            until: row.get(4)?,
            from: Span::mins(row.get(8)?),
            to: Span::mins(row.get(9)?),
            days: row.get(10)?,
        },
        rules: Rules {
            tries_max: row.get(11)?,
            tries_per_number_max: row.get(12)?,
            pause_busy: row.get(13)?,
            pause_no_answer: row.get(14)?,
            pause_mailbox: row.get(15)?,
            wrap_up: row.get(16)?,
        },
        dial: row.get(17)?,
    })
}

pub(crate) fn campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<Dialling>> {
    db.prepare_cached(SELECT_DIALLING)?
        .query_row(named_params! { ":id": id }, dialling_from_row)
        .optional()
}

/// `false` where there is no such campaign.
pub(crate) fn set_running(tx: &Tx<'_>, id: i64, running: bool) -> rusqlite::Result<bool> {
    let params = named_params! { ":id": id, ":running": running };
    Ok(tx.prepare_cached(UPDATE_RUNNING)?.execute(params)? == 1)
}

/// Notes when the campaign's timer is due.
pub(crate) fn set_dial(tx: &Tx<'_>, id: i64, dial: Option<Instant>) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_DIAL)?.execute(named_params! { ":id": id, ":dial_ms": dial })?;
    Ok(())
}

/// Moves on when the contacts of a world are due, which begins later than its seed was loaded.
pub(crate) fn begin_later(cx: &mut Cx<'_>, late: Span) -> Result<(), InternalError> {
    cx.tx()
        .prepare_cached(SHIFT_DIALS)?
        .execute(named_params! { ":by_ms": late, ":end_ms": Instant::MAX })?;
    Ok(())
}

pub(crate) fn running(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_RUNNING)?.query_map([], |row| row.get(0))?.collect()
}

/// Campaigns that close a contact who calls.
pub(crate) fn closing_campaigns(db: &Connection, client_id: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_CLOSING_CAMPAIGNS)?
        .query_map(named_params! { ":client_id": client_id }, |row| row.get(0))?
        .collect()
}

/// `false` where the agent works in a campaign already.
pub(crate) fn insert_agent(
    tx: &Tx<'_>,
    users_id: i64,
    campaign_id: i64,
    position: i64,
) -> rusqlite::Result<bool> {
    let inserted = tx.prepare_cached(INSERT_AGENT)?.execute(named_params! {
        ":users_id": users_id, ":campaign_id": campaign_id, ":position": position,
    })?;
    Ok(inserted == 1)
}

pub(crate) fn n_agents(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(COUNT_AGENTS)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
}

/// Calls that are up, and agents in wrap-up.
pub(crate) fn n_calls(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(COUNT_CALLS)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
}

/// The first agent of the campaign who has nothing to do.
pub(crate) fn free_agent(db: &Connection, campaign_id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(FREE_AGENT)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
        .optional()
}

fn standing_from_row(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let mut standing = Standing { id: row.get(0)?, locked: row.get(1)?, ..Standing::default() };
    for idx in 0..NUMBERS {
        // An empty text is no number, and blanks are none.
        let number: Option<String> = row.get(3 + idx)?;
        standing.numbers[idx] = number.filter(|number| !number.trim().is_empty());
        standing.tries[idx] = row.get(3 + NUMBERS + idx)?;
        let invalid: Option<bool> = row.get(3 + 2 * NUMBERS + idx)?;
        standing.invalid[idx] = invalid.unwrap_or(false);
    }
    Ok(standing)
}

/// The contact that is due next, locked ones too: first those with a time that has come, then fresh
/// ones.
pub(crate) fn next(
    db: &Connection,
    campaign_id: i64,
    now: Instant,
) -> rusqlite::Result<Option<Standing>> {
    let params = named_params! { ":campaign_id": campaign_id, ":now_ms": now };
    let waiting =
        db.prepare_cached(NEXT_WAITING)?.query_row(params, standing_from_row).optional()?;
    if waiting.is_some() {
        return Ok(waiting);
    }
    db.prepare_cached(NEXT_FRESH)?
        .query_row(named_params! { ":campaign_id": campaign_id }, standing_from_row)
        .optional()
}

/// When the next contact after `now` is due.
pub(crate) fn next_due(
    db: &Connection,
    campaign_id: i64,
    now: Instant,
) -> rusqlite::Result<Option<Instant>> {
    let params = named_params! { ":campaign_id": campaign_id, ":now_ms": now };
    db.prepare_cached(NEXT_DUE)?.query_row(params, |row| row.get(0))
}

pub(crate) fn standing(db: &Connection, id: i64) -> rusqlite::Result<Option<Standing>> {
    db.prepare_cached(SELECT_STANDING)?
        .query_row(named_params! { ":id": id }, standing_from_row)
        .optional()
}

/// The contacts of a campaign with that number.
pub(crate) fn called_by(
    db: &Connection,
    campaign_id: i64,
    number: &str,
) -> rusqlite::Result<Vec<i64>> {
    let params = named_params! { ":campaign_id": campaign_id, ":number": number };
    db.prepare_cached(LIST_CALLED_BY)?.query_map(params, |row| row.get(0))?.collect()
}

/// The final result code with which a contact is closed; `None` where it is open.
pub(crate) fn closing_code(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CLOSING_CODE)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// Takes a locked contact out of the dialler's work until it is unlocked.
pub(crate) fn hold(tx: &Tx<'_>, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(HOLD_CONTACT)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Takes a contact for a call and counts the try.
pub(crate) fn take(tx: &Tx<'_>, id: i64, number_idx: usize) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":number_idx": idx(number_idx) };
    tx.prepare_cached(TAKE_CONTACT)?.execute(params)?;
    Ok(())
}

fn idx(number_idx: usize) -> i64 {
    i64::try_from(number_idx).unwrap_or(i64::MAX)
}

/// How a contact stands after a call or a result code.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settled {
    /// When the dialler may take it; `None` for never.
    pub(crate) due: Option<Instant>,
    /// `dtNextTry`.
    pub(crate) next_try: Option<Instant>,
    /// `None` leaves the one that it has.
    pub(crate) result_code: Option<i64>,
}

pub(crate) fn settle(tx: &Tx<'_>, id: i64, settled: Settled) -> rusqlite::Result<()> {
    tx.prepare_cached(SETTLE_CONTACT)?.execute(named_params! {
        ":id": id, ":due_ms": settled.due, ":next_try_ms": settled.next_try,
        ":result_code": settled.result_code,
    })?;
    Ok(())
}

/// What a call showed of its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) number_idx: usize,
    pub(crate) cause: i64,
    pub(crate) is_invalid: bool,
    pub(crate) is_mailbox: bool,
}

pub(crate) fn settle_called(
    tx: &Tx<'_>,
    id: i64,
    settled: Settled,
    shown: Shown,
) -> rusqlite::Result<()> {
    let bad_idx = shown.is_invalid.then_some(idx(shown.number_idx));
    tx.prepare_cached(SETTLE_CALLED_CONTACT)?.execute(named_params! {
        ":id": id, ":due_ms": settled.due, ":next_try_ms": settled.next_try,
        ":result_code": settled.result_code, ":is_mailbox": shown.is_mailbox,
        ":number_idx": idx(shown.number_idx), ":cause": shown.cause, ":bad_idx": bad_idx,
    })?;
    Ok(())
}

/// A call that is up.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) id: i64,
    pub(crate) campaign_id: i64,
    pub(crate) contact_id: i64,
    pub(crate) history_id: i64,
    pub(crate) users_id: Option<i64>,
    pub(crate) number_idx: usize,
    pub(crate) number: String,
    pub(crate) attempt: i64,
    pub(crate) far_end: String,
    pub(crate) by_hand: bool,
}

pub(crate) fn insert_call(tx: &Tx<'_>, call: &Call, started: Instant) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CALL)?.execute(named_params! {
        ":id": call.id, ":campaign_id": call.campaign_id, ":contact_id": call.contact_id,
        ":history_id": call.history_id, ":users_id": call.users_id,
        ":number_idx": idx(call.number_idx), ":number": call.number, ":attempt": call.attempt,
        ":far_end": call.far_end, ":by_hand": call.by_hand, ":started_ms": started,
    })?;
    Ok(())
}

pub(crate) fn call(db: &Connection, id: i64) -> rusqlite::Result<Option<Call>> {
    db.prepare_cached(SELECT_CALL)?
        .query_row(named_params! { ":id": id }, |row| {
            let number_idx: i64 = row.get(5)?;
            Ok(Call {
                id: row.get(0)?,
                campaign_id: row.get(1)?,
                contact_id: row.get(2)?,
                history_id: row.get(3)?,
                users_id: row.get(4)?,
                number_idx: usize::try_from(number_idx).unwrap_or(0),
                number: row.get(6)?,
                attempt: row.get(7)?,
                far_end: row.get(8)?,
                by_hand: row.get(9)?,
            })
        })
        .optional()
}

/// The call has ended; its agent is in wrap-up.
pub(crate) fn end_call(tx: &Tx<'_>, id: i64, ended: Instant) -> rusqlite::Result<()> {
    tx.prepare_cached(END_CALL)?.execute(named_params! { ":id": id, ":ended_ms": ended })?;
    Ok(())
}

pub(crate) fn delete_call(tx: &Tx<'_>, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(DELETE_CALL)?.execute(named_params! { ":id": id })?;
    Ok(())
}
