//! `schema`: what a scenario may hold, as JSON Schema; and one section of it as a table of keys.

use clap::Args;
use serde_json::{Value, json};

use crate::app;
use crate::base::nearest::did_you_mean;
use crate::cli::asking::shown;
use crate::cli::declared::{inner, kind_word, need, wanted};
use crate::cli::failure::{Failure, bad_input, print};
use crate::cli::table;
use crate::contract::fields::{Field, Kind};

/// The section of what is no vendor's.
const WORLD: &str = "world";

/// Words of a default that fit in a column.
const DEFAULT_WORDS_MAX: usize = 3;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Prints the keys of this vendor's section as a table, or with `world` those at the top; only what
    /// is within one of them, as in `jtel.contacts`; the JSON Schema of all where left out
    #[arg(env = "RINGBACK_SECTION")]
    section: Option<String>,
    /// The keys of a section as JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

/// A key with what it holds.
#[derive(Clone, Debug)]
struct Key {
    name: String,
    kind: String,
    default: String,
    evidence: String,
    text: String,
}

impl SchemaArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let Some(section) = self.section else { return print(&format!("{:#}", app::schema())) };
        let (name, within) = match section.split_once('.') {
            Some((name, within)) => (name, Some(within)),
            None => (section.as_str(), None),
        };
        let mut keys = if name == WORLD { of_world() } else { of_vendor(name)? };
        if let Some(within) = within {
            keys = only(keys, name, within)?;
        }
        if self.json {
            let keys = keys.iter().map(Key::to_json).collect::<Value>();
            return print(&json!({ "section": section, "keys": keys }).to_string());
        }
        let rows: Vec<_> = keys.into_iter().map(Key::cells).collect();
        let lines = table::lines(&["key", "type", "default", "evidence", "meaning"], &rows);
        lines.iter().try_for_each(|line| print(line))
    }
}

fn of_world() -> Vec<Key> {
    let mut keys = Vec::new();
    for field in app::top_of_scenario() {
        add(field, "", &mut keys);
    }
    keys
}

/// A key, and those within it.
fn only(keys: Vec<Key>, section: &str, within: &str) -> Result<Vec<Key>, Failure> {
    let wanted = bare(within);
    let is_wanted = |key: &Key| {
        bare(&key.name)
            .strip_prefix(&wanted)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if keys.iter().any(is_wanted) {
        return Ok(keys.into_iter().filter(is_wanted).collect());
    }
    let at_top: Vec<&str> =
        keys.iter().map(|key| key.name.as_str()).filter(|name| !name.contains('.')).collect();
    let near = did_you_mean(within, at_top.iter().copied());
    let known = at_top.join(", ");
    Err(bad_input(format!("{section} has no key {within:?}; expected one of {known}{near}")))
}

/// The name of a key without what tells rows.
fn bare(name: &str) -> String {
    name.replace("[]", "")
}

fn of_vendor(name: &str) -> Result<Vec<Key>, Failure> {
    let names = app::vendors().0.iter().map(|vendor| vendor.surface.vendor);
    let names: Vec<&str> = names.chain([WORLD]).collect();
    if !names.contains(&name) {
        let near = did_you_mean(name, names.iter().copied());
        let known = names.join(", ");
        return Err(bad_input(format!(
            "there is no section called {name:?}; expected one of {known}{near}"
        )));
    }
    let mut keys = Vec::new();
    for surface in wanted(Some(name))? {
        for field in surface.scenario {
            add(field, "", &mut keys);
        }
        add(app::hosts_of_section(), "", &mut keys);
        for variant in surface.variants {
            let names: Vec<&str> = variant.values.iter().map(|value| value.name).collect();
            let default = variant.values[0];
            keys.push(Key {
                name: format!("variants.{}", variant.name),
                kind: names.join(" | "),
                default: default.name.to_owned(),
                evidence: shown(&default.evidence.grade().into()),
                text: variant.text.to_owned(),
            });
        }
    }
    Ok(keys)
}

/// A field, and those inside it.
fn add(field: &Field, before: &str, keys: &mut Vec<Key>) {
    let of_rows = if matches!(field.kind, Kind::Rows(_)) { "[]" } else { "" };
    let name = format!("{before}{}", field.name);
    let refers = field.refers.map(|target| format!(" (one of {target})")).unwrap_or_default();
    let (text, default) = without_default(field.text);
    keys.push(Key {
        name: name.clone(),
        kind: kind_word(&field.kind),
        default: if field.is_required() { need(field).to_owned() } else { default.to_owned() },
        evidence: String::new(),
        text: format!("{text}{refers}"),
    });
    for field in inner(&field.kind) {
        add(field, &format!("{name}{of_rows}."), keys);
    }
}

/// A meaning, and apart from it what stands for a value that is left out, where it says so at its end.
fn without_default(text: &'static str) -> (&'static str, &'static str) {
    let end = [" where left out", " if left out"].iter().find_map(|end| text.strip_suffix(end));
    let parts = end.and_then(|rest| rest.rsplit_once("; "));
    // A whole sentence is no value for a column.
    parts
        .filter(|(_, default)| default.split(' ').count() <= DEFAULT_WORDS_MAX)
        .unwrap_or((text, ""))
}

impl Key {
    fn to_json(&self) -> Value {
        let Key { name, kind, default, evidence, text } = self;
        let is_required = default == "required";
        let or_null = |text: &String| if text.is_empty() { Value::Null } else { json!(text) };
        json!({
            "name": name, "type": kind, "required": is_required,
            "default": if is_required { Value::Null } else { or_null(default) },
            "evidence": or_null(evidence), "text": text,
        })
    }

    fn cells(self) -> Vec<String> {
        vec![self.name, self.kind, self.default, self.evidence, self.text]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_value_that_is_left_out_is_its_default() {
        for (text, expected) in [
            ("wait after a call; 10m where left out", ("wait after a call", "10m")),
            ("the days; it dials; all where left out", ("the days; it dials", "all")),
            ("a name", ("a name", "")),
            ("all where left out", ("all where left out", "")),
        ] {
            assert_eq!(without_default(text), expected);
        }
        let long = "which; the first of those that are free where left out";
        assert_eq!(without_default(long), (long, ""));
    }
}
