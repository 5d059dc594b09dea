//! The parts of a verdict.

use serde_json::{Value, json};

use crate::base::seq::Seq;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail,
    /// The journal no longer holds what would decide it. Counts as not passed.
    Inconclusive,
}

/// An entry that came close.
#[derive(Clone, Debug, PartialEq)]
pub struct Close {
    pub seq: Seq,
    /// World time, RFC 3339.
    pub at: String,
    /// Request and reply on one line.
    pub line: String,
    pub rules: Vec<RuleReport>,
    /// Why the vendor refused it, where it did.
    pub why: Option<String>,
}

/// One rule and an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleReport {
    /// The rule's place: `query id`.
    pub rule: String,
    pub expected: String,
    pub found: String,
    /// `None` where the journal does not hold enough to tell.
    pub matched: Option<bool>,
    pub hint: Option<String>,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Inconclusive => "inconclusive",
        }
    }
}

impl Close {
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = json!({
            "seq": self.seq,
            "at": self.at,
            "exchange": self.line,
            "rules": self.rules.iter().map(RuleReport::to_json).collect::<Value>(),
        });
        if let Some(why) = &self.why {
            shown["why"] = why.as_str().into();
        }
        shown
    }
}

impl RuleReport {
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = json!({
            "rule": self.rule,
            "matched": self.matched,
            "expected": self.expected,
            "found": self.found,
        });
        if let Some(hint) = &self.hint {
            shown["hint"] = hint.as_str().into();
        }
        shown
    }

    pub(crate) fn to_line(&self) -> String {
        let hint = self.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
        let (rule, expected, found) = (&self.rule, &self.expected, &self.found);
        match self.matched {
            Some(true) => format!("  yes      {rule}: {found}"),
            Some(false) => format!("  NO       {rule}: expected {expected}, found {found}{hint}"),
            None => format!("  unknown  {rule}: expected {expected}, found {found}"),
        }
    }
}
