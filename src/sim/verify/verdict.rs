//! What a journal says to a condition, for programs and for people.

use serde_json::{Map, Value, json};

use super::closest::Closest;
use super::place::excerpt;
use super::tally::Tally;
use super::{Inner, Pattern, Wanted, Window};
use crate::base::time;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail,
    /// The journal no longer holds what would decide it. Counts as not passed.
    Inconclusive,
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

/// The answer to a condition.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub outcome: Outcome,
    /// The condition in words.
    pub expected: String,
    /// What was found instead, or as well, in a sentence.
    pub reason: String,
    /// Entries that meet the condition; of an order, the steps that were reached.
    pub n_met: u64,
    /// Their numbers, the first hundred.
    pub matched: Vec<u64>,
    /// The entries that came closest, the best first. None for a pass.
    pub closest: Vec<Close>,
    /// How many requests of each operation there are, where none came close.
    pub seen: Vec<(String, u64)>,
}

/// An entry that came close.
#[derive(Clone, Debug, PartialEq)]
pub struct Close {
    pub seq: u64,
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

/// Operations that are listed where no entry came close.
const SEEN_SHOWN_MAX: usize = 20;

impl Verdict {
    pub(in crate::sim) fn new(tally: &Tally, closest: Option<Closest<'_>>) -> Self {
        let inner = &tally.condition.inner;
        let outcome = tally.outcome();
        let has_operation = closest.as_ref().is_none_or(|closest| closest.has_operation);
        let closest = closest.map(Closest::into_kept).unwrap_or_default();
        let seen = tally.seen.iter().take(SEEN_SHOWN_MAX);
        let seen = seen.map(|((vendor, name), count)| (format!("{vendor} {name}"), *count));
        Verdict {
            outcome,
            expected: words(inner, tally.show_secrets),
            reason: reason(tally, outcome),
            n_met: tally.n_met,
            matched: tally.matched.clone(),
            closest,
            seen: if has_operation { Vec::new() } else { seen.collect() },
        }
    }

    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Pass
    }

    pub fn to_json(&self) -> Value {
        let mut shown = json!({
            "verdict": self.outcome.name(),
            "expected": self.expected,
            "found": self.n_met,
            "matched": self.matched,
        });
        if !self.passed() {
            shown["reason"] = self.reason.as_str().into();
            shown["closest"] = self.closest.iter().map(Close::to_json).collect();
            if !self.seen.is_empty() {
                let seen = self.seen.iter().map(|(name, count)| (name.clone(), (*count).into()));
                shown["seen"] = Value::Object(seen.collect::<Map<_, _>>());
            }
            shown["explanation"] = self.to_text().into();
        }
        shown
    }

    /// The verdict for people, several lines.
    pub fn to_text(&self) -> String {
        let mut lines = vec![
            format!("{}: {}", self.outcome.name(), self.reason),
            format!("  expected {}", self.expected),
        ];
        for close in &self.closest {
            let met = close.rules.iter().all(|rule| rule.matched == Some(true));
            let name = if met { "this one" } else { "closest" };
            lines.push(format!("{name}: entry {} at {}: {}", close.seq, close.at, close.line));
            lines.extend(close.rules.iter().map(RuleReport::to_line));
            lines.extend(close.why.iter().map(|why| format!("  refused because {why}")));
        }
        if !self.seen.is_empty() {
            let seen = self.seen.iter().map(|(name, count)| format!("{count} × {name}"));
            lines.push(format!("the journal has {}", seen.collect::<Vec<_>>().join(", ")));
        }
        lines.join("\n")
    }
}

impl Close {
    fn to_json(&self) -> Value {
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
    fn to_json(&self) -> Value {
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

    fn to_line(&self) -> String {
        let hint = self.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
        let (rule, expected, found) = (&self.rule, &self.expected, &self.found);
        match self.matched {
            Some(true) => format!("  yes      {rule}: {found}"),
            Some(false) => format!("  NO       {rule}: expected {expected}, found {found}{hint}"),
            None => format!("  unknown  {rule}: expected {expected}, found {found}"),
        }
    }
}

fn reason(tally: &Tally, outcome: Outcome) -> String {
    let inner = &tally.condition.inner;
    let found = match &inner.wanted {
        Wanted::Count { .. } => match tally.matched.as_slice() {
            [] => "no entry meets all rules".to_owned(),
            [one] => format!("1 entry meets all rules: {one}"),
            some => format!("{} entries meet all rules: {}", tally.n_met, numbers(some)),
        },
        Wanted::InOrder(steps) => {
            let reached = tally.matched.len();
            let at = if reached == 0 {
                String::new()
            } else {
                format!(" (entries {})", numbers(&tally.matched))
            };
            format!("{reached} of {} steps were reached{at}", steps.len())
        }
    };
    if outcome != Outcome::Inconclusive {
        return found;
    }
    let mut doubts = Vec::new();
    if tally.n_lost > 0 {
        doubts.push(format!("{} entries went to make room in the journal", tally.n_lost));
    }
    if tally.n_unsure > 0 {
        let what = "entries whose deciding part the journal does not hold";
        doubts.push(format!("there are {} {what}", tally.n_unsure));
    }
    format!("{found}, but {}; whether the condition holds cannot be told", doubts.join(" and "))
}

/// Numbers that are listed in a sentence.
const NUMBERS_SHOWN: usize = 10;

fn numbers(all: &[u64]) -> String {
    let mut shown: Vec<String> = all.iter().take(NUMBERS_SHOWN).map(u64::to_string).collect();
    if all.len() > NUMBERS_SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// A condition in words.
pub(super) fn words(inner: &Inner, show_secrets: bool) -> String {
    let pattern = |pattern: &Pattern| pattern_words(inner, pattern, show_secrets);
    let what = match &inner.wanted {
        Wanted::InOrder(steps) => {
            let steps: Vec<String> = steps.iter().map(pattern).collect();
            format!("in this order: {}", steps.join("; then "))
        }
        Wanted::Count { least, most } => {
            let count = match (least, most) {
                (0, Some(0)) => "no".to_owned(),
                (least, Some(most)) if least == most => format!("exactly {least} ×"),
                (0, Some(most)) => format!("at most {most} ×"),
                (least, Some(most)) => format!("{least} to {most} ×"),
                (least, None) => format!("at least {least} ×"),
            };
            format!("{count} {}", pattern(&inner.pattern))
        }
    };
    format!("{what}{}", window_words(&inner.window))
}

fn pattern_words(inner: &Inner, pattern: &Pattern, show_secrets: bool) -> String {
    let redactors = pattern.redactors(inner.vendors, show_secrets);
    let (vendor, operation) = (pattern.vendor(), pattern.operation());
    let subject: Vec<&str> = vendor.into_iter().chain(operation).collect();
    let mut rules = Vec::new();
    for rule in &pattern.rules {
        let label = rule.place.label();
        let is_subject = (label == "vendor" && vendor.is_some())
            || (label == "operation" && operation.is_some());
        if !is_subject {
            let show = |value: &Value| {
                let mut masks = redactors.iter().map(|redactor| rule.place.shown(*redactor, value));
                let plain = excerpt(value);
                masks.find(|shown| *shown != plain).unwrap_or(plain)
            };
            rules.push(format!("{label} is {}", rule.test.to_words(&show)));
        }
    }
    let subject = if subject.is_empty() { "any entry".to_owned() } else { subject.join(" ") };
    if rules.is_empty() { subject } else { format!("{subject} where {}", rules.join(" and ")) }
}

fn window_words(window: &Window) -> String {
    let mut words = String::new();
    if window.since > 0 {
        words = format!("{words}, after entry {}", window.since);
    }
    if let Some(until) = window.until {
        words = format!("{words}, up to entry {until}");
    }
    if let Some(after) = window.after_ms {
        words = format!("{words}, at {} or later", time::rfc3339(after));
    }
    if let Some(before) = window.before_ms {
        words = format!("{words}, before {}", time::rfc3339(before));
    }
    words
}
