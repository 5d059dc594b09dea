//! One comparison: the requests of scenarios are sent to a target, and what it answers is held against a
//! recording, another target, or Ringback itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::base::lock::lock;
use crate::calibrate::question::Heard;
use crate::contract::vendor::Vendor;
use crate::drift::asked::Asked;
use crate::drift::compare::{Pair, compare};
use crate::drift::explain::explain;
use crate::drift::finding::{Finding, OfOperation};
use crate::drift::report::{Drift, OfFile};
use crate::drift::shape::Shape;
use crate::replay::all::{self, Prepare};
use crate::replay::error::ReplayError;
use crate::replay::said::{Expected, Reply, Said};
use crate::replay::verdict::{Outcome, ScenarioOutcome, StepOutcome};
use crate::scenario::step::{Action, Step};

/// How much longer a reply takes before it is told, and how long it takes then at the least.
const SLOWER_TIMES: u32 = 10;
const SLOW: Duration = Duration::from_secs(1);

/// What a target is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// What the steps expect.
    Recording,
    /// Ringback, in worlds of this process.
    Own,
    /// Another target, at this address.
    At(String),
}

/// What is sent to a vendor's own system.
#[derive(Clone, Debug, Default)]
pub(crate) struct ToVendor {
    /// Whose requests; all where there is but one vendor's.
    pub(crate) only: Option<&'static Vendor>,
    /// In place of those in the recording, by their names.
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) writes: bool,
}

/// A comparison.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The scenarios, and the target.
    pub(crate) config: all::Config,
    pub(crate) reference: Reference,
    /// `None` where the target is another Ringback, which takes what a replay sends.
    pub(crate) to_vendor: Option<ToVendor>,
}

/// Compares.
///
/// # Errors
/// What is wrong with the scenarios or a target.
pub(crate) async fn drift(order: &Order, say: &dyn Fn(&str)) -> Result<Drift, ReplayError> {
    let noted = Arc::new(Mutex::new(Noted::default()));
    let prepare = order.to_vendor.clone().map(|to| {
        let noted = Arc::clone(&noted);
        Prepare(Arc::new(move |steps: &mut Vec<Step>| ready(steps, &to, &mut lock(&noted))))
    });
    let config = all::Config { compares: true, prepare: prepare.clone(), ..order.config.clone() };
    let now = all::all(&config, &mut |_| {}).await?;
    let own = all::Config { against: None, admin: None, prepare: None, ..config.clone() };
    let before = match &order.reference {
        Reference::Recording => None,
        Reference::Own => Some(all::all(&own, &mut |_| {}).await?),
        Reference::At(address) => {
            let other = all::Config { against: Some(address.clone()), ..config };
            Some(all::all(&other, &mut |_| {}).await?)
        }
    };
    let noted = std::mem::take(&mut *lock(&noted));
    let default = noted.vendor;
    let mut drift = Drift {
        target: order.config.against.clone().unwrap_or_default(),
        reference: match &order.reference {
            Reference::Recording => "the recording".to_owned(),
            Reference::Own => "Ringback".to_owned(),
            Reference::At(address) => address.clone(),
        },
        files: of_files(&now, before.as_ref(), default),
        not_sent: noted.not_sent,
    };
    if drift.count() > 0 {
        explain(&mut drift, &now, &own, default, say).await?;
    }
    Ok(drift)
}

/// What is noted of the steps before they are taken.
#[derive(Debug, Default)]
struct Noted {
    /// Whose system it is.
    vendor: Option<&'static Vendor>,
    /// Steps that are not sent, and why.
    not_sent: Vec<String>,
}

/// Makes steps requests to a vendor's own system; notes which are not sent, and why.
fn ready(steps: &mut Vec<Step>, to: &ToVendor, noted: &mut Noted) {
    steps.retain_mut(|step| {
        let Action::Send(send) = &mut step.action else { return false };
        let Some(asked) = Asked::of_step(send, to.only) else {
            noted.not_sent.push(format!("{}: it is no vendor's", step.name));
            return false;
        };
        if to.only.is_some_and(|only| !std::ptr::eq(only, asked.vendor)) {
            return false;
        }
        // One address is one vendor's.
        let vendor = *noted.vendor.get_or_insert(asked.vendor);
        if !std::ptr::eq(vendor, asked.vendor) {
            let text = "it is another vendor's; --vendor says whose requests are sent";
            noted.not_sent.push(format!("{}: {text}", step.name));
            return false;
        }
        if !asked.reads() && !to.writes {
            noted.not_sent.push(format!("{}: it may change something", step.name));
            return false;
        }
        asked.put(send, &to.credentials);
        true
    });
}

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
