//! Vocabulary that everything else is written in. Imports nothing of ours.

pub(crate) mod annotation;
pub(crate) mod chain;
pub(crate) mod clock;
pub(crate) mod descriptors;
pub(crate) mod health;
pub(crate) mod hex;
pub(crate) mod limits;
pub(crate) mod listing;
pub(crate) mod lock;
pub(crate) mod nearest;
pub(crate) mod opposites;
pub(crate) mod packed;
pub(crate) mod phone;
pub(crate) mod planted;
pub(crate) mod rate;
pub(crate) mod seed;
pub(crate) mod seq;
pub(crate) mod shell;
pub(crate) mod sync;
pub(crate) mod tally;
pub(crate) mod text;
pub(crate) mod threads;
pub(crate) mod time;
pub(crate) mod unfit;
pub(crate) mod zone;
