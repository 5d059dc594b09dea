//! Fault rules, what is expected of the run, and switches.

use serde_json::Value;

use crate::base::limits::FAULTS_MAX;
use crate::contract::reply::InternalError;
use crate::contract::variant::Turn;
use crate::sim::fault::{self, rule};
use crate::sim::judge::strict::{self, Strict};
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
    ) -> Result<Vec<i64>, FaultError> {
        if self.faults.len() + rules.len() > FAULTS_MAX {
            return Err(FaultError::TooMany);
        }
        let taken = rules.iter().filter_map(|rule| rule.name.as_deref());
        if let Some(name) = taken.into_iter().find(|name| self.faults.has(name)) {
            return Err(FaultError::Taken(name.to_owned()));
        }
        let now = self.clock.now();
        let ids = self.faults.add(rules, now);
        fault::store::save(self.db.connection(), &mut self.faults)?;
        self.mark("faults", detail);
        Ok(ids)
    }

    /// Takes one rule away, or all; answers how many went.
    pub(crate) fn remove_faults(&mut self, id: Option<i64>) -> Result<usize, InternalError> {
        let n_gone = self.faults.remove(id);
        fault::store::save(self.db.connection(), &mut self.faults)?;
        if n_gone > 0 {
            self.mark("faults", serde_json::json!({ "removed": id }));
        }
        Ok(n_gone)
    }

    /// Says what is expected of the run, from its beginning on.
    pub(crate) fn set_strict(&mut self, strict: Strict) -> Result<u64, InternalError> {
        strict::save(self.db.connection(), &strict)?;
        let detail = strict.to_json();
        self.strict = strict;
        Ok(self.mark("strict", detail))
    }

    pub(crate) fn faults_json(&mut self) -> Value {
        self.faults.to_json(self.clock.now())
    }

    /// Turns switches, from the next input on.
    pub(crate) fn set_variants(
        &mut self,
        turns: &[Turn],
        detail: Value,
    ) -> Result<u64, InternalError> {
        let mut settings = self.settings.clone();
        for turn in turns {
            if let Some(idx) = self.vendors.idx(turn.vendor) {
                settings.variants[idx].set(turn.variant, turn.position);
            }
        }
        settings.save_variants(self.db.connection(), self.vendors.0)?;
        self.settings = settings;
        Ok(self.mark("variants", detail))
    }
}
