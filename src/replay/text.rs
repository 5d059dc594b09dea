//! The report for people.

use std::fmt::Write as _;

use crate::base::text::counted;
use crate::client::entry::Why;
use crate::replay::heard::Heard;
use crate::replay::verdict::{Differed, Ended, Outcome, ScenarioOutcome, Verdict};
use crate::scenario::step::Mark;

/// Differences of one step that are shown; the rest are counted.
const DIFFERENCES_MAX: usize = 12;

/// Width of the first column.
const SUBJECT_WIDTH: usize = 12;

/// What differs, what was not run, and the numbers.
pub(crate) fn report(outcome: &Outcome) -> String {
    let mut told = String::new();
    for scenario in &outcome.scenarios {
        told.push_str(&said(scenario));
        match (scenario.verdict(), scenario.not_run()) {
            (Verdict::Passed, _) => told.push_str(&kept(scenario)),
            (Verdict::NotRun, Some(reason)) => {
                told = format!("{told}{}: not run: {reason}\n\n", scenario.file);
            }
            _ => told = format!("{told}{}\n", differing(scenario)),
        }
    }
    format!("{told}{}\n", summary(outcome))
}

/// What was said in each step, where that was asked for: what was asked behind `>`, what was answered
/// behind `<`.
fn said(scenario: &ScenarioOutcome) -> String {
    let mut told = String::new();
    for (idx, step) in scenario.steps.iter().enumerate() {
        let lines = heard(&step.heard);
        if !lines.is_empty() {
            let (at, number, name) = (&step.at, idx + 1, &step.name);
            told = format!("{told}{at}: step {number} {name:?} {}\n", step.verdict().name());
            told.extend(lines.iter().map(|line| format!("  {line}\n")));
            told.push('\n');
        }
    }
    told
}

/// The lines of what was said in a step.
pub(crate) fn heard(heard: &Heard) -> Vec<String> {
    let mut lines = Vec::new();
    for (idx, exchange) in heard.exchanges.iter().enumerate() {
        if heard.n_left_out > 0 && idx + 1 == heard.exchanges.len() {
            lines.push(format!("({} more between)", heard.n_left_out));
        }
        for (mark, part) in [('>', &exchange.asked), ('<', &exchange.answered)] {
            lines.extend(part.iter().map(|line| format!("{mark} {line}").trim_end().to_owned()));
        }
    }
    lines
}

/// Of a scenario that came out the same as when it was kept: what had been refused then.
fn kept(scenario: &ScenarioOutcome) -> String {
    if scenario.then.is_empty() {
        return String::new();
    }
    let mut told = format!("{}: all came the same again\n", scenario.file);
    told.extend(scenario.then.iter().map(|line| format!("  {line}\n")));
    told.push('\n');
    told
}

/// `3 scenarios: 2 passed, 1 differs`
pub(crate) fn summary(outcome: &Outcome) -> String {
    let n = outcome.scenarios.len();
    let mut parts = Vec::new();
    let words =
        [(Verdict::Passed, "passed"), (Verdict::Differed, "differs"), (Verdict::NotRun, "not run")];
    for (verdict, word) in words {
        let count = outcome.count(verdict);
        let word = if word == "differs" && count > 1 { "differ" } else { word };
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let noun = if n == 1 { "scenario" } else { "scenarios" };
    format!("{n} {noun}: {}", parts.join(", "))
}

/// One scenario that differs: the step, and which were not reached.
fn differing(scenario: &ScenarioOutcome) -> String {
    let mut told = String::new();
    let mut missed = Vec::new();
    for (idx, step) in scenario.steps.iter().enumerate() {
        match &step.ended {
            Ended::Passed => {}
            Ended::Differed(differed) => {
                let number = idx + 1;
                let (at, name) = (&step.at, &step.name);
                let detail = detail(differed, &step.at.file);
                told = format!("{told}{at}: step {number} {name:?} differs\n{detail}");
            }
            Ended::NotRun(_) => missed.push(format!("{:?} (line {})", step.name, step.at.line)),
        }
    }
    if !missed.is_empty() {
        line(&mut told, "not run", &missed.join(", "));
    }
    told
}

/// What was sent, each difference, and the reason: the lines below a step.
pub(crate) fn detail(differed: &Differed, file: &str) -> String {
    let mut told = String::new();
    if let Some((number, at)) = &differed.round {
        line(&mut told, "round", &format!("{number} ({at})"));
    }
    if let Some(sent) = &differed.sent {
        line(&mut told, "sent", sent);
    }
    for difference in differed.differences.iter().take(DIFFERENCES_MAX) {
        let at = stated(&difference.at, file);
        line(&mut told, &difference.subject, &format!("expected {} ({at})", difference.expected));
        line(&mut told, "", &format!("found    {}", difference.found));
    }
    let more = differed.differences.len().saturating_sub(DIFFERENCES_MAX);
    if more > 0 {
        let more = counted(more, "more difference", "more differences");
        line(&mut told, "", &format!("and {more}"));
    }
    if let Some(fault) = &differed.fault {
        line(&mut told, "fault", &fault.to_string());
    }
    if let Some(reason) = &differed.why {
        line(&mut told, "why", &why(reason));
    }
    told
}

/// Where something is expected: the line, where it is in the file that is spoken of.
fn stated(at: &Mark, file: &str) -> String {
    if *at.file == *file && at.line > 0 { format!("line {}", at.line) } else { at.to_string() }
}

/// The journal's reason on one line.
pub(crate) fn why(why: &Why) -> String {
    format!("{why} [{}, {}]", why.evidence, why.source)
}

fn line(told: &mut String, subject: &str, text: &str) {
    // Writing to a text cannot fail.
    let _ = if subject.len() > SUBJECT_WIDTH {
        writeln!(told, "  {subject}\n  {:SUBJECT_WIDTH$} {text}", "")
    } else {
        writeln!(told, "  {subject:SUBJECT_WIDTH$} {text}")
    };
}
