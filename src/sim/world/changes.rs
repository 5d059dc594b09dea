//! What changes a world beside requests and its clock: a piece of scenario, switches, fault rules.

use std::sync::Arc;

use serde_json::Value;

use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::contract::variant::SwitchPosition;
use crate::sim::fault::rule::Rule;
use crate::sim::fault::rule_id::RuleId;
use crate::sim::loading::observed::Observed;
use crate::sim::loading::scenario::{LoadError, Scenario};
use crate::sim::loading::settings::HostGiven;
use crate::sim::world::World;
use crate::sim::world::engine::halt::StopWhenGone;
use crate::sim::world::engine::merge::Merged;
use crate::sim::world::engine::rules::FaultError;

impl World {
    /// Takes a piece of scenario into the world as it is now: all of it, or nothing. A reset goes
    /// back to the seed without it. Where whoever waits for it goes away, nothing is taken.
    ///
    /// # Errors
    /// Where the piece has mistakes, or SQLite fails.
    pub async fn merge(
        self: &Arc<Self>,
        mut piece: impl Scenario + Send + 'static,
    ) -> Result<Merged, LoadError> {
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let taken = move |world: &World| {
            world.lock().map_err(LoadError::Internal)?.merge(&mut piece, &call)
        };
        let merged = self.long(taken).await;
        merged.map_err(LoadError::Internal)?
    }

    /// Turns switches.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn set_variants(
        &self,
        turns: Vec<SwitchPosition>,
        detail: Value,
    ) -> Result<Seq, InternalError> {
        let _open = self.gate.read().await;
        let turned = self.lock()?.set_variants(&turns, detail);
        self.news.notify_waiters();
        turned
    }

    /// The rules for faults, with what has come of them.
    pub async fn faults(&self) -> Value {
        let _open = self.gate.read().await;
        self.peek().faults_json()
    }

    /// Adds rules for faults, from the next request on; answers their ids.
    ///
    /// # Errors
    /// Where there would be too many, or one's name is taken.
    pub async fn add_faults(
        &self,
        rules: Vec<Rule>,
        detail: Value,
    ) -> Result<Vec<RuleId>, FaultError> {
        let _open = self.gate.read().await;
        let added = self.lock()?.add_faults(rules, detail);
        self.news.notify_waiters();
        added
    }

    /// Takes one rule away, or all; answers how many went.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn remove_faults(&self, id: Option<RuleId>) -> Result<usize, InternalError> {
        let _open = self.gate.read().await;
        let removed = self.lock()?.remove_faults(id);
        self.news.notify_waiters();
        removed
    }

    /// Which of the switches were seen at the vendor itself.
    pub(crate) async fn observed(&self) -> Observed {
        let _open = self.gate.read().await;
        self.peek().settings().observed.clone()
    }

    /// The hosts that its scenario gives to vendors.
    pub(crate) fn hosts(&self) -> Vec<HostGiven> {
        self.peek().settings().hosts.clone()
    }

    /// The switches as they stand, by vendor and name.
    pub async fn variants(&self) -> Value {
        let _open = self.gate.read().await;
        self.peek().variants_json()
    }
}
