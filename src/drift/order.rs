//! One comparison: the requests of scenarios are sent to a target, and what it answers is held against a
//! recording, another target, or Ringback itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use http::Uri;

use crate::base::lock::lock;
use crate::base::text::counted;
use crate::contract::vendor::Vendor;
use crate::drift::asked::Asked;
use crate::drift::explain::explain;
use crate::drift::held::{credentials, not_run, of_files};
use crate::drift::report::Drift;
use crate::replay::all::{self, Prepare};
use crate::replay::enough::Enough;
use crate::replay::error::ReplayError;
use crate::scenario::step::{Action, Step};
use crate::web::mask::known::is_telling;

/// Shortest credential that is masked because it was given: a shorter one, such as the number of an
/// account, is a part of too many words.
const GIVEN_CHARS_MIN: usize = 4;

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
    // Each replay takes note of its own: what is not sent is told once.
    let prepare = |noted: &Arc<Mutex<Noted>>| {
        let (to, noted) = (order.to_vendor.clone()?, Arc::clone(noted));
        let bases = bases(order);
        let ready = move |steps: &mut Vec<Step>| ready(steps, &to, &bases, &mut lock(&noted));
        Some(Prepare(Arc::new(ready)))
    };
    let noted = Arc::<Mutex<Noted>>::default();
    let config = all::Config { compares: true, ..order.config.clone() };
    // A Ringback takes what it is sent.
    let heeded = || order.to_vendor.as_ref().map(|_| Enough::default());
    let (enough, other_enough) = (heeded(), heeded());
    let there = all::Config { prepare: prepare(&noted), enough: enough.clone(), ..config.clone() };
    let now = all::all(&there, &mut |_| {}).await?;
    let own = all::Config { against: None, admin: None, prepare: None, ..config.clone() };
    let before = match &order.reference {
        Reference::Recording => None,
        Reference::Own => Some(all::all(&own, &mut |_| {}).await?),
        Reference::At(address) => {
            let (against, prepare) = (Some(address.clone()), prepare(&Arc::default()));
            let enough = other_enough.clone();
            let other = all::Config { against, prepare, admin: None, enough, ..config };
            Some(all::all(&other, &mut |_| {}).await?)
        }
    };
    let mut noted = std::mem::take(&mut *lock(&noted));
    let default = noted.vendor;
    let all = || std::iter::once(&now).chain(&before);
    let stopped = |kept: &Option<Enough>| kept.as_ref().and_then(|it| it.get()).cloned();
    let stopped = stopped(&enough).or_else(|| {
        let Reference::At(address) = &order.reference else { return None };
        Some(format!("{address}: {}", stopped(&other_enough)?))
    });
    // Why everything ended is told once, and not of each file.
    let is_told = |line: &String| stopped.as_ref().is_some_and(|it| line.ends_with(it.as_str()));
    let lost: BTreeSet<String> = all().flat_map(not_run).filter(|it| !is_told(it)).collect();
    noted.not_sent.extend(lost);
    if noted.n_turns > 0 {
        let turns =
            counted(noted.n_turns, "step that turns the clock", "steps that turn the clock");
        noted.not_sent.push(format!("{turns}: a vendor's own system has its own time"));
    }
    let mut secrets: BTreeSet<String> = all().flat_map(|it| credentials(it, default)).collect();
    // A short one stands for other things too.
    secrets.retain(|it| is_telling(it));
    let given = order.to_vendor.iter().flat_map(|to| to.credentials.values());
    secrets.extend(given.filter(|it| it.chars().count() >= GIVEN_CHARS_MIN).cloned());
    let mut drift = Drift {
        target: order.config.against.clone().unwrap_or_default(),
        reference: match &order.reference {
            Reference::Recording => "the recording".to_owned(),
            Reference::Own => "Ringback".to_owned(),
            Reference::At(address) => address.clone(),
        },
        files: of_files(&now, before.as_ref(), default),
        not_sent: noted.not_sent,
        stopped,
        secrets,
    };
    // A switch explains what replies show, and nothing else.
    if drift.findings().any(|(_, it)| it.key.is_some()) {
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
    /// Steps that turn the clock, of which a recording has one before each request.
    n_turns: usize,
}

/// What stands before a vendor's own paths at the systems that are asked.
fn bases(order: &Order) -> Vec<String> {
    let base = |address: &String| {
        let address: Option<Uri> = address.parse().ok();
        address.map_or_else(String::new, |it| it.path().trim_end_matches('/').to_owned())
    };
    let other = match &order.reference {
        Reference::At(address) => Some(address),
        Reference::Recording | Reference::Own => None,
    };
    order.config.against.iter().chain(other).map(base).collect()
}

/// Makes steps requests to a vendor's own system; notes which are not sent, and why.
fn ready(steps: &mut Vec<Step>, to: &ToVendor, bases: &[String], noted: &mut Noted) {
    steps.retain_mut(|step| {
        let send = match &mut step.action {
            Action::Send(send) => send,
            Action::Advance(_) => {
                noted.n_turns += 1;
                return false;
            }
            Action::Event { .. } => {
                let text = "what happens at a vendor's own system is not done from here";
                noted.not_sent.push(format!("{}: {text}", step.name));
                return false;
            }
            Action::Seed(_) | Action::Verify(_) => {
                let text = "it is for a control plane, which a vendor's own system has not";
                noted.not_sent.push(format!("{}: {text}", step.name));
                return false;
            }
        };
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
        if let (Some(reason), false) = (asked.changes(bases), to.writes) {
            noted.not_sent.push(format!("{}: {reason}", step.name));
            return false;
        }
        asked.put(send, &to.credentials);
        true
    });
}
