//! Names of admin actions that readers of a journal have to know.

/// Actions after which the rows are those of another time.
pub(crate) const PUT_BACK: [&str; 3] = [RESET, RESEED, ROLLBACK];

pub(crate) const RESET: &str = "reset";

pub(crate) const RESEED: &str = "reseed";

pub(crate) const ROLLBACK: &str = "rollback";
