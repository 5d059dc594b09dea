//! What was found of a client: the readings that break it, each with its place and its words.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::base::text::counted;
use crate::explore::seen::Seen;
use crate::explore::touched::{Touch, Turn};
use crate::explore::words::{assumption, culprit};

/// What a run under some reading was.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// One position, or two at a time.
    pub(crate) turns: Vec<Turn>,
    /// How the client ended, in words; and whether that is worse than as it is.
    pub(crate) ended: String,
    pub(crate) breaks: bool,
    /// Requests that it made.
    pub(crate) n_exchanges: usize,
    /// What a comparison said, where it was one: a line each.
    pub(crate) differences: Vec<String>,
    /// Its last words.
    pub(crate) last_words: String,
}

/// All that was tried.
#[derive(Debug, Default)]
pub(crate) struct Explored {
    pub(crate) seen: Vec<Seen>,
    pub(crate) touches: Vec<Touch>,
    pub(crate) tried: Vec<Tried>,
    /// Runs that the budget did not allow.
    pub(crate) n_left: usize,
    /// How it ended as it is.
    pub(crate) as_it_is: String,
}

impl Explored {
    /// The readings that break the client.
    pub(crate) fn breaks(&self) -> impl Iterator<Item = &Tried> {
        self.tried.iter().filter(|tried| tried.breaks)
    }

    fn touch(&self, turn: &Turn) -> Option<&Touch> {
        self.touches.iter().find(|it| it.turn == *turn)
    }

    /// For people, a line each.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let n_breaks = self.breaks().count();
        let _ = writeln!(
            text,
            "as it is: {}, {}; {} tried, {n_breaks} {} the client",
            self.as_it_is,
            exchanges(self.seen.len()),
            counted(self.tried.len(), "other reading", "other readings"),
            if n_breaks == 1 { "breaks" } else { "break" },
        );
        for tried in self.breaks() {
            let names: Vec<String> = tried.turns.iter().map(Turn::line).collect();
            let _ = writeln!(text, "{}: {}", names.join(" with "), tried.ended);
            for line in self.details(tried) {
                let _ = writeln!(text, "  {line}");
            }
        }
        let silent = self
            .tried
            .iter()
            .filter(|it| !it.breaks && it.n_exchanges != self.seen.len() && it.turns.len() == 1);
        for tried in silent {
            let names: Vec<String> = tried.turns.iter().map(Turn::line).collect();
            let _ = writeln!(
                text,
                "{}: {}, but {} and not {}",
                names.join(" with "),
                tried.ended,
                exchanges(tried.n_exchanges),
                self.seen.len()
            );
        }
        if self.n_left > 0 {
            let left = counted(self.n_left, "reading was", "readings were");
            let _ = writeln!(text, "{left} not tried: --explore-budget");
        }
        text
    }

    /// Where a reading breaks the client, and on what.
    fn details(&self, tried: &Tried) -> Vec<String> {
        let mut lines = Vec::new();
        let last = tried.n_exchanges.saturating_sub(1);
        for turn in &tried.turns {
            let (switch, value, before) = turn.names();
            if let Some(change) = self.touch(turn).and_then(|touch| culprit(&touch.changes, last)) {
                let line = self.seen.get(change.exchange).map(Seen::line).unwrap_or_default();
                lines.push(format!("at exchange {}, {line}", change.exchange + 1));
                lines.push(format!(
                    "{}; so it is under {switch} = {value}, not under {before}",
                    assumption(change)
                ));
            }
        }
        lines.extend(tried.differences.iter().cloned());
        if !tried.last_words.is_empty() {
            lines.push(format!("it said: {}", tried.last_words));
        }
        lines
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let tried = self.tried.iter().map(|tried| {
            let turns = tried.turns.iter().map(|turn| {
                let (switch, value, before) = turn.names();
                json!({
                    "vendor": turn.vendor, "switch": switch, "value": value, "before": before,
                })
            });
            json!({
                "turns": turns.collect::<Value>(),
                "breaks": tried.breaks,
                "ended": tried.ended,
                "exchanges": tried.n_exchanges,
                "details": if tried.breaks { self.details(tried) } else { Vec::new() },
            })
        });
        json!({
            "as_it_is": self.as_it_is,
            "exchanges": self.seen.len(),
            "tried": tried.collect::<Value>(),
            "not_tried": self.n_left,
        })
    }
}

/// Pairs of positions that touch one operation, and neither of which breaks the client alone.
pub(crate) fn pairs(touches: &[Touch], broken: &[Turn]) -> Vec<(Turn, Turn)> {
    let mut found = Vec::new();
    for (idx, one) in touches.iter().enumerate() {
        for other in &touches[idx + 1..] {
            let is_other_switch =
                (one.turn.vendor, one.turn.variant) != (other.turn.vendor, other.turn.variant);
            let is_new = !broken.contains(&one.turn) && !broken.contains(&other.turn);
            if is_other_switch && is_new && !one.operations.is_disjoint(&other.operations) {
                found.push((one.turn, other.turn));
            }
        }
    }
    found
}

fn exchanges(n: usize) -> String {
    counted(n, "exchange", "exchanges")
}
