//! What has become of a world: its rows held against its seed, a checkpoint, or another world.
//!
//! Not here: finding the rows (`differing`).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::base::lock::lock;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::blocking::blocking;
use crate::sim::world::World;
use crate::sim::world::differing::{Side, of_table};
use crate::sim::world::saved::CheckpointError;
use crate::store::database::{Saved, Snapshot};
use crate::web::mask::masker::Masker;

/// What a world is held against.
#[derive(Clone, Debug)]
pub(crate) enum Against {
    Seed,
    Checkpoint(String),
    World(Arc<World>),
}

/// A state, and how it is shown.
struct State {
    snapshot: Snapshot,
    masker: Masker,
}

impl World {
    /// What differs since, by table, with so many rows at the most; read from snapshots, so that the
    /// worlds go on.
    ///
    /// # Errors
    /// Where there is no such checkpoint, or SQLite fails.
    pub(crate) async fn differences(
        &self,
        against: &Against,
        limit: usize,
        show_secrets: bool,
    ) -> Result<Value, CheckpointError> {
        let (now, vendors) = self.state(show_secrets).await?;
        let before = if let Against::World(other) = against {
            other.state(show_secrets).await?.0
        } else {
            let snapshot = self.snapshot_of(against).await?;
            State { snapshot, masker: now.masker.clone() }
        };
        let compared = blocking(move || compare(&before, &now, vendors, limit)).await?;
        Ok(compared?)
    }

    async fn state(&self, show_secrets: bool) -> Result<(State, Vendors), InternalError> {
        let _open = self.gate.read().await;
        let masker = self.masker_now(show_secrets)?;
        let (snapshot, vendors, _) = self.lock_as_of_now()?.read_aside()?;
        Ok((State { snapshot, masker }, vendors))
    }

    /// A seed is moved on as this world's was when it began.
    async fn snapshot_of(&self, against: &Against) -> Result<Snapshot, CheckpointError> {
        let saved = self.saved(against)?;
        let snapshot = if let Against::Seed = against {
            let seed = blocking(move || saved.image()).await?.map_err(InternalError::new)?;
            let _open = self.gate.read().await;
            let began = self.lock()?.as_it_began(&seed)?;
            began.snapshot()
        } else {
            saved.snapshot()
        };
        Ok(snapshot.map_err(InternalError::new)?)
    }

    fn saved(&self, against: &Against) -> Result<Saved, CheckpointError> {
        let saves = lock(&self.saves);
        let Against::Checkpoint(name) = against else { return Ok(saves.origin.clone()) };
        let found = saves.checkpoints.get(name).cloned();
        found.ok_or_else(|| CheckpointError::Unknown(name.clone(), saves.names()))
    }
}

fn compare(
    before: &State,
    now: &State,
    vendors: Vendors,
    limit: usize,
) -> Result<Value, InternalError> {
    let (mut tables, mut room) = (Vec::new(), limit);
    now.snapshot.read(|new| {
        let new = Side { db: new, masker: &now.masker };
        before.snapshot.read(|old| {
            let old = Side { db: old, masker: &before.masker };
            for surface in vendors.0.iter().map(|vendor| vendor.surface) {
                for table in surface.tables {
                    if let Some(mut differs) = of_table(table, old, new, &mut room)? {
                        differs["vendor"] = surface.vendor.into();
                        tables.push(differs);
                    }
                }
            }
            Ok::<_, InternalError>(())
        })
    })?;
    let count = |name: &str| tables.iter().filter_map(|it| it[name].as_u64()).sum::<u64>();
    let counts = ["added", "removed", "changed"].map(count);
    let shown: usize = tables.iter().filter_map(|it| it["rows"].as_array()).map(Vec::len).sum();
    let [added, removed, changed] = counts;
    Ok(json!({
        "same": tables.is_empty(),
        "added": added,
        "removed": removed,
        "changed": changed,
        "shown": shown,
        "tables": tables,
    }))
}
