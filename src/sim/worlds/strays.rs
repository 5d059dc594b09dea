//! Requests that no world or vendor took.

use serde_json::Value;

use crate::base::clock;
use crate::base::lock;
use crate::contract::reply::Outcome;
use crate::contract::secret::Redactor;
use crate::sim::journal::entry::{Entry, What};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::shown::Shown;
use crate::sim::worlds::by_name::Worlds;
use crate::web::message::{Request, Response};

impl Worlds {
    /// Notes a request that no world or vendor took, with the reason.
    pub fn stray(&self, request: &Request, response: &Response, reason: &str) {
        let mut strays = lock::write(&self.strays);
        strays.0 += 1;
        let exchange = Exchange::new(None, None, request, response);
        let entry = Entry {
            seq: strays.0,
            at: clock::system_now().as_world_time(),
            what: What::Exchange(Box::new(exchange)),
            outcome: Outcome::Refused,
            effects: Vec::new(),
            why: None,
            error: Some(reason.to_owned()),
        };
        strays.1.push(entry);
    }

    /// Requests that no world or vendor took, oldest first.
    pub fn strays(&self, after: u64, limit: usize) -> Vec<Value> {
        let strays = lock::read(&self.strays);
        // Nobody knows whose secrets they may hold, so every vendor's are masked.
        let redact = |mut entry: Value| {
            for vendor in self.vendors().0 {
                entry = Redactor::new(vendor.surface.secrets, false).value(entry);
            }
            entry
        };
        strays
            .1
            .after(after)
            .take(limit)
            .map(|it| redact(Shown::new(it, "", false).to_json()))
            .collect()
    }
}
