//! The reason behind a refusal as an entry keeps it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::base::text::sentence;
use crate::contract::evidence::Evidence;
use crate::contract::reply::Why;
use crate::sim::journal::mask::Mask;
use crate::sim::journal::name::Name;
use crate::web::diagnosis::report::Edit;

/// Why the vendor said no.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// `vendor.rule`; of an entry that was read it may be one that this build does not know.
    pub rule: Name,
    /// Where in the request it is.
    pub at: Option<String>,
    pub expected: String,
    pub found: String,
    /// What to change in the client.
    pub hint: String,
    /// The change itself, where it is exact.
    pub edit: Option<Change>,
    pub proof: Proof,
}

/// What makes the request right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The body to send instead.
    Body(String),
    /// The `Content-Type` to send with the same body.
    ContentType(String),
}

impl Change {
    /// An edit as text; `None` where its body is none.
    fn of(edit: Edit) -> Option<Self> {
        match edit {
            Edit::Body(bytes) => String::from_utf8(bytes).ok().map(Change::Body),
            Edit::ContentType(value) => Some(Change::ContentType(value)),
        }
    }

    fn shown(&self, mask: Mask<'_>) -> Self {
        match self {
            Change::Body(text) => Change::Body(mask.text(text).into_owned()),
            Change::ContentType(value) => Change::ContentType(mask.text(value).into_owned()),
        }
    }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Cow<'e, str>>,
    pub(crate) expected: Cow<'e, str>,
    pub(crate) found: Cow<'e, str>,
    pub(crate) hint: Cow<'e, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<Change>,
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
            at: self.at.as_deref().map(|at| mask.sentence(at)),
            // Bounded behind the mask: a secret of which a part is cut off is not known any more.
            expected: sentence(mask.sentence(&self.expected)),
            found: sentence(mask.sentence(&self.found)),
            hint: sentence(mask.sentence(&self.hint)),
            edit: self.edit.as_ref().map(|edit| edit.shown(mask)),
            evidence,
            source,
        }
    }
}

impl From<Why> for Reason {
    fn from(why: Why) -> Self {
        let Why { rule, at, expected, found, hint, edit, evidence } = why;
        let (rule, proof) = (Cow::Borrowed(rule), Proof::Known(evidence));
        Reason { rule, at, expected, found, hint, edit: edit.and_then(Change::of), proof }
    }
}
