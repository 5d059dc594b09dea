//! An entry of a journal as the control plane shows it, read once.
//!
//! It is read leniently: the server may be of another build. What it must have is its number, its
//! time and its outcome.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::base::seq::Seq;
use crate::web::exchange::{Answered, Asked};

/// A page of a journal.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<'p> {
    /// As they came; each is read as a [`Seen`].
    #[serde(borrow)]
    pub(crate) entries: Vec<&'p RawValue>,
    /// The number of the last input; not told of requests that nobody took.
    #[serde(default)]
    pub(crate) last_seq: Seq,
}

/// An entry.
#[derive(Debug, Deserialize)]
pub(crate) struct Seen<'p> {
    pub seq: Seq,
    pub at: String,
    pub vendor: Option<String>,
    pub operation: Option<String>,
    /// The name of an admin action.
    pub action: Option<String>,
    #[serde(default)]
    pub detail: Value,
    pub outcome: String,
    /// What its request says of the run that it belongs to.
    pub trace: Option<String>,
    #[serde(borrow)]
    pub request: Option<Asked<'p>>,
    #[serde(borrow)]
    pub response: Option<Answered<'p>>,
    pub fault: Option<Fault>,
    #[serde(default)]
    pub unread: Vec<Unread>,
    #[serde(default)]
    pub effects: Vec<Effect>,
    pub why: Option<Why>,
    pub error: Option<String>,
}

/// The fault that struck a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub rule: i64,
    /// The rule's own name, where it has one.
    pub name: Option<String>,
    pub kind: String,
    /// `done` or `not done`.
    pub work: String,
}

/// A parameter that nothing reads.
#[derive(Debug, Deserialize)]
pub(crate) struct Unread {
    pub place: String,
    pub name: String,
    pub near: Option<String>,
    pub belongs: Option<String>,
    /// Which value counts, where the name came several times; `either` where query and body differ.
    pub counts: Option<String>,
    pub because: Option<String>,
}

/// A change to the world.
#[derive(Debug, Deserialize)]
pub(crate) struct Effect {
    /// Whose it is, where it is not the entry's own.
    pub vendor: Option<String>,
    pub text: String,
}

/// The reason behind a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Why {
    pub rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    pub expected: String,
    pub found: String,
    pub hint: String,
    pub evidence: String,
    pub source: String,
}

/// In words, as the end of a sentence.
impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { rule, name, kind, work } = self;
        write!(out, "{kind} of rule {rule}")?;
        if let Some(name) = name {
            write!(out, " {name:?}")?;
        }
        write!(out, ", work {work}")
    }
}

/// On one line, without its evidence.
impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Why { rule, at, expected, found, hint, .. } = self;
        write!(out, "{rule}: expected {expected}, found {found}")?;
        if let Some(at) = at {
            write!(out, " at {at}")?;
        }
        write!(out, "; {hint}")
    }
}
