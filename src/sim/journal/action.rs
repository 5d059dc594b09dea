//! Names of admin actions, as entries of a journal have them.

/// All of them: an entry of another name would be one that no condition may name.
pub(crate) const ALL: [&str; 13] = [
    ADVANCE, CHECKPOINT, CLOCK, DUE, EVENT, FAULTS, HANDSHAKE, RESEED, RESET, ROLLBACK, SEED,
    STRICT, VARIANTS,
];

/// Actions after which the rows are those of another time.
pub(crate) const PUT_BACK: [&str; 3] = [RESET, RESEED, ROLLBACK];

pub(crate) const ADVANCE: &str = "advance";

pub(crate) const CHECKPOINT: &str = "checkpoint";

pub(crate) const CLOCK: &str = "clock";

/// What became due on a clock that runs by itself.
pub(crate) const DUE: &str = "due";

pub(crate) const EVENT: &str = "event";

pub(crate) const FAULTS: &str = "faults";

/// One that failed; no world's.
pub(crate) const HANDSHAKE: &str = "handshake";

pub(crate) const RESET: &str = "reset";

pub(crate) const RESEED: &str = "reseed";

pub(crate) const ROLLBACK: &str = "rollback";

pub(crate) const SEED: &str = "seed";

pub(crate) const STRICT: &str = "strict";

pub(crate) const VARIANTS: &str = "variants";
