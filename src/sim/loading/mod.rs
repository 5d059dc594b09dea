//! A scenario becomes the rows of a world, and the rows a scenario again.
//!
//! Not here: files, TOML and their mistakes (`scenario`), and when a world is loaded (`sim::world`).
//! Floors below: `contract`, `fault`, `outside`, `judge`.

pub(crate) mod clock_wanted;
pub(crate) mod live;
pub(crate) mod load;
pub(crate) mod observed;
pub(crate) mod read_back;
pub(crate) mod recipe;
pub(crate) mod scenario;
pub(crate) mod settings;
pub(crate) mod top;
