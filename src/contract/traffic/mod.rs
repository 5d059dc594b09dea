//! Things that happen by themselves on a world's clock, as a vendor declares and plans them: calls
//! that come in, campaigns that are fed, agents who begin and end their day.
//!
//! What is drawn depends on (seed, source, hour, n) alone, never on what was asked in between or on
//! how the clock was stepped.
//!
//! Not here: the timers that let it happen, and how a scenario states it (`sim::outside::traffic`).

pub mod hours;
pub mod kind;
pub mod source;
pub mod spread;
