//! A scenario becomes the rows of a world, and the rows a scenario again.
//!
//! Not here: files, TOML and their mistakes (`scenario`), and when a world is loaded (`sim::world`).
//! Floors below: `contract`, `fault`, `outside`, `judge`.

pub mod live;
pub mod load;
pub mod read_back;
pub mod scenario;
pub mod settings;
pub mod top;
