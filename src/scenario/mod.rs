//! Reads scenarios: TOML with CSV beside it, or the same shape as JSON. Checks them against the
//! vendors' tables of fields and hands over typed rows.
//!
//! Nothing is derived: a scenario is walked as a tree whose nodes know their place, so that every
//! mistake is reported, with file, line and column, or a JSON pointer.
//!
//! Not here: what a row means to a vendor (`vendors`), worlds and their transactions (`sim`), and
//! doing what the steps say (`replay`).

mod body;
pub(crate) mod built_in;
pub(crate) mod capsule;
mod checker;
pub(crate) mod counted;
mod document;
mod error;
mod files;
mod given;
mod inline;
mod joined;
mod json_tree;
mod keys;
mod laying;
mod limits;
pub(crate) mod mistake;
pub(crate) mod named;
mod part;
mod place;
mod plain;
mod print;
mod replacing;
mod scalar;
mod schema;
mod section;
mod sheet;
mod sheet_rows;
mod spot;
mod taking;
mod toml_tree;
pub(crate) mod top;
mod tree;

pub(crate) mod adjusted;
pub(crate) mod library;
pub(crate) mod step;
pub(crate) mod template;
pub(crate) mod watched;

pub use body::fields_from_json;
pub(crate) use body::vendor_fields_from_json;
pub use document::{Document, Shape};
pub(crate) use error::ScenarioError;
pub use files::{Embedded, Files, Folder, NoFiles};
pub(crate) use limits::TOML_BYTES_MAX;
pub use mistake::Mistakes;
pub(crate) use part::Part;
pub(crate) use plain::read_plain;
pub use print::to_toml;
