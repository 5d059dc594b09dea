//! A TLS handshake that came to nothing, or a conversation that begins as none, in words for whoever wonders
//! why.
//!
//! Not here: how it is found out (`net::tls::failure`).

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::base::tally::{self, Tally};

/// Why a handshake came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The client does not trust the authority.
    Untrusted,
    /// The client takes no certificate for this name.
    Certificate,
    /// No version or cipher that both sides have.
    Version,
    /// No protocol that both sides have.
    Protocol,
    /// The client went away.
    Gone,
    /// It took too long.
    Slow,
    /// What came in is no TLS.
    Junk,
    /// There was no certificate to show.
    Ours,
    Other,
    /// What came in is no request. That is no failure of a handshake, and not counted as one.
    NoRequest,
}

/// A handshake that came to nothing.
#[derive(Clone, Debug)]
pub struct FailedHandshake {
    /// The address that the client connected from.
    pub peer: Option<IpAddr>,
    /// The name that the client asked for, or was shown where it asked for none.
    pub name: Option<String>,
    pub cause: Cause,
    /// What happened and what cures it.
    pub words: String,
}

impl Cause {
    /// All of handshakes.
    pub const ALL: &[Cause] = &[
        Cause::Untrusted,
        Cause::Certificate,
        Cause::Version,
        Cause::Protocol,
        Cause::Gone,
        Cause::Slow,
        Cause::Junk,
        Cause::Ours,
        Cause::Other,
    ];

    /// The word for it in the journal and in counts.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Untrusted => "untrusted",
            Cause::Certificate => "certificate",
            Cause::Version => "version",
            Cause::Protocol => "protocol",
            Cause::Gone => "gone",
            Cause::Slow => "slow",
            Cause::Junk => "junk",
            Cause::Ours => "ours",
            Cause::Other => "other",
            Cause::NoRequest => "no_request",
        }
    }

    /// How often handshakes failed so, in this process; `None` for what is none.
    pub fn tally(self) -> Option<&'static Tally> {
        tally::HANDSHAKES_FAILED.get(self as usize)
    }
}

impl FailedHandshake {
    /// It in a sentence.
    pub fn told(&self) -> String {
        match self.cause {
            Cause::NoRequest => self.words.clone(),
            _ => format!("a handshake failed: {}", self.words),
        }
    }

    /// What the journal keeps of it.
    pub fn to_json(&self) -> Value {
        json!({ "peer": self.peer, "name": self.name, "cause": self.cause.name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_a_count_of_its_own() {
        assert_eq!(Cause::ALL.len(), tally::HANDSHAKES_FAILED.len());
        for (idx, cause) in Cause::ALL.iter().enumerate() {
            assert_eq!(*cause as usize, idx, "{cause:?}");
        }
        assert!(Cause::NoRequest.tally().is_none());
    }
}
