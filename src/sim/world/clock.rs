//! Moving a world's clock, with the gate closed.

use std::sync::Arc;

use crate::contract::reply::InternalError;
use crate::sim::world::World;
use crate::sim::world::engine::clock::{Advanced, ClockFacts, ClockTurn, Step, StepError};

/// Why a clock was not moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl World {
    /// Moves the clock on; answers when all due work is done.
    ///
    /// # Errors
    /// Where the moment has passed, or the work could not be run at all.
    pub async fn advance(self: &Arc<Self>, step: impl Into<Step>) -> Result<Advanced, ClockError> {
        let step = step.into();
        Ok(self.long(move |world| world.lock().advance(step)).await??)
    }

    /// Lets the clock run otherwise from now on. A moment ahead is stepped to first.
    ///
    /// # Errors
    /// As for [`World::advance`].
    pub async fn set_clock(self: &Arc<Self>, turn: ClockTurn) -> Result<Advanced, ClockError> {
        Ok(self.long(move |world| world.lock().set_clock(turn)).await??)
    }

    /// How the clock stands.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn clock(&self) -> Result<ClockFacts, InternalError> {
        let _open = self.gate.read().await;
        self.lock().clock_facts()
    }
}
