//! Calls that come in and calls that are made by themselves, taken by agents who are in one call at
//! a time.
//!
//! Calls of all sources are given to agents in the order in which they come: each goes to the agent
//! of its source who has been free longest, or else to the one who is free first. A caller waits in
//! the queue until then, or hangs up. A call that is made waits for an agent as well, and is not made
//! any more when its hours have ended meanwhile. A call is on record when its agent's work after it
//! is done.
//!
//! The times add up: callTime is ringing, queue, talk and hold; callHandleTime is talk and hold. The
//! vendor's own example does not add up, so this is assumed (infocu5 3).

use std::borrow::Cow;

use rand::RngExt;
use serde_json::value::RawValue;

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::{Arrival, Source};
use crate::contract::traffic::spread::Spread;
use crate::sim::outside::line::FarEnd;
use crate::sim::outside::people::person::Person;
use crate::sim::outside::people::roster;
use crate::vendors::infocu5::model::{NewCall, hms};
use crate::vendors::infocu5::store::CallRow as Row;
use crate::vendors::infocu5::{events, store, wire};

const INBOUND: &str = "inbound";
const OUTBOUND: &str = "outbound";

pub(crate) static TRAFFIC: Traffic = Traffic { kinds: KINDS, check, plan, turn: None };

const KINDS: &[TrafficKind] = &[
    TrafficKind {
        name: INBOUND,
        text: "people call, wait for an agent or hang up, and talk",
        required: &["per_hour", "campaign"],
        optional: &["agents", "patience", "talk", "hold", "hold_rate", "after_call"],
        needs_people: true,
        opens: false,
    },
    TrafficKind {
        name: OUTBOUND,
        text: "people are called; those who answer talk with an agent",
        required: &["per_hour", "campaign"],
        optional: &["agents", "answer_rate", "talk", "hold", "hold_rate", "after_call"],
        needs_people: true,
        opens: false,
    },
];

/// A call is on record.
const RECORD: &str = "call_recorded";

const PATIENCE: &str = "exp 3m";
const TALK: &str = "normal 3m 1m";
const HOLD: &str = "10s..1m";
const HOLD_RATE: f64 = 0.15;
const AFTER_CALL: &str = "5s..30s";
const ANSWER_RATE: f64 = 0.35;

/// # Errors
/// Where the campaign or an agent is not there.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    let missing =
        |field: &'static str, id: &str| SeedError::field(field, format!("there is no {id:?}"));
    let campaign_id = source.text("campaign").unwrap_or_default();
    if store::campaign_name(cx.db(), campaign_id)?.is_none() {
        return Err(missing("campaign", campaign_id));
    }
    for agent_id in source.texts("agents") {
        if store::agent_name(cx.db(), agent_id)?.is_none() {
            return Err(missing("agents", agent_id));
        }
    }
    Ok(())
}

/// An agent at work.
#[derive(Debug)]
struct Worker {
    id: String,
    name: String,
    /// When the work of the last call is done.
    free_ms: i64,
}

/// A source, and which of the workers are its.
#[derive(Debug)]
struct Team<'s> {
    source: &'s Source,
    campaign_id: &'s str,
    campaign_name: String,
    workers: Vec<usize>,
    n_people: i64,
    patience: Spread,
    talk: Spread,
    hold: Spread,
    after_call: Spread,
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    let mut workers: Vec<Worker> = store::workers(cx.db())?
        .into_iter()
        .map(|(id, name, free_ms)| Worker { id, name, free_ms })
        .collect();
    let mut teams = Vec::new();
    for source in sources {
        let campaign_id = source.text("campaign").unwrap_or_default();
        let named: Vec<&str> = source.texts("agents").collect();
        let own = store::workers_of_campaign(cx.db(), campaign_id)?;
        let is_in = |worker: &Worker| {
            let is_own = own.binary_search(&worker.id).is_ok();
            if named.is_empty() { is_own } else { named.contains(&worker.id.as_str()) }
        };
        let idxs = (0..workers.len()).filter(|idx| is_in(&workers[*idx]));
        teams.push(Team {
            source,
            campaign_id,
            campaign_name: store::campaign_name(cx.db(), campaign_id)?.unwrap_or_default(),
            workers: idxs.collect(),
            n_people: roster::count(cx.db())?,
            patience: source.time("patience", PATIENCE),
            talk: source.time("talk", TALK),
            hold: source.time("hold", HOLD),
            after_call: source.time("after_call", AFTER_CALL),
        });
    }
    let mut arrivals: Vec<(usize, Arrival)> = Vec::new();
    for (idx, source) in sources.iter().enumerate() {
        arrivals.extend(source.arrivals(cx.seed, hour).into_iter().map(|arrival| (idx, arrival)));
    }
    arrivals.sort_by_key(|(idx, arrival)| (arrival.at, *idx, arrival.n));
    for (idx, arrival) in arrivals {
        plan_call(cx, &teams[idx], &mut workers, arrival)?;
    }
    for worker in workers {
        store::set_free(&cx.tx(), &worker.id, worker.free_ms)?;
    }
    Ok(())
}

/// The times of a call, in milliseconds; whole seconds all.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the unit belongs into each name")]
struct Times {
    ring_ms: i64,
    queue_ms: i64,
    talk_ms: i64,
    hold_ms: i64,
    after_ms: i64,
}

impl Times {
    /// From the start of the call to its end.
    fn up_ms(&self) -> i64 {
        self.ring_ms + self.queue_ms + self.talk_ms + self.hold_ms
    }
}

fn plan_call(
    cx: &mut Cx<'_>,
    team: &Team<'_>,
    workers: &mut [Worker],
    arrival: Arrival,
) -> Result<(), InternalError> {
    let source = team.source;
    let Arrival { at, mut draw, .. } = arrival;
    let mut at_ms = at.as_millis();
    let is_inbound = source.kind == INBOUND;
    // All is drawn, whatever comes of it, so that no draw depends on another.
    let person = cx.person_at(draw.random_range(1..=team.n_people.max(1)))?;
    let patience_ms = team.patience.draw_seconds_ms(&mut draw);
    let is_answered = source.is_among("answer_rate", ANSWER_RATE, &mut draw);
    let talk_ms = team.talk.draw_seconds_ms(&mut draw).max(1000);
    let is_held = source.is_among("hold_rate", HOLD_RATE, &mut draw);
    let hold_ms = team.hold.draw_seconds_ms(&mut draw);
    let after_ms = team.after_call.draw_seconds_ms(&mut draw);
    let hold_ms = if is_held { hold_ms } else { 0 };
    let taken = Times { ring_ms: 0, queue_ms: 0, talk_ms, hold_ms, after_ms };

    // The first of those who are free the longest.
    let free = team.workers.iter().copied().min_by_key(|idx| workers[*idx].free_ms);
    let wait_ms = free.map(|idx| (workers[idx].free_ms - at_ms).max(0));
    let (times, worker) = if is_inbound {
        match (free, wait_ms) {
            (Some(idx), Some(queue_ms)) if queue_ms <= patience_ms => {
                (Times { queue_ms, ..taken }, Some(idx))
            }
            _ => (Times { queue_ms: patience_ms, ..Times::default() }, None),
        }
    } else {
        at_ms += wait_ms.unwrap_or(0);
        if free.is_none() || !source.hours.is_open(Instant::clamped_from_millis(at_ms)) {
            return Ok(());
        }
        let course = cx.far_end(team.campaign_id, &person.digits, 1)?;
        let ring_ms = course.ring.as_millis() / 1000 * 1000;
        match course.far_end {
            FarEnd::Answers if is_answered => (Times { ring_ms, ..taken }, free),
            _ => (Times { ring_ms, ..Times::default() }, None),
        }
    };
    let worker = worker.map(|idx| &mut workers[idx]);
    let ends_ms = at_ms + times.up_ms() + times.after_ms;
    let call = Planned { team, person: &person, is_inbound, at_ms, times };
    let payload = call.payload(worker.as_deref());
    if let Some(worker) = worker {
        worker.free_ms = ends_ms;
    }
    Ok(cx.set_timer_with(ends_ms, RECORD, "", &payload)?)
}

/// A call whose course is known.
#[derive(Debug)]
struct Planned<'p> {
    team: &'p Team<'p>,
    person: &'p Person,
    is_inbound: bool,
    at_ms: i64,
    times: Times,
}

impl Planned<'_> {
    /// What is put on record, as JSON: all but the id, which counts up in the order of the records.
    fn payload(&self, worker: Option<&Worker>) -> String {
        let Planned { team, person, is_inbound, at_ms, times } = self;
        let digits = person.digits.as_str();
        let call = NewCall {
            date_ms: *at_ms,
            campaign_id: team.campaign_id,
            campaign_name: &team.campaign_name,
            list_id: "",
            list_name: "",
            agent_id: worker.map_or("", |worker| &worker.id),
            agent_name: worker.map_or("", |worker| worker.name.trim_end()),
            contact: &person.full_name(),
            direction: if *is_inbound { "Inbound" } else { "Outbound" },
            number_inbound: if *is_inbound { digits } else { "" },
            number_outbound: if *is_inbound { "" } else { digits },
            time_total: &hms(times.up_ms()),
            time_queue: &hms(times.queue_ms),
            time_talk: &hms(times.talk_ms),
            time_hold: &hms(times.hold_ms),
            time_handle: &hms(times.talk_ms + times.hold_ms),
            time_after_call: &hms(times.after_ms),
        };
        let Ok(key) = serde_json::to_string(&(call.campaign_id, call.agent_id, digits)) else {
            return String::new();
        };
        // The record is JSON already, and much the longest part.
        format!("[{},{key},{}]", call.date_ms, wire::call_record(&call))
    }
}

/// A timer's payload: the start of the call; campaign, agent and number; the record.
type Recorded<'p> = (i64, (Cow<'p, str>, Cow<'p, str>, Cow<'p, str>), &'p RawValue);

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    if timer.kind != RECORD {
        let kind = &timer.kind;
        return Err(InternalError::new(format!("no timer of kind {kind} is known here")));
    }
    let (date_ms, (campaign_id, agent_id, phone), record): Recorded<'_> =
        serde_json::from_str(&timer.payload).map_err(InternalError::new)?;
    loop {
        let id = events::next_call_id(cx)?;
        let row =
            Row { id: &id, date_ms, campaign_id: &campaign_id, agent_id: &agent_id, phone: &phone };
        // A scenario's call may have the number.
        if store::insert_call(&cx.tx(), &row, record.get())? {
            cx.effect(format!("call {id} of campaign {campaign_id} recorded"));
            return Ok(());
        }
    }
}
