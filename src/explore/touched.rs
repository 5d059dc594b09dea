//! Which other positions of a vendor's switches would have changed a reply of a run, and where: the
//! requests of the run are answered again, in worlds of the same scenario.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::base::time::Instant;
use crate::calibrate::features::{Features, Key};
use crate::calibrate::pool::all;
use crate::calibrate::question::{Question, Risk};
use crate::calibrate::twin::{Positions, Reading, Twin, TwinError, vendor};
use crate::contract::variant::{SwitchPosition, Variant};
use crate::explore::seen::Seen;

/// A position of a switch that a run is tried under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub(crate) vendor: &'static str,
    pub(crate) variant: usize,
    pub(crate) position: u8,
    /// What it stands at in the scenario.
    pub(crate) before: u8,
}

/// Something in a reply that a position changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Which exchange of the run, from 0.
    pub(crate) exchange: usize,
    pub(crate) key: Key,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// A position, and what it changes in the run.
#[derive(Clone, Debug)]
pub(crate) struct Touch {
    pub(crate) turn: Turn,
    /// In the order of the exchanges.
    pub(crate) changes: Vec<Change>,
    /// The operations whose replies it changes.
    pub(crate) operations: BTreeSet<String>,
}

impl Turn {
    fn variant(&self) -> Option<&'static Variant> {
        vendor(self.vendor)?.surface.variants.get(self.variant)
    }

    /// The names of the switch, of the position and of the one before.
    pub(crate) fn names(&self) -> (&'static str, &'static str, &'static str) {
        let Some(variant) = self.variant() else { return ("", "", "") };
        let value = |at: u8| variant.values.get(usize::from(at)).map_or("", |it| it.name);
        (variant.name, value(self.position), value(self.before))
    }

    /// `jtel.date_style = naive_millis`.
    pub(crate) fn line(&self) -> String {
        let (switch, value, _) = self.names();
        format!("{}.{switch} = {value}", self.vendor)
    }

    /// As a world's switches are turned.
    pub(crate) fn to_switch(self) -> SwitchPosition {
        let Turn { vendor, variant, position, .. } = self;
        SwitchPosition { vendor, variant, position }
    }
}

/// Every other position that would have changed a reply of the run. `scenario` is what its world was
/// made of.
///
/// # Errors
/// Where no world can be made of the scenario.
pub(crate) fn touches(
    seen: &[Seen],
    scenario: &Value,
    at: Instant,
) -> Result<Vec<Touch>, TwinError> {
    let mut found = Vec::new();
    let vendors: BTreeSet<&str> = seen.iter().map(|it| it.vendor.as_str()).collect();
    for vendor in vendors.into_iter().filter_map(vendor) {
        let name = vendor.surface.vendor;
        let places: Vec<usize> = (0..seen.len()).filter(|idx| seen[*idx].vendor == name).collect();
        let asks = places.iter().map(|idx| seen[*idx].ask.clone()).collect();
        let question =
            Question { name: String::new(), asks, risk: Risk::Writes, bad_credentials: false };
        let base = stated(scenario, name, vendor.surface.variants);
        let drawn = all::of(name).map_or(&[][..], |it| it.drawn);
        let reading = Reading { when: Vec::new(), scenario: scenario.clone() };
        let mut twin = Twin::new(vendor, &[reading], at, drawn)?;
        let (before, switches) = twin.fresh(&question, &base)?;
        let asked = vendor.surface.variants.iter().enumerate();
        for (variant, switch) in asked.filter(|(variant, _)| switches.contains(*variant)) {
            for position in 0..u8::try_from(switch.values.len()).unwrap_or(u8::MAX) {
                if position == base[variant] {
                    continue;
                }
                let mut positions = base.clone();
                positions[variant] = position;
                let (after, _) = twin.fresh(&question, &positions)?;
                let changes = changes(&before, &after, &places);
                if changes.is_empty() {
                    continue;
                }
                let operations =
                    changes.iter().map(|it| seen[it.exchange].operation.clone()).collect();
                let before = base[variant];
                let turn = Turn { vendor: name, variant, position, before };
                found.push(Touch { turn, changes, operations });
            }
        }
    }
    Ok(found)
}

/// The positions that a scenario sets.
pub(crate) fn stated(scenario: &Value, vendor: &str, variants: &[Variant]) -> Positions {
    let chosen = &scenario[vendor]["variants"];
    let position = |variant: &Variant| {
        let value = &chosen[variant.name];
        let value = value.as_str().or_else(|| value["value"].as_str());
        value.and_then(|it| variant.position(it)).unwrap_or(0)
    };
    variants.iter().map(position).collect()
}

/// What differs, each place under the highest that differs.
fn changes(before: &Features, after: &Features, places: &[usize]) -> Vec<Change> {
    let mut differing: BTreeMap<Key, (Option<String>, Option<String>)> = BTreeMap::new();
    for key in before.by_key.keys().chain(after.by_key.keys()) {
        let (one, other) = (before.by_key.get(key), after.by_key.get(key));
        if one != other {
            differing.insert(key.clone(), (one.cloned(), other.cloned()));
        }
    }
    let is_below = |key: &Key| key.parent().is_some_and(|it| differing.contains_key(&it));
    let highest = differing.iter().filter(|(key, _)| !is_below(key));
    let found = highest.filter_map(|(key, (before, after))| {
        let exchange = *places.get(key.nth)?;
        let key = Key { nth: 0, ..key.clone() };
        Some(Change { exchange, key, before: before.clone(), after: after.clone() })
    });
    let mut found: Vec<Change> = found.collect();
    found.sort_by(|one, other| (one.exchange, &one.key).cmp(&(other.exchange, &other.key)));
    found
}
