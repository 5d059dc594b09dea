//! Walks a journal and counts what meets a condition.

use std::collections::BTreeMap;

use crate::base::seq::Seq;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::walk::Walk;
use crate::sim::judge::verify::check::Answer;
use crate::sim::judge::verify::condition::{Condition, Wanted};
use crate::sim::judge::verify::report::Outcome;
use crate::sim::judge::verify::seen::Seen;
use crate::web::mask::masker::Masker;

/// Entries whose numbers a verdict lists.
const MATCHED_SHOWN_MAX: usize = 100;

/// How far a condition is met by the entries seen so far.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) condition: Condition,
    /// Masks what is shown of entries.
    pub(crate) masker: Masker,
    /// The last entry that was looked at.
    pub(crate) last_seq: Seq,
    /// Entries that meet all rules; of an order, the steps that were reached.
    pub(crate) n_met: u64,
    pub(crate) matched: Vec<Seq>,
    /// The last of them.
    pub(crate) last_matched: Seq,
    /// Entries of which the journal does not hold enough to tell.
    pub(crate) n_unsure: u64,
    /// All entries by vendor, and operation or event.
    pub(crate) seen: BTreeMap<(String, String), u64>,
    /// Entries that went to make room before they were seen, and could have mattered.
    pub(crate) n_lost: u64,
}

impl Tally {
    pub(crate) fn new(condition: &Condition, masker: Masker) -> Self {
        Tally {
            condition: condition.clone(),
            masker,
            last_seq: Seq::NONE,
            n_met: 0,
            matched: Vec::new(),
            last_matched: Seq::NONE,
            n_unsure: 0,
            seen: BTreeMap::new(),
            n_lost: 0,
        }
    }

    /// How it stands.
    pub(crate) fn outcome(&self) -> Outcome {
        let (met, may_be) = (self.n_met, self.n_unsure + self.n_lost);
        match &self.condition.inner.wanted {
            Wanted::Count { least, most } => {
                let most = most.unwrap_or(u64::MAX);
                if met > most || met.saturating_add(may_be) < *least {
                    Outcome::Fail
                } else if met >= *least && met.saturating_add(may_be) <= most {
                    Outcome::Pass
                } else {
                    Outcome::Inconclusive
                }
            }
            Wanted::InOrder(steps) if self.matched.len() == steps.len() => Outcome::Pass,
            Wanted::InOrder(_) if may_be > 0 => Outcome::Inconclusive,
            Wanted::InOrder(_) => Outcome::Fail,
        }
    }

    pub(crate) fn is_passed(&self) -> bool {
        self.outcome() == Outcome::Pass
    }

    /// Whether waiting for more entries is of no use.
    pub(crate) fn is_settled(&self) -> bool {
        let is_over = match &self.condition.inner.wanted {
            Wanted::Count { most, .. } => most.is_some_and(|most| self.n_met > most),
            Wanted::InOrder(_) => false,
        };
        is_over || self.is_passed()
    }
}

impl Walk for Tally {
    fn last_seq(&self) -> Seq {
        self.last_seq
    }

    fn lost(&mut self, lost: Lost) {
        let window = &self.condition.inner.window;
        let n_unseen = lost.last_seq.since(self.last_seq.max(window.since));
        let is_before_all = window.after.is_some_and(|after| after > lost.latest);
        if !is_before_all {
            self.n_lost += n_unseen.min(lost.count);
        }
    }

    fn take(&mut self, entry: &Entry) {
        self.last_seq = entry.seq;
        if let Some(vendor) = entry.vendor() {
            let event = entry.admin_action().and_then(|action| action.detail["event"].as_str());
            let what = match (entry.operation(), event) {
                (Some(operation), _) => operation.to_owned(),
                (None, Some(event)) => format!("event {event}"),
                (None, None) => "no operation".to_owned(),
            };
            *self.seen.entry((vendor.to_owned(), what)).or_default() += 1;
        }
        let inner = std::sync::Arc::clone(&self.condition.inner);
        if !inner.may_take(entry) {
            return;
        }
        let pattern = match &inner.wanted {
            Wanted::Count { .. } => &inner.pattern,
            Wanted::InOrder(steps) => match steps.get(self.matched.len()) {
                Some(step) => step,
                None => return,
            },
        };
        match pattern.answer(&Seen::new(inner.vendors, entry)) {
            Answer::No => {}
            Answer::Unknown => self.n_unsure += 1,
            Answer::Yes => {
                self.n_met += 1;
                self.last_matched = self.last_seq;
                if self.matched.len() < MATCHED_SHOWN_MAX {
                    self.matched.push(self.last_seq);
                }
            }
        }
    }
}
