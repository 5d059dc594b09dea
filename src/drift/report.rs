//! What a comparison came to, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::text::counted;
use crate::calibrate::features::{clipped, is_secret};
use crate::contract::secret_fields::veiled;
use crate::drift::finding::{Finding, OfOperation};
use crate::replay::difference::Difference;
use crate::replay::heard::Heard;
use crate::replay::verdict::{Differed, Ended, Outcome, ScenarioOutcome, StepOutcome};
use crate::scenario::step::Mark;
use crate::web::mask::masker::{Masker, tagged};

/// Steps that were not sent of which a report tells the name.
const NOT_SENT_MAX: usize = 10;

/// What is said of an operation of which no reply could be compared.
const NOT_COMPARED: &str = "nothing compared: no step expects anything of its reply";

/// What differs between two targets.
#[derive(Clone, Debug)]
pub(crate) struct Drift {
    pub(crate) target: String,
    /// What it was held against, in words.
    pub(crate) reference: String,
    pub(crate) files: Vec<OfFile>,
    /// Steps that were not sent, and why.
    pub(crate) not_sent: Vec<String>,
    /// Why it ended early.
    pub(crate) stopped: Option<String>,
    /// The credentials that were sent, which no report shows.
    pub(crate) secrets: BTreeSet<String>,
}

/// What differs in the replies to one scenario's requests.
#[derive(Clone, Debug)]
pub(crate) struct OfFile {
    pub(crate) file: String,
    /// By vendor and operation.
    pub(crate) operations: BTreeMap<String, OfOperation>,
}

impl Drift {
    /// All findings, with their operations.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        let operations = self.files.iter().flat_map(|file| &file.operations);
        operations.flat_map(|(name, of)| of.findings.iter().map(move |it| (name.as_str(), it)))
    }

    /// How many findings there are.
    pub(crate) fn count(&self) -> usize {
        self.findings().count()
    }

    /// How many replies were compared.
    pub(crate) fn n_replies(&self) -> usize {
        self.files.iter().flat_map(|it| it.operations.values()).map(|it| it.n_replies).sum()
    }

    /// As it may be shown: what is secret by its name, its value or its form is masked, then what is long
    /// is cut. Half a secret would be known by nothing.
    #[must_use]
    pub(crate) fn masked(mut self, masker: &Masker) -> Self {
        let secrets = std::mem::take(&mut self.secrets);
        // One that a masker would not look for, as it may be a word, was given as a credential.
        let plain = |text: &str| secrets.iter().fold(text.to_owned(), |it, one| veiled(&it, one));
        for of in self.files.iter_mut().flat_map(|file| file.operations.values_mut()) {
            for finding in &mut of.findings {
                let Finding { kind, key, .. } = finding;
                let is_value = ["missing", "extra", "value", "header"].contains(kind);
                let is_named = key.as_ref().is_some_and(|key| is_secret(key, masker));
                for text in [&mut finding.before, &mut finding.now] {
                    *text = if is_value && is_named && !text.is_empty() {
                        tagged(text)
                    } else {
                        clipped(masker.text(&plain(text)).into_owned())
                    };
                }
                finding.what = plain(&finding.what);
            }
            for places in of.varied.values_mut() {
                *places = places.iter().map(|place| plain(place)).collect();
            }
        }
        for line in self.not_sent.iter_mut().chain(&mut self.stopped) {
            *line = plain(line);
        }
        self
    }

    /// That it ended early, and why.
    pub(crate) fn stopped_early(&self) -> Option<String> {
        Some(format!("stopped early, what was learnt is kept: {}", self.stopped.as_ref()?))
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let replies = counted(self.n_replies(), "reply", "replies");
        // Writing to a text cannot fail.
        let _ = match self.count() {
            0 if self.n_replies() == 0 => writeln!(
                text,
                "nothing was compared: no reply of {} was held against {}",
                self.target, self.reference
            ),
            0 => writeln!(
                text,
                "no drift: {replies} of {} {} as {}",
                self.target,
                if self.n_replies() == 1 { "is" } else { "are" },
                self.reference
            ),
            n => writeln!(
                text,
                "{}: {replies} of {}, held against {}",
                differences(n),
                self.target,
                self.reference
            ),
        };
        for file in &self.files {
            for (name, of) in &file.operations {
                if of.is_nothing() {
                    let _ = writeln!(text, "{}: {name} ({NOT_COMPARED})", file.file);
                    continue;
                }
                let _ = writeln!(
                    text,
                    "{}: {name} ({})",
                    file.file,
                    counted(of.n_replies, "reply", "replies")
                );
                for finding in &of.findings {
                    let times = if finding.count > 1 {
                        format!(", {} times", finding.count)
                    } else {
                        String::new()
                    };
                    let _ = writeln!(
                        text,
                        "  {:<8} {} ({}{times})",
                        finding.kind,
                        finding.words(),
                        finding.step
                    );
                    for turn in &finding.explained {
                        let _ = writeln!(text, "           as Ringback answers under {turn}");
                    }
                }
                for (why, places) in &of.varied {
                    let places = places.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                    let _ = writeln!(text, "  varies   {places}: {why}");
                }
            }
        }
        if self.findings().any(|(_, it)| it.kind == "status" && it.now == "401") {
            text.push_str(
                "the target refuses a credential: those of a recording are pseudonyms, and --credential \
                 NAME=VALUE gives an account's\n",
            );
        }
        for line in self.not_sent.iter().take(NOT_SENT_MAX) {
            let _ = writeln!(text, "not sent: {line}");
        }
        if self.not_sent.len() > NOT_SENT_MAX {
            let _ = writeln!(text, "not sent: {} more", self.not_sent.len() - NOT_SENT_MAX);
        }
        if let Some(told) = self.stopped_early() {
            let _ = writeln!(text, "{told}");
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let finding = |it: &Finding| {
            json!({ "kind": it.kind, "what": it.what, "before": it.before, "now": it.now,
                    "step": it.step, "count": it.count, "explained": it.explained })
        };
        let file = |file: &OfFile| {
            let operation = |(name, of): (&String, &OfOperation)| {
                let findings: Vec<Value> = of.findings.iter().map(finding).collect();
                json!({ "operation": name, "replies": of.n_replies, "differences": findings,
                        "varied": of.varied })
            };
            let operations: Vec<Value> = file.operations.iter().map(operation).collect();
            json!({ "file": file.file, "operations": operations })
        };
        let files: Vec<Value> = self.files.iter().map(file).collect();
        json!({ "target": self.target, "reference": self.reference, "differences": self.count(),
                "replies": self.n_replies(), "files": files, "not_sent": self.not_sent, "stopped": self.stopped })
    }

    /// As the outcome of a replay, for the reports that a replay has: a step for each operation.
    pub(crate) fn outcome(&self) -> Outcome {
        let scenario = |file: &OfFile| {
            let mark = Mark { file: file.file.as_str().into(), ..Mark::default() };
            let step = |(name, of): (&String, &OfOperation)| {
                let difference = |it: &Finding| {
                    let explained = it.explained.join(", ");
                    let found = if explained.is_empty() {
                        it.now.clone()
                    } else {
                        format!("{}, as under {explained}", it.now)
                    };
                    let subject = format!("{} {}", it.kind, it.what);
                    let (at, expected) = (mark.clone(), it.before.clone());
                    Difference { kind: it.kind, at, subject, expected, found }
                };
                let differences: Vec<Difference> = of.findings.iter().map(difference).collect();
                let ended = if of.is_nothing() {
                    Ended::NotRun(NOT_COMPARED.to_owned())
                } else if differences.is_empty() {
                    Ended::Passed
                } else {
                    Ended::Differed(Box::new(Differed::of(differences)))
                };
                let (name, at) = (name.clone(), mark.clone());
                StepOutcome {
                    name,
                    at,
                    ended,
                    took: std::time::Duration::ZERO,
                    heard: Heard::default(),
                }
            };
            let steps = file.operations.iter().map(step).collect();
            ScenarioOutcome { file: file.file.clone(), title: None, then: Vec::new(), steps }
        };
        let scenarios = self.files.iter().map(scenario);
        Outcome { scenarios: scenarios.chain(self.rest()).collect() }
    }

    /// What was not asked any more, as a scenario of its own.
    fn rest(&self) -> Option<ScenarioOutcome> {
        let ended = Ended::NotRun(self.stopped_early()?);
        let step = StepOutcome {
            name: "what was not asked any more".to_owned(),
            at: Mark { file: self.target.as_str().into(), ..Mark::default() },
            ended,
            took: std::time::Duration::ZERO,
            heard: Heard::default(),
        };
        Some(ScenarioOutcome {
            file: self.target.clone(),
            title: None,
            then: Vec::new(),
            steps: vec![step],
        })
    }
}

/// So many differences.
pub(crate) fn differences(n: usize) -> String {
    counted(n, "difference", "differences")
}
