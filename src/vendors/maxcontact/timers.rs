//! What happens later: calls that go on, breaks that begin, calls that are put to ready agents.

use rand::RngExt;

use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::timer::Timer;
use crate::sim::outside::line::{Course, FarEnd};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::{AgentState, CallState};
use crate::vendors::maxcontact::model::{Call, HOUR_MS, User, arrival_ms};
use crate::vendors::maxcontact::ops::lead_for;
use crate::vendors::maxcontact::settings::ANSWER_AFTER;
use crate::vendors::maxcontact::{store, traffic};

/// The setting for how long a ready agent waits for a break.
pub(crate) const BREAK_DELAY: &str = "break_delay_ms";

/// The same where the scenario says nothing; an administrator sets it. Assumed: maxcontact 4.1.
const BREAK_DELAY_MS: i64 = 30_000;

/// The timer of the next call of a campaign or a queue.
const OFFER_TIMER: &str = "offer";

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    match timer.kind.as_str() {
        floor::CALL_TIMER => {
            // A call that has left took its timers along.
            let id = timer.key.parse().map_err(InternalError::new)?;
            match store::call(cx.db(), id)? {
                Some(call) => Ok(go_on(cx, &call)?),
                None => Ok(()),
            }
        }
        floor::BREAK_TIMER => {
            let id = timer.key.parse().map_err(InternalError::new)?;
            match store::user(cx.db(), id)? {
                Some(user) if user.break_pending && user.state == AgentState::Ready => {
                    Ok(floor::begin_break(cx, &user)?)
                }
                _ => Ok(()),
            }
        }
        OFFER_TIMER => {
            let broken = || InternalError::new(format!("timer key {}", timer.key));
            let traffic = Traffic::parse(&timer.key).ok_or_else(broken)?;
            offer(cx, traffic)
        }
        floor::OUTCOME_TIMER => traffic::wake(cx, timer),
        other => Err(InternalError::new(format!("no timer of kind {other} is known here"))),
    }
}

fn course(cx: &Cx<'_>, call: &Call) -> rusqlite::Result<Course> {
    cx.far_end(&call.campaign_id.to_string(), &call.number, call.attempt)
}

/// The next thing that the far end of a call does.
fn go_on(cx: &mut Cx<'_>, call: &Call) -> rusqlite::Result<()> {
    let course = course(cx, call)?;
    match (call.state, course.far_end) {
        // Neither rings by itself, but an event may have let it.
        (CallState::Dialling | CallState::Ringing, FarEnd::Busy) => floor::end(cx, call, "busy")?,
        (CallState::Dialling | CallState::Ringing, FarEnd::Invalid) => {
            floor::end(cx, call, "no such number")?;
        }
        (CallState::Dialling, _) => {
            floor::move_to(cx, call, CallState::Ringing)?;
            let ring_ms = match course.far_end {
                // An answer can be hurried; how long nobody answers cannot.
                FarEnd::NoAnswer => course.ring.as_millis(),
                _ => store::setting_ms(cx.db(), ANSWER_AFTER)?.unwrap_or(course.ring.as_millis()),
            };
            let due_ms = cx.now_ms().saturating_add(ring_ms);
            cx.set_timer(due_ms, floor::CALL_TIMER, &call.id.to_string())?;
        }
        (CallState::Ringing, FarEnd::NoAnswer) => floor::end(cx, call, "no answer")?,
        (CallState::Ringing, FarEnd::Rejects) => floor::end(cx, call, "rejected")?,
        (CallState::Ringing, _) => floor::connect(cx, call)?,
        (CallState::Connected | CallState::Held, _) => floor::end(cx, call, "the far end hung up")?,
        (CallState::Ended, _) => {}
    }
    floor::settle(cx, call.user_id)
}

/// Notes that an agent wants a break; for one who is ready it begins after a while.
pub(crate) fn break_later(cx: &mut Cx<'_>, user: &User) -> rusqlite::Result<()> {
    store::set_break_pending(&cx.tx(), user.id, true)?;
    cx.effect(format!("agent {} waits for a break", user.id));
    if user.state == AgentState::Ready {
        let delay_ms = store::setting_ms(cx.db(), BREAK_DELAY)?.unwrap_or(BREAK_DELAY_MS);
        let key = user.id.to_string();
        cx.cancel_timers(floor::BREAK_TIMER, &key)?;
        cx.set_timer(cx.now_ms().saturating_add(delay_ms), floor::BREAK_TIMER, &key)?;
    }
    Ok(())
}

/// Where calls come from by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    Campaign(i64),
    Queue(i64),
}

impl Traffic {
    fn key(self) -> String {
        match self {
            Traffic::Campaign(id) => format!("campaign {id}"),
            Traffic::Queue(id) => format!("queue {id}"),
        }
    }

    fn parse(key: &str) -> Option<Self> {
        let (kind, id) = key.split_once(' ')?;
        let id = id.parse().ok()?;
        match kind {
            "campaign" => Some(Traffic::Campaign(id)),
            "queue" => Some(Traffic::Queue(id)),
            _ => None,
        }
    }
}

/// Sets the time of the next call, if there is to be one.
pub(crate) fn expect_offer(
    cx: &mut Cx<'_>,
    traffic: Traffic,
    per_hour: i64,
) -> rusqlite::Result<()> {
    if per_hour > 0 && floor::is_timed(cx)? {
        let due_ms = next_arrival_ms(cx, &traffic.key(), per_hour);
        cx.set_timer(due_ms, OFFER_TIMER, &traffic.key())?;
    }
    Ok(())
}

/// The same, in place of the call that was expected.
pub(crate) fn expect_offer_anew(
    cx: &mut Cx<'_>,
    traffic: Traffic,
    per_hour: i64,
) -> rusqlite::Result<()> {
    cx.cancel_timers(OFFER_TIMER, &traffic.key())?;
    expect_offer(cx, traffic, per_hour)
}

/// The first arrival after now. Each is drawn for (source, hour, n), whatever came before.
fn next_arrival_ms(cx: &Cx<'_>, source: &str, per_hour: i64) -> i64 {
    let mut hour = cx.now_ms().div_euclid(HOUR_MS);
    let mut idx = cx.now_ms().rem_euclid(HOUR_MS) / (HOUR_MS / per_hour);
    loop {
        if idx >= per_hour {
            (hour, idx) = (hour + 1, 0);
        }
        let key = [source, &hour.to_string(), &idx.to_string()];
        let drawn: f64 = cx.random("maxcontact.arrival", &key).random();
        let at_ms = arrival_ms(hour, idx, per_hour, drawn);
        if at_ms > cx.now_ms() {
            return at_ms;
        }
        idx += 1;
    }
}

/// Puts a call to the agent who has been ready longest, and sets the time of the next one.
fn offer(cx: &mut Cx<'_>, traffic: Traffic) -> Result<(), InternalError> {
    let per_hour = match traffic {
        Traffic::Campaign(id) => store::campaign(cx.db(), id)?.map(|rules| rules.calls_per_hour),
        Traffic::Queue(id) => store::queue_rate(cx.db(), id)?,
    };
    match traffic {
        Traffic::Campaign(id) => offer_by_campaign(cx, id)?,
        Traffic::Queue(id) => offer_by_queue(cx, id)?,
    }
    Ok(expect_offer(cx, traffic, per_hour.unwrap_or_default())?)
}

/// A predictive call: the dialler dials for an agent who is ready, and only an answer reaches it.
fn offer_by_campaign(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    let Some(user) = store::ready_for_campaign(cx.db(), campaign_id)? else { return Ok(()) };
    let Some(rules) = store::campaign(cx.db(), campaign_id)? else { return Ok(()) };
    let Some((lead_id, number)) = store::next_lead(cx.db(), rules.list_id)? else {
        return Ok(());
    };
    let attempt = store::next_attempt(&cx.tx(), campaign_id, &number)?;
    store::count_lead_attempt(&cx.tx(), lead_id)?;
    let course = cx.far_end(&campaign_id.to_string(), &number, attempt)?;
    if !matches!(course.far_end, FarEnd::Answers | FarEnd::Machine | FarEnd::HangsUp) {
        cx.effect(format!("campaign {campaign_id} dialled {number}: {}", course.far_end.word()));
        return Ok(());
    }
    let placed = floor::Placed {
        user_id: user.id,
        campaign_id,
        source: "predictive",
        number: &number,
        lead_id,
        attempt: Some(attempt),
    };
    floor::offer(cx, &placed)?;
    Ok(())
}

/// Numbers of callers end in one of so many: those that the regulator keeps for drama,
/// 07700 900000 to 900999.
const CALLERS: i64 = 1000;

fn offer_by_queue(cx: &mut Cx<'_>, queue_id: i64) -> rusqlite::Result<()> {
    let Some(user) = store::ready_for_queue(cx.db(), queue_id)? else { return Ok(()) };
    let key = [queue_id.to_string(), cx.now_ms().to_string()];
    let caller = cx
        .random("maxcontact.caller", &[key[0].as_str(), key[1].as_str()])
        .random_range(0..CALLERS);
    let number = format!("07700900{caller:03}");
    let campaign_id = user.campaign_id.unwrap_or_default();
    let lead_id = lead_for(cx, campaign_id, &number)?;
    let placed = floor::Placed {
        user_id: user.id,
        campaign_id,
        source: &Traffic::Queue(queue_id).key(),
        number: &number,
        lead_id,
        attempt: None,
    };
    floor::offer(cx, &placed)?;
    Ok(())
}
