//! What was found of an operation.

use std::collections::{BTreeMap, BTreeSet};

use crate::calibrate::features::Key;
use crate::drift::vary::Why;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// A word for programs: `status`, `header`, `missing`, `extra`, `renamed`, `type`, `form`, `order`,
    /// `value`, `writing`, `time`, `no reply`, `step`; and those of a replay for what else a step expects.
    pub(crate) kind: &'static str,
    /// The place, or what else it is about.
    pub(crate) what: String,
    pub(crate) before: String,
    pub(crate) now: String,
    /// The first step that shows it.
    pub(crate) step: String,
    /// In how many replies.
    pub(crate) count: usize,
    /// The switches under which Ringback answers so.
    pub(crate) explained: Vec<String>,
    /// By which of what a reply shows; `None` for what no reply shows.
    pub(super) key: Option<Key>,
}

impl Finding {
    /// In a line.
    pub(crate) fn words(&self) -> String {
        let Finding { what, before, now, .. } = self;
        match self.kind {
            "renamed" => format!("{what} is called {now}"),
            "missing" => format!("{what}: before it was {before}, and now it is not there"),
            "extra" => format!("{what}: {now}, which was not there before"),
            "order" => format!("{what}: before {before}; now {now}"),
            _ => format!("{what}: before {before}, now {now}"),
        }
    }
}

/// What was found of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OfOperation {
    pub(crate) n_replies: usize,
    pub(crate) findings: Vec<Finding>,
    /// Places that are known to vary and did, by the reason.
    pub(crate) varied: BTreeMap<&'static str, BTreeSet<String>>,
}

impl OfOperation {
    /// Whether nothing of it was compared.
    pub(super) fn is_nothing(&self) -> bool {
        self.n_replies == 0 && self.findings.is_empty()
    }

    pub(super) fn varies(&mut self, why: Why, what: String) {
        self.varied.entry(why.words()).or_default().insert(what);
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let mut known = self.findings.iter_mut();
        match known.find(|it| it.kind == finding.kind && it.what == finding.what) {
            Some(known) => known.count += 1,
            None => self.findings.push(finding),
        }
    }
}
