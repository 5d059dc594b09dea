//! Reads the steps of a scenario. What the tables of fields cannot say is checked here: that a step
//! does one thing, that its texts can be parsed, and that each variable was captured before it is
//! used.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::base::text::counted;
use crate::base::time::Span;
use crate::scenario::checker::{Checker, Path};
use crate::scenario::mistake::Problem;
use crate::scenario::place::Place;
use crate::scenario::step::fields::{ROUNDS_MAX, STEP};
use crate::scenario::step::reader::{ROUND, Reader, text_of};
use crate::scenario::step::{Action, Mark, Round, Step};
use crate::scenario::template::is_name;
use crate::scenario::tree::{Entry, Node, Table, Value, quoted};

/// Reads the list of steps; of those with a mistake nothing is answered.
pub(crate) fn read<'d>(checker: &mut Checker<'d>, entry: &'d Entry) -> Vec<Step> {
    let Value::List(items) = &entry.node.value else {
        let found = format!("\"step\" is {}", entry.node.value.describe());
        checker.mistake(entry.node.at, || {
            Problem::new(found, "a list of tables").hint("write [[step]] above each step")
        });
        return Vec::new();
    };
    let root = Path::root("");
    let path = root.rows("step");
    let mut reader = Reader { checker, known: BTreeSet::new(), inner: BTreeSet::new(), name: "" };
    let mut steps = Vec::new();
    for item in items {
        let n_seen = reader.checker.ledger.n_seen();
        let Value::Table(table) = &item.value else {
            let found = format!("a step is {}", item.value.describe());
            reader.mistake(item, Problem::new(found, "a table"));
            continue;
        };
        reader.checker.table(&path, STEP, item.at, table);
        reader.name = text_of(table, "name").unwrap_or_default();
        // A step that is not sound may capture all the same.
        let is_sound = reader.checker.ledger.n_seen() == n_seen;
        match is_sound.then(|| reader.step(item, table)).flatten() {
            Some(step) => steps.push(step),
            None => reader.learn(table),
        }
    }
    steps
}

impl<'d> Reader<'_, 'd> {
    fn step(&mut self, node: &'d Node, table: &'d Table) -> Option<Step> {
        let n_seen = self.checker.ledger.n_seen();
        let at = self.mark(node);
        let rounds = self.rounds(table, &at);
        let action = self.action(node, table);
        let mut expect = Vec::new();
        let mut captures = Vec::new();
        if let Some(given) = table.get("expect").and_then(|entry| entry.node.as_table()) {
            for entry in &given.entries {
                self.expectation(entry, &mut expect, &mut captures);
            }
        }
        let timeout = text_of(table, "timeout").and_then(|text| text.parse::<Span>().ok());
        let recorded = recorded(table);
        // Read last: a capture is for the steps behind.
        self.known.extend(captures.iter().map(|capture| capture.name.clone()));
        let is_sound = self.checker.ledger.n_seen() == n_seen;
        let name = self.name.to_owned();
        let (action_at, action) = action?;
        let step =
            Step { name, at, action, action_at, expect, captures, rounds, timeout, recorded };
        is_sound.then_some(step)
    }

    fn rounds(&mut self, table: &'d Table, at: &Mark) -> Vec<Round> {
        self.inner = BTreeSet::from([ROUND.to_owned()]);
        let times = table.get("repeat").map_or(1, |entry| match entry.node.value {
            Value::Integer(number) => number.max(1),
            _ => 1,
        });
        let rows = match table.get("each").and_then(|entry| entry.node.as_table()) {
            Some(each) => each.get("csv").map(|csv| self.rows(csv)).unwrap_or_default(),
            None => vec![(at.clone(), Vec::new())],
        };
        let n_rounds = rows.len().saturating_mul(usize::try_from(times).unwrap_or(usize::MAX));
        if i64::try_from(n_rounds).map_or(true, |it| it > ROUNDS_MAX) {
            let found = format!("{n_rounds} rounds, one for each row and repetition");
            let problem = Problem::new(found, format!("at most {ROUNDS_MAX}"));
            let at = table.get("each").map_or(0, |entry| entry.key_at);
            self.checker.mistake(at, || problem);
            return Vec::new();
        }
        let mut rounds = Vec::with_capacity(n_rounds);
        for (at, values) in rows {
            for _ in 0..times {
                let mut variables = values.clone();
                variables.push((ROUND.to_owned(), (rounds.len() + 1).to_string()));
                rounds.push(Round { at: at.clone(), variables });
            }
        }
        rounds
    }

    /// The rows of a CSV file as variables, named by its columns.
    fn rows(&mut self, csv: &'d Entry) -> Vec<(Mark, Vec<(String, String)>)> {
        let Some(sheet) = self.checker.open(csv) else { return Vec::new() };
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        let mut reader = builder.from_reader(sheet.text.as_str().as_bytes());
        let mut record = csv::StringRecord::new();
        let mut names: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        while let Some(at) = self.checker.next(&sheet, &mut reader, &mut record) {
            let cells = record.iter().map(str::to_owned);
            let Some(names) = &names else {
                let columns: Vec<String> = cells.collect();
                let bad = columns.iter().position(|name| !is_name(name));
                if let Some(bad) = bad {
                    let place = sheet.place(sheet.cell_at(at, bad));
                    let found = format!("column {} cannot be a variable", quoted(&columns[bad]));
                    let problem = Problem::new(found, "a name of letters, digits, \"_\" or \"-\"");
                    self.checker.ledger.add(|| (place, problem));
                }
                self.inner.extend(columns.iter().cloned());
                names = Some(columns);
                continue;
            };
            if record.len() != names.len() {
                let found = format!("a row of {}", counted(record.len(), "cell", "cells"));
                let problem = Problem::new(found, format!("{} as in the header", names.len()));
                self.checker.ledger.add(|| (sheet.place(at), problem));
                continue;
            }
            let Place { file, line, column, pointer, .. } = sheet.place(at);
            let file = Arc::from(file.as_str());
            let mark = Mark { file, line, column, pointer, lines_below: None };
            rows.push((mark, names.iter().cloned().zip(cells).collect()));
        }
        if rows.is_empty() {
            let problem = Problem::new("the CSV has no rows", "a row for each round of the step");
            self.mistake(&csv.node, problem);
        }
        rows
    }

    fn action(&mut self, node: &'d Node, table: &'d Table) -> Option<(Mark, Action)> {
        const ACTIONS: [&str; 5] = ["send", "event", "advance", "seed", "verify"];
        let given: Vec<&Entry> = ACTIONS.iter().filter_map(|name| table.get(name)).collect();
        let entry = match given[..] {
            [entry] => entry,
            [] => {
                let found = format!("step {} does nothing", quoted(self.name));
                self.mistake(
                    node,
                    Problem::new(found, "one of send, event, advance, seed, verify"),
                );
                return None;
            }
            [_, second, ..] => {
                let found = format!("step {} does two things", quoted(self.name));
                let problem = Problem::new(found, "one of send, event, advance, seed, verify")
                    .hint("make two steps of it");
                self.checker.mistake(second.key_at, || problem);
                return None;
            }
        };
        let action = match entry.key.as_str() {
            "send" => self.send(&entry.node).map(|send| Action::Send(Box::new(send))),
            "event" => {
                self.uses_inside(&entry.node);
                let table = entry.node.as_table()?;
                let with = table.get("with").map(|entry| entry.node.to_json());
                let vendor = text_of(table, "vendor")?.to_owned();
                let name = text_of(table, "name")?.to_owned();
                let with = with.unwrap_or_else(|| Json::Object(serde_json::Map::new()));
                Some(Action::Event { vendor, name, with })
            }
            "advance" => {
                self.uses_inside(&entry.node);
                let Value::Text(text) = &entry.node.value else { return None };
                Some(Action::Advance(text.clone()))
            }
            "seed" => {
                self.uses_inside(&entry.node);
                Some(Action::Seed(entry.node.to_json()))
            }
            _ => {
                self.uses_inside(&entry.node);
                Some(Action::Verify(entry.node.to_json()))
            }
        };
        Some((self.mark(&entry.node), action?))
    }
}

/// The headers of the reply as it was recorded.
fn recorded(table: &Table) -> Vec<(String, String)> {
    let recorded = table.get("recorded").and_then(|entry| entry.node.as_table());
    let headers = recorded.and_then(|it| it.get("headers")).and_then(|it| it.node.as_table());
    let Some(headers) = headers else { return Vec::new() };
    let text = |entry: &Entry| {
        text_of(headers, &entry.key).map(|text| (entry.key.to_ascii_lowercase(), text.to_owned()))
    };
    headers.entries.iter().filter_map(text).collect()
}
