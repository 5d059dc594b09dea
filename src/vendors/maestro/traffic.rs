//! Calls that are held by themselves: they start, people dial in and opt in or not, and they end.

use rand::RngExt;
use serde_json::{Value, json};

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::section::SeedError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::{Arrival, Source};
use crate::sim::outside::people::roster;
use crate::vendors::maestro::model::{NewCall, NewCaller, check_address, draw_uid};
use crate::vendors::maestro::{seed, store};

pub(crate) static TRAFFIC: Traffic = Traffic { kinds: KINDS, check, plan, turn: None };

const KINDS: &[TrafficKind] = &[TrafficKind {
    name: "calls",
    text: "calls are held; people dial in within the first fifth of each, and some opt in",
    required: &["per_hour", "offers"],
    optional: &["callers", "duration", "opt_in_rate", "host"],
    needs_people: true,
    opens: false,
}];

/// A call starts. Key: its UID.
const START: &str = "call_starts";

/// Somebody dials in. Key: the UID of the call.
const JOIN: &str = "caller_joins";

/// A call ends. Key: its UID.
const END: &str = "call_ends";

const CALLERS: &str = "3..20";
const DURATION: &str = "15m..50m";
const OPT_IN_RATE: f64 = 0.4;
const HOST: &str = "host@example.com";

/// # Errors
/// Where an offer is not there, or the host is no address.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    for offer_id in source.texts("offers") {
        if store::tokens_of(cx.db(), offer_id)?.is_none() {
            return Err(SeedError::field("offers", format!("there is no offer {offer_id:?}")));
        }
    }
    let host = source.text("host").map_or(Ok(()), check_address);
    host.map_err(|expected| SeedError::field("host", format!("expected {expected}")))
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    let n_people = roster::count(cx.db())?;
    for source in sources {
        for arrival in source.arrivals(cx.seed, hour) {
            plan_call(cx, source, hour, n_people, arrival)?;
        }
    }
    Ok(())
}

fn plan_call(
    cx: &mut Cx<'_>,
    source: &Source,
    hour: Hour,
    n_people: i64,
    arrival: Arrival,
) -> Result<(), InternalError> {
    let Arrival { at, n, mut draw } = arrival;
    let key = [source.name.as_str(), &hour.start.period(Span::HOUR).to_string(), &n.to_string()];
    let uid = draw_uid(cx.random("maestro.traffic", &key));
    let length = source.time("duration", DURATION).draw_seconds(&mut draw);
    let host = source.text("host").unwrap_or(HOST);
    cx.set_timer_with(at, START, &uid, &json!([source.name, host]).to_string())?;
    for _ in 0..source.count("callers", CALLERS).draw(&mut draw) {
        let joined_after = Span::clamped_from_secs(draw.random_range(0..=length.as_secs() / 5));
        let place: i64 = draw.random_range(1..=n_people.max(1));
        let offers: Vec<&str> = source
            .texts("offers")
            .filter(|_| source.is_among("opt_in_rate", OPT_IN_RATE, &mut draw))
            .collect();
        if let Some(joined) = at.checked_add(joined_after) {
            cx.set_timer_with(joined, JOIN, &uid, &json!([place, offers]).to_string())?;
        }
    }
    // A call that would end behind the end of the calendar goes on to there.
    if let Some(end) = at.checked_add(length) {
        cx.set_timer(end, END, &uid)?;
    }
    Ok(())
}

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let payload: Value = serde_json::from_str(&timer.payload).unwrap_or_default();
    match timer.kind.as_str() {
        START => start(cx, &timer.key, &payload),
        JOIN => join(cx, &timer.key, &payload),
        END => end(cx, &timer.key),
        other => Err(InternalError::new(format!("no timer of kind {other} is known here"))),
    }
}

fn start(cx: &mut Cx<'_>, uid: &str, payload: &Value) -> Result<(), InternalError> {
    if store::call(cx.db(), uid)?.is_some() {
        // An event has taken the UID in the meantime; that call has its own course.
        return Ok(());
    }
    let text = |idx: usize| payload[idx].as_str().unwrap_or_default();
    let call = NewCall {
        uid,
        name: text(0),
        start: cx.now(),
        end: None,
        customer_emails: text(1),
        conference_emails: "",
        affiliate: "",
    };
    store::insert_call(&cx.tx(), &call)?;
    cx.effect(format!("call {uid} started"));
    Ok(())
}

fn join(cx: &mut Cx<'_>, call_uid: &str, payload: &Value) -> Result<(), InternalError> {
    // Nobody gets into a call that somebody has ended.
    let running = store::call(cx.db(), call_uid)?.filter(|call| call.end.is_none());
    let Some(mut call) = running else { return Ok(()) };
    let person = cx.person_at(payload[0].as_i64().unwrap_or(1))?;
    let uid = seed::free_caller_uid(cx, &call).doing("draw a UID for a caller")?;
    let caller = NewCaller {
        uid: &uid,
        call_id: call.id,
        joined: cx.now(),
        ani: &person.digits,
        name: &person.full_name(),
        email: &person.email,
    };
    let Some(caller_id) = store::insert_caller(&cx.tx(), &caller)? else { return Ok(()) };
    call.n_callers += 1;
    store::set_n_callers(&cx.tx(), &call)?;
    let offers: Vec<&str> =
        payload[1].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for offer_id in &offers {
        store::insert_opt_in(&cx.tx(), offer_id, caller_id, call.id, cx.now())?;
    }
    let agreed = seed::agreed_words(&offers);
    cx.effect(format!("caller {uid} joined call {call_uid}{agreed}"));
    Ok(())
}

fn end(cx: &mut Cx<'_>, uid: &str) -> Result<(), InternalError> {
    let running = store::call(cx.db(), uid)?.filter(|call| call.end.is_none());
    let Some(call) = running else { return Ok(()) };
    store::end_call(&cx.tx(), call.id, cx.now())?;
    cx.effect(format!("call {uid} ended"));
    Ok(())
}
