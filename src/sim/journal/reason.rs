//! The reason behind a refusal as an entry keeps it.

use std::borrow::Cow;

use serde::Serialize;

use crate::contract::evidence::Evidence;
use crate::contract::reply::Why;
use crate::sim::journal::mask::Mask;
use crate::sim::journal::name::Name;

/// Why the vendor said no.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// `vendor.rule`; of an entry that was read it may be one that this build does not know.
    pub rule: Name,
    pub expected: String,
    pub found: String,
    /// What to change in the client.
    pub hint: String,
    pub proof: Proof,
}

/// Evidence that the vendor refuses this, and so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// As the vendor's table has it.
    Known(Evidence),
    /// As it was when the entry was written.
    Told { grade: String, source: String },
}

/// A reason as it may be shown.
#[derive(Debug, Serialize)]
pub(crate) struct ReasonShown<'e> {
    pub(crate) rule: &'e str,
    pub(crate) expected: Cow<'e, str>,
    pub(crate) found: Cow<'e, str>,
    pub(crate) hint: Cow<'e, str>,
    evidence: &'e str,
    source: Cow<'e, str>,
}

impl Reason {
    pub(crate) fn shown(&self, mask: Mask<'_>) -> ReasonShown<'_> {
        let (evidence, source) = match &self.proof {
            Proof::Known(evidence) => (evidence.grade(), evidence.source().into()),
            Proof::Told { grade, source } => (grade.as_str(), source.into()),
        };
        ReasonShown {
            rule: &self.rule,
            expected: mask.sentence(&self.expected),
            found: mask.sentence(&self.found),
            hint: mask.sentence(&self.hint),
            evidence,
            source,
        }
    }
}

impl From<Why> for Reason {
    fn from(why: Why) -> Self {
        let Why { rule, expected, found, hint, evidence } = why;
        let (rule, proof) = (Cow::Borrowed(rule), Proof::Known(evidence));
        Reason { rule, expected, found, hint, proof }
    }
}
