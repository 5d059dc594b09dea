//! Names of worlds that mean something. What can be a name says `store::folder::name`.

/// The world that always exists.
pub const DEFAULT: &str = "default";
