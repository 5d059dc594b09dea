//! Bodies as trees: JSON as it is, XML by its elements, CSV by its columns, forms by their names.

use serde_json::{Map, Value};

use crate::recording::exchange::header;
use crate::web::params::Pairs;
use crate::web::xml::Element;

/// A body as a tree; null where it is none of those.
pub(crate) fn of(headers: &[(String, String)], body: &[u8]) -> Value {
    let kind = header(headers, "content-type").unwrap_or_default().to_ascii_lowercase();
    let Ok(text) = std::str::from_utf8(body) else { return Value::Null };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        return serde_json::from_str(start).unwrap_or_default();
    }
    if start.starts_with('<') {
        let root = Element::parse(text.as_bytes());
        return root.map_or(Value::Null, |root| {
            Value::Object([(root.name.clone(), of_element(&root))].into_iter().collect())
        });
    }
    if kind.contains("csv") {
        return of_csv(start).unwrap_or_default();
    }
    if kind.contains("x-www-form-urlencoded") {
        let pairs = Pairs::parse(body);
        return pairs
            .iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect::<Map<_, _>>()
            .into();
    }
    Value::Null
}

/// Children by name; a name that is there more than once is a list. An element without children is
/// its text.
fn of_element(element: &Element) -> Value {
    if element.children.is_empty() && element.attributes.is_empty() {
        return element.text.as_str().into();
    }
    let mut members = Map::new();
    for (name, value) in &element.attributes {
        members.insert(format!("@{name}"), value.as_str().into());
    }
    for child in &element.children {
        let value = of_element(child);
        match members.get_mut(&child.name) {
            None => {
                members.insert(child.name.clone(), value);
            }
            Some(Value::Array(items)) => items.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    members.into()
}

fn of_csv(text: &str) -> Option<Value> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let names = reader.headers().ok()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let cells = names.iter().zip(record.iter());
        let row = cells.map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        rows.push(Value::Object(row.collect()));
    }
    Some(rows.into())
}

/// Walks over all texts and numbers with their names, but for tables that have one of the members
/// `but`.
pub(crate) fn walk(tree: &Value, name: &str, but: &[&str], each: &mut dyn FnMut(&str, &str)) {
    match tree {
        Value::Object(members) => {
            let is_left_out = but.iter().any(|name| members.contains_key(*name));
            for (name, value) in members.iter().filter(|(_, it)| !is_left_out || !it.is_string()) {
                walk(value, name, but, each);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, name, but, each);
            }
        }
        Value::String(text) => each(name, text),
        Value::Number(number) => each(name, &number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}
