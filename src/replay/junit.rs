//! The report as XML in the form of `JUnit`: a suite for each scenario, a case for each step.
//!
//! Its times are real ones, which no two replays have in common.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::base::text::fit_for_xml;
use crate::replay::text;
use crate::replay::verdict::{Ended, Outcome, ScenarioOutcome, StepOutcome};

/// # Errors
/// Where the XML cannot be written, which is not the case for text.
pub(crate) fn report(outcome: &Outcome) -> Result<String, SerializeError> {
    let mut report = Report::new("ringback replay");
    report.add_test_suites(outcome.scenarios.iter().map(suite));
    report.set_time(outcome.scenarios.iter().map(ScenarioOutcome::took).sum());
    report.to_string().map(fit_for_xml)
}

fn suite(scenario: &ScenarioOutcome) -> TestSuite {
    let mut suite = TestSuite::new(scenario.file.as_str());
    suite.add_test_cases(scenario.steps.iter().map(|step| case(scenario, step)));
    suite.set_time(scenario.took());
    suite
}

fn case(scenario: &ScenarioOutcome, step: &StepOutcome) -> TestCase {
    let status = match &step.ended {
        Ended::Passed => TestCaseStatus::success(),
        Ended::NotRun(reason) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason.as_str());
            status
        }
        Ended::Differed(differed) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let first = differed.differences.first();
            let message = first
                .map(|it| format!("{}: expected {}, found {}", it.subject, it.expected, it.found));
            status.set_type("difference");
            status.set_message(message.unwrap_or_default());
            status.set_description(format!(
                "{}\n{}",
                step.at,
                text::detail(differed, &step.at.file)
            ));
            status
        }
    };
    let mut case = TestCase::new(step.name.as_str(), status);
    case.set_classname(scenario.file.as_str());
    case.set_time(step.took);
    let said = text::heard(&step.heard);
    if !said.is_empty() {
        case.set_system_out(said.join("\n"));
    }
    case.extra.insert("file".into(), step.at.file.as_ref().into());
    case.extra.insert("line".into(), step.at.line.to_string().into());
    case
}
