//! What a vendor knows of recordings of itself: which members hold people's data, which vary from
//! reply to reply, and which rows of a scenario a reply shows.
//!
//! Not here: reading recordings and writing scenarios (`recording`).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::contract::operation::{Operation, Routed};
use crate::web::message::Request;

/// A vendor's table for recordings.
pub struct Recorded {
    /// The names of members, parameters, elements and columns that hold people's data.
    pub people: &'static [(&'static str, Sort)],
    /// Members by which a table shows that it tells of no person, whatever its other members are called.
    pub nobody: &'static [&'static str],
    /// Operations whose request bodies are lists of numbers.
    pub uploads: &'static [&'static str],
    /// The names of members that differ from reply to reply by their nature.
    pub varies: &'static [&'static str],
    /// What an exchange says of the state before it.
    pub propose: fn(&Seen<'_>, &mut Proposal),
    /// The parameter that signs a request, and its value under a key.
    pub sign: fn(&Request, &Routed, &str) -> Option<(&'static str, String)>,
}

impl Recorded {
    /// Of a vendor that knows nothing of recordings: what stands in them becomes fixed replies.
    pub const NONE: Recorded = Recorded {
        people: &[],
        nobody: &[],
        uploads: &[],
        varies: &[],
        propose: nothing,
        sign: unsigned,
    };
}

fn nothing(_: &Seen<'_>, _: &mut Proposal) {}

impl std::fmt::Debug for Recorded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Recorded").finish_non_exhaustive()
    }
}

/// The key that a scenario of a recording signs with.
pub const RECORDED_KEY: &str = "recorded-key";

/// What kind of person's data a member holds, and so what its pseudonym looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Phone,
    /// A text with numbers in it.
    PhonesWithin,
    Name,
    Email,
    /// An address, a bank account, free text.
    Text,
}

/// An exchange as it was recorded, with its pseudonyms.
#[derive(Debug)]
pub struct Seen<'s> {
    pub operation: Option<&'static Operation>,
    pub request: &'s Request,
    pub routed: &'s Routed,
    pub credentials: &'s [(&'static str, String)],
    pub status: u16,
    /// The body of the reply as a tree: JSON as it is, XML by its elements, CSV by its columns.
    pub reply: &'s Value,
}

impl Seen<'_> {
    pub fn operation(&self) -> &'static str {
        self.operation.map_or("", |operation| operation.name)
    }

    /// A credential of the request.
    pub fn credential(&self, name: &str) -> Option<&str> {
        self.credentials.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter, wherever it stands.
    pub fn param(&self, name: &str) -> Option<&str> {
        let params = &self.routed.params;
        let places = [&params.path, &params.query, &params.form];
        places.into_iter().find_map(|pairs| pairs.first(name))
    }
}

/// Rows of a vendor's section, as they come together.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    rows: Vec<(&'static str, Map<String, Value>)>,
    settings: Map<String, Value>,
    /// Rows that others refer to, where nothing else says what they hold.
    parents: Vec<(&'static str, &'static str, Map<String, Value>)>,
    /// Rows that the recorded requests made themselves: they are not there at first.
    made: BTreeSet<(&'static str, String)>,
}

/// The members that are there, as a row.
pub fn row<const N: usize>(cells: [(&str, Value); N]) -> Map<String, Value> {
    let there = cells.into_iter().filter(|(_, value)| !value.is_null());
    there.map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Proposal {
    /// Adds a row. What was seen first counts; what it left open is filled in.
    pub fn row(&mut self, collection: &'static str, key: &'static str, row: Map<String, Value>) {
        let Some(id) = row.get(key).cloned() else { return };
        if self.made.contains(&(collection, id.to_string())) {
            return;
        }
        let mut known = self.rows.iter_mut();
        let known = known.find(|(name, known)| *name == collection && known.get(key) == Some(&id));
        match known {
            Some((_, known)) => {
                for (name, value) in row {
                    known.entry(name).or_insert(value);
                }
            }
            None => self.rows.push((collection, row)),
        }
    }

    /// Adds an element to a list of a row that is there.
    pub fn listed(&mut self, collection: &str, key: &str, id: &Value, list: &str, element: Value) {
        let mut rows = self.rows.iter_mut();
        let found = rows.find(|(name, row)| *name == collection && row.get(key) == Some(id));
        let Some((_, row)) = found else { return };
        let list = row.entry(list.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Some(list) = list.as_array_mut().filter(|list| !list.contains(&element)) {
            list.push(element);
        }
    }

    /// A row that must be there, because another refers to it.
    pub fn parent(&mut self, collection: &'static str, key: &'static str, row: Map<String, Value>) {
        self.parents.push((collection, key, row));
    }

    pub fn setting(&mut self, name: &str, value: impl Into<Value>) {
        self.settings.entry(name.to_owned()).or_insert(value.into());
    }

    /// Notes that a request made a row.
    pub fn made(&mut self, collection: &'static str, id: &Value) {
        self.made.insert((collection, id.to_string()));
    }

    /// The rows of a collection so far.
    pub fn of(&self, collection: &str) -> impl Iterator<Item = &Map<String, Value>> {
        self.rows.iter().filter(move |(name, _)| *name == collection).map(|(_, row)| row)
    }

    /// The section.
    pub fn section(mut self) -> Map<String, Value> {
        for (collection, key, row) in std::mem::take(&mut self.parents) {
            self.made.clear();
            self.row(collection, key, row);
        }
        let mut section = Map::new();
        if !self.settings.is_empty() {
            section.insert("settings".to_owned(), self.settings.into());
        }
        for (collection, row) in self.rows {
            let rows = section.entry(collection).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(rows) = rows.as_array_mut() {
                rows.push(row.into());
            }
        }
        section
    }
}

/// The elements of a list, or of a table with its keys under `name`.
pub fn each<'v>(rows: &'v Value, name: &str) -> Vec<Map<String, Value>> {
    let object = |row: &'v Value| row.as_object().cloned();
    match rows {
        Value::Array(rows) => rows.iter().filter_map(object).collect(),
        Value::Object(keyed) => {
            let with_key = |(key, row): (&String, &'v Value)| {
                let mut row = object(row)?;
                row.entry(name.to_owned()).or_insert_with(|| key.as_str().into());
                Some(row)
            };
            keyed.iter().filter_map(with_key).collect()
        }
        _ => Vec::new(),
    }
}

/// A vendor that signs nothing.
pub fn unsigned(_: &Request, _: &Routed, _: &str) -> Option<(&'static str, String)> {
    None
}
