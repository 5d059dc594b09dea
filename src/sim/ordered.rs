//! The ordered part of a world: what stands behind its lock. One input at a time is taken, given a
//! sequence number and one reading of the clock, answered, and journaled.
//!
//! The way of an input: read the clock, fire the timers due by then, take a number, run the
//! operation (in a transaction if it may write), commit, journal. A panic or an error of Ringback's
//! own rolls the transaction back and leaves a journal entry.
//!
//! Not here: waiting, threads, listeners (`sim::world`, `net`).

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, header};
use rusqlite::Connection;
use serde_json::Value;

use super::cx::{Cx, Tx};
use super::fault::{self, Fault, Faults, Then};
use super::firing::Fired;
use super::journal::{Entry, Exchange, Journal, What, stream_json};
use super::kept::Kept;
use super::live::Live;
use super::load::{Collection, LoadError, Scenario};
use super::memo::{Asked, Memo};
use super::record::Record;
use super::reply::{Effect, InternalError, Outcome, Reply, Rows, Why};
use super::seed::{ClockSpec, SeedError};
use super::settings::{self, Settings};
use super::span::{Reading, Span};
use super::strict::{self, Strict};
use super::surface::Access;
use super::timer::Touched;
use super::vendor::{Call, EventError, Routed, Vendor};
use super::world::Turn;
use super::{ledger, line, people, timer, traffic};
use crate::base::clock::{Clock, Mode};
use crate::base::limits::FAULTS_MAX;
use crate::base::tally;
use crate::base::time;
use crate::store::database::{Database, Saved, Snapshot};
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};
use crate::web::stream;

/// What a world sends back for a request.
#[derive(Debug)]
pub struct Sent {
    pub response: Response,
    /// What makes the body while it is sent.
    pub(super) long: Option<Long>,
    pub delivery: Delivery,
    /// The reason, where the vendor said no.
    pub why: Option<Box<Why>>,
    pub outcome: Outcome,
}

/// A body that is made while it is sent, from the state of the moment it was asked for.
#[derive(Debug)]
pub(super) struct Long {
    pub(super) seq: u64,
    pub(super) rows: Box<dyn Rows>,
    pub(super) snapshot: Snapshot,
}

/// How far to move a clock on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    By(Duration),
    /// To a moment of world time.
    To {
        at_ms: i64,
    },
    /// To the next due timer; nowhere where none is set.
    Next,
}

impl Step {
    /// Reads `by` (in milliseconds) or `to`, of which one is given.
    ///
    /// # Errors
    /// Where none or both are, or the moment cannot be read.
    pub fn parse(by_ms: Option<i64>, to: Option<&str>) -> Result<Self, String> {
        match (by_ms, to) {
            // A length of time has no sign.
            (Some(by_ms), None) => Ok(Step::By(Duration::from_millis(by_ms.unsigned_abs()))),
            (None, Some("next")) => Ok(Step::Next),
            (None, Some(text)) => {
                let at_ms = time::parse_rfc3339(text).ok_or_else(|| {
                    format!(
                        "to is {text:?}; expected \"next\", or a time with its offset, such as \
                         \"2026-03-02T09:00:00Z\""
                    )
                })?;
                Ok(Step::To { at_ms })
            }
            _ => Err("expected either by, as in {\"by\":\"90m\"}, or to, as in \
                      {\"to\":\"next\"}"
                .to_owned()),
        }
    }
}

impl From<Duration> for Step {
    fn from(by: Duration) -> Self {
        Step::By(by)
    }
}

/// What stepping a clock came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub from_ms: i64,
    pub now_ms: i64,
    pub fired: Fired,
}

/// What came of a piece of scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub seq: u64,
    /// The collections of the piece that had rows.
    pub added: Vec<Collection>,
}

impl Merged {
    /// Rows by section and collection; what is no vendor's stands under `world`.
    pub fn added_json(&self) -> Value {
        let mut added = serde_json::Map::new();
        for Collection { section, name, n_rows } in &self.added {
            let section = if section.is_empty() { "world" } else { section };
            let section = added.entry(section).or_insert_with(|| serde_json::json!({}));
            section[*name] = (*n_rows).into();
        }
        added.into()
    }
}

/// How a clock is to run from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockTurn {
    pub mode: Mode,
    /// Where it is to stand; as it is now where left out.
    pub at_ms: Option<i64>,
}

/// How a world's clock stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockFacts {
    pub mode: Mode,
    pub now_ms: i64,
    pub next_due_ms: Option<i64>,
    /// Timers that wait.
    pub n_waiting: i64,
    /// Timers that were switched off, because their firing failed.
    pub n_failed: i64,
}

/// Why rules for faults were not taken.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    #[error("there are {FAULTS_MAX} rules at the most; delete some first")]
    TooMany,
    #[error("a fault is already called {0:?}; delete it first, or choose another name")]
    Taken(String),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// A clock does not go back.
#[derive(Debug, thiserror::Error)]
#[error(
    "the clock stands at {now} and does not go back to {at}; a reset or a rollback begins anew",
    now = time::rfc3339(*.now_ms), at = time::rfc3339(*.at_ms),
)]
pub struct Backwards {
    pub now_ms: i64,
    pub at_ms: i64,
}

#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) name: String,
    pub(super) db: Database,
    pub(super) vendors: Vendors,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) seq: u64,
    /// The journal of a world in memory; a world in a file has a table instead.
    pub(super) journal: Journal,
    /// When the next timer is due, so that nothing due costs one comparison.
    pub(super) next_due_ms: Option<i64>,
    /// Which requests go wrong, and how.
    pub(super) faults: Faults,
    /// What is expected of the run.
    pub(super) strict: Strict,
    memo: Memo,
    kept: Kept,
    /// The `Date` header of the last reply, and the second it was made for.
    date: (i64, HeaderValue),
}

/// What a piece of work behind the fence came to.
#[derive(Debug)]
pub(super) struct Done<T> {
    pub(super) value: T,
    pub(super) effects: Vec<Effect>,
    pub(super) timers: Touched,
    /// The times at which it would have come to the same.
    within: Span,
}

/// The vendors of a process, in a fixed order.
#[derive(Clone, Copy)]
pub struct Vendors(pub &'static [&'static dyn Vendor]);

impl std::fmt::Debug for Vendors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|vendor| vendor.surface().vendor)).finish()
    }
}

impl Vendors {
    pub fn find(self, name: &str) -> Option<&'static dyn Vendor> {
        self.0.iter().copied().find(|vendor| vendor.surface().vendor == name)
    }

    fn idx(self, name: &str) -> Option<usize> {
        self.0.iter().position(|vendor| vendor.surface().vendor == name)
    }

    /// What is wrong with a row that names a vendor who is not there.
    fn unknown(self, name: &str) -> SeedError {
        let known: Vec<&str> = self.0.iter().map(|vendor| vendor.surface().vendor).collect();
        let known = known.join(", ");
        let message = format!("there is no vendor called {name:?}; expected one of {known}");
        SeedError::field("vendor", message)
    }
}

/// Seeds a fresh database from a scenario, in one transaction.
///
/// # Errors
/// Where the scenario has mistakes (all of them are reported), or SQLite fails. Nothing is kept.
pub(super) fn load(
    db: &Connection,
    vendors: Vendors,
    scenario: &mut dyn Scenario,
) -> Result<Settings, LoadError> {
    let settings = scenario.settings(vendors.0);
    let now_ms = settings.start_clock().now_ms();
    db.execute_batch("BEGIN IMMEDIATE")?;
    let loaded = load_parts(db, vendors, &settings, now_ms, scenario, None);
    match loaded {
        Ok(_) => {
            settings.save(db, vendors.0).map_err(LoadError::Internal)?;
            if settings.clock == ClockSpec::Real {
                settings::save_loaded_ms(db, now_ms)?;
            }
            db.execute_batch("COMMIT")?;
            Ok(settings)
        }
        Err(error) => {
            db.execute_batch("ROLLBACK")?;
            Err(error)
        }
    }
}

fn load_parts(
    db: &Connection,
    vendors: Vendors,
    settings: &Settings,
    now_ms: i64,
    scenario: &mut dyn Scenario,
    live: Option<&Live<'_>>,
) -> Result<Vec<Collection>, LoadError> {
    let tx = Tx::open(db);
    let mut top = scenario.top(live);
    taken(line::load(&tx, top.as_mut()))?;
    taken(fault::seed(&tx, top.as_mut(), vendors, now_ms))?;
    taken(people::load(&tx, settings.seed, top.as_mut()))?;
    if live.is_none() {
        // A world that lives goes on expecting what it does.
        taken(strict::seed(&tx, top.as_mut(), vendors))?;
    }
    drop(top);
    let kept = Kept::default();
    let cx = |idx: usize| Cx {
        clock: Reading::new(now_ms),
        seed: settings.seed,
        db,
        kept: &kept,
        writes: true,
        variants: &settings.variants[idx],
        vendor: vendors.0[idx].surface().vendor,
        effects: Vec::new(),
        timers: Touched::default(),
    };
    for (idx, vendor) in vendors.0.iter().enumerate() {
        let mut part = scenario.part(vendor.surface().vendor, live);
        taken(vendor.seed(&mut cx(idx), part.as_mut()))?;
    }
    let planned = traffic::planned(db)?;
    let traffic = scenario.top(live).rows("traffic", &mut |row| {
        let name = row.text("vendor");
        match vendors.idx(name) {
            Some(idx) => {
                let is_planned = planned.iter().any(|vendor| vendor == name);
                traffic::insert(&mut cx(idx), vendors.0[idx], row, is_planned)
            }
            None => Err(vendors.unknown(name)),
        }
    });
    taken(traffic)?;
    scenario.finish().map_err(LoadError::Mistakes)
}

/// Mistakes are kept by the scenario, which reports them all at the end.
fn taken(loaded: Result<(), SeedError>) -> Result<(), LoadError> {
    match loaded {
        Ok(()) | Err(SeedError::Refused { .. }) => Ok(()),
        Err(SeedError::Internal(error)) => Err(LoadError::Internal(InternalError::new(error))),
    }
}

impl Ordered {
    pub(super) fn new(
        name: String,
        db: Database,
        vendors: Vendors,
        settings: Settings,
        journal: Journal,
    ) -> Result<Self, InternalError> {
        let seq = if db.is_file() { ledger::last_seq(db.connection())? } else { 0 };
        let clock = settings.start_clock();
        let date = (i64::MIN, HeaderValue::from_static(""));
        let mut ordered = Ordered {
            name,
            db,
            vendors,
            settings,
            clock,
            seq,
            journal,
            next_due_ms: None,
            faults: Faults::default(),
            strict: Strict::default(),
            memo: Memo::default(),
            kept: Kept::default(),
            date,
        };
        ordered.restart()?;
        if ordered.db.is_file() {
            settings::save_clock(ordered.db.connection(), &mut ordered.clock)?;
        }
        Ok(ordered)
    }

    /// Answers one request.
    pub(super) fn exchange(
        &mut self,
        vendor: &'static dyn Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Sent {
        let now_ms = self.clock.now_ms();
        let mut effects = self.fire_until(now_ms).effects;
        self.seq += 1;

        let operation = routed.operation;
        let call = Call { request, operation, params: &routed.params };
        let fault = self.fault(vendor, now_ms, &call);
        let instead = fault.as_ref().filter(|fault| !fault.then.does_work());
        let writes = operation.is_some_and(|operation| operation.access == Access::Writes);
        let writes = writes && instead.is_none();
        let in_tx = writes || self.db.is_file();
        let answered = match instead {
            None if !in_tx => self.look_up(vendor, now_ms, &call),
            _ => self
                .attempt(vendor, now_ms, writes, in_tx, |cx| match instead {
                    Some(fault) => faulted(vendor, cx, &call, fault),
                    None => work_out(cx, vendor, &call),
                })
                .map(|done| (done.value, done.effects)),
        };

        let (reply, done, error) = match answered {
            Ok((reply, done)) => (reply, done, None),
            Err(error) => {
                tracing::error!(world = self.name, seq = self.seq, %error, "request failed");
                let response = vendor.failure(&call);
                let reply = Reply { response, rows: None, outcome: Outcome::Error, why: None };
                (reply, Vec::new(), Some(error.to_string()))
            }
        };
        effects.extend(done);
        let Reply { mut response, rows, outcome, why } = reply;
        let date = self.date_header(now_ms);
        response.headers.push((header::DATE, date));
        let exchange = Exchange::new(
            Some(vendor.surface()),
            operation.map(|operation| operation.name),
            request,
            &response,
        );
        let exchange = if rows.is_some() { exchange.streaming() } else { exchange };
        let delivery = fault.as_ref().map_or_else(Delivery::default, Fault::delivery);
        let exchange = exchange.struck_by(fault);
        let what = What::Exchange(Box::new(exchange));
        let sent_why = why.clone();
        let committed = self.commit(
            in_tx,
            Entry { seq: self.seq, at_ms: now_ms, what, outcome, effects, why, error },
        );
        if let Err(error) = committed {
            tracing::error!(world = self.name, seq = self.seq, %error, "commit failed");
            response = vendor.failure(&call);
            let outcome = Outcome::Error;
            return Sent { response, long: None, delivery, why: None, outcome };
        }
        let long = rows.and_then(|rows| match self.db.snapshot() {
            Ok(snapshot) => Some(Long { seq: self.seq, rows, snapshot }),
            Err(error) => {
                tracing::error!(world = self.name, seq = self.seq, %error, "no snapshot");
                response = vendor.failure(&call);
                None
            }
        });
        Sent { response, long, delivery, why: sent_why, outcome }
    }

    /// The fault that strikes a request, if any does.
    fn fault(
        &mut self,
        vendor: &'static dyn Vendor,
        now_ms: i64,
        call: &Call<'_>,
    ) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let asked = fault::Asked { now_ms, vendor: vendor.surface().vendor, call };
        let fault = self.faults.decide(self.settings.seed, &asked);
        if fault.is_some() {
            tally::FAULTS_FIRED.add(1);
        }
        fault
    }

    /// Adds rules for faults; answers their ids.
    ///
    /// # Errors
    /// Where there would be too many, or one's name is taken.
    pub(super) fn add_faults(
        &mut self,
        rules: Vec<fault::Rule>,
        detail: Value,
    ) -> Result<Vec<i64>, FaultError> {
        if self.faults.len() + rules.len() > FAULTS_MAX {
            return Err(FaultError::TooMany);
        }
        let taken = rules.iter().filter_map(|rule| rule.name.as_deref());
        if let Some(name) = taken.into_iter().find(|name| self.faults.has(name)) {
            return Err(FaultError::Taken(name.to_owned()));
        }
        let now_ms = self.clock.now_ms();
        let ids = self.faults.add(rules, now_ms);
        fault::save(self.db.connection(), &mut self.faults)?;
        self.mark("faults", detail);
        Ok(ids)
    }

    /// Takes one rule away, or all; answers how many went.
    pub(super) fn remove_faults(&mut self, id: Option<i64>) -> Result<usize, InternalError> {
        let n_gone = self.faults.remove(id);
        fault::save(self.db.connection(), &mut self.faults)?;
        if n_gone > 0 {
            self.mark("faults", serde_json::json!({ "removed": id }));
        }
        Ok(n_gone)
    }

    /// Says what is expected of the run, from its beginning on.
    pub(super) fn set_strict(&mut self, strict: Strict) -> Result<u64, InternalError> {
        strict::save(self.db.connection(), &strict)?;
        let detail = strict.to_json();
        self.strict = strict;
        Ok(self.mark("strict", detail))
    }

    pub(super) fn faults_json(&mut self) -> Value {
        self.faults.to_json(self.clock.now_ms())
    }

    /// Takes a piece of scenario into the world as it is, at its time: all of it, or nothing.
    ///
    /// # Errors
    /// Where the piece has mistakes; that is journaled as well.
    pub(super) fn merge(&mut self, piece: &mut dyn Scenario) -> Result<Merged, LoadError> {
        let now_ms = self.clock.now_ms();
        let effects = self.fire_until(now_ms).effects;
        self.seq += 1;
        let result = self.merge_parts(now_ms, piece).map(|added| Merged { seq: self.seq, added });
        if result.is_err() {
            self.rollback();
            // Counts that were written are taken back with the rest.
            self.faults.touch();
        }
        let (outcome, detail, error) = match &result {
            Ok(merged) => (Outcome::Ok, serde_json::json!({ "added": merged.added_json() }), None),
            // The mistakes themselves may quote credentials.
            Err(LoadError::Mistakes(_)) => {
                (Outcome::Refused, Value::Null, Some("the piece has mistakes".to_owned()))
            }
            Err(LoadError::Internal(error)) => {
                tracing::error!(world = self.name, seq = self.seq, %error, "merge failed");
                (Outcome::Error, Value::Null, Some(error.to_string()))
            }
        };
        let in_tx = result.is_ok();
        let what = What::Action { name: "seed", vendor: None, detail };
        let entry =
            Entry { seq: self.seq, at_ms: now_ms, what, outcome, effects, why: None, error };
        if let Err(error) = self.commit(in_tx, entry) {
            self.faults = fault::load(self.db.connection(), now_ms).map_err(LoadError::Internal)?;
            return Err(LoadError::Internal(error));
        }
        result
    }

    /// On `Ok` the transaction is still open.
    fn merge_parts(
        &mut self,
        now_ms: i64,
        piece: &mut dyn Scenario,
    ) -> Result<Vec<Collection>, LoadError> {
        // The piece may have rules of the line, settings and sources of traffic.
        self.kept.clear();
        let db = self.db.connection();
        db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        // The piece's rules come behind those that are there.
        fault::save(db, &mut self.faults).map_err(LoadError::Internal)?;
        let live = Live::new(db, self.vendors, now_ms);
        let loading = || load_parts(db, self.vendors, &self.settings, now_ms, piece, Some(&live));
        let loaded = catch_unwind(AssertUnwindSafe(loading)).unwrap_or_else(|panic| {
            Err(LoadError::Internal(InternalError::new(panic_text(panic.as_ref()))))
        });
        if let Some(error) = live.failure() {
            return Err(error.into());
        }
        let added = loaded?;
        self.faults = fault::load(db, now_ms).map_err(LoadError::Internal)?;
        self.next_due_ms = timer::next_due_ms(db)?;
        Ok(added)
    }

    /// Answers a read: with the same reply as the last time where it can be no other.
    fn look_up(
        &mut self,
        vendor: &'static dyn Vendor,
        now_ms: i64,
        call: &Call<'_>,
    ) -> Result<(Reply, Vec<Effect>), InternalError> {
        let asked = Asked::new(vendor.surface().vendor, call.request);
        let version = self.db.version();
        let known = asked.and_then(|asked| self.memo.get(asked, version, now_ms));
        if let Some(reply) = known {
            if cfg!(debug_assertions) {
                let done = self.fenced(vendor, now_ms, false, |cx| work_out(cx, vendor, call))?;
                assert_eq!(format!("{:?}", done.value), format!("{reply:?}"), "{call:?}");
            }
            return Ok((reply, Vec::new()));
        }
        let done = self.attempt(vendor, now_ms, false, false, |cx| work_out(cx, vendor, call))?;
        if let Some(asked) = asked.filter(|_| done.effects.is_empty()) {
            self.memo.keep(asked, version, done.within, &done.value);
        }
        Ok((done.value, done.effects))
    }

    /// Completes the entry of a body that was made while it was sent.
    pub(super) fn complete(&mut self, seq: u64, sent: stream::Sent) {
        if !self.db.is_file() {
            self.journal.complete(seq, sent);
            return;
        }
        let stream = stream_json(&sent).to_string();
        if let Err(error) = ledger::complete(self.db.connection(), seq, &stream) {
            tracing::error!(world = self.name, seq, %error, "the entry cannot be completed");
        }
    }

    /// Lets something happen outside a vendor's API.
    ///
    /// # Errors
    /// Where the world's state does not allow it; that is journaled as well.
    pub(super) fn event(
        &mut self,
        vendor: &'static dyn Vendor,
        name: &str,
        fields: &super::fields::Row<'_>,
        detail: Value,
    ) -> Result<(u64, Value), EventError> {
        let now_ms = self.clock.now_ms();
        let mut effects = self.fire_until(now_ms).effects;
        self.seq += 1;
        let ran =
            self.attempt(vendor, now_ms, true, true, |cx| match vendor.event(cx, name, fields) {
                Ok(value) => Ok(Ok(value)),
                Err(EventError::Refused(reason)) => Ok(Err(reason)),
                Err(EventError::Internal(error)) => Err(error),
            });
        let (outcome, error, result) = match ran {
            Ok(Done { value: Ok(value), effects: done, .. }) => {
                effects.extend(done);
                (Outcome::Ok, None, Ok((self.seq, value)))
            }
            Ok(Done { value: Err(reason), .. }) => {
                // What it wrote before it said no is taken back; the entry goes in by itself.
                self.rollback();
                (Outcome::Refused, Some(reason.clone()), Err(EventError::Refused(reason)))
            }
            Err(error) => {
                tracing::error!(world = self.name, seq = self.seq, %error, "event failed");
                (Outcome::Error, Some(error.to_string()), Err(EventError::Internal(error)))
            }
        };
        let in_tx = result.is_ok();
        let what = What::Action { name: "event", vendor: Some(vendor.surface().vendor), detail };
        let entry =
            Entry { seq: self.seq, at_ms: now_ms, what, outcome, effects, why: None, error };
        match self.commit(in_tx, entry) {
            Ok(()) => result,
            Err(error) => Err(EventError::Internal(error)),
        }
    }

    /// Moves the clock on and does all that becomes due on the way.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(super) fn advance(&mut self, step: Step) -> Result<Advanced, Backwards> {
        let from_ms = self.clock.now_ms();
        let until_ms = match step {
            Step::By(by) => {
                from_ms.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
            }
            Step::To { at_ms } => at_ms,
            Step::Next => self.next_due_ms.unwrap_or(from_ms).max(from_ms),
        };
        let fired = self.step_to(from_ms, until_ms)?;
        let now_ms = self.clock.now_ms();
        self.keep_clock();
        let detail = serde_json::json!({
            "by_ms": until_ms - from_ms, "to": time::rfc3339(until_ms), "fired": fired.n_fired,
        });
        self.note("advance", now_ms, detail, fired.effects.clone());
        Ok(Advanced { from_ms, now_ms, fired })
    }

    /// Lets the clock run otherwise from now on, or from a later moment.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(super) fn set_clock(&mut self, turn: ClockTurn) -> Result<Advanced, Backwards> {
        let from_ms = self.clock.now_ms();
        let at_ms = turn.at_ms.unwrap_or(from_ms);
        let fired = self.step_to(from_ms, at_ms)?;
        self.clock = match turn.mode {
            Mode::Frozen => Clock::frozen(at_ms),
            mode => Clock::starting_at(mode, at_ms),
        };
        self.keep_clock();
        let detail = serde_json::json!({ "mode": turn.mode.name(), "rate": turn.mode.rate(), "at": time::rfc3339(at_ms) });
        self.note("clock", at_ms, detail, fired.effects.clone());
        Ok(Advanced { from_ms, now_ms: self.clock.now_ms(), fired })
    }

    fn step_to(&mut self, from_ms: i64, until_ms: i64) -> Result<Fired, Backwards> {
        if until_ms < from_ms {
            return Err(Backwards { now_ms: from_ms, at_ms: until_ms });
        }
        let fired = self.fire_until(until_ms);
        self.clock.advance(until_ms.saturating_sub(from_ms));
        Ok(fired)
    }

    fn keep_clock(&mut self) {
        if let Err(error) = settings::save_clock(self.db.connection(), &mut self.clock) {
            tracing::error!(world = self.name, %error, "the clock cannot be kept");
        }
    }

    pub(super) fn clock_facts(&mut self) -> Result<ClockFacts, InternalError> {
        let (n_waiting, n_failed) = timer::counts(self.db.connection())?;
        Ok(ClockFacts {
            mode: self.clock.mode(),
            now_ms: self.clock.now_ms(),
            next_due_ms: self.next_due_ms,
            n_waiting,
            n_failed,
        })
    }

    /// Turns switches, from the next input on.
    pub(super) fn set_variants(
        &mut self,
        turns: &[Turn],
        detail: Value,
    ) -> Result<u64, InternalError> {
        let mut settings = self.settings.clone();
        for turn in turns {
            if let Some(idx) = self.vendors.idx(turn.vendor) {
                settings.variants[idx].set(turn.variant, turn.position);
            }
        }
        settings.save_variants(self.db.connection(), self.vendors.0)?;
        self.settings = settings;
        Ok(self.mark("variants", detail))
    }

    /// Notes an admin action that needs no vendor.
    pub(super) fn mark(&mut self, name: &'static str, detail: Value) -> u64 {
        let now_ms = self.clock.now_ms();
        self.note(name, now_ms, detail, Vec::new())
    }

    /// Journals an admin action. The action has been done, so a journal that cannot be written is
    /// told in the log.
    fn note(&mut self, name: &'static str, at_ms: i64, detail: Value, effects: Vec<Effect>) -> u64 {
        self.seq += 1;
        let what = What::Action { name, vendor: None, detail };
        let entry = Entry::action(self.seq, at_ms, what, effects);
        if let Err(error) = self.commit(false, entry) {
            tracing::error!(world = self.name, action = name, %error, "action could not be journaled");
        }
        self.seq
    }

    /// Runs `work` behind the fence. On `Ok` its transaction, if any, is still open; on `Err` it
    /// has been rolled back.
    fn attempt<T>(
        &mut self,
        vendor: &'static dyn Vendor,
        now_ms: i64,
        writes: bool,
        in_tx: bool,
        work: impl FnOnce(&mut Cx<'_>) -> Result<T, InternalError>,
    ) -> Result<Done<T>, InternalError> {
        if in_tx {
            self.db.connection().prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        }
        let ran = self.fenced(vendor, now_ms, writes, work);
        match ran {
            Ok(done) => {
                if done.timers.is_any() {
                    self.next_due_ms = timer::next_due_ms(self.db.connection())?;
                }
                Ok(done)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Runs `work` behind the fence, in whatever transaction is open.
    pub(super) fn fenced<T>(
        &self,
        vendor: &'static dyn Vendor,
        now_ms: i64,
        writes: bool,
        work: impl FnOnce(&mut Cx<'_>) -> Result<T, InternalError>,
    ) -> Result<Done<T>, InternalError> {
        let surface = vendor.surface();
        let idx = self.vendors.idx(surface.vendor).ok_or_else(|| {
            InternalError::new(format!("vendor {} is not in this world", surface.vendor))
        })?;
        let mut cx = Cx {
            clock: Reading::new(now_ms),
            seed: self.settings.seed,
            db: self.db.connection(),
            kept: &self.kept,
            writes,
            variants: &self.settings.variants[idx],
            vendor: surface.vendor,
            effects: Vec::new(),
            timers: Touched::default(),
        };
        let ran = catch_unwind(AssertUnwindSafe(|| work(&mut cx)))
            .unwrap_or_else(|panic| Err(InternalError::new(panic_text(panic.as_ref()))));
        let Cx { effects, timers, clock, .. } = cx;
        ran.map(|value| Done { value, effects, timers, within: clock.asked() })
    }

    pub(super) fn rollback(&mut self) {
        self.kept.clear();
        let db = self.db.connection();
        if db.is_autocommit() {
            return;
        }
        if let Err(error) = db.execute_batch("ROLLBACK") {
            tracing::error!(world = self.name, %error, "rollback failed");
        }
        match timer::next_due_ms(db) {
            Ok(next) => self.next_due_ms = next,
            Err(error) => tracing::error!(world = self.name, %error, "timers cannot be read"),
        }
    }

    /// Commits what is open and journals the entry: in a file in the same transaction, in memory
    /// right after.
    fn commit(&mut self, in_tx: bool, entry: Entry) -> Result<(), InternalError> {
        if let Err(error) = self.write_entry(in_tx, &entry) {
            self.rollback();
            return Err(error);
        }
        if !self.db.is_file() {
            self.journal.push(entry);
        }
        Ok(())
    }

    fn write_entry(&mut self, in_tx: bool, entry: &Entry) -> Result<(), InternalError> {
        let db = self.db.connection();
        if self.db.is_file() {
            fault::save(db, &mut self.faults)?;
            // A row by itself is a transaction of its own.
            ledger::insert(db, entry.seq, &entry.render(&self.name, false).to_string())?;
        }
        if in_tx && !db.is_autocommit() {
            db.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }

    fn date_header(&mut self, now_ms: i64) -> HeaderValue {
        let second = now_ms.div_euclid(1000);
        if self.date.0 != second {
            let text = time::http_date(now_ms);
            let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
            self.date = (second, value);
        }
        self.date.1.clone()
    }

    /// Closes the connection until it is needed.
    pub(super) fn rest(&mut self) {
        self.db.rest();
        self.memo.clear();
        self.kept.clear();
    }

    /// After the rows were put back: settings, clock and timers as they say.
    pub(super) fn put_back(&mut self) -> Result<(), InternalError> {
        let settings = Settings::load(self.db.connection(), self.vendors.0)?;
        self.settings = settings.ok_or_else(|| InternalError::new("the seed holds no settings"))?;
        self.restart()
    }

    /// Clock and timers as the rows say.
    fn restart(&mut self) -> Result<(), InternalError> {
        self.kept.clear();
        if let Some(kept) = settings::load_clock(self.db.connection())? {
            self.clock = kept;
        } else {
            self.clock = self.settings.start_clock();
            self.begin_later()?;
        }
        self.next_due_ms = timer::next_due_ms(self.db.connection())?;
        self.faults = fault::load(self.db.connection(), self.clock.now_ms())?;
        self.strict = strict::load(self.db.connection(), self.vendors)?;
        Ok(())
    }

    /// Moves on what a seed under a clock that follows the system's reckoned from the moment at which
    /// it was loaded: this world begins now.
    fn begin_later(&mut self) -> Result<(), InternalError> {
        let Some(loaded_ms) = settings::loaded_ms(self.db.connection())? else { return Ok(()) };
        let now_ms = self.clock.now_ms();
        let late_ms = now_ms.saturating_sub(loaded_ms);
        if late_ms <= 0 {
            return Ok(());
        }
        self.db.connection().execute_batch("BEGIN IMMEDIATE")?;
        let moved = self.move_on(now_ms, late_ms);
        match moved {
            Ok(()) => Ok(self.db.connection().execute_batch("COMMIT")?),
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn move_on(&self, now_ms: i64, late_ms: i64) -> Result<(), InternalError> {
        timer::shift(self.db.connection(), late_ms)?;
        traffic::shift(self.db.connection(), late_ms)?;
        for vendor in self.vendors.0 {
            self.fenced(*vendor, now_ms, true, |cx| vendor.begin_later(cx, late_ms))?;
        }
        Ok(settings::save_loaded_ms(self.db.connection(), now_ms)?)
    }

    /// The state as it is now, with the clock's in it.
    pub(super) fn save(&mut self, path: Option<&Path>) -> Result<Saved, InternalError> {
        settings::save_clock(self.db.connection(), &mut self.clock)?;
        fault::save(self.db.connection(), &mut self.faults)?;
        Ok(self.db.save(path)?)
    }

    /// A page of the journal as it may be shown, oldest first.
    pub(super) fn page(
        &self,
        after: u64,
        limit: usize,
        show_secrets: bool,
        keep: &dyn Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, InternalError> {
        if !self.db.is_file() {
            let shown = self.journal.after(after).map(|it| it.render(&self.name, show_secrets));
            return Ok(shown.filter(|entry| keep(entry)).take(limit).collect());
        }
        let mut page = Vec::new();
        let mut from = after;
        loop {
            let texts = ledger::after(self.db.connection(), from, limit.max(1))?;
            let is_last = texts.len() < limit.max(1);
            for text in texts {
                let entry: Value = serde_json::from_str(&text).map_err(InternalError::new)?;
                from = entry["seq"].as_u64().unwrap_or(from);
                if keep(&entry) {
                    page.push(entry);
                }
                if page.len() == limit {
                    return Ok(page);
                }
            }
            if is_last {
                return Ok(page);
            }
        }
    }

    /// Entries after `after` as they are kept, oldest first.
    pub(super) fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, InternalError> {
        if !self.db.is_file() {
            let kept = self.journal.after(after).take(limit);
            return Ok(kept.map(|entry| Record::Kept(Arc::clone(entry))).collect());
        }
        let texts = ledger::after(self.db.connection(), after, limit)?;
        let entries = texts.iter().map(|text| serde_json::from_str(text).map(Record::Written));
        entries.collect::<Result<_, _>>().map_err(InternalError::new)
    }

    pub(super) fn entry(
        &self,
        seq: u64,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        if !self.db.is_file() {
            let found = self.journal.get(seq).map(Arc::clone);
            return Ok(found.map(|entry| entry.render(&self.name, show_secrets)));
        }
        let text = ledger::get(self.db.connection(), seq)?;
        text.map(|text| serde_json::from_str(&text).map_err(InternalError::new)).transpose()
    }

    /// Forgets all entries and their numbers.
    pub(super) fn begin_journal(&mut self) -> Result<(), InternalError> {
        self.clear_journal()?;
        if self.db.is_file() {
            ledger::begin(self.db.connection())?;
        }
        self.seq = 0;
        Ok(())
    }

    pub(super) fn clear_journal(&mut self) -> Result<(), InternalError> {
        if self.db.is_file() {
            ledger::clear(self.db.connection())?;
        }
        self.journal.clear();
        Ok(())
    }
}

/// What is sent in place of the vendor's answer. Nothing is done.
fn faulted(
    vendor: &'static dyn Vendor,
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    fault: &Fault,
) -> Result<Reply, InternalError> {
    let surface = vendor.surface();
    let response = match &fault.then {
        Then::Refuse { error } => {
            let refusal = surface.refusals.iter().find(|refusal| refusal.rule == error);
            // The rule was checked against the vendor's table when it was added, but it may come
            // from a file that an older build wrote.
            match refusal {
                Some(refusal) => vendor.refuse(cx, call, refusal)?,
                None => vendor.failure(call),
            }
        }
        Then::Fail => vendor.failure(call),
        Then::Status { body: Some(body), content_type, .. } => {
            let media_type = content_type.as_deref().unwrap_or("text/plain");
            let media_type = HeaderValue::from_str(media_type).map_err(InternalError::new)?;
            let mut response = Response::empty(fault.status().unwrap_or_default());
            response.headers.push((header::CONTENT_TYPE, media_type));
            response.body = body.clone().into();
            response
        }
        _ => Response::empty(fault.status().unwrap_or_default()),
    };
    Ok(Reply { response, rows: None, outcome: Outcome::Faulted, why: None })
}

/// Lets the vendor answer.
fn work_out(
    cx: &mut Cx<'_>,
    vendor: &'static dyn Vendor,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    match call.operation {
        Some(operation) => (operation.answer)(cx, call),
        None => vendor.no_operation(cx, call),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.as_deref().unwrap_or("no message"))
}
