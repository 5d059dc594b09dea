//! A scenario file as JSON with its CSV files in it, whatever it says: what is sent to a program that
//! makes a world of it, and that may know more vendors than this one does.
//!
//! Not here: whether it is right. Only its syntax is looked at.

use std::io;
use std::path::Path as FilePath;

use serde_json::Value as Json;

use crate::scenario::error::ScenarioError;
use crate::scenario::files::{Folder, read_file, reason};
use crate::scenario::inline::take_in;
use crate::scenario::json_tree;
use crate::scenario::limits::TOML_BYTES_MAX;
use crate::scenario::mistake::{Ledger, Mistakes, Problem};
use crate::scenario::place::{Main, Text};
use crate::scenario::toml_tree;
use crate::scenario::tree::{Node, Value};
use crate::sim::loading::scenario::Mistaken;

/// Reads a scenario file: TOML, or JSON where its name ends so.
///
/// # Errors
/// Where it or a CSV file that it names cannot be read, or its syntax has mistakes.
pub(crate) fn read_plain(path: &FilePath) -> Result<Json, ScenarioError> {
    let name = path.display().to_string();
    let unread =
        |error: io::Error| ScenarioError::File { file: name.clone(), reason: reason(&error) };
    let bytes = read_file(path, TOML_BYTES_MAX).map_err(unread)?;
    let is_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let read = if is_json { from_json(&name, &bytes) } else { from_toml(&name, bytes) };
    let mut json = read.map_err(|mistakes| ScenarioError::from(&mistakes as &dyn Mistaken))?;
    take_in(&mut json, &Folder(path.parent().unwrap_or(FilePath::new("")).to_path_buf()))?;
    Ok(json)
}

fn from_json(name: &str, bytes: &[u8]) -> Result<Json, Mistakes> {
    let text = String::from_utf8_lossy(bytes);
    json_tree::read(name, &text).map_err(|wrong| {
        let mut ledger = Ledger::default();
        ledger.add(|| *wrong);
        ledger.into_mistakes().expect("one was added")
    })
}

fn from_toml(name: &str, bytes: Vec<u8>) -> Result<Json, Mistakes> {
    let (text, bad_at) = Text::from_bytes(bytes);
    let (root, flaws) = toml_tree::build(&text);
    let main = Main { name: name.to_owned(), root, text: Some(text) };
    let mut ledger = Ledger::default();
    if let Some(bad_at) = bad_at {
        ledger.add(|| (main.place(bad_at), Problem::not_utf8()));
    }
    for (at, problem) in flaws {
        ledger.add_flaw(main.place(at), problem);
    }
    // JSON would carry such a number as another one, or as a text.
    let mut unfit = Vec::new();
    find_unfit(&main.root, &mut unfit);
    for at in unfit {
        ledger.add(|| (main.place(at), Problem::unfit_number()));
    }
    match ledger.into_mistakes() {
        Some(mistakes) => Err(mistakes),
        None => Ok(main.root.to_json()),
    }
}

/// The places of numbers that do not fit. The tree is of a bounded depth.
fn find_unfit(node: &Node, found: &mut Vec<u32>) {
    match &node.value {
        Value::Unfit(_) => found.push(node.at),
        Value::List(items) => items.iter().for_each(|item| find_unfit(item, found)),
        Value::Table(table) => table.entries.iter().for_each(|it| find_unfit(&it.node, found)),
        _ => {}
    }
}
