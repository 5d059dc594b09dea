//! The report in the Test Anything Protocol, version 14: a test point for each step.

use crate::replay::text;
use crate::replay::verdict::{Ended, Outcome};

/// The report as TAP 14.
pub(crate) fn report(outcome: &Outcome) -> String {
    let n: usize = outcome.scenarios.iter().map(|scenario| scenario.steps.len()).sum();
    let mut told = format!("TAP version 14\n1..{n}\n");
    let mut number = 0;
    for scenario in &outcome.scenarios {
        for step in &scenario.steps {
            number += 1;
            let name = escaped(&format!("{}: {}", scenario.file, step.name));
            match &step.ended {
                Ended::Passed => told = format!("{told}ok {number} - {name}\n"),
                Ended::NotRun(reason) => {
                    told = format!("{told}ok {number} - {name} # SKIP {}\n", escaped(reason));
                }
                Ended::Differed(differed) => {
                    told = format!("{told}not ok {number} - {name}\n{}", block(step, differed));
                }
            }
        }
    }
    told
}

/// The YAML behind a test point that is not ok. All values are JSON texts, which YAML reads as such.
fn block(
    step: &crate::replay::verdict::StepOutcome,
    differed: &crate::replay::verdict::Differed,
) -> String {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let mut told = format!("  ---\n  at: {}\n  differences:\n", json(&step.at.to_string()));
    for difference in &differed.differences {
        told = format!(
            "{told}    - subject: {}\n      expected: {}\n      found: {}\n      at: {}\n",
            json(&difference.subject),
            json(&difference.expected),
            json(&difference.found),
            json(&difference.at.to_string())
        );
    }
    if let Some(fault) = &differed.fault {
        told = format!("{told}  fault: {}\n", json(&fault.to_string()));
    }
    if let Some(why) = &differed.why {
        told = format!("{told}  why: {}\n", json(&text::why(why)));
    }
    format!("{told}  ...\n")
}

/// A description, in which `#` would begin a directive.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('#', "\\#");
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}
