//! What a run has shown, as numbers and words: the ground of its verdict.
//!
//! Not here: where it is taken from (`app`).

use std::collections::BTreeMap;

/// What a run has shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Requests by vendor and outcome.
    pub(crate) requests: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// Refusals of vendors, the most frequent first.
    pub(crate) refusals: Vec<Refused>,
    /// Names and values in requests that nothing read, each with how often, in the order in which they came.
    pub(crate) unread: Vec<(String, u64)>,
    /// Worlds that were asked for something and were not strict, where the default one was.
    pub(crate) not_strict: Vec<String>,
    /// Events of the control plane that were refused, with the reason.
    pub(crate) events: Vec<String>,
    /// Requests that no vendor took, with the words.
    pub(crate) unmatched: Vec<String>,
    /// Hosts of nobody's that were asked for by way of the proxy, with how often.
    pub(crate) hosts: BTreeMap<String, u64>,
    /// The vendors' hosts that are most likely meant by those, and by names that were looked up.
    pub(crate) meant: BTreeMap<String, String>,
    /// Names that a client which is sealed off looked up and was not told, with how often.
    pub(crate) names: BTreeMap<String, u64>,
    /// Addresses of nobody's that it connected to, with how often.
    pub(crate) addresses: BTreeMap<String, u64>,
    /// Whether nothing could leave but by what was let through.
    pub(crate) is_sealed: bool,
    /// Connections of the client to the web past us, in words.
    pub(crate) elsewhere: Vec<String>,
    /// Handshakes that came to nothing, by cause: how often, and the words of one.
    pub(crate) handshakes: BTreeMap<String, (u64, String)>,
    /// What clients did wrong although they were answered.
    pub(crate) findings: Vec<String>,
    pub(crate) n_faults: u64,
    /// What strict worlds say, a line each.
    pub(crate) unmet: Vec<String>,
    /// Journal entries that had to go.
    pub(crate) n_lost: u64,
    /// Processes that the client left behind, which were ended with it.
    pub(crate) left: Vec<String>,
    /// The exit code of the client.
    pub(crate) client: u8,
}

/// Refusals of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) vendor: String,
    pub(crate) operation: String,
    pub(crate) rule: String,
    pub(crate) count: u64,
    /// The reasons that differ, each with how often, in the order in which they came; at most
    /// [`REASONS_MAX`].
    pub(crate) reasons: Vec<(String, u64)>,
}

/// Reasons of one kind of refusal that are kept apart; what comes on top is counted.
const REASONS_MAX: usize = 8;

impl Refused {
    /// Counts one more.
    pub(crate) fn count(&mut self, why: String) {
        self.count += 1;
        if let Some((_, count)) = self.reasons.iter_mut().find(|(known, _)| *known == why) {
            *count += 1;
        } else if self.reasons.len() < REASONS_MAX {
            self.reasons.push((why, 1));
        }
    }
}

impl Facts {
    /// Requests that a vendor answered, however.
    pub(crate) fn n_exchanges(&self) -> u64 {
        self.requests.values().flat_map(BTreeMap::values).sum()
    }

    /// What was asked for and is nobody's here: paths, hosts, names and addresses.
    pub(crate) fn n_unmatched(&self) -> u64 {
        let sought = [&self.hosts, &self.addresses];
        let n_sought: u64 = sought.iter().flat_map(|all| all.values()).sum();
        // A client looks a name up twice, for each kind of address.
        self.unmatched.len() as u64 + n_sought + self.names.len() as u64
    }

    /// What to do about a host that was refused: the vendor's that it is a slip away from, and what lets
    /// it be answered.
    pub(crate) fn cure(&self, host: &str) -> String {
        let meant = self.meant.get(host).map(|it| format!("did you mean {it}? "));
        format!("{}{}", meant.unwrap_or_default(), self.ways_out())
    }

    /// What lets a host that was refused be answered.
    pub(crate) fn ways_out(&self) -> &'static str {
        if self.is_sealed {
            "--host VENDOR=HOST has a vendor answer for it"
        } else {
            "--host VENDOR=HOST has a vendor answer for it, --others pass lets it through"
        }
    }

    /// Requests of one outcome.
    pub(crate) fn of_outcome(&self, outcome: &str) -> u64 {
        self.requests.values().filter_map(|of_vendor| of_vendor.get(outcome)).sum()
    }
}
