//! What a journal says to a condition, for programs and for people.

use serde_json::Value;

use crate::base::seq::Seq;
use crate::sim::judge::verify::condition::{Condition, Inner, Pattern, Wanted, Window};
use crate::sim::judge::verify::words;
use crate::web::mask::masker::Masker;

impl Condition {
    /// The condition in words: `exactly 2 × toy count where query id is "17"`.
    pub fn to_words(&self, masker: &Masker) -> String {
        words::words(&self.inner, masker)
    }
}

/// A condition in words.
pub(crate) fn words(inner: &Inner, masker: &Masker) -> String {
    let pattern = |pattern: &Pattern| pattern_words(pattern, masker);
    let what = match &inner.wanted {
        Wanted::InOrder(steps) => {
            let steps: Vec<String> = steps.iter().map(pattern).collect();
            format!("in this order: {}", steps.join("; then "))
        }
        Wanted::Count { least, most } => {
            let count = match (least, most) {
                // "no any entry" is no English.
                (0, Some(0)) => {
                    return format!("no {}", pattern(&inner.pattern).trim_start_matches("any "));
                }
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

fn pattern_words(pattern: &Pattern, masker: &Masker) -> String {
    let (vendor, operation) = (pattern.vendor(), pattern.operation());
    let subject: Vec<&str> = vendor.into_iter().chain(operation).collect();
    let mut rules = Vec::new();
    for rule in &pattern.rules {
        let label = rule.place.label();
        let is_subject = (label == "vendor" && vendor.is_some())
            || (label == "operation" && operation.is_some());
        if !is_subject {
            let show = |value: &Value| rule.place.shown(masker, value);
            rules.push(format!("{label} is {}", rule.test.to_words(&show)));
        }
    }
    let subject = if subject.is_empty() { "any entry".to_owned() } else { subject.join(" ") };
    if rules.is_empty() { subject } else { format!("{subject} where {}", rules.join(" and ")) }
}

fn window_words(window: &Window) -> String {
    let mut words = String::new();
    if window.since > Seq::NONE {
        words = format!("{words}, after entry {}", window.since);
    }
    if let Some(until) = window.until {
        words = format!("{words}, up to entry {until}");
    }
    if let Some(after) = window.after {
        words = format!("{words}, at {after} or later");
    }
    if let Some(before) = window.before {
        words = format!("{words}, before {before}");
    }
    words
}
