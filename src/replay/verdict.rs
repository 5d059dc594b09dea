//! What a replay found, as data for the reports.

use std::time::Duration;

use crate::client::entry::{Fault, Why};
use crate::replay::difference::Difference;
use crate::replay::heard::Heard;
use crate::scenario::step::{Mark, Step};
use crate::web::mask::masker::Masker;

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Differed,
    NotRun,
}

impl Verdict {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Differed => "differed",
            Verdict::NotRun => "not run",
        }
    }
}

/// All scenarios of a replay, in the order in which they were named.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub scenarios: Vec<ScenarioOutcome>,
}

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioOutcome {
    pub file: String,
    pub title: Option<String>,
    /// What was refused when it was kept, where it is of a capsule.
    pub(crate) then: Vec<String>,
    pub steps: Vec<StepOutcome>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepOutcome {
    pub name: String,
    pub at: Mark,
    pub ended: Ended,
    /// In real time.
    pub took: Duration,
    /// What was said, where that is asked for.
    pub heard: Heard,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ended {
    Passed,
    Differed(Box<Differed>),
    /// With the reason.
    NotRun(String),
}

/// A step that did not go as expected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Differed {
    /// Which round, where there are several: its number, and the row that it was taken for.
    pub round: Option<(usize, Mark)>,
    /// What was sent, in a line.
    pub sent: Option<String>,
    /// Never empty.
    pub differences: Vec<Difference>,
    /// The journal's reason for a refusal.
    pub why: Option<Why>,
    /// The fault that struck the request.
    pub fault: Option<Fault>,
}

impl Outcome {
    /// Scenarios that ended so.
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.verdict() == verdict).count()
    }

    /// What a report shows for which nobody asked for what was said.
    pub(crate) fn without_exchanges(&self) -> Outcome {
        let mut bare = self.clone();
        for step in bare.scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps) {
            step.heard = Heard::default();
        }
        bare
    }

    pub(crate) fn verdict(&self) -> Verdict {
        overall(self.scenarios.iter().map(ScenarioOutcome::verdict))
    }
}

impl ScenarioOutcome {
    /// The time of its steps.
    pub(crate) fn took(&self) -> Duration {
        self.steps.iter().map(|step| step.took).sum()
    }

    pub(crate) fn verdict(&self) -> Verdict {
        overall(self.steps.iter().map(StepOutcome::verdict))
    }

    /// Why none of its steps was run, where that is so.
    pub(crate) fn not_run(&self) -> Option<&str> {
        match &self.steps.first()?.ended {
            Ended::NotRun(reason) => Some(reason),
            _ => None,
        }
    }
}

impl Differed {
    /// A step of which nothing is known but what differs.
    pub(crate) fn of(differences: Vec<Difference>) -> Self {
        Differed { round: None, sent: None, differences, why: None, fault: None }
    }
}

impl StepOutcome {
    /// The end of a step that took no time.
    pub(crate) fn of(step: &Step, ended: Ended) -> Self {
        let (name, at) = (step.name.clone(), step.at.clone());
        StepOutcome { name, at, ended, took: Duration::ZERO, heard: Heard::default() }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        match self.ended {
            Ended::Passed => Verdict::Passed,
            Ended::Differed(_) => Verdict::Differed,
            Ended::NotRun(_) => Verdict::NotRun,
        }
    }
}

/// What differs decides; then what was not run.
fn overall(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::Passed, |all, one| match (all, one) {
        (Verdict::Differed, _) | (_, Verdict::Differed) => Verdict::Differed,
        (Verdict::NotRun, _) | (_, Verdict::NotRun) => Verdict::NotRun,
        _ => Verdict::Passed,
    })
}

/// Characters of a value that a report shows.
const VALUE_CHARS_MAX: usize = 120;

/// A value as a report shows it: masked, on one line and not too long. A secret that was cut before it
/// is masked would show its first half.
pub(crate) fn clipped(masker: &Masker, text: &str) -> String {
    let text = masker.text(text);
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let line = line.trim();
    match line.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A value as a report shows it where white space matters: masked, in quotes and not too long.
pub(crate) fn quoted(masker: &Masker, text: &str) -> String {
    let text = masker.text(text);
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::mask::known::Known;
    use crate::web::mask::names::Names;

    #[test]
    fn no_part_of_a_secret_shows_wherever_a_value_is_cut() {
        let secret = "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";
        let known = Known::builder().secret(secret).build().unwrap();
        let masker = Masker::new(&Names::default(), &known, false);
        for before in 0..VALUE_CHARS_MAX + 40 {
            let text = format!("{} {secret} and so on", "x".repeat(before));
            for shown in [clipped(&masker, &text), quoted(&masker, &text)] {
                assert!(!shown.contains("7f0c"), "{before}: {shown}");
                assert!(shown.chars().count() <= VALUE_CHARS_MAX + 3, "{shown}");
            }
        }
    }
}
