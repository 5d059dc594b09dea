//! The tree of a JSON scenario.
//!
//! Not here: the reader of JSON, which takes each key of an object once (`web::json_once`).

use serde_json::Value as Json;

use crate::scenario::limits::NESTING_MAX;
use crate::scenario::mistake::Problem;
use crate::scenario::place::{Place, Text};
use crate::scenario::tree::{Entry, Node, Table, Value};
use crate::web::json_once::{self, Fault};

/// Reads a text; `name` stands for its file.
///
/// # Errors
/// Where it is no JSON, or has a key twice in one object, with the place.
pub(crate) fn read(name: &str, text: &str) -> Result<Json, Box<(Place, Problem)>> {
    json_once::read(text.as_bytes()).map_err(|fault| {
        let (line, column, pointer, problem) = match fault {
            Fault::Broken(_) if text.trim().is_empty() => {
                (1, 1, None, Problem::new("there is nothing in it", "JSON, at the least {}"))
            }
            Fault::Broken(error) => {
                (error.line, error.column, None, Problem::new(error.message, "JSON"))
            }
            Fault::Twice { name, pointer, line, column } => {
                let problem =
                    Problem::new(format!("duplicate member {name}"), "each name once in an object");
                (line, column, Some(pointer), problem)
            }
        };
        let source = Text::new(text.to_owned());
        let (line, column) = source.line_column(source.at(line, column));
        let place = Place { file: name.to_owned(), line, column, pointer, ..Place::default() };
        Box::new((place, problem))
    })
}

/// Builds the tree. Where it is nested too deeply, the deep part is left out and its number stands
/// in the list.
pub(crate) fn build(json: &Json) -> (Node, Vec<u32>) {
    let mut builder = Builder { next_at: 0, too_deep: Vec::new() };
    let root = builder.node(json, 0);
    (root, builder.too_deep)
}

struct Builder {
    next_at: u32,
    too_deep: Vec<u32>,
}

impl Builder {
    fn node(&mut self, json: &Json, depth: u32) -> Node {
        let at = self.next_at;
        self.next_at = self.next_at.saturating_add(1);
        let value = match json {
            Json::Array(_) | Json::Object(_) if depth >= NESTING_MAX => {
                self.too_deep.push(at);
                Value::Null
            }
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Value::Integer(integer),
                (None, Some(decimal)) if number.is_f64() => Value::Decimal(decimal),
                _ => Value::Unfit(number.to_string()),
            },
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item, depth + 1)).collect())
            }
            Json::Object(members) => {
                let entries = members.iter().map(|(key, json)| {
                    let node = self.node(json, depth + 1);
                    Entry { key: key.clone(), key_at: node.at, node }
                });
                Value::Table(Table { entries: entries.collect() })
            }
        };
        Node { at, value }
    }
}
