//! Integration tests: one crate, a module per theme.

#![expect(clippy::unwrap_used, reason = "tests")]

mod admin_door;
mod alive;
mod commands;
mod embed;
mod faults;
mod isolation;
mod kept;
mod killed;
mod manual;
mod merge;
mod openapi;
mod page;
mod pages;
mod program;
mod proxy;
mod readme;
mod replay;
mod run;
mod scenario;
mod secrets;
mod sixth_vendor;
mod strict;
mod support;
mod tidy;
mod tls;
mod vendors;
mod verify;
mod worlds;
