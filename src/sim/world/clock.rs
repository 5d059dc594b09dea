//! Moving a world's clock, with the gate closed.

use std::sync::Arc;

use crate::contract::reply::InternalError;
use crate::sim::world::World;
pub(crate) use crate::sim::world::engine::clock::ClockError;
use crate::sim::world::engine::clock::{Advanced, ClockChange, ClockFacts, Step};
use crate::sim::world::engine::halt::{Stop, StopWhenGone};

impl World {
    /// Moves the clock on; answers when all due work is done. Where whoever waits for it goes away,
    /// it stops between two firings.
    ///
    /// # Errors
    /// Where the moment has passed, not all of the work was done, or it could not be run at all.
    pub async fn advance(self: &Arc<Self>, step: impl Into<Step>) -> Result<Advanced, ClockError> {
        let (step, waiting) = (step.into(), StopWhenGone::default());
        let call = waiting.0.clone();
        self.long(move |world| world.lock()?.advance(step, &call)).await?
    }

    /// Lets the clock run otherwise from now on. A moment ahead is stepped to first.
    ///
    /// # Errors
    /// As for [`World::advance`].
    pub async fn set_clock(self: &Arc<Self>, turn: ClockChange) -> Result<Advanced, ClockError> {
        let waiting = StopWhenGone::default();
        self.set_clock_until(turn, waiting.0.clone()).await
    }

    /// As [`World::set_clock`], until `call` says to stop.
    ///
    /// # Errors
    /// As for [`World::advance`].
    pub(crate) async fn set_clock_until(
        self: &Arc<Self>,
        turn: ClockChange,
        call: Stop,
    ) -> Result<Advanced, ClockError> {
        self.long(move |world| world.lock()?.set_clock(turn, &call)).await?
    }

    /// How the clock stands.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn clock(&self) -> Result<ClockFacts, InternalError> {
        let _open = self.gate.read().await;
        self.lock_as_of_now()?.clock_facts()
    }
}
