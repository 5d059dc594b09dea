//! The values of unique fields, kept while a section is read: no value twice, and no reference to a
//! value that is not there.
//!
//! A value that is a plain number is kept as one: most ids are, and a million of them then cost
//! about 25 MB and no allocation each.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use crate::base::nearest::nearest;
use crate::contract::fields::{Cell, Field, Kind, Rows};
use crate::scenario::limits::NEAR_IDS_MAX;

/// Where a value was first used: number of the sheet among those of the collection (0 is the
/// scenario itself) and offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) sheet: u32,
    pub(crate) at: u32,
}

/// A value of a unique field. `7` and `"7"` are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key<'k> {
    Number(u64),
    Text(Cow<'k, str>),
}

impl<'k> Key<'k> {
    /// `None` for what cannot be a key, such as an absent cell.
    pub(crate) fn of(cell: &'k Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(match plain_number(text) {
                Some(number) => Key::Number(number),
                None => Key::Text(Cow::Borrowed(text)),
            }),
            Cell::Integer(number) => Some(match u64::try_from(*number) {
                Ok(number) => Key::Number(number),
                Err(_) => Key::Text(Cow::Owned(number.to_string())),
            }),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Key::Number(number) => Cow::Owned(number.to_string()),
            Key::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// The number that a text writes in the one way that `to_string` does.
fn plain_number(text: &str) -> Option<u64> {
    let digits = text.as_bytes();
    // Nineteen digits always fit in a u64.
    let is_number = digits.len() <= 19 && digits.iter().all(u8::is_ascii_digit);
    let is_padded = digits.len() > 1 && digits[0] == b'0';
    if is_number && !is_padded { text.parse().ok() } else { None }
}

/// One unique field and its values so far.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its place in the table of the row.
    pub(crate) field_idx: usize,
    pub(crate) name: &'static str,
    numbers: BTreeMap<u64, Origin>,
    texts: BTreeMap<Box<str>, Origin>,
}

impl Column {
    /// Takes a value, or tells who has it already.
    pub(crate) fn claim(&mut self, key: Key<'_>, origin: Origin) -> Result<(), Origin> {
        let first = match key {
            Key::Number(number) => *self.numbers.entry(number).or_insert(origin),
            Key::Text(text) => *self.texts.entry(text.into()).or_insert(origin),
        };
        if first == origin { Ok(()) } else { Err(first) }
    }

    fn has(&self, key: &Key<'_>) -> bool {
        match key {
            Key::Number(number) => self.numbers.contains_key(number),
            Key::Text(text) => self.texts.contains_key(text.as_ref()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.texts.is_empty()
    }

    /// The value that was most likely meant.
    pub(crate) fn nearest(&self, key: &Key<'_>) -> Option<String> {
        let around_number = match key {
            Key::Number(number) => *number,
            Key::Text(_) => 0,
        };
        let word = key.text();
        let below = self.numbers.range(..around_number).rev().take(NEAR_IDS_MAX);
        let above = self.numbers.range(around_number..).take(NEAR_IDS_MAX);
        let numbers: Vec<String> =
            below.chain(above).map(|(number, _)| number.to_string()).collect();
        let before = self
            .texts
            .range::<str, _>((Unbounded, Excluded(word.as_ref())))
            .rev()
            .take(NEAR_IDS_MAX);
        let after =
            self.texts.range::<str, _>((Included(word.as_ref()), Unbounded)).take(NEAR_IDS_MAX);
        let texts = before.chain(after).map(|(text, _)| text.as_ref());
        nearest(&word, numbers.iter().map(String::as_str).chain(texts)).map(str::to_owned)
    }
}

/// The unique fields of one collection.
#[derive(Debug)]
pub(crate) struct Collection {
    name: &'static str,
    pub(crate) columns: Vec<Column>,
    /// The collection as a whole could not be read, so nobody can say what is not in it.
    unreadable: bool,
    /// Inside a row, and not of the section.
    is_inner: bool,
}

/// What there is at the end of a reference.
#[derive(Debug)]
pub(crate) enum Target<'k> {
    /// The value is there, or nobody can say.
    Fine,
    Missing {
        collection: &'static str,
        column: &'k Column,
    },
}

/// All collections of one section.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    collections: Vec<Collection>,
}

impl Keys {
    /// For the collections of a section, or of nothing where references cannot be checked.
    pub(crate) fn new(section: &'static [Field]) -> Self {
        let mut keys = Keys::default();
        for field in section {
            if let Kind::Rows(rows) = field.kind {
                keys.open(field.name, rows);
            }
        }
        for collection in &mut keys.collections {
            collection.is_inner = false;
        }
        keys
    }

    /// The place of a collection that [`Self::new`] made.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.collections.iter().position(|collection| collection.name == name)
    }

    /// Adds a collection and tells its place: one inside a row, closed again after it.
    pub(crate) fn open(&mut self, name: &'static str, rows: &'static Rows) -> usize {
        let unique = rows.fields.iter().enumerate().filter(|(_, field)| field.unique);
        let columns = unique.map(|(field_idx, field)| Column {
            field_idx,
            name: field.name,
            numbers: BTreeMap::new(),
            texts: BTreeMap::new(),
        });
        let (unreadable, is_inner) = (false, true);
        self.collections.push(Collection {
            name,
            columns: columns.collect(),
            unreadable,
            is_inner,
        });
        self.collections.len() - 1
    }

    /// Removes the collection that was opened last.
    pub(crate) fn close(&mut self) {
        self.collections.pop();
    }

    pub(crate) fn columns(&mut self, collection_idx: usize) -> &mut [Column] {
        &mut self.collections[collection_idx].columns
    }

    /// The name of a collection of the section; `None` for one inside a row.
    pub(crate) fn own_name(&self, collection_idx: usize) -> Option<&'static str> {
        let collection = &self.collections[collection_idx];
        (!collection.is_inner).then_some(collection.name)
    }

    pub(crate) fn mark_unreadable(&mut self, collection_idx: usize) {
        self.collections[collection_idx].unreadable = true;
    }

    /// Follows a reference such as `campaigns` or `campaigns.name`.
    pub(crate) fn look_up(&self, refers: &str, key: &Key<'_>) -> Target<'_> {
        let (name, column_name) = match refers.split_once('.') {
            Some((name, column_name)) => (name, Some(column_name)),
            None => (refers, None),
        };
        let collection = self.collections.iter().find(|collection| collection.name == name);
        let Some(collection) = collection else { return Target::Fine };
        let mut columns = collection.columns.iter();
        let column = columns.find(|column| column_name.is_none_or(|name| name == column.name));
        match column {
            Some(column) if !collection.unreadable && !column.has(key) => {
                Target::Missing { collection: collection.name, column }
            }
            _ => Target::Fine,
        }
    }
}
