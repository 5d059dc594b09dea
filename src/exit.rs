//! Exit codes, one per kind of ending that a caller may want to tell apart.

/// All went well.
pub(crate) const FINE: u8 = 0;

/// A verification or a replay differed from what was expected.
pub(crate) const DIFFERED: u8 = 1;

/// A flag, an argument or a scenario is wrong.
pub(crate) const BAD_INPUT: u8 = 2;

/// An address could not be bound, or a file or folder not opened; or a server not be reached.
pub(crate) const NO_RESOURCE: u8 = 3;

/// A run shows nothing either way: no exchange with a vendor, or not all of it was seen.
pub(crate) const INCONCLUSIVE: u8 = 4;
