//! The report for programs.

use serde_json::{Value as Json, json};

use crate::replay::difference::Difference;
use crate::replay::verdict::{Differed, Ended, Outcome, ScenarioOutcome, StepOutcome, Verdict};
use crate::scenario::step::Mark;

/// The version of the report's form.
const FORMAT: &str = "1.0";

/// The report as JSON.
pub(crate) fn report(outcome: &Outcome) -> String {
    let report = json!({
        "format": FORMAT,
        "verdict": outcome.verdict().name(),
        "passed": outcome.count(Verdict::Passed),
        "differed": outcome.count(Verdict::Differed),
        "not_run": outcome.count(Verdict::NotRun),
        "scenarios": outcome.scenarios.iter().map(scenario).collect::<Json>(),
    });
    format!("{report:#}\n")
}

fn scenario(scenario: &ScenarioOutcome) -> Json {
    json!({
        "file": scenario.file,
        "title": scenario.title,
        "verdict": scenario.verdict().name(),
        "steps": scenario.steps.iter().map(step).collect::<Json>(),
    })
}

fn step(step: &StepOutcome) -> Json {
    let mut told = json!({
        "name": step.name,
        "at": mark(&step.at),
        "verdict": step.verdict().name(),
    });
    match &step.ended {
        Ended::Passed => {}
        Ended::NotRun(reason) => told["reason"] = reason.as_str().into(),
        Ended::Differed(differed) => add(&mut told, differed),
    }
    if !step.heard.exchanges.is_empty() {
        let exchanges = step.heard.exchanges.iter();
        told["exchanges"] = exchanges
            .map(|it| json!({ "asked": it.asked.join("\n"), "answered": it.answered.join("\n") }))
            .collect();
        told["exchanges_left_out"] = step.heard.n_left_out.into();
    }
    told
}

fn add(told: &mut Json, differed: &Differed) {
    if let Some((number, at)) = &differed.round {
        told["round"] = json!({ "number": number, "at": mark(at) });
    }
    told["sent"] = differed.sent.as_deref().into();
    told["differences"] = differed.differences.iter().map(difference).collect();
    told["why"] = json!(differed.why);
    if let Some(fault) = &differed.fault {
        told["fault"] = json!(fault);
    }
}

fn difference(difference: &Difference) -> Json {
    json!({
        "kind": difference.kind,
        "subject": difference.subject,
        "expected": difference.expected,
        "found": difference.found,
        "at": mark(&difference.at),
    })
}

fn mark(mark: &Mark) -> Json {
    let number = |number: u32| if number == 0 { Json::Null } else { number.into() };
    json!({
        "file": &*mark.file,
        "line": number(mark.line),
        "column": number(mark.column),
        "pointer": mark.pointer,
    })
}
