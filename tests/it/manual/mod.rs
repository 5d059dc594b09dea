//! The manual: what its pages show is run, what they name exists, and what the code knows is written
//! into them by the code.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `pages` | the pages, and what stands in one: commands, files, pieces of scenario |
//! | `session` | the commands of a page, run one after the other beside a program of their own |
//! | `snippets` | what is printed below a command is what it prints; scenarios and JSON are read |
//! | `compared` | whether a text is the one expected, where `…` stands for anything |
//! | `links` | every link leads somewhere |
//! | `names` | every flag, variable, path, route and rule that is named exists |
//! | `made` | tables that are made from the code's own |
//! | `states` | the tables of states, each row of which happens |
//! | `moves` | those rows, each with what makes it happen |
//! | `reckoned` | tables of constants, as numbers with their units |
//! | `explained` | every refusal is explained, by `ringback explain` too |
//! | `shown` | `ringback manual` |
//!
//! `UPDATE_MANUAL=1` has the pages rewritten: what is printed below commands, and the tables.
//! `MANUAL_PAGE=faults` runs the commands of one page alone.

mod compared;
mod explained;
mod links;
mod made;
mod moves;
mod names;
mod pages;
mod reckoned;
mod session;
mod shown;
mod snippets;
mod states;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Whether pages are to be rewritten rather than held against the code.
fn is_update() -> bool {
    env::var_os("UPDATE_MANUAL").is_some_and(|value| value == "1")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Writes a page where its text has changed.
fn rewrite(path: &str, old: &str, new: &str) {
    if old != new {
        fs::write(root().join(path), new).unwrap();
    }
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
