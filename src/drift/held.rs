//! Holds the replies of one replay against those of another, or against what was expected.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::base::text::counted;
use crate::calibrate::question::Heard;
use crate::contract::vendor::Vendor;
use crate::drift::asked::Asked;
use crate::drift::compare::{Body, Knows, Pair, compare};
use crate::drift::finding::{Finding, OfOperation};
use crate::drift::report::OfFile;
use crate::drift::shape::Shape;
use crate::replay::said::{Expected, Reply, Said};
use crate::replay::verdict::{Differed, Ended, Outcome, ScenarioOutcome, StepOutcome};

/// How much longer a reply takes before it is told, and how long it takes then at the least.
const SLOWER_TIMES: u32 = 10;
const SLOW: Duration = Duration::from_secs(1);

/// What a step is told under that sent nothing.
const NO_REQUEST: &str = "no request";

/// How a reply arrives where nobody says otherwise.
const WHOLE: &str = "whole";

/// What differs, file by file. Without `before`, what the steps expect is held against it.
pub(super) fn of_files(
    now: &Outcome,
    before: Option<&Outcome>,
    default: Option<&'static Vendor>,
) -> Vec<OfFile> {
    let file = |scenario: &ScenarioOutcome| {
        let other = before.and_then(|it| it.scenarios.iter().find(|it| it.file == scenario.file));
        let mut operations: BTreeMap<String, OfOperation> = BTreeMap::new();
        // What was not run is told by itself.
        for step in scenario.steps.iter().filter(|step| is_run(step)) {
            let steps = other.iter().flat_map(|it| &it.steps);
            let of_step = steps.filter(|it| is_run(it)).find(|it| it.at == step.at);
            match (before, of_step) {
                (None, _) => expected(step, default, &mut operations),
                (Some(_), Some(earlier)) => held(step, earlier, default, &mut operations),
                (Some(_), None) => {}
            }
        }
        OfFile { file: scenario.file.clone(), operations }
    };
    now.scenarios.iter().map(file).collect()
}

/// Scenarios of which nothing was sent, and why.
pub(super) fn not_run(outcome: &Outcome) -> impl Iterator<Item = String> {
    let reason = |it: &ScenarioOutcome| Some(format!("{}: {}", it.file, it.not_run()?));
    outcome.scenarios.iter().filter_map(reason)
}

/// The credentials that were sent: what is answered may hold them.
pub(super) fn credentials(outcome: &Outcome, default: Option<&'static Vendor>) -> BTreeSet<String> {
    let steps = outcome.scenarios.iter().flat_map(|scenario| &scenario.steps);
    let all = steps.flat_map(|step| &step.heard.said);
    all.filter_map(|said| asked(said, default)).flat_map(|asked| asked.credentials()).collect()
}

fn asked(said: &Said, default: Option<&'static Vendor>) -> Option<Asked> {
    Asked::of(&said.method, &said.path, &said.headers, &said.body, default)
}

/// Holds the replies to a step against those that came before.
fn held(
    step: &StepOutcome,
    earlier: &StepOutcome,
    default: Option<&'static Vendor>,
    operations: &mut BTreeMap<String, OfOperation>,
) {
    let (now, before) = (&step.heard.said, &earlier.heard.said);
    for (said, earlier) in now.iter().zip(before) {
        let Some((asked, of_operation)) = of_operation(said, default, operations) else { continue };
        of_operation.n_replies += 1;
        let (Some(was), Some(is)) = (&earlier.reply, &said.reply) else {
            if earlier.arrival != said.arrival {
                let (was, is) = (earlier.arrival.to_owned(), said.arrival.to_owned());
                of_operation.add(told(step, "no reply", "the reply", was, is));
            }
            continue;
        };
        let (was, is) = (Shape::of(&heard(was)), Shape::of(&heard(is)));
        let (vendor, name, knows) = (asked.vendor, step.name.as_str(), Knows::ALL);
        compare(Pair { vendor, step: name, before: &was, now: &is, knows }, of_operation);
        if said.took > SLOW && said.took > earlier.took * SLOWER_TIMES {
            let (was, is) = (format!("{:?}", earlier.took), format!("{:?}", said.took));
            of_operation.add(told(step, "time", "the time of the reply", was, is));
        }
    }
    if now.len() != before.len() || now.is_empty() && is_passed(step) != is_passed(earlier) {
        let of_none = operations.entry(NO_REQUEST.to_owned()).or_default();
        let (was, is) = (ending(earlier, before.len()), ending(step, now.len()));
        of_none.add(told(step, "step", &step.name, was, is));
    }
}

fn is_run(step: &StepOutcome) -> bool {
    !matches!(step.ended, Ended::NotRun(_))
}

fn is_passed(step: &StepOutcome) -> bool {
    step.ended == Ended::Passed
}

/// How a step ended, in words.
fn ending(step: &StepOutcome, n_sent: usize) -> String {
    let sent = match n_sent {
        0 => "nothing sent".to_owned(),
        n => format!("{} sent", counted(n, "request", "requests")),
    };
    match &step.ended {
        Ended::Passed if n_sent == 0 => "done".to_owned(),
        Ended::Differed(differed) if n_sent == 0 => first(differed),
        Ended::Differed(differed) => format!("{sent}; {}", first(differed)),
        Ended::Passed => sent,
        Ended::NotRun(reason) => format!("not run: {reason}"),
    }
}

fn first(differed: &Differed) -> String {
    let first = differed.differences.first();
    first.map_or_else(String::new, |it| format!("{}: {}", it.subject, it.found))
}

/// Holds the replies to a step against what it expects.
fn expected(
    step: &StepOutcome,
    default: Option<&'static Vendor>,
    operations: &mut BTreeMap<String, OfOperation>,
) {
    for said in &step.heard.said {
        let Some((asked, of_operation)) = of_operation(said, default, operations) else { continue };
        let Expected { status, headers, body, is_part, arrival, .. } = &said.expected;
        let wanted = arrival.as_deref().unwrap_or(WHOLE);
        let is_as_wanted = said.arrival == wanted;
        // Of a step that expects nothing, nothing is compared but that there is a reply.
        if said.expected.is_nothing() && is_as_wanted {
            continue;
        }
        of_operation.n_replies += 1;
        if !is_as_wanted {
            let (was, is) = (wanted.to_owned(), said.arrival.to_owned());
            of_operation.add(told(step, "no reply", "the reply", was, is));
            continue;
        }
        if let Some(reply) = &said.reply {
            let known = match (body, is_part) {
                (None, _) => Body::Nothing,
                (Some(_), true) => Body::Part,
                (Some(_), false) => Body::All,
            };
            let knows = Knows { status: status.is_some(), headers: headers.is_some(), body: known };
            let was = Heard {
                status: status.unwrap_or_default(),
                headers: headers.clone().unwrap_or_default(),
                body: body.clone().unwrap_or_default(),
            };
            let (was, is) = (Shape::of(&was), Shape::of(&heard(reply)));
            let (vendor, name) = (asked.vendor, step.name.as_str());
            compare(Pair { vendor, step: name, before: &was, now: &is, knows }, of_operation);
        }
        for it in &said.unlike {
            let (was, is) = (it.expected.clone(), it.found.clone());
            of_operation.add(told(step, it.kind, &it.subject, was, is));
        }
    }
    // What is no request, and one that could not be sent.
    if let (true, Ended::Differed(differed)) = (step.heard.said.is_empty(), &step.ended) {
        let of_none = operations.entry(NO_REQUEST.to_owned()).or_default();
        for it in &differed.differences {
            let (was, is) = (it.expected.clone(), it.found.clone());
            of_none.add(told(step, it.kind, &it.subject, was, is));
        }
    }
}

/// What was asked, and where is kept what is found of it. `None` where it is no vendor's.
fn of_operation<'o>(
    said: &Said,
    default: Option<&'static Vendor>,
    operations: &'o mut BTreeMap<String, OfOperation>,
) -> Option<(Asked, &'o mut OfOperation)> {
    let asked = asked(said, default)?;
    let operation = format!("{} {}", asked.vendor.surface.vendor, asked.operation());
    Some((asked, operations.entry(operation).or_default()))
}

/// What no reply shows by itself.
fn told(
    step: &StepOutcome,
    kind: &'static str,
    what: &str,
    before: String,
    now: String,
) -> Finding {
    let (what, step) = (what.to_owned(), step.name.clone());
    Finding { kind, what, before, now, step, count: 1, explained: Vec::new(), key: None }
}

fn heard(reply: &Reply) -> Heard {
    let Reply { status, headers, body } = reply.clone();
    Heard { status, headers, body }
}
