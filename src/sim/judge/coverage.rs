//! How much of what the vendors declare a journal shows: operations, refusals, switches, moves of state
//! machines; and what
//! clients usually meet that these never did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::base::seq::Seq;
use crate::contract::machine::{Machine, Move};
use crate::contract::reply::Outcome;
use crate::contract::surface::Surface;
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendors;
use crate::sim::fault::kind::Kind;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::walk::Walk;

/// What journals show, of as many worlds as there are.
#[derive(Debug)]
pub(crate) struct Coverage {
    vendors: Vendors,
    last_seq: Seq,
    n_lost: u64,
    n_exchanges: u64,
    /// Requests by vendor and operation.
    operations: BTreeMap<(String, String), u64>,
    /// Refusals by rule.
    rules: BTreeMap<String, u64>,
    /// Positions of switches in worlds that were asked, by vendor and switch.
    switches: BTreeSet<(&'static str, &'static str, &'static str)>,
    faults: BTreeSet<&'static str>,
    /// Moves from state to state, by vendor and machine: how often.
    moves: BTreeMap<Moved, u64>,
    /// Whether a clock was moved.
    is_moved: bool,
    /// Whether something happened outside the vendors' APIs.
    has_events: bool,
    /// Vendors that this world was asked for, until its switches are known.
    asked: BTreeSet<String>,
}

/// Vendor, machine, and the states before and after.
type Moved = (String, String, String, String);

impl Walk for Coverage {
    fn last_seq(&self) -> Seq {
        self.last_seq
    }

    fn lost(&mut self, lost: Lost) {
        self.n_lost += lost.count;
    }

    fn take(&mut self, entry: &Entry) {
        self.last_seq = entry.seq;
        for moved in entry.effects.iter().flat_map(|effect| &effect.moved) {
            let Move { vendor, machine, from, to } = moved.clone();
            let of = (vendor.into(), machine.into(), from.into(), to.into());
            *self.moves.entry(of).or_default() += 1;
        }
        if let Some(action) = entry.admin_action() {
            let name: &str = &action.name;
            self.is_moved |= ["advance", "clock", "due"].contains(&name);
            self.has_events |= name == "event" && entry.outcome == Outcome::Ok;
            return;
        }
        let Some(exchange) = entry.exchange() else { return };
        let Some(vendor) = exchange.vendor() else { return };
        self.n_exchanges += 1;
        self.asked.insert(vendor.to_owned());
        if let Some(operation) = exchange.operation() {
            *self.operations.entry((vendor.to_owned(), operation.to_owned())).or_default() += 1;
        }
        if let (Outcome::Refused, Some(rule)) = (entry.outcome, entry.rule()) {
            *self.rules.entry(rule.to_owned()).or_default() += 1;
        }
        if let Some(fault) = exchange.fault() {
            self.faults.insert(fault.kind.word());
        }
    }
}

impl Coverage {
    /// Nothing is shown yet.
    pub(crate) fn new(vendors: Vendors) -> Self {
        Coverage {
            vendors,
            last_seq: Seq::NONE,
            n_lost: 0,
            n_exchanges: 0,
            operations: BTreeMap::new(),
            rules: BTreeMap::new(),
            switches: BTreeSet::new(),
            faults: BTreeSet::new(),
            moves: BTreeMap::new(),
            is_moved: false,
            has_events: false,
            asked: BTreeSet::new(),
        }
    }

    /// Ends a world, whose switches stood so; another one may come.
    /// Looks at another world, and of it only at entries behind this one.
    pub(crate) fn begin_world(&mut self, after: Seq) {
        self.last_seq = after;
    }

    pub(crate) fn end_world(&mut self, chosen: &[Chosen]) {
        for (vendor, chosen) in self.vendors.0.iter().zip(chosen) {
            let surface = vendor.surface;
            if !self.asked.contains(surface.vendor) {
                continue;
            }
            for (idx, variant) in surface.variants.iter().enumerate() {
                let value = variant.values.get(usize::from(chosen.position(idx)));
                self.switches.extend(value.map(|it| (surface.vendor, variant.name, it.name)));
            }
        }
        self.asked.clear();
        self.last_seq = Seq::NONE;
    }

    fn is_asked(&self, surface: &Surface) -> bool {
        self.operations.keys().any(|(vendor, _)| vendor == surface.vendor)
    }

    /// The rules that were met and the declared ones that were not.
    fn refusals(&self, surface: &'static Surface) -> (Value, Vec<&'static str>) {
        let (met, never): (Vec<&str>, Vec<&str>) = surface
            .refusals
            .iter()
            .map(|it| it.rule)
            .partition(|rule| self.rules.contains_key(*rule));
        let met = met.iter().map(|rule| ((*rule).to_owned(), self.rules[*rule].into()));
        (Value::Object(met.collect()), never)
    }

    fn of_vendor(&self, surface: &'static Surface) -> Value {
        let count = |operation: &str| {
            let key = (surface.vendor.to_owned(), operation.to_owned());
            self.operations.get(&key).copied()
        };
        let names = || surface.operations.iter().map(|it| it.name);
        let asked = names().filter_map(|it| Some((it.to_owned(), count(it)?.into())));
        let never = names().filter(|it| count(it).is_none());
        let (met, unmet) = self.refusals(surface);
        let switches = surface.variants.iter().map(|variant| {
            let is_shown =
                |value: &str| self.switches.contains(&(surface.vendor, variant.name, value));
            let (shown, never): (Vec<&str>, Vec<&str>) =
                variant.values.iter().map(|it| it.name).partition(|it| is_shown(it));
            (variant.name.to_owned(), json!({ "shown": shown, "never": never }))
        });
        json!({
            "vendor": surface.vendor,
            "operations": {
                "asked": Value::Object(asked.collect()),
                "never": never.collect::<Value>(),
            },
            "refusals": { "met": met, "never": unmet },
            "switches": Value::Object(switches.collect()),
            "machines": self.machines(surface),
        })
    }

    /// The moves of each machine that were made and those that were not.
    fn machines(&self, surface: &'static Surface) -> Value {
        let of_machine = |machine: &'static Machine| {
            let (mut made, mut never) = (Map::new(), Vec::new());
            for (from, to) in machine.moves {
                let key = [surface.vendor, machine.name, *from, *to].map(str::to_owned);
                let name = format!("{from} -> {to}");
                match self.moves.get(&key.into()) {
                    Some(count) => drop(made.insert(name, (*count).into())),
                    None => never.push(name),
                }
            }
            (machine.name.to_owned(), json!({ "made": made, "never": never }))
        };
        Value::Object(surface.machines.iter().map(of_machine).collect())
    }

    /// What clients usually meet sooner or later, and these never did.
    fn never_met(&self) -> Vec<&'static str> {
        let is_struck = |kinds: &[Kind]| kinds.iter().any(|it| self.faults.contains(it.word()));
        let all = [
            (self.rules.is_empty(), "a refusal: what the client makes of one is not shown"),
            (
                !is_struck(&[Kind::LoseReply, Kind::Close, Kind::Reset, Kind::ResetAfterHead]),
                "a reply that was lost: whether the client asks again, and does its work twice",
            ),
            (
                !is_struck(&[Kind::Delay, Kind::Drip, Kind::Hang]),
                "a slow reply: whether the client waits, and how long",
            ),
            (!is_struck(&[Kind::RateLimit]), "too many requests: whether the client slows down"),
            (
                !is_struck(&[Kind::Fail, Kind::Status, Kind::Malform, Kind::Truncate]),
                "a vendor that fails, or answers what is none of its forms",
            ),
            (!self.is_moved, "time that passed: tokens that end, calls that come to something"),
            (
                !self.has_events,
                "something that happened outside the API, such as an agent who logs out",
            ),
        ];
        all.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what).collect()
    }

    /// All of it. Vendors that nobody asked are named alone.
    pub(crate) fn to_json(&self) -> Value {
        let (asked, others): (Vec<_>, Vec<_>) = self
            .vendors
            .0
            .iter()
            .map(|vendor| vendor.surface)
            .partition(|surface| self.is_asked(surface));
        json!({
            "exchanges": self.n_exchanges,
            "evicted": self.n_lost,
            "vendors": asked.iter().map(|it| self.of_vendor(it)).collect::<Value>(),
            "not_asked": others.iter().map(|it| it.vendor).collect::<Value>(),
            "faults": self.faults,
            "never_met": self.never_met(),
        })
    }
}

/// What was written as JSON, in lines for people.
pub(crate) fn lines(coverage: &Value) -> Vec<String> {
    let n_of = |value: &Value| match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    let words = |value: &Value| {
        let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        items.collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    for it in coverage["vendors"].as_array().into_iter().flatten() {
        let (asked, never) = (&it["operations"]["asked"], &it["operations"]["never"]);
        let (met, unmet) = (&it["refusals"]["met"], &it["refusals"]["never"]);
        let switches = it["switches"].as_object().into_iter().flatten();
        let (mut n_shown, mut n_all) = (0, 0);
        for (_, values) in switches {
            n_shown += n_of(&values["shown"]);
            n_all += n_of(&values["shown"]) + n_of(&values["never"]);
        }
        let machines = it["machines"].as_object().into_iter().flatten();
        let mut moves = String::new();
        for (name, of) in machines {
            let (made, never) = (n_of(&of["made"]), n_of(&of["never"]));
            moves = format!("{moves}, {made} of {} moves of the {name}", made + never);
        }
        lines.push(format!(
            "{}: {} of {} operations, {} of {} refusals, {n_shown} of {n_all} positions of switches{moves}",
            it["vendor"].as_str().unwrap_or_default(),
            n_of(asked),
            n_of(asked) + n_of(never),
            n_of(met),
            n_of(met) + n_of(unmet),
        ));
        if n_of(never) > 0 {
            lines.push(format!("  never asked: {}", words(never)));
        }
        if n_of(unmet) > 0 {
            lines.push(format!("  never met: {}", words(unmet)));
        }
        for (name, of) in it["machines"].as_object().into_iter().flatten() {
            if n_of(&of["never"]) > 0 {
                lines.push(format!("  no {name} went: {}", words(&of["never"])));
            }
        }
    }
    if n_of(&coverage["not_asked"]) > 0 {
        lines.push(format!("not asked at all: {}", words(&coverage["not_asked"])));
    }
    let never = coverage["never_met"].as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.extend(never.map(|what| format!("no client met {what}")));
    lines
}
