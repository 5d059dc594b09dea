//! What happens later: calls that go on, breaks that begin, calls that are put to ready agents.

use std::num::NonZeroU32;

use rand::RngExt;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::timer::Timer;
use crate::sim::outside::line::{Course, FarEnd};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::{AgentState, CallState};
use crate::vendors::maxcontact::model::{Call, User, arrival};
use crate::vendors::maxcontact::ops::lead_for;
use crate::vendors::maxcontact::settings::ANSWER_AFTER;
use crate::vendors::maxcontact::{store, traffic};

/// The setting for how long a ready agent waits for a break.
pub(crate) const BREAK_DELAY: &str = "break_delay_ms";

/// How long that is where the scenario says nothing; an administrator sets it. Assumed:
/// maxcontact 4.1.
const BREAK_DELAY_DEFAULT: Span = Span::secs(30);

/// How long it rings where neither settings nor line say. Assumed: maxcontact 4.5.
const ANSWER_AFTER_DEFAULT: Span = Span::secs(3);

/// The timer of the next call of a campaign or a queue.
const OFFER_TIMER: &str = "offer";

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    match timer.kind.as_str() {
        floor::CALL_TIMER => {
            // A call that has left took its timers along.
            let id = floor::id_of(timer)?;
            match store::call(cx.db(), id)? {
                Some(call) => go_on(cx, &call).doing("let a call go on"),
                None => Ok(()),
            }
        }
        floor::BREAK_TIMER => {
            let id = floor::id_of(timer)?;
            match store::user(cx.db(), id)? {
                Some(user) if user.break_pending && user.state == AgentState::Ready => {
                    floor::begin_break(cx, &user).doing("begin a break")
                }
                _ => Ok(()),
            }
        }
        OFFER_TIMER => {
            let broken = || InternalError::new(format!("{:?} is no source of calls", timer.key));
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

/// How long it rings until the far end picks up or rejects the call: as the world's settings say, else
/// as the scenario's line does.
fn answer_after(cx: &Cx<'_>, course: &Course) -> rusqlite::Result<Span> {
    let stated = course.ring_is_stated.then_some(course.ring);
    let set = store::length_setting(cx.db(), ANSWER_AFTER)?;
    Ok(set.or(stated).unwrap_or(ANSWER_AFTER_DEFAULT))
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
            let ring = match course.far_end {
                // An answer can be hurried; how long nobody answers cannot.
                FarEnd::NoAnswer => course.ring,
                _ => answer_after(cx, &course)?,
            };
            floor::go_on_after(cx, ring, call.id)?;
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
        let wait = store::length_setting(cx.db(), BREAK_DELAY)?.unwrap_or(BREAK_DELAY_DEFAULT);
        let key = user.id.to_string();
        cx.cancel_timers(floor::BREAK_TIMER, &key)?;
        if let Some(due) = cx.now().checked_add(wait) {
            cx.set_timer(due, floor::BREAK_TIMER, &key)?;
        }
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
    let Some(per_hour) = u32::try_from(per_hour).ok().and_then(NonZeroU32::new) else {
        return Ok(());
    };
    if floor::is_timed(cx)?
        && let Some(due) = next_arrival(cx, &traffic.key(), per_hour)
    {
        cx.set_timer(due, OFFER_TIMER, &traffic.key())?;
    }
    Ok(())
}

/// Sets the time of the next call in place of the one that was expected.
pub(crate) fn expect_offer_anew(
    cx: &mut Cx<'_>,
    traffic: Traffic,
    per_hour: i64,
) -> rusqlite::Result<()> {
    cx.cancel_timers(OFFER_TIMER, &traffic.key())?;
    expect_offer(cx, traffic, per_hour)
}

/// The first arrival after now; `None` where it would never come. Each is drawn for (source, hour, n),
/// whatever came before.
fn next_arrival(cx: &Cx<'_>, source: &str, per_hour: NonZeroU32) -> Option<Instant> {
    let mut hour = cx.now().period_start(Span::HOUR);
    let n_passed = cx.now().into_period(Span::HOUR).count_of(Span::HOUR.part(per_hour))?;
    let mut n = u32::try_from(n_passed).ok()?;
    loop {
        if n >= per_hour.get() {
            (hour, n) = (hour.checked_add(Span::HOUR)?, 0);
        }
        let key = [source, &hour.period(Span::HOUR).to_string(), &n.to_string()];
        let drawn: f64 = cx.random("maxcontact.arrival", &key).random();
        let at = arrival(hour, n, per_hour, drawn);
        if at > cx.now() {
            return Some(at);
        }
        n += 1;
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
    let key = [queue_id.to_string(), cx.now().as_millis().to_string()];
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
