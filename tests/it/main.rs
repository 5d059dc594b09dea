//! Integration tests: one crate, a module per theme.

#![expect(clippy::unwrap_used, reason = "tests")]

mod scenario;
mod tidy;
