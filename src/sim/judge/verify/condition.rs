//! Asks a journal what really happened: a condition over its entries, and a verdict that explains
//! itself.
//!
//! A condition names rules that an entry has to meet, and how many entries have to meet all of them,
//! or several sets of rules and that entries meet them one after the other. A verdict that is no
//! pass carries the entries that came closest, and for each rule what was expected and what was
//! found.
//!
//! Entries are looked at unmasked, as far as the journal holds them so; whatever a verdict shows is
//! masked as the journal is. Where the journal no longer holds enough to tell, the verdict is
//! `Outcome::Inconclusive`.
//!
//! Not here: waiting (`sim::world`) and HTTP (`admin`).

use std::sync::Arc;

use serde_json::Value;

use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::vendor::Vendors;
use crate::sim::journal::entry::Entry;
use crate::sim::judge::verify::check::{Answer, Check, Test};
use crate::sim::judge::verify::found::plain;
use crate::sim::judge::verify::place::Place;
use crate::sim::judge::verify::seen::Seen;

/// What is asked of a journal. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Condition {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Clone, Debug)]
pub(crate) struct Inner {
    pub(crate) vendors: Vendors,
    pub(crate) pattern: Pattern,
    pub(crate) wanted: Wanted,
    pub(crate) window: Window,
}

/// How many entries, or which after which.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    Count {
        least: u64,
        most: Option<u64>,
    },
    /// Each meets the condition's own rules as well.
    InOrder(Vec<Pattern>),
}

/// Rules that one entry has to meet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pattern {
    pub(crate) rules: Vec<Rule>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) place: Place,
    pub(crate) test: Test,
}

/// Which part of the journal is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// Entries with a greater sequence number than this.
    pub(crate) since: Seq,
    /// Up to this one.
    pub(crate) until: Option<Seq>,
    /// At this world time or later.
    pub(crate) after: Option<Instant>,
    /// Before this world time.
    pub(crate) before: Option<Instant>,
}

impl Window {
    pub(crate) fn holds(&self, seq: Seq, at: Instant) -> bool {
        seq > self.since
            && self.until.is_none_or(|until| seq <= until)
            && self.after.is_none_or(|after| at >= after)
            && self.before.is_none_or(|before| at < before)
    }
}

/// The values that checks name outright.
pub(crate) fn named(checks: &[Check]) -> impl Iterator<Item = &Value> {
    checks.iter().flat_map(|check| match check {
        Check::Equals(value) => std::slice::from_ref(value),
        Check::OneOf(values) => values,
        _ => &[],
    })
}

impl Rule {
    pub(crate) fn answer(&self, seen: &Seen<'_>) -> Answer {
        self.test.answer(&seen.at(&self.place))
    }
}

impl Pattern {
    /// Whether an entry meets all rules; stops at the first that it does not.
    pub(crate) fn answer(&self, seen: &Seen<'_>) -> Answer {
        let mut all = Answer::Yes;
        for rule in &self.rules {
            match rule.answer(seen) {
                Answer::No => return Answer::No,
                Answer::Unknown => all = Answer::Unknown,
                Answer::Yes => {}
            }
        }
        all
    }

    /// The text that a rule names outright for a place.
    pub(crate) fn exact(&self, is: fn(&Place) -> bool) -> Option<&str> {
        let rule = self.rules.iter().find(|rule| is(&rule.place))?;
        rule.test.exact()?.as_str()
    }

    /// The texts that rules name outright for a place, one or one of several.
    pub(crate) fn named(&self, is: fn(&Place) -> bool) -> Vec<String> {
        let rules = self.rules.iter().filter(|rule| is(&rule.place));
        rules.flat_map(|rule| named(&rule.test.checks)).map(plain).collect()
    }

    pub(crate) fn vendor(&self) -> Option<&str> {
        self.exact(|place| matches!(place, Place::Vendor))
    }

    pub(crate) fn operation(&self) -> Option<&str> {
        self.exact(|place| matches!(place, Place::Operation))
    }

    /// Whether an entry can meet the rules at all, as far as that can be told without reading its request.
    pub(crate) fn may_take(&self, entry: &Entry) -> bool {
        self.vendor().is_none_or(|vendor| entry.vendor() == Some(vendor))
            && self.operation().is_none_or(|wanted| entry.operation() == Some(wanted))
    }
}

impl Condition {
    /// Looks only at entries behind this one.
    pub(crate) fn begin_behind(&mut self, seq: Seq) {
        let window = &mut Arc::make_mut(&mut self.inner).window;
        window.since = window.since.max(seq);
    }

    /// Whether an entry meets rules that say how it ends: such a refusal is expected.
    pub(crate) fn expects(&self, seen: &Seen<'_>) -> bool {
        let names_end = |pattern: &Pattern| {
            pattern.rules.iter().any(|rule| matches!(rule.place, Place::Outcome | Place::Why))
        };
        let meets = |pattern: &Pattern| matches!(pattern.answer(seen), Answer::Yes);
        let own = &self.inner.pattern;
        match &self.inner.wanted {
            Wanted::Count { .. } => names_end(own) && meets(own),
            Wanted::InOrder(steps) => {
                let is_step = |step: &Pattern| (names_end(own) || names_end(step)) && meets(step);
                meets(own) && steps.iter().any(is_step)
            }
        }
    }
}

impl Inner {
    /// Whether an entry can matter, as far as that can be told without reading its request.
    pub(crate) fn may_take(&self, entry: &Entry) -> bool {
        self.window.holds(entry.seq, entry.at)
            && match &self.wanted {
                Wanted::Count { .. } => self.pattern.may_take(entry),
                Wanted::InOrder(steps) => steps.iter().any(|step| step.may_take(entry)),
            }
    }
}
