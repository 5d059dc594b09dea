//! SQL, and rows into values; one file per resource.

mod accounts;
mod agents;
mod calls;
mod leads;
mod lists;

use crate::contract::vendor::Trace;

pub(super) use accounts::*;
pub(super) use agents::*;
pub(super) use calls::*;
pub(super) use leads::*;
pub(super) use lists::*;

/// Where a person's traces are.
pub(super) static TRACES: &[Trace] = &[leads::LEADS, calls::CALLS];

/// Every statement, by name.
pub(super) fn statements() -> Vec<(&'static str, &'static str)> {
    [
        accounts::STATEMENTS,
        agents::STATEMENTS,
        calls::STATEMENTS,
        leads::STATEMENTS,
        lists::STATEMENTS,
    ]
    .concat()
}
