//! SQL, and rows into values; one file per resource.

mod accounts;
mod agents;
mod calls;
mod leads;
mod lists;

use crate::contract::vendor::Trace;

pub(crate) use accounts::*;
pub(crate) use agents::*;
pub(crate) use calls::*;
pub(crate) use leads::*;
pub(crate) use lists::*;

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] = &[leads::LEADS, calls::CALLS];

/// Every statement, by name.
pub(crate) fn statements() -> Vec<(&'static str, &'static str)> {
    [
        accounts::STATEMENTS,
        agents::STATEMENTS,
        calls::STATEMENTS,
        leads::STATEMENTS,
        lists::STATEMENTS,
    ]
    .concat()
}
