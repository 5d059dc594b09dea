//! One input and what came of it.

use serde_json::{Map, Value};

use crate::base::time;
use crate::contract::reply::{Effect, Outcome, Why};
use crate::contract::secret::{Redactor, Secret};
use crate::sim::journal::exchange::Exchange;

/// The version of the entry's form.
pub const FORMAT: &str = "1.0";

/// One input and what came of it.
#[derive(Debug)]
pub struct Entry {
    pub seq: u64,
    pub at_ms: i64,
    pub what: What,
    pub outcome: Outcome,
    /// What timers did on the way to this input, then what the input itself did.
    pub effects: Vec<Effect>,
    pub why: Option<Box<Why>>,
    /// What went wrong, where it was Ringback's own fault or an event was not allowed.
    pub error: Option<String>,
}

/// The kinds of input.
#[derive(Debug)]
pub enum What {
    Exchange(Box<Exchange>),
    /// Something asked for on the admin listener: `load`, `reset`, `event`, `advance`.
    Action {
        name: &'static str,
        vendor: Option<&'static str>,
        detail: Value,
    },
}

/// Fixed cost of an entry, for the bound in bytes.
const ENTRY_BYTES: usize = 512;

impl Entry {
    /// An admin action that went well.
    pub fn action(seq: u64, at_ms: i64, what: What, effects: Vec<Effect>) -> Self {
        Entry { seq, at_ms, what, outcome: Outcome::Ok, effects, why: None, error: None }
    }

    /// About how much memory the entry holds.
    pub(crate) fn bytes(&self) -> usize {
        let what = match &self.what {
            What::Exchange(exchange) => exchange.bytes(),
            What::Action { .. } => 64,
        };
        let effects: usize = self.effects.iter().map(|effect| effect.text.len() + 32).sum();
        ENTRY_BYTES + what + effects
    }

    pub fn vendor(&self) -> Option<&'static str> {
        match &self.what {
            What::Exchange(exchange) => exchange.surface.map(|surface| surface.vendor),
            What::Action { vendor, .. } => *vendor,
        }
    }

    pub(crate) fn secrets(&self) -> &'static [Secret] {
        match &self.what {
            What::Exchange(exchange) => exchange.secrets(),
            What::Action { .. } => &[],
        }
    }

    pub fn operation(&self) -> Option<&'static str> {
        match &self.what {
            What::Exchange(exchange) => exchange.operation,
            What::Action { .. } => None,
        }
    }

    /// The entry as it may be shown.
    pub fn render(&self, world: &str, show_secrets: bool) -> Value {
        let mut entry = Map::new();
        entry.insert("seq".into(), self.seq.into());
        entry.insert("at".into(), time::rfc3339(self.at_ms).into());
        entry.insert("world".into(), world.into());
        entry.insert("vendor".into(), self.vendor().into());
        match &self.what {
            What::Exchange(exchange) => {
                let redactor = Redactor::new(exchange.secrets(), show_secrets);
                entry.insert("operation".into(), exchange.operation.into());
                entry.insert("outcome".into(), self.outcome.name().into());
                entry.insert("request".into(), exchange.render_request(redactor));
                entry.insert("response".into(), exchange.render_response(redactor));
                entry.insert("fault".into(), exchange.fault.as_ref().map(|it| it.to_json()).into());
                let unread = exchange.unread(redactor);
                if !unread.is_empty() {
                    entry.insert("unread".into(), unread.into());
                }
            }
            What::Action { name, detail, .. } => {
                entry.insert("action".into(), (*name).into());
                entry.insert("outcome".into(), self.outcome.name().into());
                entry.insert("detail".into(), detail.clone());
            }
        }
        let effects: Vec<Value> = self.effects.iter().map(Effect::to_json).collect();
        entry.insert("effects".into(), effects.into());
        if let Some(why) = &self.why {
            let redactor = Redactor::new(self.secrets(), show_secrets);
            entry.insert("why".into(), why.to_json(redactor));
        }
        if let Some(error) = &self.error {
            entry.insert("error".into(), error.as_str().into());
        }
        Value::Object(entry)
    }
}
