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

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
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

/// How long a call rings that nobody answers.
const UNANSWERED: &str = "20s..40s";

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
    free: Instant,
}

/// A source, and which of the workers are its.
#[derive(Debug)]
struct Team<'s> {
    source: &'s Source,
    campaign_id: &'s str,
    campaign_name: String,
    /// The number that people call.
    line: String,
    workers: Vec<usize>,
    n_people: i64,
    patience: Spread,
    talk: Spread,
    hold: Spread,
    after_call: Spread,
    unanswered: Spread,
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    let mut workers: Vec<Worker> = store::workers(cx.db())?
        .into_iter()
        .map(|(id, name, free)| Worker { id, name, free })
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
            line: line(cx, campaign_id),
            workers: idxs.collect(),
            n_people: roster::count(cx.db())?,
            patience: source.time("patience", PATIENCE),
            talk: source.time("talk", TALK),
            hold: source.time("hold", HOLD),
            after_call: source.time("after_call", AFTER_CALL),
            // No field of that name, so always this.
            unanswered: source.time("unanswered", UNANSWERED),
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
        store::set_free(&cx.tx(), &worker.id, worker.free)?;
    }
    Ok(())
}

/// The number of a campaign that people call, as the vendor's example has one (infocu5 3.2): free of
/// charge, and of the block that is nobody's.
fn line(cx: &Cx<'_>, campaign_id: &str) -> String {
    let number: u32 = cx.random("infocu5.line", &[campaign_id]).random_range(0..100);
    format!("88855501{number:02}")
}

/// The times of a call; whole seconds all.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    ring: Span,
    queue: Span,
    talk: Span,
    hold: Span,
    after: Span,
}

impl Times {
    /// From the start of the call to its end.
    fn up(&self) -> Span {
        self.ring + self.queue + self.talk + self.hold
    }
}

fn plan_call(
    cx: &mut Cx<'_>,
    team: &Team<'_>,
    workers: &mut [Worker],
    arrival: Arrival,
) -> Result<(), InternalError> {
    let source = team.source;
    let Arrival { mut at, mut draw, .. } = arrival;
    let is_inbound = source.kind == INBOUND;
    // All is drawn, whatever comes of it, so that no draw depends on another.
    let person = cx.person_at(draw.random_range(1..=team.n_people.max(1)))?;
    let patience = team.patience.draw_seconds(&mut draw);
    let is_answered = source.is_among("answer_rate", ANSWER_RATE, &mut draw);
    let talk = team.talk.draw_seconds(&mut draw).max(Span::SECOND);
    let is_held = source.is_among("hold_rate", HOLD_RATE, &mut draw);
    let hold = team.hold.draw_seconds(&mut draw);
    let after = team.after_call.draw_seconds(&mut draw);
    let unanswered = team.unanswered.draw_seconds(&mut draw);
    let hold = if is_held { hold } else { Span::ZERO };
    let taken = Times { ring: Span::ZERO, queue: Span::ZERO, talk, hold, after };

    // The first of those who are free the longest.
    let free = team.workers.iter().copied().min_by_key(|idx| workers[*idx].free);
    let wait = free.map(|idx| workers[idx].free.saturating_since(at));
    let (times, worker) = if is_inbound {
        match (free, wait) {
            (Some(idx), Some(queue)) if queue <= patience => (Times { queue, ..taken }, Some(idx)),
            _ => (Times { queue: patience, ..Times::default() }, None),
        }
    } else {
        at = at.saturating_add(wait.unwrap_or_default());
        if free.is_none() || !source.hours.is_open(at) {
            return Ok(());
        }
        let course = cx.far_end(team.campaign_id, &person.digits, 1)?;
        let ring = course.ring.whole_secs();
        match course.far_end {
            FarEnd::Answers if is_answered => (Times { ring, ..taken }, free),
            // Somebody would have been there, and lets it ring.
            FarEnd::Answers => (Times { ring: unanswered, ..Times::default() }, None),
            _ => (Times { ring, ..Times::default() }, None),
        }
    };
    let worker = worker.map(|idx| &mut workers[idx]);
    let lasts = times.up() + times.after;
    let call = Planned { team, person: &person, is_inbound, at, times };
    let payload = call.payload(worker.as_deref());
    if let Some(worker) = worker {
        worker.free = at.saturating_add(lasts);
    }
    // A call that would end behind the end of the calendar is never on record.
    if let Some(end) = at.checked_add(lasts) {
        cx.set_timer_with(end, RECORD, "", &payload)?;
    }
    Ok(())
}

/// A call whose course is known.
#[derive(Debug)]
struct Planned<'p> {
    team: &'p Team<'p>,
    person: &'p Person,
    is_inbound: bool,
    at: Instant,
    times: Times,
}

impl Planned<'_> {
    /// What is put on record, as JSON: all but the id, which counts up in the order of the records.
    fn payload(&self, worker: Option<&Worker>) -> String {
        let Planned { team, person, is_inbound, at, times } = self;
        let digits = person.digits.as_str();
        let call = NewCall {
            date: *at,
            campaign_id: team.campaign_id,
            campaign_name: &team.campaign_name,
            list_id: "",
            list_name: "",
            agent_id: worker.map_or("", |worker| &worker.id),
            agent_name: worker.map_or("", |worker| worker.name.trim_end()),
            contact: &person.full_name(),
            direction: if *is_inbound { "Inbound" } else { "Outbound" },
            number_inbound: if *is_inbound { digits } else { "" },
            number_outbound: if *is_inbound { &team.line } else { digits },
            time_total: &hms(times.up()),
            time_queue: &hms(times.queue),
            time_talk: &hms(times.talk),
            time_hold: &hms(times.hold),
            time_handle: &hms(times.talk + times.hold),
            time_after_call: &hms(times.after),
        };
        let Ok(key) = serde_json::to_string(&(call.campaign_id, call.agent_id, digits)) else {
            return String::new();
        };
        // The record is JSON already, and much the longest part.
        let (date, ended) = (call.date.as_millis(), call.ended().as_millis());
        format!("[{date},{ended},{key},{}]", wire::call_record(&call))
    }
}

/// A timer's payload: start and end of the call; campaign, agent and number; the record.
type Recorded<'p> = (Instant, Instant, (Cow<'p, str>, Cow<'p, str>, Cow<'p, str>), &'p RawValue);

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    if timer.kind != RECORD {
        let kind = &timer.kind;
        return Err(InternalError::new(format!("no timer of kind {kind} is known here")));
    }
    let (date, ended, (campaign_id, agent_id, phone), record): Recorded<'_> =
        serde_json::from_str(&timer.payload).doing("read what is to be put on record of a call")?;
    loop {
        let id = events::next_call_id(cx)?;
        let row = Row {
            id: &id,
            date,
            ended,
            campaign_id: &campaign_id,
            agent_id: &agent_id,
            phone: &phone,
        };
        // A scenario's call may have the number.
        if store::insert_call(&cx.tx(), &row, record.get())? {
            cx.effect(format!("call {id} of campaign {campaign_id} recorded"));
            return Ok(());
        }
    }
}
