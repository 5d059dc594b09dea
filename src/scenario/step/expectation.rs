//! Reads what a step expects of the reply.

use crate::scenario::step::reader::Reader;
use crate::scenario::step::reader::sample;
use serde_json::Value as Json;

use crate::scenario::mistake::Problem;
use crate::scenario::step::fields::ARRIVALS;
use crate::scenario::step::{Capture, Expectation, HeaderWanted, Mark, Wanted};
use crate::scenario::template::variables;
use crate::scenario::tree::{Entry, Node, Value, quoted};
use crate::web::json_once::{self, Fault};
use crate::web::xml::Element;

impl<'d> Reader<'_, 'd> {
    pub(crate) fn expectation(
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
        match json_once::read(text.as_bytes()) {
            Ok(value) => Some(Wanted::Json { value, marks: Vec::new() }),
            Err(fault) => {
                let (line, reason) = match fault {
                    Fault::Broken(error) => (error.line, format!("is no JSON: {}", error.message)),
                    Fault::Twice { name, line, .. } => (line, format!("has {name} twice")),
                };
                let at = self.mark(node).text_line(line.saturating_sub(1));
                let found = format!("\"json\" {reason}");
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
}
