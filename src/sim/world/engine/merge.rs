//! Taking a piece of scenario into the world as it is.

use serde_json::Value;

use crate::base::chain::Chain;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::reply::{InternalError, Outcome};
use crate::contract::scope::fence;
use crate::sim::fault;
use crate::sim::journal::action;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::loading::live::Live;
use crate::sim::loading::load::load_parts;
use crate::sim::loading::scenario::{Collection, LoadError, Scenario};
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::halt::{Stop, Stopped};
use crate::sim::world::engine::{Engine, due};

/// What came of a piece of scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub seq: Seq,
    /// The collections of the piece that had rows.
    pub added: Vec<Collection>,
}

impl Merged {
    /// Rows by section and collection; what is no vendor's stands under `world`.
    pub fn added_json(&self) -> Value {
        let mut added = serde_json::Map::new();
        for Collection { section, name, n_rows } in &self.added {
            let section = if section.is_empty() { "world" } else { section };
            let section = added.entry(section).or_insert_with(|| serde_json::json!({}));
            section[*name] = (*n_rows).into();
        }
        added.into()
    }
}

impl Engine {
    /// Takes a piece of scenario into the world as it is, at its time: all of it, or nothing.
    ///
    /// # Errors
    /// Where the piece has mistakes; that is journaled as well.
    pub(crate) fn merge(
        &mut self,
        piece: &mut dyn Scenario,
        call: &Stop,
    ) -> Result<Merged, LoadError> {
        let now = self.clock.now();
        let Fired { effects, halted, .. } = self.fire_until(now);
        if let Some(halt) = halted {
            return Err(LoadError::Internal(InternalError::new(halt)));
        }
        self.seq = self.seq.next();
        let merged = self.merge_parts(now, piece, call);
        let merged = match (merged, call.within(&self.stop).told()) {
            (Err(LoadError::Internal(_)), Some(halt)) => {
                Err(LoadError::Internal(InternalError::new(Stopped(halt))))
            }
            (merged, _) => merged,
        };
        let result = merged.map(|added| Merged { seq: self.seq, added });
        if result.is_err() {
            self.rollback();
            // Counts that were written are taken back with the rest.
            self.faults.touch();
        }
        let (outcome, detail, error) = match &result {
            Ok(merged) => (Outcome::Ok, serde_json::json!({ "added": merged.added_json() }), None),
            // The mistakes themselves may quote credentials.
            Err(LoadError::Mistakes(_)) => {
                (Outcome::Refused, Value::Null, Some("the piece has mistakes".to_owned()))
            }
            Err(LoadError::Internal(error)) => {
                tracing::error!(
                    world = self.name,
                    seq = self.seq.get(),
                    error = self.told(error),
                    "merge failed"
                );
                (Outcome::Error, Value::Null, Some(Chain(error).to_string()))
            }
        };
        let what = What::Action(Action { name: action::SEED.into(), vendor: None, detail });
        let entry = Entry { seq: self.seq, at: now, what, outcome, effects, why: None, error };
        if let Err(error) = self.commit(entry) {
            self.faults =
                fault::store::load(self.db.connection(), now).map_err(LoadError::Internal)?;
            return Err(LoadError::Internal(error));
        }
        result
    }

    /// On `Ok` the transaction is still open.
    fn merge_parts(
        &mut self,
        now: Instant,
        piece: &mut dyn Scenario,
        call: &Stop,
    ) -> Result<Vec<Collection>, LoadError> {
        // The piece may have rules of the line, settings and sources of traffic.
        self.cache.clear();
        let db = self.db.connection();
        db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        // The piece's rules come behind those that are there.
        fault::store::save(db, &mut self.faults).map_err(LoadError::Internal)?;
        let loaded = self.stoppable(call, |engine| engine.load_piece(now, piece));
        let added = loaded.map_err(LoadError::Internal)??;
        let db = self.db.connection();
        self.faults = fault::store::load(db, now).map_err(LoadError::Internal)?;
        self.next_due = due::next_due(db)?;
        Ok(added)
    }

    fn load_piece(
        &self,
        now: Instant,
        piece: &mut dyn Scenario,
    ) -> Result<Vec<Collection>, LoadError> {
        let db = self.db.connection();
        let live = Live::new(db, self.vendors, now);
        let loaded =
            fence(|| load_parts(db, self.vendors, &self.settings, now, piece, Some(&live)));
        match live.failure() {
            Some(error) => Err(error.into()),
            None => loaded,
        }
    }
}
