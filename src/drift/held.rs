//! Holds the replies of one replay against those of another, or against what was expected.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::calibrate::question::Heard;
use crate::contract::vendor::Vendor;
use crate::drift::asked::Asked;
use crate::drift::compare::{Pair, compare};
use crate::drift::finding::{Finding, OfOperation};
use crate::drift::report::OfFile;
use crate::drift::shape::Shape;
use crate::replay::said::{Expected, Reply, Said};
use crate::replay::verdict::{Outcome, ScenarioOutcome, StepOutcome};

/// How much longer a reply takes before it is told, and how long it takes then at the least.
const SLOWER_TIMES: u32 = 10;
const SLOW: Duration = Duration::from_secs(1);

/// What differs, file by file. Without `before`, what the steps expect is held against it.
pub(super) fn of_files(
    now: &Outcome,
    before: Option<&Outcome>,
    default: Option<&'static Vendor>,
) -> Vec<OfFile> {
    let file = |scenario: &ScenarioOutcome| {
        let other = before.and_then(|it| it.scenarios.iter().find(|it| it.file == scenario.file));
        let mut operations: BTreeMap<String, OfOperation> = BTreeMap::new();
        for step in &scenario.steps {
            let of_step = other.and_then(|it| it.steps.iter().find(|it| it.at == step.at));
            for (idx, said) in step.heard.said.iter().enumerate() {
                let earlier = of_step.and_then(|it| it.heard.said.get(idx));
                if before.is_none() || earlier.is_some() {
                    add(step, said, earlier, default, &mut operations);
                }
            }
        }
        OfFile { file: scenario.file.clone(), operations }
    };
    now.scenarios.iter().map(file).collect()
}

/// Adds what one reply shows.
fn add(
    step: &StepOutcome,
    said: &Said,
    earlier: Option<&Said>,
    default: Option<&'static Vendor>,
    operations: &mut BTreeMap<String, OfOperation>,
) {
    let asked = Asked::of(&said.method, &said.path, &said.headers, &said.body, default);
    let Some(asked) = asked else { return };
    let operation = format!("{} {}", asked.vendor.surface.vendor, asked.operation());
    let of_operation = operations.entry(operation).or_default();
    of_operation.n_replies += 1;
    let name = step.name.as_str();
    let other = |kind, what: &str, before: String, now: String| Finding {
        kind,
        what: what.to_owned(),
        before,
        now,
        step: name.to_owned(),
        count: 1,
        explained: Vec::new(),
        key: None,
    };
    let before = match earlier {
        Some(earlier) => earlier.reply.as_ref().map(|it| (heard(it), true, true)),
        None => expected(&said.expected),
    };
    let ((before, has_headers, has_body), now) = match (before, &said.reply) {
        (Some(before), Some(now)) => (before, heard(now)),
        (Some(_), None) => {
            let how = said.arrival.to_owned();
            of_operation.add(other("no reply", "the reply", "whole".into(), how));
            return;
        }
        (None, _) => return,
    };
    let (vendor, before, now) = (asked.vendor, Shape::of(&before), Shape::of(&now));
    let (before, now) = (&before, &now);
    compare(Pair { vendor, step: name, before, now, has_headers, has_body }, of_operation);
    if let Some(earlier) = earlier
        && said.took > SLOW
        && said.took > earlier.took * SLOWER_TIMES
    {
        let (was, is) = (format!("{:?}", earlier.took), format!("{:?}", said.took));
        of_operation.add(other("time", "the time of the reply", was, is));
    }
}

/// What a step expects, as a reply; and whether its headers and its body are known. `None` where nothing
/// is.
fn expected(expected: &Expected) -> Option<(Heard, bool, bool)> {
    let status = expected.status?;
    let (has_headers, has_body) = (expected.headers.is_some(), expected.body.is_some());
    let headers = expected.headers.clone().unwrap_or_default();
    let body = expected.body.clone().unwrap_or_default();
    Some((Heard { status, headers, body }, has_headers, has_body))
}

fn heard(reply: &Reply) -> Heard {
    let Reply { status, headers, body } = reply.clone();
    Heard { status, headers, body }
}
