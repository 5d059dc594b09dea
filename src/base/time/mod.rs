//! World time, lengths of time and the system's time, each a type of its own, with the ends of the
//! calendar in one place.
//!
//! Not here: reading a clock (`base::clock`), and the vendors' own date forms (their `wire` files).

mod instant;
pub(crate) mod rfc3339;
mod span;
pub(crate) mod span_text;
mod sql;
mod stored;
#[cfg(test)]
mod tests;
mod wall;

pub use instant::Instant;
pub use span::Span;
pub(crate) use wall::Wall;
