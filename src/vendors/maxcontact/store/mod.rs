//! SQL, and rows into values; one file per resource.

mod accounts;
mod agents;
mod calls;
mod leads;
mod lists;

pub(super) use accounts::*;
pub(super) use agents::*;
pub(super) use calls::*;
pub(super) use leads::*;
pub(super) use lists::*;

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
