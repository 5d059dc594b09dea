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

pub mod basis;
mod changes;
pub mod clock;
mod engine;
mod exchange;
mod facts;
pub mod journal;
mod judging;
mod locks;
pub mod metrics;
pub mod pool;
pub mod saved;
mod saves;
mod table;
mod views;

pub use engine::clock::{Advanced, ClockChange, ClockFacts, Step, StepError};
pub(crate) use engine::due::STATEMENTS as TIMER_STATEMENTS;
pub use engine::exchange::Exchanged;
pub use engine::fired::Fired;
pub use engine::halt::Halt;
pub use engine::merge::Merged;
pub(crate) use engine::room::STATEMENTS as ROOM_STATEMENTS;
pub use engine::rules::FaultError;
pub use facts::Facts;
pub use locks::{Shared, World};
