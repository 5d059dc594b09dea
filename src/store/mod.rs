//! SQLite: opening, schema, and the statements that can be checked.

pub(crate) mod adopt;
pub(crate) mod database;
pub(crate) mod folder;
pub(crate) mod pages;
pub(crate) mod schema;
pub(crate) mod setting;
pub(crate) mod sql;
