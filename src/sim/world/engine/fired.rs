//! What firing timers came to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::base::limits::FIRINGS_SHOWN_MAX;
use crate::base::tally;
use crate::contract::reply::Effect;
use crate::contract::timer::Timer;
use crate::sim::world::engine::halt::Halt;

/// What fired on the way to some moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    pub count: usize,
    /// How many of each vendor's kinds.
    pub by_kind: BTreeMap<(String, String), usize>,
    /// The first of them, in order.
    pub first: Vec<Timer>,
    pub effects: Vec<Effect>,
    /// Why it ended before its end.
    pub halted: Option<Halt>,
}

impl Fired {
    pub(crate) fn note(&mut self, timer: Timer) {
        self.count += 1;
        tally::TIMERS_FIRED.add(1);
        let kind = (timer.vendor.clone(), timer.kind.clone());
        *self.by_kind.entry(kind).or_default() += 1;
        if self.first.len() < FIRINGS_SHOWN_MAX {
            self.first.push(timer);
        }
    }

    pub(crate) fn append(&mut self, later: Fired) {
        self.count += later.count;
        for (kind, n_fired) in later.by_kind {
            *self.by_kind.entry(kind).or_default() += n_fired;
        }
        let room = FIRINGS_SHOWN_MAX - self.first.len();
        self.first.extend(later.first.into_iter().take(room));
        self.effects.extend(later.effects);
        self.halted = self.halted.take().or(later.halted);
    }

    /// Counts by kind: `{"jtel": {"call_ends": 12}}`.
    pub fn kinds_json(&self) -> Value {
        let mut vendors = Value::Object(serde_json::Map::new());
        for ((vendor, kind), n_fired) in &self.by_kind {
            vendors[vendor][kind] = (*n_fired).into();
        }
        vendors
    }
}
