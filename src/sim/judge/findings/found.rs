//! What a journal shows of a client that gets its replies and is wrong all the same: the oracles
//! that the vendors declare, always on.
//!
//! They are worked out when they are asked for, from the entries that the journal holds.

use serde_json::{Value, json};

use crate::base::seq::Seq;
use crate::contract::oracle::Oracle;

/// Findings that are kept; a client with more has one habit, told often enough.
const FINDINGS_MAX: usize = 200;

/// Entries that one finding names.
const ENTRIES_MAX: usize = 20;

/// Something that a client does wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the oracle.
    pub name: &'static str,
    pub vendor: Option<&'static str>,
    /// What was seen, in a sentence.
    pub what: String,
    /// The entries that show it, the first of them.
    pub entries: Vec<Seq>,
    /// How many entries show it.
    pub count: u64,
    pub matters: &'static str,
    pub remedy: String,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub kept: Vec<Finding>,
    /// Further ones.
    pub n_more: u64,
    /// Entries that were looked at.
    pub n_entries: u64,
    /// Entries that went to make room and were not looked at.
    pub n_lost: u64,
}

impl Finding {
    pub(crate) fn of(oracle: Oracle, vendor: &'static str, what: String, entries: &[Seq]) -> Self {
        Finding {
            name: oracle.name(),
            vendor: Some(vendor),
            what,
            entries: entries.iter().copied().take(ENTRIES_MAX).collect(),
            count: entries.len() as u64,
            matters: oracle.matters(),
            remedy: oracle.remedy().to_owned(),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "vendor": self.vendor,
            "what": self.what,
            "entries": self.entries,
            "count": self.count,
            "matters": self.matters,
            "remedy": self.remedy,
        })
    }
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.kept.len() < FINDINGS_MAX {
            self.kept.push(finding);
        } else {
            self.n_more += 1;
        }
    }

    pub fn to_json(&self) -> Value {
        json!({
            "findings": self.kept.iter().map(Finding::to_json).collect::<Value>(),
            "more": self.n_more,
            "entries": self.n_entries,
            "evicted": self.n_lost,
        })
    }
}
