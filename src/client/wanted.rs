//! Which entries of a journal somebody wants to see.
//!
//! Some of it the server looks at (vendor, operation, outcome, trace), some of it only the command
//! line.

use std::fmt::Write as _;

use super::control::escaped;
use super::entry::Seen;
use super::line::{Of, of};
use crate::base::time::Instant;
use crate::web::exchange::Message;

/// What an entry has to be; what is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) vendor: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) outcome: Option<String>,
    /// The run that its request says it belongs to.
    pub(crate) trace: Option<String>,
    /// A part of the rule by which it was refused.
    pub(crate) why: Option<String>,
    /// Stands in its line, or in a body.
    pub(crate) text: Option<String>,
}

impl Wanted {
    /// What the server looks at, as the end of a query.
    pub(crate) fn query(&self) -> String {
        let asked = [
            ("vendor", &self.vendor),
            ("operation", &self.operation),
            ("outcome", &self.outcome),
            ("trace", &self.trace),
        ];
        let mut query = String::new();
        for (name, value) in asked {
            if let Some(value) = value {
                // Writing to a String cannot fail.
                let _ = write!(query, "&{name}={}", escaped(value));
            }
        }
        query
    }

    /// Whether an entry that the server picked is one, from a world time on.
    pub(crate) fn is_met(&self, entry: &Seen<'_>, since: Option<Instant>) -> bool {
        let is_since = |since: Instant| entry.at.parse::<Instant>().is_ok_and(|at| at >= since);
        since.is_none_or(is_since) && self.is_of_words(entry, Of::World)
    }

    /// Whether a request that nobody took is one. It has no vendor, and its time is no world's.
    pub(crate) fn is_met_by_stray(&self, entry: &Seen<'_>) -> bool {
        self.vendor.is_none()
            && self.operation.is_none()
            && self.outcome.as_ref().is_none_or(|outcome| *outcome == entry.outcome)
            && self.trace.as_ref().is_none_or(|trace| {
                entry.trace.as_ref().is_some_and(|shown| shown.contains(trace.as_str()))
            })
            && self.is_of_words(entry, Of::Nobody)
    }

    fn is_of_words(&self, entry: &Seen<'_>, from: Of) -> bool {
        let has_rule = |part: &String| entry.why.as_ref().is_some_and(|it| it.rule.contains(part));
        let has_text = |text: &String| {
            let in_body = |message: &Message<'_>| {
                String::from_utf8_lossy(message.body.bytes()).contains(text.as_str())
            };
            of(entry, from).plain().contains(text.as_str())
                || entry.request.as_ref().is_some_and(|it| in_body(&it.message))
                || entry.response.as_ref().is_some_and(|it| in_body(&it.message))
        };
        self.why.as_ref().is_none_or(has_rule) && self.text.as_ref().is_none_or(has_text)
    }
}
