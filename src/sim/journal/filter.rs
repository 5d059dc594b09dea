//! Which entries of a journal are asked for.

use crate::contract::reply::Outcome;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::exchange::Exchange;

/// Which entries are asked for; what is left out fits every entry.
///
/// Vendor and operation are names, not places in the tables of this build: a journal in a file may
/// have names that an older one knew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub vendor: Option<String>,
    pub operation: Option<String>,
    pub outcome: Option<Outcome>,
    /// The run that a request says it belongs to.
    pub trace: Option<String>,
}

impl Filter {
    /// Whether an entry is asked for.
    pub fn keeps(&self, entry: &Entry) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        self.outcome.is_none_or(|wanted| entry.outcome == wanted)
            && is(&self.vendor, entry.vendor())
            && is(&self.operation, entry.operation())
            && self.trace.as_deref().is_none_or(|wanted| {
                let trace = entry.exchange().and_then(Exchange::trace);
                trace.is_some_and(|trace| trace.is(wanted))
            })
    }
}
