//! Fault rules, what is expected of the run, and switches.

use rusqlite::Connection;
use serde_json::Value;

use crate::base::limits::FAULTS_MAX;
use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::contract::variant::SwitchPosition;
use crate::sim::fault::rule_id::RuleId;
use crate::sim::fault::struck::Faults;
use crate::sim::fault::{self, rule};
use crate::sim::journal::action;
use crate::sim::judge::expectation::{self, Expectation};
use crate::sim::world::engine::Engine;

/// Why rules for faults were not taken.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    #[error("there are {FAULTS_MAX} rules at the most; delete some first")]
    TooMany,
    #[error("a fault is already called {0:?}; delete it first, or choose another name")]
    Taken(String),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl Engine {
    /// Adds rules for faults; answers their ids.
    ///
    /// # Errors
    /// Where there would be too many, or one's name is taken.
    pub(crate) fn add_faults(
        &mut self,
        rules: Vec<rule::Rule>,
        detail: Value,
    ) -> Result<Vec<RuleId>, FaultError> {
        if self.faults.len() + rules.len() > FAULTS_MAX {
            return Err(FaultError::TooMany);
        }
        let taken = rules.iter().filter_map(|rule| rule.name.as_deref());
        if let Some(name) = taken.into_iter().find(|name| self.faults.has(name)) {
            return Err(FaultError::Taken(name.to_owned()));
        }
        let now = self.clock.now();
        let mut faults = self.faults.clone();
        let ids = faults.add(rules, now);
        self.put_faults(faults, detail)?;
        Ok(ids)
    }

    /// Takes one rule away, or all; answers how many went.
    pub(crate) fn remove_faults(&mut self, id: Option<RuleId>) -> Result<usize, InternalError> {
        let mut faults = self.faults.clone();
        let n_gone = faults.remove(id);
        if n_gone > 0 {
            self.put_faults(faults, serde_json::json!({ "removed": id }))?;
        }
        Ok(n_gone)
    }

    /// Has other rules from now on, where they can be kept.
    fn put_faults(&mut self, mut faults: Faults, detail: Value) -> Result<(), InternalError> {
        let now = self.clock.now();
        // Those that are there are not written on the way: others take their place.
        let before = std::mem::take(&mut self.faults);
        let kept = self
            .act(action::FAULTS, now, detail, Vec::new(), |db| fault::store::save(db, &mut faults));
        self.faults = if kept.is_ok() { faults } else { before };
        if kept.is_err() {
            self.faults.touch();
        }
        kept.map(drop)
    }

    /// Says what is expected of the run, from its beginning on.
    pub(crate) fn set_expectation(
        &mut self,
        expectation: Expectation,
    ) -> Result<Seq, InternalError> {
        let (now, detail) = (self.clock.now(), expectation.to_json());
        let seq = self.act(action::STRICT, now, detail, Vec::new(), |db| {
            Ok(expectation::save(db, &expectation)?)
        })?;
        self.expectation = expectation;
        Ok(seq)
    }

    pub(crate) fn faults_json(&mut self) -> Value {
        self.faults.to_json(self.clock.now())
    }

    /// Turns switches, from the next input on.
    pub(crate) fn set_variants(
        &mut self,
        turns: &[SwitchPosition],
        detail: Value,
    ) -> Result<Seq, InternalError> {
        let mut settings = self.settings.clone();
        for turn in turns {
            if let Some(idx) = self.vendors.idx(turn.vendor) {
                settings.variants[idx].set(turn.variant, turn.position);
            }
        }
        let (now, vendors) = (self.clock.now(), self.vendors.0);
        let save = |db: &Connection| settings.save_variants(db, vendors);
        let seq = self.act(action::VARIANTS, now, detail, Vec::new(), save)?;
        self.settings = settings;
        Ok(seq)
    }
}
