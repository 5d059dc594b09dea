//! SQLite: opening, schema, and the statements that can be checked.

pub mod adopt;
pub mod database;
pub mod folder;
pub mod pages;
pub mod schema;
pub mod setting;
pub mod sql;
