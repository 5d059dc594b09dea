//! The limits of a scenario, each with its reason.

/// Most mistakes that are kept; of the rest only the number is told. Nobody reads further, and a
/// file with a wrong column has one mistake for each of its rows.
pub(crate) const MISTAKES_MAX: usize = 100;

/// Largest scenario file. Bulk rows belong in CSV, so this is far above any real one.
pub(crate) const TOML_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Largest CSV file. A million contacts of 60 columns are about 500 MB. Below 4 GiB, so that a place
/// in it fits in a `u32`.
pub(crate) const CSV_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Most columns of a CSV file: many times those of the widest collection. Each that is too many is a
/// mistake whose place is looked for from the start of its line.
pub(crate) const CSV_COLUMNS_MAX: usize = 1000;

/// Deepest nesting of tables and lists. The deepest table that a vendor declares has six levels; the
/// limit keeps a hostile file from exhausting the stack.
pub(crate) const NESTING_MAX: u32 = 32;

/// Characters of a value that a message shows.
pub(crate) const VALUE_CHARS_MAX: usize = 60;

/// Ids on either side of a dangling one that are looked at for the one that was meant. All of a
/// small collection; of a large one its neighbours, so that a message costs microseconds.
pub(crate) const NEAR_IDS_MAX: usize = 500;

/// Most hosts that a section gives to its vendor. Each request that names a host is held against all of
/// them, and they stand in the certificate that each handshake carries.
pub(crate) const HOSTS_MAX: usize = 100;

/// Most scenarios that may stand between one and another that it is built on: more than anybody
/// follows, and where two extend each other it ends.
pub(crate) const EXTENDS_DEPTH_MAX: usize = 8;
