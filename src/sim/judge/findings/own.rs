//! What every watch has: whose it is, what it takes, and how much it remembers.

use crate::base::seq::Seq;
use crate::contract::oracle::Oracle;
use crate::contract::reply::Outcome;
use crate::sim::judge::findings::found::{Finding, Findings};
use crate::sim::judge::verify::seen::Seen;
use crate::web::mask::masker::Masker;

/// Looks at entries, oldest first.
pub(crate) trait Watch {
    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings);

    /// Forgets what it remembers of the state, which is another one from here on.
    fn forget(&mut self) {}

    /// Says what it could only say at the end.
    fn end(&mut self, _found: &mut Findings) {}
}

/// Whose watch it is.
#[derive(Clone, Copy)]
pub(crate) struct Own {
    pub(crate) oracle: Oracle,
    pub(crate) vendor: &'static str,
}

impl Own {
    pub(crate) fn finding(self, what: String, entries: &[Seq]) -> Finding {
        Finding::of(self.oracle, self.vendor, what, entries)
    }

    /// Whether an entry is an exchange of the vendor's.
    pub(crate) fn is_exchange(self, seen: &Seen<'_>) -> bool {
        seen.entry.vendor() == Some(self.vendor) && seen.entry.exchange().is_some()
    }

    /// Whether an entry is an exchange of the vendor's that went well.
    pub(crate) fn is_ok(self, seen: &Seen<'_>) -> bool {
        self.is_exchange(seen) && seen.entry.outcome == Outcome::Ok
    }

    pub(crate) fn is_operation(self, seen: &Seen<'_>, operation: &str) -> bool {
        self.is_ok(seen) && seen.entry.operation() == Some(operation)
    }
}

/// The name in an effect that a pattern describes: `contact {} locked`.
pub(super) fn named<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    let (before, after) = pattern.split_once("{}")?;
    let rest = text.strip_prefix(before)?;
    let name = &rest[..rest.find(' ').unwrap_or(rest.len())];
    let behind = rest[name.len()..].strip_prefix(after)?;
    let is_whole = !behind.starts_with(|it: char| it.is_alphanumeric());
    (is_whole && !name.is_empty()).then_some(name)
}

/// Things that one watch remembers at the most: a journal holds no more entries than that anyway.
pub(crate) const REMEMBERED_MAX: usize = 10_000;
