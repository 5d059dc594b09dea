//! Integration tests: one crate, a module per theme.

#![expect(clippy::unwrap_used, reason = "tests")]

mod admin_door;
mod alive;
mod calibrate;
mod commands;
mod drift;
mod embed;
mod explore;
mod faults;
mod interleavings;
mod isolation;
mod kept;
mod killed;
mod live;
mod manual;
mod mcp;
mod merge;
mod openapi;
mod packages;
mod page;
mod pages;
mod planted;
mod program;
mod proof;
mod proxy;
mod readme;
mod recordings;
mod replay;
mod replies;
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
