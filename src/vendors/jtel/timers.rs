//! The dialler: takes contacts that are due, places calls, and draws the conclusions when they end.
//!
//! A campaign dials as many contacts at once as it has free agents, and never more than
//! `nMaxParallelLines`; without agents it has one line, or as many as that number says. A line that
//! becomes free takes the next contact at once. Where none is due it rests, and one timer of the
//! campaign looks again when the next one is. So the clock alone moves everything, and it makes no
//! difference in how many steps it goes.
//!
//! | what happens meanwhile | what comes of it |
//! | --- | --- |
//! | a contact that is due is locked | it is passed over, once, and comes back with the unlock |
//! | a contact on a call is locked | the call goes on; it is not dialled again until unlocked |
//! | a contact on a call is deleted | the call goes on, and nothing is kept of it |
//! | a contact on a call is overwritten | the call goes on with the old number; its result counts |
//!
//! Not here: the rules (`model`) and which events there are (`events`). All of it is assumed
//! (jtel 4.6, 4.12).

use rand::RngExt;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::timer::Timer;
use crate::sim::outside::line::FarEnd;
use crate::vendors::jtel::model::{self, After, Code, CodeKind, Exhausted, Hours, Standing};
use crate::vendors::jtel::store as codes;
use crate::vendors::jtel::store::dialler::{self as store, Call, Dialling, Settled, Shown};
use crate::vendors::jtel::store::history::{self, Entry};

/// A campaign looks for contacts. Key: the campaign.
const DIAL: &str = "dial";

/// A call ends. Key: the call.
const CALL_ENDS: &str = "call_ends";

/// An agent is free again. Key: the call that he or she was on.
const WRAP_UP_ENDS: &str = "wrap_up_ends";

/// First ID of a call in a world that was seeded with none.
pub(crate) const FIRST_CALL_ID: i64 = 1;

/// First ID of a history entry in a world that was seeded with none.
pub(crate) const FIRST_HISTORY_ID: i64 = 1;

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let id: i64 = timer.key.parse().doing("read which campaign or call a timer is of")?;
    match timer.kind.as_str() {
        DIAL => {
            store::set_dial(&cx.tx(), id, None)?;
            fill(cx, id)?;
        }
        CALL_ENDS => {
            if let Some(call) = store::call(cx.db(), id)? {
                end_call(cx, &call, None)?;
            }
        }
        WRAP_UP_ENDS => {
            if let Some(call) = store::call(cx.db(), id)? {
                release(cx, &call, None)?;
            }
        }
        other => return Err(InternalError::new(format!("no timer of kind {other} is known here"))),
    }
    Ok(())
}

/// A contact of the campaign may be due at `at`; looks for it then, if the campaign is running.
pub(crate) fn look_at(cx: &mut Cx<'_>, campaign_id: i64, at: Instant) -> rusqlite::Result<()> {
    match store::campaign(cx.db(), campaign_id)? {
        Some(campaign) if campaign.running => wake_at(cx, &campaign, at),
        _ => Ok(()),
    }
}

/// Sets the campaign's timer, unless it is due earlier already.
fn wake_at(cx: &mut Cx<'_>, campaign: &Dialling, at: Instant) -> rusqlite::Result<()> {
    let at = at.max(cx.now());
    if campaign.dial.is_some_and(|dial| dial <= at) {
        return Ok(());
    }
    let key = campaign.id.to_string();
    if campaign.dial.is_some() {
        cx.cancel_timers(DIAL, &key)?;
    }
    cx.set_timer(at, DIAL, &key)?;
    store::set_dial(&cx.tx(), campaign.id, Some(at))
}

/// Starts a campaign, and says so if it cannot dial anybody. `false` where there is none.
pub(crate) fn start(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<bool> {
    if !store::set_running(&cx.tx(), campaign_id, true)? {
        return Ok(false);
    }
    let campaign = store::campaign(cx.db(), campaign_id)?;
    let never = campaign.and_then(|campaign| dials_nobody(&campaign, cx.now()));
    let never = never.map(|why| format!(", and dials nobody: {why}")).unwrap_or_default();
    cx.effect(format!("campaign {campaign_id} started{never}"));
    look_at(cx, campaign_id, cx.now())?;
    Ok(true)
}

/// Why a campaign cannot dial anybody from now on; `None` where it can, sooner or later.
fn dials_nobody(campaign: &Dialling, now: Instant) -> Option<String> {
    let Hours { from, to, days, until } = campaign.hours;
    if campaign.parallel_lines == Some(0) {
        Some("it has no line (nMaxParallelLines is 0)".into())
    } else if let Some(until) = until.filter(|until| *until <= now) {
        Some(format!("it ended at {until} (dtTo)"))
    } else if from >= to {
        Some("its hours of day end before they begin".into())
    } else if days == 0 {
        Some("it has no day of the week".into())
    } else if campaign.hours.next_open(now).is_none() {
        Some("its hours do not begin before its end (dtTo)".into())
    } else {
        None
    }
}

/// Stops a campaign; its calls go on to their end. `false` where there is none.
pub(crate) fn stop(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<bool> {
    if !store::set_running(&cx.tx(), campaign_id, false)? {
        return Ok(false);
    }
    cx.cancel_timers(DIAL, &campaign_id.to_string())?;
    store::set_dial(&cx.tx(), campaign_id, None)?;
    Ok(true)
}

/// Puts every free line of a campaign to work.
fn fill(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    let Some(campaign) = store::campaign(cx.db(), campaign_id)? else { return Ok(()) };
    if !campaign.running {
        return Ok(());
    }
    let n_agents = store::n_agents(cx.db(), campaign_id)?;
    let n_lines = match (n_agents, campaign.parallel_lines) {
        (0, lines) => lines.unwrap_or(1),
        (agents, lines) => agents.min(lines.unwrap_or(agents)),
    };
    let n_calls = store::n_calls(cx.db(), campaign_id)?;
    for _ in n_calls..n_lines {
        let users_id = store::free_agent(cx.db(), campaign_id)?;
        if users_id.is_none() && n_agents > 0 {
            break;
        }
        if !dial_next(cx, &campaign, users_id)? {
            break;
        }
    }
    Ok(())
}

/// Dials the next contact on a free line. Where none is due, or the hours are over, the campaign's
/// timer is set and the answer is `false`.
fn dial_next(
    cx: &mut Cx<'_>,
    campaign: &Dialling,
    users_id: Option<i64>,
) -> rusqlite::Result<bool> {
    match campaign.hours.next_open(cx.now()) {
        None => return Ok(false),
        Some(at) if at > cx.now() => {
            wake_at(cx, campaign, at)?;
            return Ok(false);
        }
        Some(_) => {}
    }
    while let Some(standing) = store::next(cx.db(), campaign.id, cx.now())? {
        if standing.locked {
            store::hold(&cx.tx(), standing.id)?;
            cx.effect(format!("contact {} is locked: not dialled until unlocked", standing.id));
            continue;
        }
        match standing.next_number(&campaign.rules) {
            Ok(number_idx) => {
                place_call(cx, campaign, &standing, number_idx, users_id, false)?;
                return Ok(true);
            }
            Err(exhausted) => give_up(cx, campaign, standing.id, exhausted)?,
        }
    }
    if let Some(due) = store::next_due(cx.db(), campaign.id, cx.now())? {
        wake_at(cx, campaign, due)?;
    }
    Ok(false)
}

/// Closes a contact that has no number to dial.
fn give_up(
    cx: &mut Cx<'_>,
    campaign: &Dialling,
    contact_id: i64,
    exhausted: Exhausted,
) -> rusqlite::Result<()> {
    let code = giving_up_code(cx, campaign, exhausted)?;
    let result_code = code.as_ref().map(|code| code.id);
    let settled = Settled { due: None, next_try: None, result_code };
    store::settle(&cx.tx(), contact_id, settled)?;
    if result_code.is_some() {
        let id = cx.next_count("history", FIRST_HISTORY_ID)?;
        let at = cx.now();
        let entry = Entry { result_code, ..Entry::outbound(id, contact_id, at) };
        history::insert(&cx.tx(), &entry)?;
    }
    let reason = match exhausted {
        Exhausted::NoNumber => "has no number to dial",
        Exhausted::Tries => "has used up its tries",
    };
    cx.effect(format!("contact {contact_id} {reason}: {}", closed_with(result_code)));
    Ok(())
}

fn closed_with(result_code: Option<i64>) -> String {
    match result_code {
        Some(id) => format!("closed with result code {id}"),
        None => "closed without a result code".into(),
    }
}

/// The code for a contact that is given up: the campaign's for it, else its first that aborts.
fn giving_up_code(
    cx: &Cx<'_>,
    campaign: &Dialling,
    exhausted: Exhausted,
) -> rusqlite::Result<Option<Code>> {
    let named = match exhausted {
        Exhausted::NoNumber => campaign.no_number_code,
        Exhausted::Tries => campaign.tries_used_up_code,
    };
    let code = named.map(|id| codes::code(cx.db(), id)).transpose()?.flatten();
    if code.is_some() { Ok(code) } else { codes::first_abort(cx.db(), campaign.id) }
}

/// Places a call. Answers its ID.
pub(crate) fn place_call(
    cx: &mut Cx<'_>,
    campaign: &Dialling,
    standing: &Standing,
    number_idx: usize,
    users_id: Option<i64>,
    by_hand: bool,
) -> rusqlite::Result<i64> {
    let number = standing.numbers[number_idx].clone().unwrap_or_default();
    let attempt = standing.tries[number_idx] + 1;
    let course = cx.far_end(&campaign.id.to_string(), &number, attempt)?;
    let id = cx.next_count("call", FIRST_CALL_ID)?;
    let history_id = cx.next_count("history", FIRST_HISTORY_ID)?;
    let agent = users_id.map(|users_id| format!(", agent {users_id}")).unwrap_or_default();
    cx.effect(format!(
        "contact {} dialled: {number}, try {attempt}, call {id}{agent}",
        standing.id
    ));
    let tx = cx.tx();
    history::insert(
        &tx,
        &Entry {
            call_id: Some(id),
            users_id,
            number: Some(&number),
            ..Entry::outbound(history_id, standing.id, cx.now())
        },
    )?;
    let call = Call {
        id,
        campaign_id: campaign.id,
        contact_id: standing.id,
        history_id,
        users_id,
        number_idx,
        number,
        attempt,
        far_end: course.far_end.word().to_owned(),
        by_hand,
    };
    store::insert_call(&tx, &call, cx.now())?;
    store::take(&tx, standing.id, number_idx)?;
    // A call that would end behind the end of the calendar stays up.
    if let Some(end) = cx.now().checked_add(course.ring + course.talk) {
        cx.set_timer(end, CALL_ENDS, &id.to_string())?;
    }
    Ok(id)
}

/// A result code that somebody records.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) code: Code,
    /// When to try again, should the code ask for that; `None` for never.
    pub(crate) again: Option<Instant>,
}

/// Ends a call: its history entry, what the contact comes to, and the line.
pub(crate) fn end_call(
    cx: &mut Cx<'_>,
    call: &Call,
    recorded: Option<Recorded>,
) -> rusqlite::Result<()> {
    let Some(campaign) = store::campaign(cx.db(), call.campaign_id)? else { return Ok(()) };
    let far_end = model::far_end(&call.far_end);
    match store::standing(cx.db(), call.contact_id)? {
        None => cx.effect(format!(
            "call {} ended: {}; contact {} was deleted meanwhile, nothing is kept",
            call.id, call.far_end, call.contact_id
        )),
        Some(mut standing) => {
            let after = model::after(far_end, &campaign.rules);
            standing.invalid[call.number_idx] |= after.is_invalid;
            let settled = conclude(cx, &campaign, call, &standing, after, recorded)?;
            let shown = Shown {
                number_idx: call.number_idx,
                cause: after.cause,
                is_invalid: after.is_invalid,
                is_mailbox: after.is_mailbox,
            };
            let tx = cx.tx();
            history::end(&tx, call.history_id, cx.now(), settled.result_code)?;
            store::settle_called(&tx, call.contact_id, settled, shown)?;
            cx.effect(format!(
                "call {} ended: {}; contact {} {}",
                call.id,
                call.far_end,
                call.contact_id,
                in_words(settled)
            ));
        }
    }
    let wrap_up = if far_end == FarEnd::Answers { campaign.rules.wrap_up } else { Span::ZERO };
    if !wrap_up.is_zero() && call.users_id.is_some() {
        store::end_call(&cx.tx(), call.id, cx.now())?;
        return match cx.now().checked_add(wrap_up) {
            Some(free) => cx.set_timer(free, WRAP_UP_ENDS, &call.id.to_string()),
            None => Ok(()),
        };
    }
    release(cx, call, Some(&campaign))
}

pub(crate) fn in_words(settled: Settled) -> String {
    let code = settled.result_code.map(|id| format!("has result code {id}"));
    let again = match (settled.next_try, settled.due) {
        (Some(at), Some(_)) => Some(format!("is dialled again from {at} on")),
        (_, Some(_)) => Some("is dialled again on its next number".into()),
        (_, None) => Some("is closed".into()),
    };
    code.into_iter().chain(again).collect::<Vec<_>>().join(" and ")
}

/// What a contact comes to after a call.
fn conclude(
    cx: &Cx<'_>,
    campaign: &Dialling,
    call: &Call,
    standing: &Standing,
    after: After,
    recorded: Option<Recorded>,
) -> rusqlite::Result<Settled> {
    let recorded = match (recorded, after.pause) {
        (Some(recorded), _) => Some(recorded),
        (None, None) => choose_code(cx, campaign, call)?,
        (None, Some(_)) => None,
    };
    if let Some(recorded) = recorded {
        return Ok(settle_with(&recorded));
    }
    // Somebody answered, and there is no result code to choose from.
    let Some(pause) = after.pause else { return Ok(Settled::default()) };
    if let Err(exhausted) = standing.next_number(&campaign.rules) {
        let code = giving_up_code(cx, campaign, exhausted)?;
        return Ok(Settled { result_code: code.map(|code| code.id), ..Settled::default() });
    }
    let due = cx.now().checked_add(pause);
    let next_try = due.filter(|_| !pause.is_zero());
    Ok(Settled { due, next_try, result_code: None })
}

pub(crate) fn settle_with(recorded: &Recorded) -> Settled {
    let again = recorded.again.filter(|_| !recorded.code.kind.is_final());
    Settled { due: again, next_try: again, result_code: Some(recorded.code.id) }
}

/// The agent's choice after a call with somebody: drawn among the campaign's codes by their weights.
fn choose_code(
    cx: &Cx<'_>,
    campaign: &Dialling,
    call: &Call,
) -> rusqlite::Result<Option<Recorded>> {
    let codes = codes::codes(cx.db(), campaign.id)?;
    let total: i64 = codes.iter().map(|(_, weight)| *weight).sum();
    if total <= 0 {
        return Ok(None);
    }
    let (campaign, attempt) = (campaign.id.to_string(), call.attempt.to_string());
    let mut draw = cx.random("jtel.result_code", &[&campaign, &call.number, &attempt]);
    let mut left = draw.random_range(0..total);
    let chosen = codes.into_iter().find(|(_, weight)| {
        left -= weight;
        left < 0
    });
    Ok(chosen.map(|(code, _)| {
        let again = cx.now().checked_add(code.delay);
        Recorded { code, again }
    }))
}

/// The line of a call is free: it takes the next contact.
fn release(cx: &mut Cx<'_>, call: &Call, campaign: Option<&Dialling>) -> rusqlite::Result<()> {
    store::delete_call(&cx.tx(), call.id)?;
    if call.by_hand {
        // It may have been one line more than the campaign has.
        return fill(cx, call.campaign_id);
    }
    let read;
    let campaign = match campaign {
        Some(campaign) => campaign,
        None => match store::campaign(cx.db(), call.campaign_id)? {
            Some(campaign) => {
                read = campaign;
                &read
            }
            None => return Ok(()),
        },
    };
    if campaign.running {
        dial_next(cx, campaign, call.users_id)?;
    }
    Ok(())
}

/// Records a result code for a contact. Where it is on a call, that ends.
pub(crate) fn record(
    cx: &mut Cx<'_>,
    contact_id: i64,
    campaign_id: i64,
    call: Option<i64>,
    recorded: Recorded,
) -> rusqlite::Result<()> {
    if let Some(call_id) = call
        && let Some(call) = store::call(cx.db(), call_id)?
    {
        cx.cancel_timers(CALL_ENDS, &call_id.to_string())?;
        return end_call(cx, &call, Some(recorded));
    }
    let settled = settle_with(&recorded);
    let code_id = recorded.code.id;
    if !history::code_last_call(&cx.tx(), contact_id, code_id)? {
        let id = cx.next_count("history", FIRST_HISTORY_ID)?;
        let (at, result_code) = (cx.now(), Some(code_id));
        let entry = Entry { result_code, ..Entry::outbound(id, contact_id, at) };
        history::insert(&cx.tx(), &entry)?;
    }
    store::settle(&cx.tx(), contact_id, settled)?;
    cx.effect(format!("contact {contact_id} {}", in_words(settled)));
    match settled.due {
        Some(due) => look_at(cx, campaign_id, due),
        None => Ok(()),
    }
}

/// When the dialler may take a contact that a scenario brings with it.
pub(crate) fn due_of_seeded(kind: Option<CodeKind>, next_try: Option<Instant>) -> Option<Instant> {
    if kind.is_some_and(CodeKind::is_final) { None } else { Some(next_try.unwrap_or(FRESH)) }
}

/// `due` of a contact that waits for nothing.
pub(crate) const FRESH: Instant = Instant::MIN;
