//! One input and what came of it.
//!
//! Entries are values from end to end: those that a world in memory keeps, and those that are read
//! back from a world's file (`sim::journal::row`). Whoever looks at one looks at its parts; JSON is
//! made of it where it leaves (`sim::journal::shown`).

use serde_json::Value;

use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::reply::{Effect, Outcome};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::name::Name;
use crate::sim::journal::reason::Reason;

/// One input and what came of it.
#[derive(Debug)]
pub struct Entry {
    pub seq: Seq,
    pub at: Instant,
    pub what: What,
    pub outcome: Outcome,
    /// What timers did on the way to this input, then what the input itself did.
    pub effects: Vec<Effect>,
    pub why: Option<Box<Reason>>,
    /// What went wrong, where it was Ringback's own fault or an event was not allowed.
    pub error: Option<String>,
}

/// The kinds of input.
#[derive(Debug)]
pub enum What {
    Exchange(Box<Exchange>),
    Action(Action),
}

/// Something asked for on the admin listener: `load`, `reset`, `event`, `advance`.
#[derive(Debug)]
pub struct Action {
    pub name: Name,
    pub vendor: Option<Name>,
    pub detail: Value,
}

/// Fixed cost of an entry, for the bound in bytes.
const ENTRY_BYTES: usize = 512;

/// What an effect holds beside its text, and a move of it.
const EFFECT_BYTES: usize = 80;
const MOVE_BYTES: usize = 96;

/// About how much memory an effect holds.
fn bytes_of(effect: &Effect) -> usize {
    effect.text.len() + EFFECT_BYTES + effect.moved.len() * MOVE_BYTES
}

impl Entry {
    /// An admin action that went well.
    pub fn action(seq: Seq, at: Instant, what: What, effects: Vec<Effect>) -> Self {
        Entry { seq, at, what, outcome: Outcome::Ok, effects, why: None, error: None }
    }

    /// About how much memory the entry holds.
    pub(crate) fn bytes(&self) -> usize {
        let what = match &self.what {
            What::Exchange(exchange) => exchange.bytes(),
            What::Action(_) => 64,
        };
        let effects: usize = self.effects.iter().map(bytes_of).sum();
        ENTRY_BYTES + what + effects
    }

    /// The exchange, where it is one.
    pub fn exchange(&self) -> Option<&Exchange> {
        match &self.what {
            What::Exchange(exchange) => Some(exchange),
            What::Action(_) => None,
        }
    }

    /// The admin action, where it is one.
    pub fn admin_action(&self) -> Option<&Action> {
        match &self.what {
            What::Exchange(_) => None,
            What::Action(action) => Some(action),
        }
    }

    /// The name of the vendor that it went to.
    pub fn vendor(&self) -> Option<&str> {
        match &self.what {
            What::Exchange(exchange) => exchange.vendor(),
            What::Action(action) => action.vendor.as_deref(),
        }
    }

    /// The name of the operation that took it.
    pub fn operation(&self) -> Option<&str> {
        self.exchange().and_then(Exchange::operation)
    }

    /// The rule behind a refusal.
    pub fn rule(&self) -> Option<&str> {
        self.why.as_ref().map(|why| why.rule.as_ref())
    }
}
