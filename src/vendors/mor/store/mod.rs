//! Rows of MOR, and the statements that read and write them.

pub(crate) mod calls;
pub(crate) mod campaigns;
pub(crate) mod numbers;
pub(crate) mod settings;
pub(crate) mod users;

/// Every statement, for the test that prepares them all.
pub(crate) const STATEMENTS: &[&[(&str, &str)]] = &[
    calls::STATEMENTS,
    campaigns::STATEMENTS,
    numbers::STATEMENTS,
    settings::STATEMENTS,
    users::STATEMENTS,
];
