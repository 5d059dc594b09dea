//! One isolated universe: its own state, clock, seed, timers, variants and journal.
//!
//! A request takes the world's lock for microseconds and runs synchronously. Long inputs close the
//! world's gate first and run on a blocking thread; requests wait at the gate without holding one.
//! Worlds share nothing, so they run side by side.
//!
//! [`World`] is the gate and the locks; its work stands by theme in the files beside it. The engine
//! is what the innermost lock guards, and imports nothing of the rest.
//!
//! Not here: many worlds (`sim::worlds`), sockets (`net`). Floors below: all of `sim` but `worlds`.

pub(crate) mod basis;
mod changes;
pub(crate) mod clock;
mod desk;
pub(crate) mod difference;
mod differing;
mod engine;
mod exchange;
mod facts;
pub(crate) mod journal;
mod judging;
mod locks;
pub(crate) mod metrics;
pub(crate) mod pool;
pub(crate) mod saved;
mod saves;
mod stint;
mod table;
#[cfg(test)]
mod tests;
mod turns;
mod views;

#[cfg(test)]
pub(crate) use engine::asked::Asked;
pub(crate) use engine::clock::{Advanced, ClockChange, ClockFacts, Step, StepError};
pub(crate) use engine::due::STATEMENTS as TIMER_STATEMENTS;
pub(crate) use engine::halt::{Halt, Stop, StopWhenGone, Stopped};
pub(crate) use engine::room::STATEMENTS as ROOM_STATEMENTS;
pub(crate) use engine::rules::FaultError;
pub(crate) use locks::Shared;
pub use locks::World;
