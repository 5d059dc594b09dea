//! Integration tests: one crate, a module per theme.

#![expect(clippy::unwrap_used, reason = "tests")]

mod binary;
mod commands;
mod embed;
mod faults;
mod isolation;
mod jtel;
mod linear;
mod maxcontact;
mod openapi;
mod pages;
mod replay;
mod safety;
mod scenario;
mod seed;
mod sixth_vendor;
mod snippets;
mod strict;
mod talk;
mod tidy;
mod verify;
mod worlds;
