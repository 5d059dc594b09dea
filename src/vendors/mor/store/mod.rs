//! Rows of MOR, and the statements that read and write them.

pub(crate) mod calls;
pub(crate) mod campaigns;
pub(crate) mod hashes;
pub(crate) mod in_progress;
pub(crate) mod numbers;
pub(crate) mod old_keys;
pub(crate) mod settings;
pub(crate) mod users;

use crate::contract::vendor::Statements;

/// Every statement, for the test that prepares them all.
pub(crate) static STATEMENTS: &[Statements] = &[
    calls::STATEMENTS,
    campaigns::STATEMENTS,
    hashes::STATEMENTS,
    in_progress::STATEMENTS,
    numbers::STATEMENTS,
    old_keys::STATEMENTS,
    settings::STATEMENTS,
    users::STATEMENTS,
];
