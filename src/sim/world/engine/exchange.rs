//! The ordered part of a world: what stands behind its lock. One input at a time is taken, given a
//! sequence number and one reading of the clock, answered, and journaled.
//!
//! The way of an input: read the clock, fire the timers due by then, take a number, run the
//! operation (in a transaction if it may write), commit, journal. A panic or an error of Ringback's
//! own rolls the transaction back and leaves a journal entry.
//!
//! Not here: waiting, threads, listeners (`sim::world`, `net`).

use http::{HeaderValue, header};

use crate::base::clock::Stopwatch;
use crate::base::planted::{self, Fault as Planted};
use crate::base::seq::Seq;
use crate::base::tally;
use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::{Access, Call, Routed};
use crate::contract::reply::{Effect, InternalError, Outcome, Reply, Rows};
use crate::contract::variant::Switches;
use crate::contract::vendor::Vendor;
use crate::sim::fault::asked;
use crate::sim::fault::canned::standing::Answering;
use crate::sim::fault::rule::Then;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::entry::{Entry, What};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::ledger;
use crate::sim::journal::tap::Taken;
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::asked::Asked as Requested;
use crate::sim::world::engine::beside::{Read, Way};
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::memo::{Asked, Found};
use crate::sim::world::engine::turn::{Begun, Exchanged, Leaving, Long, Slot, work_out};
use crate::store::database::Snapshot;
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};
use crate::web::stream;

/// What becomes of a request in its turn.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are the large one, and live for one request"
)]
pub(crate) enum Turn {
    Answered(Exchanged),
    /// It is a read that takes its time, on the rows as they are now: the world goes on meanwhile.
    Beside(Box<Read>),
}

/// What is sent in place of the vendor's answer. Nothing is done.
fn faulted(
    vendor: &'static Vendor,
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    fault: &Fault,
) -> Result<Reply, InternalError> {
    let surface = vendor.surface;
    let response = match &fault.then {
        Then::Refuse { error, .. } => {
            let refusal = surface.refusals.iter().find(|refusal| refusal.rule == error);
            // The rule was checked against the vendor's table when it was added, but it may come
            // from a file that an older build wrote.
            match refusal {
                Some(refusal) => (vendor.refuse)(cx, call, refusal)?,
                None => (vendor.failure)(call),
            }
        }
        Then::Fail => (vendor.failure)(call),
        Then::Status { body: Some(body), content_type, .. } => {
            let media_type = content_type.as_deref().unwrap_or("text/plain");
            let media_type = HeaderValue::from_str(media_type)?;
            let mut response = Response::empty(fault.status().unwrap_or_default());
            response.headers.push((header::CONTENT_TYPE, media_type));
            response.body = body.clone().into();
            response
        }
        _ => Response::empty(fault.status().unwrap_or_default()),
    };
    Ok(Reply { response, rows: None, outcome: Outcome::Faulted, why: None })
}

/// What a scenario has fixed. Nothing is done.
fn fixed(canned: &Answering) -> Reply {
    Reply { response: canned.reply.response(), rows: None, outcome: Outcome::Canned, why: None }
}

impl Engine {
    /// Answers one request in its turn.
    pub(crate) fn exchange(
        &mut self,
        vendor: &'static Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Exchanged {
        let call = Call { request, operation: routed.operation, params: &routed.params };
        let begun = self.begin_turn(vendor, &call);
        self.answer(vendor, &call, begun, None)
    }

    /// Answers one request in its turn, or says how it is to be answered beside.
    pub(crate) fn take(&mut self, asked: Requested) -> Turn {
        let Requested { vendor, request, routed } = &asked;
        let call = Call { request, operation: routed.operation, params: &routed.params };
        let begun = self.begin_turn(vendor, &call);
        match self.way(vendor, &call, &begun) {
            Way::Beside(beside) => Turn::Beside(Box::new(beside.read(asked, begun))),
            Way::InTurn(known) => Turn::Answered(self.answer(vendor, &call, begun, known)),
        }
    }

    /// Gives a request its number and its time; what is due by then comes first.
    fn begin_turn(&mut self, vendor: &'static Vendor, call: &Call<'_>) -> Begun {
        self.tell_start();
        self.switches.take();
        let now = self.clock.now();
        let Fired { effects, halted, .. } = self.fire_until(now);
        self.join();
        self.seq = self.seq.next();
        let date = self.date_header(now);
        let fault = self.fault(vendor, now, call);
        let begun = Begun { seq: self.seq, now, date, effects, halted, fault, canned: None };
        let canned = if begun.instead().is_none() { self.canned(vendor, now, call) } else { None };
        Begun { canned, ..begun }
    }

    fn answer(
        &mut self,
        vendor: &'static Vendor,
        call: &Call<'_>,
        begun: Begun,
        known: Option<(Reply, Switches)>,
    ) -> Exchanged {
        let Begun { now, halted, .. } = &begun;
        let now = *now;
        let instead = begun.instead();
        let writes = call.operation.is_some_and(|operation| operation.access == Access::Writes);
        let writes = writes && begun.is_worked_out();
        let vendors = self.vendors;
        let answered = match (instead, &begun.canned, halted) {
            (None, Some(canned), _) => Ok((fixed(canned), Vec::new())),
            // What is due comes first, and could not be done. Reading goes on as things stand.
            (None, None, Some(halt)) if writes => Err(InternalError::new(halt.clone())),
            (None, None, _) if !writes && !self.db.is_file() => {
                self.look_up(vendor, now, call, known)
            }
            _ => self
                .attempt(vendor, now, writes, writes, |cx| match instead {
                    Some(fault) => faulted(vendor, cx, call, fault),
                    None => work_out(cx, vendors, vendor, call),
                })
                .map(|done| (done.value, done.effects)),
        };
        if let Err(error) = &answered {
            self.log_failed(error);
        }
        let date = begun.date.clone();
        let Leaving { mut response, rows, delivery, why, entry } =
            begun.leave(vendor, call, answered);
        let outcome = entry.outcome;
        match self.commit(entry) {
            // Nothing is lost but the entry.
            Err(error) if !writes && error.trouble().is_some() => {
                tracing::warn!(world = self.name, %error, "a read is not journaled");
            }
            Err(error) => {
                tracing::error!(world = self.name, seq = self.seq.get(), %error, "commit failed");
                response = (vendor.failure)(call);
                response.headers.push((header::DATE, date));
                return Exchanged::failed(response, delivery);
            }
            Ok(()) => {}
        }
        let is_long = rows.is_some();
        if let Some(tap) = &self.tapped.tap {
            let (request, response) = (call.request.clone(), response.clone());
            let taken = Taken { at: now, vendor, request, response, is_long, delivery };
            tap.answered(&self.name, taken);
        }
        let long = rows.and_then(|rows| self.long(rows));
        if is_long && long.is_none() {
            response = (vendor.failure)(call);
        }
        let switches = self.switches.take();
        Exchanged { response, long, delivery, why, outcome, switches }
    }

    fn log_failed(&self, error: &InternalError) {
        let (seq, error) = (self.seq.get(), self.told(error));
        tracing::error!(world = self.name, seq, error, "request failed");
    }

    /// A body that is made of the state of this moment while it is sent; `None` where that cannot be
    /// read.
    fn long(&mut self, rows: Box<dyn Rows>) -> Option<Long> {
        match self.aside() {
            Ok((snapshot, slot)) => Some(Long { seq: self.seq, rows, snapshot, slot }),
            Err(error) => {
                tracing::error!(
                    world = self.name,
                    seq = self.seq.get(),
                    error = self.told(&error),
                    "no snapshot"
                );
                None
            }
        }
    }

    /// The state of this moment, to be read at leisure.
    fn aside(&mut self) -> Result<(Snapshot, Option<Slot>), InternalError> {
        // Who reads beside a file sees what is committed.
        self.settle()?;
        let slot = self.db.is_file().then(Slot::take).transpose()?;
        Ok((self.db.snapshot()?, slot))
    }

    /// What is sent where the world cannot be opened.
    pub(crate) fn unanswered(&mut self, asked: &Requested, error: &InternalError) -> Exchanged {
        tracing::error!(world = self.name, %error, "the world cannot be opened");
        self.failed(asked.vendor, &asked.request, &asked.routed)
    }

    /// What is sent where a request came to nothing and is in no journal: the vendor's own failure.
    pub(crate) fn failed(
        &mut self,
        vendor: &'static Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Exchanged {
        let call = Call { request, operation: routed.operation, params: &routed.params };
        let mut response = (vendor.failure)(&call);
        let now = self.clock.now();
        response.headers.push((header::DATE, self.date_header(now)));
        Exchanged::failed(response, Delivery::default())
    }

    /// Notes a request that named the world and that no vendor takes.
    pub(crate) fn untaken(&mut self, request: &Request, response: &Response, reason: String) {
        let now = self.clock.now();
        let effects = self.fire_until(now).effects;
        self.seq = self.seq.next();
        let what = What::Exchange(Box::new(Exchange::new(None, None, request, response)));
        let (outcome, error) = (Outcome::Refused, Some(reason));
        let entry = Entry { seq: self.seq, at: now, what, outcome, effects, why: None, error };
        if let Err(error) = self.commit(entry) {
            tracing::warn!(world = self.name, %error, "a request that no vendor takes is not journaled");
        }
    }

    /// The fault that strikes a request, if any does.
    fn fault(&mut self, vendor: &'static Vendor, now: Instant, call: &Call<'_>) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let asked = asked::Asked { now, vendor: vendor.surface.vendor, call };
        let fault = self.faults.decide(self.settings.seed, &asked);
        if fault.is_some() {
            tally::FAULTS_FIRED.add(1);
        }
        fault
    }

    /// The fixed reply that answers a request, if any does.
    fn canned(
        &mut self,
        vendor: &'static Vendor,
        now: Instant,
        call: &Call<'_>,
    ) -> Option<Answering> {
        self.faults.answering(&asked::Asked { now, vendor: vendor.surface.vendor, call })
    }

    /// Answers a read: with the same reply as the last time where it can be no other. It may be `known`
    /// already that it can be none.
    fn look_up(
        &mut self,
        vendor: &'static Vendor,
        now: Instant,
        call: &Call<'_>,
        known: Option<(Reply, Switches)>,
    ) -> Result<(Reply, Vec<Effect>), InternalError> {
        let vendors = self.vendors;
        let asked = if known.is_none() { Asked::new(vendor, call.request) } else { None };
        let version = self.db.version();
        let known = known.or_else(|| asked.and_then(|asked| self.memo.get(asked, version, now)));
        if let Some((reply, switches)) = known {
            self.switches.set(self.switches.get().and(switches));
            // With one of these the reply is wrong, and a client is to find that.
            let is_wrong =
                planted::is(Planted::MemoOutlivesWrites) || planted::is(Planted::ReaderStaysBehind);
            if cfg!(debug_assertions) && !is_wrong {
                let done =
                    self.fenced(vendor, now, false, |cx| work_out(cx, vendors, vendor, call))?;
                assert_eq!(format!("{:?}", done.value), format!("{reply:?}"), "{call:?}");
            }
            return Ok((reply, Vec::new()));
        }
        let watch = Stopwatch::start();
        let done =
            self.attempt(vendor, now, false, false, |cx| work_out(cx, vendors, vendor, call))?;
        self.costs.note(call.operation, watch.elapsed_ns());
        if let Some(asked) = asked.filter(|_| done.effects.is_empty()) {
            let found = Found { within: done.within, switches: done.switches };
            self.memo.keep(asked, version, found, &done.value);
        }
        Ok((done.value, done.effects))
    }

    /// Completes the entry of a body that was made while it was sent.
    pub(crate) fn complete(&mut self, seq: Seq, sent: stream::StreamEnd) {
        if !self.db.is_file() {
            self.journal.complete(seq, sent);
            return;
        }
        let stream = serde_json::json!(sent).to_string();
        self.room.grown(stream.len());
        if let Err(error) = ledger::complete(self.db.connection(), seq, &stream) {
            tracing::error!(
                world = self.name,
                seq = seq.get(),
                error = self.told(&error),
                "the entry cannot be completed"
            );
        }
    }
}
