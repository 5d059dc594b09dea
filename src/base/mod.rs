//! Vocabulary that everything else is written in. Imports nothing of ours.

pub mod chain;
pub mod clock;
pub mod health;
pub mod hex;
pub mod limits;
pub mod lock;
pub mod nearest;
pub mod phone;
pub mod rate;
pub mod seed;
pub mod tally;
pub mod text;
pub mod time;
pub mod unfit;
