//! What all readers of steps share: mistakes with their place, names that were learnt, samples.

use std::collections::BTreeSet;
use std::sync::Arc;

use regex::Regex;
use serde_json::Value as Json;

use crate::scenario::checker::Checker;
use crate::scenario::mistake::Problem;
use crate::scenario::place::Place;
use crate::scenario::step::Mark;
use crate::scenario::template::{self, variables};
use crate::scenario::tree::{Node, Table, Value, quoted};
use crate::web::mask::masker::Masker;

/// The word that a step's rounds are counted by.
pub(crate) const ROUND: &str = "round";

/// What a variable stands for while its value is not known.
struct Anything(Json);

impl template::Variables for Anything {
    fn value(&self, _name: &str) -> Option<&Json> {
        Some(&self.0)
    }
}

/// A text with each variable as a digit, which fits wherever a value may stand.
pub(crate) fn sample(text: &str) -> String {
    template::fill(text, &Anything(0.into())).unwrap_or_default()
}

/// An entry of a table, where it is a text.
pub(crate) fn text_of<'t>(table: &'t Table, name: &str) -> Option<&'t str> {
    match &table.get(name)?.node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Reads steps, one after the other, and knows the variables that are set by then.
pub(crate) struct Reader<'c, 'd> {
    pub(crate) checker: &'c mut Checker<'d>,
    /// Variables that earlier steps have captured.
    pub(crate) known: BTreeSet<String>,
    /// Those of the step's rounds.
    pub(crate) inner: BTreeSet<String>,
    /// The step's name.
    pub(crate) name: &'d str,
}

impl<'d> Reader<'_, 'd> {
    pub(crate) fn mistake(&mut self, node: &Node, problem: Problem) {
        self.checker.mistake(node.at, || problem);
    }

    pub(crate) fn mistake_at(&mut self, mark: &Mark, node: &Node, problem: Problem) {
        let order = (0, node.at);
        let place = Place {
            file: mark.file.to_string(),
            line: mark.line,
            column: mark.column,
            pointer: mark.pointer.clone(),
            order,
        };
        self.checker.ledger.add(|| (place, problem));
    }

    pub(crate) fn mark(&self, node: &Node) -> Mark {
        let place = self.checker.main.place(node.at);
        let source = self.checker.main.text.as_ref().map(|text| &text.as_str()[node.at as usize..]);
        let opening = source.filter(|text| text.starts_with("\"\"\"") || text.starts_with("'''"));
        let lines_below = opening
            .map(|text| u32::from(text[3..].starts_with('\n') || text[3..].starts_with("\r\n")));
        Mark {
            file: Arc::from(place.file.as_str()),
            line: place.line,
            column: place.column,
            pointer: place.pointer,
            lines_below,
        }
    }

    /// Remembers what a step captures that cannot be read further.
    pub(crate) fn learn(&mut self, table: &Table) {
        let expect = table.get("expect").and_then(|entry| entry.node.as_table());
        let capture = expect.and_then(|table| table.get("capture"));
        let names = capture.and_then(|entry| entry.node.as_table());
        self.known.extend(names.iter().flat_map(|it| &it.entries).map(|entry| entry.key.clone()));
    }

    pub(crate) fn pattern(&mut self, node: &Node, text: &str) -> bool {
        let Err(error) = Regex::new(&sample(text)) else { return true };
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let found = format!(
            "the pattern {} cannot be read: {reason}",
            quoted(&Masker::default().text(text))
        );
        self.mistake(node, Problem::new(found, "a regular expression"));
        false
    }

    /// Checks that all variables of the texts in a node are known.
    pub(crate) fn uses_inside(&mut self, node: &'d Node) {
        match &node.value {
            Value::Text(text) => {
                let mark = self.mark(node);
                for (line, name) in variables(text) {
                    self.uses(name, &mark.text_line(line), node);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.uses_inside(item)),
            Value::Table(table) => {
                table.entries.iter().for_each(|entry| self.uses_inside(&entry.node));
            }
            _ => {}
        }
    }

    pub(crate) fn uses(&mut self, name: &str, at: &Mark, node: &Node) {
        if self.known.contains(name) || self.inner.contains(name) {
            return;
        }
        let found = format!(
            "step {} uses {{{{{name}}}}}, which no step before it captures",
            quoted(self.name)
        );
        let known: Vec<&str> = self.known.iter().chain(&self.inner).map(String::as_str).collect();
        let expected = format!("one of {}", known.join(", "));
        let problem = Problem::new(found, expected).meant(name, known.iter().copied());
        self.mistake_at(at, node, problem);
    }
}
