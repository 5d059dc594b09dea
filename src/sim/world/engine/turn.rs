//! The turn of a request: how it began, and what leaves and stays of it.
//!
//! Not here: which way it is answered (`exchange`, `beside`).

use std::sync::atomic::{AtomicUsize, Ordering};

use http::{HeaderValue, header};

use crate::base::chain::Chain;
use crate::base::limits::FILE_READERS_MAX;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{Effect, InternalError, Outcome, Reply, Rows, Why};
use crate::contract::variant::Switches;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::fault::canned::standing::Answering;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::entry::{Entry, What};
use crate::sim::journal::exchange::Exchange;
use crate::sim::world::engine::halt::Halt;
use crate::sim::world::engine::told::{carried, told};
use crate::store::database::Snapshot;
use crate::web::delivery::Delivery;
use crate::web::diagnosis::twice::{self, Twice};
use crate::web::message::Response;

/// What a world sends back for a request.
#[derive(Debug)]
pub struct Exchanged {
    pub response: Response,
    /// What makes the body while it is sent.
    pub(crate) long: Option<Long>,
    pub delivery: Delivery,
    /// The reason, where the vendor said no.
    pub why: Option<Box<Why>>,
    pub outcome: Outcome,
    /// The switches that the reply may depend on.
    pub(crate) switches: Switches,
}

impl Exchanged {
    /// What is sent where a request came to nothing.
    pub(crate) fn failed(response: Response, delivery: Delivery) -> Self {
        let (outcome, switches) = (Outcome::Error, Switches::ALL);
        Exchanged { response, long: None, delivery, why: None, outcome, switches }
    }
}

/// How a request's turn began.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) seq: Seq,
    pub(super) now: Instant,
    /// The `Date` header of that time.
    pub(super) date: HeaderValue,
    /// What was due by then and came of it.
    pub(super) effects: Vec<Effect>,
    pub(super) halted: Option<Halt>,
    pub(super) fault: Option<Fault>,
    pub(super) canned: Option<Answering>,
}

/// A reply as it leaves, and the entry that stays of it.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) response: Response,
    pub(super) rows: Option<Box<dyn Rows>>,
    pub(super) delivery: Delivery,
    pub(super) why: Option<Box<Why>>,
    pub(super) entry: Entry,
}

impl Begun {
    /// The fault that strikes in place of an answer.
    pub(super) fn instead(&self) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| !fault.then.does_work())
    }

    /// Whether the vendor itself answers.
    pub(super) fn is_worked_out(&self) -> bool {
        self.instead().is_none() && self.canned.is_none()
    }

    /// Makes of a reply, or of why there is none, what is sent and what is kept.
    pub(super) fn leave(
        self,
        vendor: &'static Vendor,
        call: &Call<'_>,
        answered: Result<(Reply, Vec<Effect>), InternalError>,
    ) -> Leaving {
        let Begun { seq, now, date, mut effects, fault, canned, .. } = self;
        let (reply, done, error) = match answered {
            Ok((reply, done)) => (reply, done, None),
            Err(error) => {
                let response = (vendor.failure)(call);
                let reply = Reply { response, rows: None, outcome: Outcome::Error, why: None };
                (reply, Vec::new(), Some(Chain(&error).to_string()))
            }
        };
        effects.extend(done);
        let Reply { mut response, rows, outcome, why } = reply;
        if call.operation.is_some() && outcome == Outcome::Ok {
            effects.extend(encoded_twice(vendor, call, now));
        }
        response.headers.push((header::DATE, date));
        if let Some(canned) = &canned {
            canned.reply.headers.put_on(&mut response);
        }
        if let Some(fault) = &fault {
            fault.dress(&mut response, now);
        }
        let operation = call.operation.map(|operation| operation.name);
        let exchange = Exchange::new(Some(vendor.surface), operation, call.request, &response);
        let exchange = if rows.is_some() { exchange.streaming() } else { exchange };
        let delivery = fault.as_ref().map_or_else(Delivery::default, Fault::delivery);
        let exchange = exchange.struck_by(fault).answered_by(canned);
        let what = What::Exchange(Box::new(exchange));
        let kept_why = why.clone().map(|why| Box::new((*why).into()));
        let entry = Entry { seq, at: now, what, outcome, effects, why: kept_why, error };
        Leaving { response, rows, delivery, why, entry }
    }
}

/// A body that is made while it is sent, from the state of the moment it was asked for.
#[derive(Debug)]
pub(crate) struct Long {
    pub(crate) seq: Seq,
    pub(crate) rows: Box<dyn Rows>,
    pub(crate) snapshot: Snapshot,
    pub(crate) slot: Option<Slot>,
}

/// Long bodies that are read from files just now.
static N_FROM_FILES: AtomicUsize = AtomicUsize::new(0);

/// The right to read one more.
#[derive(Debug)]
pub(crate) struct Slot(());

impl Slot {
    pub(super) fn take() -> Result<Self, InternalError> {
        if N_FROM_FILES.fetch_add(1, Ordering::AcqRel) < FILE_READERS_MAX {
            return Ok(Slot(()));
        }
        N_FROM_FILES.fetch_sub(1, Ordering::AcqRel);
        Err(InternalError::new(format!(
            "{FILE_READERS_MAX} long lists of kept worlds are being read already; read one to its end"
        )))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        N_FROM_FILES.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What is noted of a request that was answered and whose text was encoded once too often: no vendor
/// refuses it, and what is kept is not what was meant.
pub(super) fn encoded_twice(
    vendor: &'static Vendor,
    call: &Call<'_>,
    now: Instant,
) -> Option<Effect> {
    let Twice { sent, meant } = twice::of_request(call.request)?;
    // A word of a credential is not shown.
    if carried(vendor, call).iter().any(|secret| secret.contains(&sent)) {
        return None;
    }
    let text = format!(
        "{sent} was taken as it came: it is {meant} whose UTF-8 was encoded as UTF-8 once more; encode \
         text once"
    );
    Some(Effect { at: now, vendor: Some(vendor.surface.vendor.into()), text, moved: Vec::new() })
}

/// Lets the vendor answer.
pub(super) fn work_out(
    cx: &mut Cx<'_>,
    vendors: Vendors,
    vendor: &'static Vendor,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    let reply = match call.operation {
        Some(operation) => (operation.answer)(cx, call),
        None => (vendor.no_operation)(cx, call),
    };
    told(cx, vendors, vendor, call, reply?)
}
