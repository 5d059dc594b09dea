//! A run as a test of few points, in the forms that build servers read.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use serde_json::Value;

use crate::base::annotation::{data, property};
use crate::base::text::fit_for_xml;
use crate::run::facts::Refused;
use crate::run::verdict::{Outcome, Verdict};

/// What a point came to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    Passed,
    /// Why not, a line each.
    Failed(Vec<String>),
    /// Why it says nothing.
    Skipped(Vec<String>),
}

/// One point.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Point {
    name: &'static str,
    ended: Ended,
}

/// The points of a run. `allows_doubt` where a run that shows nothing is none that fails.
fn points(verdict: &Verdict, client: u8, allows_doubt: bool) -> [Point; 3] {
    let reasons = || verdict.reasons.clone();
    let command = match client {
        0 => Ended::Passed,
        code => Ended::Failed(vec![format!("the client ended with {code}")]),
    };
    let expected = match verdict.outcome {
        Outcome::Fail => Ended::Failed(reasons()),
        Outcome::Pass | Outcome::Inconclusive => Ended::Passed,
    };
    let seen = match (verdict.outcome, allows_doubt) {
        (Outcome::Inconclusive, false) => Ended::Failed(reasons()),
        (Outcome::Inconclusive, true) => Ended::Skipped(reasons()),
        (Outcome::Pass | Outcome::Fail, _) => Ended::Passed,
    };
    [
        Point { name: "the client ends with 0", ended: command },
        Point { name: "the run is as expected", ended: expected },
        Point { name: "the run shows something", ended: seen },
    ]
}

/// As XML in the form of `JUnit`.
///
/// # Errors
/// Where the XML cannot be written, which is not the case for text.
pub(crate) fn junit(
    verdict: &Verdict,
    client: u8,
    allows_doubt: bool,
    said: &[String],
) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new("ringback run");
    for Point { name, ended } in points(verdict, client, allows_doubt) {
        let status = match ended {
            Ended::Passed => TestCaseStatus::success(),
            Ended::Failed(reasons) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(reasons.first().cloned().unwrap_or_default());
                status.set_description(reasons.join("\n"));
                status
            }
            Ended::Skipped(reasons) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(reasons.join("; "));
                status
            }
        };
        let mut case = TestCase::new(name, status);
        case.set_classname("ringback run");
        suite.add_test_case(case);
    }
    suite.set_system_out(said.join("\n"));
    let mut report = Report::new("ringback run");
    report.add_test_suite(suite);
    report.to_string().map(fit_for_xml)
}

/// In the Test Anything Protocol, version 14.
pub(crate) fn tap(verdict: &Verdict, client: u8, allows_doubt: bool) -> String {
    let points = points(verdict, client, allows_doubt);
    let mut told = format!("TAP version 14\n1..{}\n", points.len());
    for (number, Point { name, ended }) in (1..).zip(points) {
        told = match ended {
            Ended::Passed => format!("{told}ok {number} - {name}\n"),
            Ended::Skipped(reasons) => {
                format!(
                    "{told}ok {number} - {name} # SKIP {}\n",
                    reasons.join("; ").replace('#', "\\#")
                )
            }
            Ended::Failed(reasons) => {
                // JSON is YAML.
                let reasons = Value::from(reasons);
                format!("{told}not ok {number} - {name}\n  ---\n  reasons: {reasons}\n  ...\n")
            }
        };
    }
    told
}

/// As annotations of a job: what is not so, and behind a run that is not as expected each reason of a refusal.
pub(crate) fn github(
    verdict: &Verdict,
    client: u8,
    allows_doubt: bool,
    refusals: &[Refused],
) -> String {
    let mut told = String::new();
    for Point { name, ended } in points(verdict, client, allows_doubt) {
        let (kind, reasons) = match ended {
            Ended::Passed => continue,
            Ended::Failed(reasons) => ("error", reasons),
            Ended::Skipped(reasons) => ("warning", reasons),
        };
        let title = property(&format!("ringback run: not so that {name}"));
        told = format!("{told}::{kind} title={title}::{}\n", data(&reasons.join("\n")));
    }
    if verdict.outcome != Outcome::Fail {
        return told;
    }
    for Refused { vendor, operation, reasons, .. } in refusals {
        let title = property(format!("ringback refused {vendor} {operation}").trim_end());
        for (why, _) in reasons {
            told = format!("{told}::error title={title}::{}\n", data(why));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(outcome: Outcome) -> Verdict {
        Verdict { outcome, reasons: vec!["3 <requests>, 100%\nmore".to_owned()] }
    }

    #[test]
    fn each_form_tells_the_same_three_points() {
        let failed = verdict(Outcome::Fail);
        let tap = tap(&failed, 7, false);
        assert!(
            tap.starts_with("TAP version 14\n1..3\nnot ok 1 - the client ends with 0\n"),
            "{tap}"
        );
        assert!(tap.contains("not ok 2 - the run is as expected"), "{tap}");
        assert!(tap.contains("ok 3 - the run shows something\n"), "{tap}");
        let junit = junit(&failed, 7, false, &["said".to_owned()]).unwrap();
        assert!(junit.contains("tests=\"3\"") && junit.contains("failures=\"2\""), "{junit}");
        assert!(junit.contains("3 &lt;requests&gt;"), "{junit}");
        let refused = Refused {
            vendor: "jtel".to_owned(),
            reasons: vec![("jtel.token: no,\nnone".to_owned(), 2)],
            ..Refused::default()
        };
        let github = github(&failed, 0, false, &[refused]);
        let lines: Vec<&str> = github.lines().collect();
        assert!(lines[0].starts_with("::error title=ringback run%3A not so"), "{github}");
        assert!(lines[0].ends_with("::3 <requests>, 100%25%0Amore"), "{github}");
        assert_eq!(lines[1..], ["::error title=ringback refused jtel::jtel.token: no,%0Anone"]);
    }

    #[test]
    fn a_doubt_that_is_allowed_fails_nothing() {
        let doubtful = verdict(Outcome::Inconclusive);
        assert!(tap(&doubtful, 0, false).contains("not ok 3"));
        assert!(tap(&doubtful, 0, true).contains("ok 3 - the run shows something # SKIP 3"));
        assert!(github(&doubtful, 0, true, &[]).starts_with("::warning "));
        assert!(github(&verdict(Outcome::Pass), 0, false, &[]).is_empty());
    }
}
