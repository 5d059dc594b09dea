//! States that a world goes back to: its seed, and checkpoints.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::base::limits::CHECKPOINTS_MAX;
use crate::base::lock::lock;
use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::sim::journal::action::{CHECKPOINT, RESEED, RESET, ROLLBACK};
use crate::sim::world::World;
use crate::sim::world::engine::halt::{Stop, StopWhenGone, Stopped};
use crate::store::database::Saved;
use crate::store::folder::error::FolderError;
use crate::store::folder::name::is_name;
use crate::store::pages::image::Image;

/// Why a checkpoint was not made or not found.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("there is no checkpoint called {0:?}; there are {known}", known = list(.1))]
    Unknown(String, Vec<String>),
    #[error("there are {CHECKPOINTS_MAX} checkpoints already; use one of their names again")]
    TooMany,
    #[error(transparent)]
    Name(FolderError),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

impl World {
    /// Brings the seed back: rows, timers, counters, variants and clock. The journal goes on, with
    /// a marker.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn reset(self: &Arc<Self>) -> Result<Seq, InternalError> {
        self.put_back(World::origin, RESET, Value::Null).await
    }

    fn origin(&self) -> Saved {
        lock(&self.saves).origin.clone()
    }

    /// Begins again from another seed, which a reset goes back to from now on. The journal goes on,
    /// with a marker; checkpoints stay.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub(crate) async fn reseed(self: &Arc<Self>, seed: Image) -> Result<Seq, InternalError> {
        let Some(kept) = self.kept.clone() else {
            let take = |world: &World| {
                let seed = Saved::Image(seed);
                lock(&world.saves).origin = seed.clone();
                seed
            };
            return self.put_back(take, RESEED, Value::Null).await;
        };
        let done = self.long(move |world| {
            let saves = &mut lock(&world.saves);
            let mut engine = world.lock()?;
            saves.origin = engine
                .copying(&Stop::default(), |db| kept.folder.reseed(&kept.home, db, &seed))?
                .map_err(InternalError::new)?;
            engine.put_back()?;
            Ok(engine.mark(RESEED, Value::Null))
        });
        done.await?
    }

    /// `choose` runs when the gate is closed, so that nothing comes between it and the restore. Where
    /// whoever waits for it goes away before it is done, nothing is changed.
    async fn put_back(
        self: &Arc<Self>,
        choose: impl FnOnce(&World) -> Saved + Send + 'static,
        action: &'static str,
        detail: Value,
    ) -> Result<Seq, InternalError> {
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let done = self.long(move |world| {
            let saved = choose(world);
            world.lock()?.go_back(&saved, action, detail, &call)
        });
        done.await?
    }

    /// Keeps the state as it is now under a name; one of that name is replaced.
    ///
    /// # Errors
    /// Where the name is bad, there are too many, or the copy cannot be written.
    pub async fn checkpoint(self: &Arc<Self>, name: &str) -> Result<Seq, CheckpointError> {
        if !is_name(name) {
            return Err(CheckpointError::Name(FolderError::Name(name.to_owned())));
        }
        let wanted = name.to_owned();
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let done = self.long(move |world| {
            let checkpoints = &mut lock(&world.saves).checkpoints;
            if checkpoints.len() >= CHECKPOINTS_MAX && !checkpoints.contains_key(&wanted) {
                return Err(CheckpointError::TooMany);
            }
            let mut engine = world.lock()?;
            let saved = engine.copying(&call, |db| match &world.kept {
                Some(kept) => {
                    let saved = kept.folder.checkpoint(&kept.home, db, &wanted);
                    saved.map_err(InternalError::new)
                }
                None => Ok(Saved::Image(db.image()?)),
            })?;
            let saved = saved.map_err(|error| match call.within(&world.stop).told() {
                Some(halt) => InternalError::new(Stopped(halt)),
                None => error,
            })?;
            checkpoints.insert(wanted.clone(), saved);
            Ok(engine.mark(CHECKPOINT, json!({ "name": wanted })))
        });
        done.await.map_err(CheckpointError::Internal)?
    }

    /// Puts the state back to a checkpoint. The journal goes on, with a marker; later checkpoints
    /// stay.
    ///
    /// # Errors
    /// Where there is none of that name, or SQLite fails.
    pub async fn rollback(self: &Arc<Self>, name: &str) -> Result<Seq, CheckpointError> {
        let saved = {
            let saves = lock(&self.saves);
            let found = saves.checkpoints.get(name).cloned();
            found.ok_or_else(|| CheckpointError::Unknown(name.to_owned(), saves.names()))?
        };
        let detail = json!({ "name": name });
        self.put_back(|_| saved, ROLLBACK, detail).await.map_err(CheckpointError::Internal)
    }
}
