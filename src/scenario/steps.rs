//! Reads the steps of a scenario. What the tables of fields cannot say is checked here: that a step
//! does one thing, that its texts can be parsed, and that each variable was captured before it is
//! used.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, Uri};
use regex::Regex;
use serde_json::Value as Json;

use crate::base::{duration, time};
use crate::scenario::checker::{Checker, Path};
use crate::scenario::mistake::Problem;
use crate::scenario::place::Place;
use crate::scenario::step::{
    ARRIVALS, Action, Body, Capture, Expectation, HeaderWanted, Mark, Origin, Round, STEP, Send,
    Step, Wanted,
};
use crate::scenario::template;
use crate::scenario::template::{is_name, variables};
use crate::scenario::tree::{Entry, Node, Table, Value, quoted};
use crate::web::xml::Element;

/// The word that a step's rounds are counted by.
const ROUND: &str = "round";

/// What a variable stands for while its value is not known.
struct Anything(Json);

impl template::Variables for Anything {
    fn value(&self, _name: &str) -> Option<&Json> {
        Some(&self.0)
    }
}

/// A text with each variable as a digit, which fits wherever a value may stand.
fn sample(text: &str) -> String {
    template::fill(text, &Anything(0.into())).unwrap_or_default()
}

pub(crate) fn one_line(text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.contains(char::is_control) {
        return Err("a line of text".into());
    }
    Ok(())
}

pub(crate) fn advance(text: &str) -> Result<(), String> {
    let is_fine = text == "next"
        || text.contains("{{")
        || duration::parse_ms(text).is_some()
        || time::parse_rfc3339(text).is_some();
    if is_fine {
        return Ok(());
    }
    Err(r#"a length of time such as "90m", an instant such as "2026-03-02T17:00:00Z", or "next""#
        .into())
}

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

struct Reader<'c, 'd> {
    checker: &'c mut Checker<'d>,
    /// Variables that earlier steps have captured.
    known: BTreeSet<String>,
    /// Those of the step's rounds.
    inner: BTreeSet<String>,
    /// The step's name.
    name: &'d str,
}

impl<'d> Reader<'_, 'd> {
    fn mistake(&mut self, node: &Node, problem: Problem) {
        self.checker.mistake(node.at, || problem);
    }

    fn mistake_at(&mut self, mark: &Mark, node: &Node, problem: Problem) {
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

    fn mark(&self, node: &Node) -> Mark {
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
    fn learn(&mut self, table: &Table) {
        let expect = table.get("expect").and_then(|entry| entry.node.as_table());
        let capture = expect.and_then(|table| table.get("capture"));
        let names = capture.and_then(|entry| entry.node.as_table());
        self.known.extend(names.iter().flat_map(|it| &it.entries).map(|entry| entry.key.clone()));
    }

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
        let timeout_ms = text_of(table, "timeout").and_then(duration::parse_ms);
        // Read last: a capture is for the steps behind.
        self.known.extend(captures.iter().map(|capture| capture.name.clone()));
        let is_sound = self.checker.ledger.n_seen() == n_seen;
        let name = self.name.to_owned();
        let (action_at, action) = action?;
        let step = Step { name, at, action, action_at, expect, captures, rounds, timeout_ms };
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
        let mut rounds = Vec::new();
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
                let found = format!("a row of {} cells", record.len());
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
        const ACTIONS: [&str; 4] = ["send", "event", "advance", "verify"];
        let given: Vec<&Entry> = ACTIONS.iter().filter_map(|name| table.get(name)).collect();
        let entry = match given[..] {
            [entry] => entry,
            [] => {
                let found = format!("step {} does nothing", quoted(self.name));
                self.mistake(node, Problem::new(found, "one of send, event, advance, verify"));
                return None;
            }
            [_, second, ..] => {
                let found = format!("step {} does two things", quoted(self.name));
                let problem = Problem::new(found, "one of send, event, advance, verify")
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
            _ => {
                self.uses_inside(&entry.node);
                Some(Action::Verify(entry.node.to_json()))
            }
        };
        Some((self.mark(&entry.node), action?))
    }

    fn send(&mut self, node: &'d Node) -> Option<Send> {
        self.uses_inside(node);
        let send = match &node.value {
            Value::Text(text) => self.send_from_text(node, text)?,
            Value::Table(table) => self.send_from_table(node, table)?,
            _ => return None,
        };
        Some(send)
    }

    fn send_from_text(&mut self, node: &'d Node, text: &str) -> Option<Send> {
        let mark = self.mark(node);
        let text = text.strip_suffix('\n').unwrap_or(text);
        let ends = [text.split_once("\r\n\r\n"), text.split_once("\n\n")];
        let first = ends.into_iter().flatten().min_by_key(|(head, _)| head.len());
        let (head, body) = first.unwrap_or((text, ""));
        let mut lines = head.lines();
        let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let ([method, path] | [method, path, "HTTP/1.1"]) = words[..] else {
            let found = format!("the request line is {}", quoted(&words.join(" ")));
            let expected = "a method, a space and a target, such as GET /path?query";
            self.mistake_at(&mark.text_line(0), node, Problem::new(found, expected));
            return None;
        };
        let mut is_sound = self.request_line(&mark.text_line(0), node, method, path);
        let mut headers = Vec::new();
        for (idx, line) in lines.enumerate() {
            let at = mark.text_line(idx + 1);
            let Some((name, value)) = line.split_once(':') else {
                let found = format!("the header line {} has no colon", quoted(line));
                let problem = Problem::new(found, "Name: value")
                    .hint("an empty line parts the headers from the body");
                self.mistake_at(&at, node, problem);
                is_sound = false;
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            is_sound &= self.header(&at, node, name, value);
            headers.push((name.to_owned(), value.to_owned()));
        }
        let (method, path) = (method.to_owned(), path.to_owned());
        is_sound.then(|| Send { method, path, headers, body: Body::Text(body.to_owned()) })
    }

    fn send_from_table(&mut self, node: &'d Node, table: &'d Table) -> Option<Send> {
        let mark = self.mark(node);
        let (method, path) = (text_of(table, "method")?, text_of(table, "path")?);
        let mut is_sound = self.request_line(&mark, node, method, path);
        let mut headers = Vec::new();
        if let Some(given) = table.get("headers").and_then(|entry| entry.node.as_table()) {
            for entry in &given.entries {
                let Value::Text(value) = &entry.node.value else { continue };
                let at = self.mark(&entry.node);
                is_sound &= self.header(&at, &entry.node, &entry.key, value);
                headers.push((entry.key.clone(), value.clone()));
            }
        }
        let bodies: Vec<&Entry> =
            ["body", "json", "form"].iter().filter_map(|name| table.get(name)).collect();
        let body = match bodies[..] {
            [] => Body::Text(String::new()),
            [entry] => match (entry.key.as_str(), &entry.node.value) {
                ("body", Value::Text(text)) => Body::Text(text.clone()),
                ("form", Value::Table(table)) => {
                    let pairs = table.entries.iter();
                    Body::Form(pairs.map(|it| (it.key.clone(), it.node.to_json())).collect())
                }
                _ => Body::Json(entry.node.to_json()),
            },
            [_, second, ..] => {
                let problem = Problem::new("a second body", "one of body, json, form");
                self.checker.mistake(second.key_at, || problem);
                return None;
            }
        };
        let (method, path) = (method.to_owned(), path.to_owned());
        is_sound.then_some(Send { method, path, headers, body })
    }

    fn request_line(&mut self, at: &Mark, node: &Node, method: &str, path: &str) -> bool {
        let problem = if sample(method).parse::<Method>().is_err() {
            Problem::new(format!("the method is {}", quoted(method)), "one such as GET or POST")
        } else if !path.starts_with('/') || sample(path).parse::<Uri>().is_err() {
            let found = format!("the target is {}", quoted(path));
            Problem::new(found, "a path that begins with /, other characters percent-encoded")
        } else {
            return true;
        };
        self.mistake_at(at, node, problem);
        false
    }

    fn header(&mut self, at: &Mark, node: &Node, name: &str, value: &str) -> bool {
        let is_fine =
            name.parse::<HeaderName>().is_ok() && HeaderValue::from_str(&sample(value)).is_ok();
        if !is_fine {
            let found = format!("the header is {}", quoted(&format!("{name}: {value}")));
            self.mistake_at(at, node, Problem::new(found, "a name and a value in ASCII"));
        }
        is_fine
    }

    fn expectation(
        &mut self,
        entry: &'d Entry,
        expect: &mut Vec<Expectation>,
        captures: &mut Vec<Capture>,
    ) {
        let node = &entry.node;
        let at = self.mark(node);
        if entry.key != "capture" {
            self.uses_inside(node);
        }
        let wanted = match (entry.key.as_str(), &node.value) {
            ("status", Value::Integer(status)) => {
                Wanted::Status(u16::try_from(*status).unwrap_or_default())
            }
            ("reply", Value::Text(word)) if ARRIVALS.contains(&word.as_str()) => {
                Wanted::Arrival(word.clone())
            }
            ("body", Value::Text(text)) => Wanted::Body(text.clone()),
            ("body_contains" | "regex", _) => return self.texts(entry, expect),
            ("headers", Value::Table(table)) => {
                for entry in &table.entries {
                    expect.extend(self.header_wanted(entry));
                }
                return;
            }
            ("fields" | "xml", Value::Table(table)) => {
                for entry in &table.entries {
                    expect.extend(self.field(entry));
                }
                return;
            }
            ("capture", Value::Table(table)) => {
                captures.extend(table.entries.iter().filter_map(|entry| self.capture(entry)));
                return;
            }
            ("json", _) => match self.json(node) {
                Some(wanted) => wanted,
                None => return,
            },
            ("xml", Value::Text(text)) => {
                if let Err(reason) = Element::parse(sample(text).as_bytes()) {
                    let found = format!("\"xml\" is no XML: {reason}");
                    return self.mistake(node, Problem::new(found, "one element, as text"));
                }
                Wanted::Xml(text.clone())
            }
            ("csv", _) => match self.csv(node) {
                Some(wanted) => wanted,
                None => return,
            },
            (name, value) => {
                let found = format!("{} is {}", quoted(name), value.describe());
                return self.mistake(node, Problem::new(found, "text or a table"));
            }
        };
        expect.push(Expectation { at, wanted });
    }

    /// A text or a list of them.
    fn texts(&mut self, entry: &'d Entry, expect: &mut Vec<Expectation>) {
        let node = &entry.node;
        let items = if let Value::List(items) = &node.value {
            items.as_slice()
        } else {
            std::slice::from_ref(node)
        };
        for item in items {
            let Value::Text(text) = &item.value else {
                let found = format!("{} is {}", quoted(&entry.key), item.value.describe());
                self.mistake(item, Problem::new(found, "text, or a list of texts"));
                continue;
            };
            let wanted = if entry.key == "regex" {
                if !self.pattern(item, text) {
                    continue;
                }
                Wanted::Regex(text.clone())
            } else {
                Wanted::Contains(text.clone())
            };
            expect.push(Expectation { at: self.mark(item), wanted });
        }
    }

    fn pattern(&mut self, node: &Node, text: &str) -> bool {
        let Err(error) = Regex::new(&sample(text)) else { return true };
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let found = format!("the pattern {} cannot be read: {reason}", quoted(text));
        self.mistake(node, Problem::new(found, "a regular expression"));
        false
    }

    fn header_wanted(&mut self, entry: &'d Entry) -> Option<Expectation> {
        let value = match &entry.node.value {
            Value::Text(text) => HeaderWanted::Value(text.clone()),
            Value::Integer(number) => HeaderWanted::Value(number.to_string()),
            Value::Bool(true) => HeaderWanted::There,
            Value::Bool(false) => HeaderWanted::Absent,
            other => {
                let found = format!("the header {} is {}", quoted(&entry.key), other.describe());
                let expected = "its value as text, or true or false for whether it is there";
                self.mistake(&entry.node, Problem::new(found, expected));
                return None;
            }
        };
        let wanted = Wanted::Header { name: entry.key.to_ascii_lowercase(), value };
        Some(Expectation { at: self.mark(&entry.node), wanted })
    }

    fn field(&mut self, entry: &'d Entry) -> Option<Expectation> {
        let path = &entry.key;
        for (_, name) in variables(path) {
            self.uses(name, &self.mark(&entry.node), &entry.node);
        }
        if !path.is_empty() && !path.starts_with('/') {
            let found = format!("the path is {}", quoted(path));
            let expected = r#"a JSON pointer such as "/0/id", or an XML path such as "/Reply/Id""#;
            self.checker.mistake(entry.key_at, || Problem::new(found, expected));
            return None;
        }
        let (path, value) = (path.clone(), entry.node.to_json());
        let wanted = Wanted::Field { path, value };
        Some(Expectation { at: self.mark(&entry.node), wanted })
    }

    fn json(&mut self, node: &'d Node) -> Option<Wanted> {
        let Value::Text(text) = &node.value else {
            let mut marks = Vec::new();
            self.marks(node, String::new(), &mut marks);
            return Some(Wanted::Json { value: node.to_json(), marks });
        };
        match serde_json::from_str(text) {
            Ok(value) => Some(Wanted::Json { value, marks: Vec::new() }),
            Err(error) => {
                let at = self.mark(node).text_line(error.line().saturating_sub(1));
                let message = error.to_string();
                let reason = message.split(" at line ").next().unwrap_or_default();
                let found = format!("\"json\" is no JSON: {reason}");
                let expected = "a table, a list, or JSON as text";
                self.mistake_at(&at, node, Problem::new(found, expected));
                None
            }
        }
    }

    /// The places of all values inside a node, by JSON pointer.
    fn marks(&self, node: &Node, pointer: String, marks: &mut Vec<(String, Mark)>) {
        match &node.value {
            Value::Table(table) => {
                for entry in &table.entries {
                    let key = entry.key.replace('~', "~0").replace('/', "~1");
                    self.marks(&entry.node, format!("{pointer}/{key}"), marks);
                }
            }
            Value::List(items) => {
                for (idx, item) in items.iter().enumerate() {
                    self.marks(item, format!("{pointer}/{idx}"), marks);
                }
            }
            _ => {}
        }
        marks.push((pointer, self.mark(node)));
    }

    fn csv(&mut self, node: &'d Node) -> Option<Wanted> {
        let items = match &node.value {
            Value::Text(text) => return self.csv_text(node, text),
            Value::List(items) => items,
            other => {
                let found = format!("\"csv\" is {}", other.describe());
                let expected = "CSV as text, a list of lists, or a list of tables";
                self.mistake(node, Problem::new(found, expected));
                return None;
            }
        };
        let mut cells = Vec::new();
        let mut columns = Vec::new();
        for item in items {
            match &item.value {
                Value::List(row) => {
                    cells.push((self.mark(item), row.iter().map(Node::to_json).collect()));
                }
                Value::Table(row) => {
                    let named = row.entries.iter();
                    let named = named.map(|it| (it.key.clone(), it.node.to_json())).collect();
                    columns.push((self.mark(item), named));
                }
                other => {
                    let found = format!("a row is {}", other.describe());
                    self.mistake(item, Problem::new(found, "a list of cells, or a table"));
                }
            }
        }
        if !cells.is_empty() && !columns.is_empty() {
            let problem = Problem::new("rows of two forms", "lists only, or tables only");
            self.mistake(node, problem);
            return None;
        }
        Some(if cells.is_empty() { Wanted::Columns(columns) } else { Wanted::Cells(cells) })
    }

    fn csv_text(&mut self, node: &Node, text: &str) -> Option<Wanted> {
        let mark = self.mark(node);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(1, csv::Position::line);
                    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
                    let cells = record.iter().map(Json::from).collect();
                    rows.push((mark.text_line(line), cells));
                }
                Err(error) => {
                    let found = format!("\"csv\" is no CSV: {error}");
                    self.mistake(node, Problem::new(found, "CSV as text"));
                    return None;
                }
            }
        }
        Some(Wanted::Cells(rows))
    }

    fn capture(&mut self, entry: &'d Entry) -> Option<Capture> {
        let at = self.mark(&entry.node);
        let name = entry.key.clone();
        if !is_name(&name) || name == ROUND {
            let found = format!("{} cannot be a variable", quoted(&name));
            let expected = format!("a name of letters, digits, \"_\" or \"-\", but not {ROUND}");
            self.checker.mistake(entry.key_at, || Problem::new(found, expected));
            return None;
        }
        let table = match &entry.node.value {
            Value::Text(path) => {
                let from = Origin::Path(path.clone());
                return self.is_path(&entry.node, path).then_some(Capture {
                    at,
                    name,
                    from,
                    regex: None,
                });
            }
            Value::Table(table) => table,
            _ => return None,
        };
        let regex = text_of(table, "regex");
        if let (Some(regex), Some(given)) = (regex, table.get("regex"))
            && !self.pattern(&given.node, regex)
        {
            return None;
        }
        let from = match (text_of(table, "path"), text_of(table, "header"), regex) {
            (Some(path), None, _) => {
                if !self.is_path(&entry.node, path) {
                    return None;
                }
                Origin::Path(path.to_owned())
            }
            (None, Some(header), _) => Origin::Header(header.to_ascii_lowercase()),
            (None, None, Some(_)) => Origin::Body,
            _ => {
                let found = format!("{} is taken from nowhere in particular", quoted(&name));
                let expected = "one of path and header, or a regex for the body";
                self.mistake(&entry.node, Problem::new(found, expected));
                return None;
            }
        };
        Some(Capture { at, name, from, regex: regex.map(str::to_owned) })
    }

    fn is_path(&mut self, node: &Node, path: &str) -> bool {
        let is_fine = path.is_empty() || path.starts_with('/');
        if !is_fine {
            let found = format!("the path is {}", quoted(path));
            let expected = r#"a JSON pointer such as "/0/id", or an XML path such as "/Reply/Id""#;
            let problem = Problem::new(found, expected)
                .hint("a header is { header = \"…\" }, a pattern { regex = \"…\" }");
            self.mistake(node, problem);
        }
        is_fine
    }

    /// Checks that all variables of the texts in a node are known.
    fn uses_inside(&mut self, node: &'d Node) {
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

    fn uses(&mut self, name: &str, at: &Mark, node: &Node) {
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

fn text_of<'t>(table: &'t Table, name: &str) -> Option<&'t str> {
    match &table.get(name)?.node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
