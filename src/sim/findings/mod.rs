//! What a journal shows of a client that gets its replies and is wrong all the same: the oracles
//! that the vendors declare, always on.
//!
//! They are worked out when they are asked for, from the entries that the journal holds.

mod watch;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::journal::Lost;
use super::oracle::Oracle;
use super::record::{Record, Walk};
use super::verify::Seen;
use super::world::{PUT_BACK, Vendors};
use watch::Watch;

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
    pub entries: Vec<u64>,
    /// How many entries show it.
    pub count: u64,
    pub matters: &'static str,
    pub remedy: String,
}

impl Finding {
    fn of(oracle: Oracle, vendor: &'static str, what: String, entries: &[u64]) -> Self {
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

impl Findings {
    fn add(&mut self, finding: Finding) {
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

/// Walks a journal and lets every oracle look at each entry.
pub(super) struct Looking {
    vendors: Vendors,
    watches: Vec<Box<dyn Watch>>,
    found: Findings,
    show_secrets: bool,
    last_seq: u64,
}

impl Looking {
    pub(super) fn new(vendors: Vendors, show_secrets: bool) -> Self {
        let surfaces = vendors.0.iter().map(|vendor| vendor.surface());
        let watches = surfaces.flat_map(|surface| {
            surface.oracles.iter().map(|oracle| watch::of(*oracle, surface.vendor))
        });
        let watches = watches.collect();
        Looking { vendors, watches, found: Findings::default(), show_secrets, last_seq: 0 }
    }

    pub(super) fn end(mut self) -> Findings {
        for watch in &mut self.watches {
            watch.end(&mut self.found);
        }
        self.found.kept.sort_by_key(|finding| finding.entries.first().copied());
        self.found
    }
}

impl Walk for Looking {
    fn last_seq(&self) -> u64 {
        self.last_seq
    }

    fn lost(&mut self, lost: Lost) {
        self.found.n_lost += lost.count_after(self.last_seq);
    }

    fn take(&mut self, world: &str, record: &Record) {
        self.last_seq = record.seq();
        self.found.n_entries += 1;
        let entry = record.unmasked(world);
        let seen = Seen::new(self.vendors, &entry);
        let is_put_back = seen.text("action").is_some_and(|action| PUT_BACK.contains(&action));
        for watch in &mut self.watches {
            if is_put_back {
                watch.forget();
            }
            watch.take(&seen, self.show_secrets, &mut self.found);
        }
    }
}
