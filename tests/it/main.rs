//! Integration tests: one crate, a module per theme.

#![expect(clippy::unwrap_used, reason = "tests")]

mod binary;
mod pages;
mod scenario;
mod tidy;
