//! The entries that came closest to a condition that did not hold.

use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::mask::Mask;
use crate::sim::journal::reason::ReasonShown;
use crate::sim::judge::verify::check::Answer;
use crate::sim::judge::verify::condition::{Inner, Pattern, Rule, Wanted};
use crate::sim::judge::verify::found::Found;
use crate::sim::judge::verify::place::Place;
use crate::sim::judge::verify::report::{Close, RuleReport};
use crate::sim::judge::verify::seen::Seen;
use crate::sim::judge::verify::tally::Tally;
use crate::web::mask::masker::Masker;

/// A text less alike than this is another text.
const ALIKE_MIN: f64 = 0.5;

fn likeness(template: &str, path: &str) -> f64 {
    let is_short = path.len() <= PATH_BYTES_MAX;
    if is_short { strsim::normalized_levenshtein(template, path) } else { 0.0 }
}

/// Longest path whose likeness is worked out.
const PATH_BYTES_MAX: usize = 256;

/// How many are shown.
const CLOSEST_MAX: usize = 3;

/// From here on an entry is worth showing: about one parameter of several, or a path that is nearly
/// the operation's.
const NEAR_MIN: f64 = 1.5;

/// Weight of a rule about place or time in the journal.
const WINDOW_WEIGHT: f64 = 2.0;

/// Collects the closest entries, the best first.
#[derive(Debug)]
pub(crate) struct Closest<'t> {
    tally: &'t Tally,
    pattern: Option<&'t Pattern>,
    /// Whether too many entries met the condition, so that those are what is to be shown.
    too_many: bool,
    kept: Vec<(f64, Close)>,
    /// Whether an entry of the very operation is among them.
    pub(crate) has_operation: bool,
}

impl<'t> Closest<'t> {
    pub(crate) fn new(tally: &'t Tally) -> Self {
        let inner = &tally.condition.inner;
        let (pattern, too_many) = match &inner.wanted {
            Wanted::Count { most, .. } => {
                (Some(&inner.pattern), most.is_some_and(|most| tally.n_met > most))
            }
            Wanted::InOrder(steps) => (steps.get(tally.matched.len()), false),
        };
        Closest { tally, pattern, too_many, kept: Vec::new(), has_operation: false }
    }

    /// Looks at an entry.
    pub(crate) fn take(&mut self, entry: &Entry) {
        let Some(pattern) = self.pattern else { return };
        let inner = &self.tally.condition.inner;
        let seen = Seen::new(inner.vendors, entry);
        let mut weighed = Weighed::default();
        for rule in &pattern.rules {
            self.weigh(rule, &seen, &mut weighed);
        }
        self.weigh_window(inner, &seen, &mut weighed);
        self.has_operation |= weighed.is_operation;
        if weighed.all_met != self.too_many || weighed.near < NEAR_MIN && !self.too_many {
            return;
        }
        // Of equals the later one: it is what happened last.
        let at = self.kept.partition_point(|(score, _)| *score > weighed.score);
        if at < CLOSEST_MAX {
            let close = Close {
                seq: seen.seq(),
                at: entry.at.to_string(),
                line: seen.line(self.tally.masker.of(entry.vendor())),
                rules: weighed.rules,
                why: why_line(&seen, self.tally.masker.of(entry.vendor())),
            };
            self.kept.insert(at, (weighed.score, close));
            self.kept.truncate(CLOSEST_MAX);
        }
    }

    pub(crate) fn into_kept(self) -> Vec<Close> {
        self.kept.into_iter().map(|(_, close)| close).collect()
    }

    fn weigh(&self, rule: &Rule, seen: &Seen<'_>, weighed: &mut Weighed) {
        let found = seen.at(&rule.place);
        let answer = rule.test.answer(&found);
        let weight = rule.place.weight();
        let share = match answer {
            Answer::Yes => 1.0,
            Answer::Unknown => 0.5,
            Answer::No => alike(rule, seen, &found) / 2.0,
        };
        weighed.score += share * weight;
        if is_telling(&rule.place) {
            weighed.near += share * weight;
        }
        weighed.is_operation |=
            answer == Answer::Yes && matches!(rule.place, Place::Operation | Place::Event);
        weighed.all_met &= answer == Answer::Yes;
        let show = |value: &_| rule.place.shown(self.tally.masker.of(seen.entry.vendor()), value);
        let (expected, in_words) = (rule.test.to_words(&show), shown(&found, &show));
        let is_hidden = answer == Answer::No && expected == in_words;
        let hint = match answer {
            Answer::No => hint(rule, seen, &found).or_else(|| is_hidden.then(hidden)),
            _ => None,
        };
        weighed.rules.push(RuleReport {
            rule: rule.place.label(),
            expected,
            found: in_words,
            matched: match answer {
                Answer::Yes => Some(true),
                Answer::No => Some(false),
                Answer::Unknown => None,
            },
            hint,
        });
    }

    fn weigh_window(&self, inner: &Inner, seen: &Seen<'_>, weighed: &mut Weighed) {
        let (seq, at) = (seen.seq(), seen.entry.at);
        let window = &inner.window;
        let mut add = |rule: &str, expected: String, found: String, holds: bool| {
            weighed.score += if holds { WINDOW_WEIGHT } else { 0.0 };
            weighed.all_met &= holds;
            let (rule, matched) = (rule.to_owned(), Some(holds));
            weighed.rules.push(RuleReport { rule, expected, found, matched, hint: None });
        };
        if window.since > Seq::NONE {
            add("since", format!("after entry {}", window.since), format!("entry {seq}"), {
                seq > window.since
            });
        }
        if let Some(until) = window.until {
            add("until", format!("entry {until} or before"), format!("entry {seq}"), seq <= until);
        }
        let moment = |at: Instant| at.to_string();
        if let Some(after) = window.after {
            add("after", format!("at {} or later", moment(after)), moment(at), at >= after);
        }
        if let Some(before) = window.before {
            add("before", format!("before {}", moment(before)), moment(at), at < before);
        }
        let last = self.tally.last_matched;
        if matches!(inner.wanted, Wanted::InOrder(_)) && last > Seq::NONE {
            add("order", format!("after entry {last}"), format!("entry {seq}"), seq > last);
        }
    }
}

fn hidden() -> String {
    "the two differ; start with --show-secrets to see them".to_owned()
}

/// How an entry compares with the rules.
#[derive(Debug)]
struct Weighed {
    score: f64,
    /// The part of the score that tells this entry from others.
    near: f64,
    all_met: bool,
    is_operation: bool,
    rules: Vec<RuleReport>,
}

impl Default for Weighed {
    fn default() -> Self {
        Weighed { score: 0.0, near: 0.0, all_met: true, is_operation: false, rules: Vec::new() }
    }
}

/// Whether a match here tells one entry from most others.
fn is_telling(place: &Place) -> bool {
    !matches!(place, Place::Vendor | Place::Outcome | Place::Status | Place::Method | Place::Action)
}

/// How much alike the value and the expected one are, from 0 to 1.
fn alike(rule: &Rule, seen: &Seen<'_>, found: &Found) -> f64 {
    let alike = match (&rule.place, rule.test.exact().and_then(|value| value.as_str())) {
        // Any two operations of a vendor have similar names; whether the client meant this one
        // shows in the path.
        (Place::Operation, Some(name)) => operation_line(seen, name).map_or(0.0, |(_, path)| {
            let asked = seen.asked().map_or("", |asked| asked.path.as_ref());
            if seen.entry.operation().is_none() { likeness(&path, asked) } else { 0.0 }
        }),
        _ if found.is_elsewhere => 1.0,
        _ => rule.test.nearness(found),
    };
    if alike < ALIKE_MIN { 0.0 } else { alike }
}

/// An operation's method and path, and the path alone.
fn operation_line(seen: &Seen<'_>, name: &str) -> Option<(String, String)> {
    let operation = seen.vendor?.surface.operation(name)?;
    let path = operation.path.split(' ').next().unwrap_or_default().to_owned();
    Some((format!("{name} is {} {}", operation.method, operation.path), path))
}

/// What was found, in words.
fn shown(found: &Found, show: &dyn Fn(&serde_json::Value) -> String) -> String {
    let values: Vec<String> = found.values.iter().take(CLOSEST_MAX).map(show).collect();
    let more = found.values.len().saturating_sub(CLOSEST_MAX);
    let mut text = match (values.is_empty(), &found.unsure) {
        (true, Some(why)) => why.clone(),
        (true, None) => found.nothing.clone(),
        (false, _) => values.join(", "),
    };
    if more > 0 {
        text = format!("{text} and {more} more");
    }
    text
}

fn hint(rule: &Rule, seen: &Seen<'_>, found: &Found) -> Option<String> {
    if let (Place::Operation, Some(name)) = (&rule.place, rule.test.exact()?.as_str()) {
        return operation_line(seen, name).map(|(line, _)| line);
    }
    rule.test.hint(found)
}

/// The reason behind a refusal, on one line.
fn why_line(seen: &Seen<'_>, masker: &Masker) -> Option<String> {
    let why = seen.entry.why.as_ref()?.shown(Mask::With(masker));
    let ReasonShown { rule, expected, found, hint, .. } = why;
    Some(format!("{rule}: expected {expected}, found {found}; {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_alike_where_it_is_nearly_the_operations() {
        assert!(likeness("/rest/contacts/{id}/lock", "/rest/contact/301/lock") > ALIKE_MIN);
        assert!(likeness("/rest/contacts/{id}/lock", "/dialer/") < ALIKE_MIN);
    }
}
