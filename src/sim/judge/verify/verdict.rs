//! What a journal said to a condition.

use serde_json::{Map, Value, json};

use crate::base::seq::Seq;
use crate::base::text::counted;
use crate::sim::judge::verify::closest::Closest;
use crate::sim::judge::verify::condition::Wanted;
use crate::sim::judge::verify::report::{Close, Outcome, RuleReport};
use crate::sim::judge::verify::tally::Tally;
use crate::sim::judge::verify::words::words;

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
    pub matched: Vec<Seq>,
    /// The entries that came closest, the best first. None for a pass.
    pub closest: Vec<Close>,
    /// How many entries of each operation and event there are, where none came close.
    pub seen: Vec<(String, u64)>,
}

/// Operations that are listed where no entry came close.
const SEEN_SHOWN_MAX: usize = 20;

fn reason(tally: &Tally, outcome: Outcome) -> String {
    let inner = &tally.condition.inner;
    let found = match &inner.wanted {
        Wanted::Count { .. } => match tally.matched.as_slice() {
            [] => "no entry meets all rules".to_owned(),
            [one] => format!("1 entry meets all rules (entry {one})"),
            some => format!("{} entries meet all rules (entries {})", tally.n_met, numbers(some)),
        },
        Wanted::InOrder(steps) => {
            let reached = tally.matched.len();
            let at = if reached == 0 {
                String::new()
            } else {
                format!(" (entries {})", numbers(&tally.matched))
            };
            format!("{reached} of {} reached{at}", counted(steps.len(), "step was", "steps were"))
        }
    };
    if outcome != Outcome::Inconclusive {
        return found;
    }
    let mut doubts = Vec::new();
    if tally.n_lost > 0 {
        let lost = counted(tally.n_lost, "entry", "entries");
        doubts.push(format!("{lost} went to make room in the journal"));
    }
    if tally.n_unsure > 0 {
        let unsure = counted(tally.n_unsure, "entry", "entries");
        let is = if tally.n_unsure == 1 { "is" } else { "are" };
        let what = "whose deciding part the journal does not hold";
        doubts.push(format!("there {is} {unsure} {what}"));
    }
    format!("{found}, but {}; whether the condition holds cannot be told", doubts.join(" and "))
}

/// Numbers that are listed in a sentence.
const NUMBERS_SHOWN: usize = 10;

fn numbers(all: &[Seq]) -> String {
    let mut shown: Vec<String> = all.iter().take(NUMBERS_SHOWN).map(Seq::to_string).collect();
    if all.len() > NUMBERS_SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

impl Verdict {
    pub(crate) fn new(tally: &Tally, closest: Option<Closest<'_>>) -> Self {
        let inner = &tally.condition.inner;
        let outcome = tally.outcome();
        let has_operation = closest.as_ref().is_none_or(|closest| closest.has_operation);
        let closest = closest.map(Closest::into_kept).unwrap_or_default();
        let seen = tally.seen.iter().take(SEEN_SHOWN_MAX);
        let seen = seen.map(|((vendor, name), count)| (format!("{vendor} {name}"), *count));
        Verdict {
            outcome,
            expected: words(inner, &tally.masker),
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
