//! Which rows of the vendors' tables differ between two states of a world, or between two worlds.
//!
//! A row is known by its first columns: as few of them as tell all rows of the table apart. Where three
//! do not, a row that is other than before counts as one that went and one that came.
//!
//! Both states are walked twice: once for a mark of each row, and once for the rows that are shown, so
//! that memory holds no more of a large table than a few numbers a row.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use crate::contract::surface::Table;
use crate::sim::world::table::to_json;
use crate::web::mask::masker::Masker;

/// Most columns that a row may be known by.
const KEY_COLUMNS_MAX: usize = 3;

/// A state, and what its secrets are shown by.
#[derive(Clone, Copy)]
pub(crate) struct Side<'s> {
    pub(crate) db: &'s Connection,
    pub(crate) masker: &'s Masker,
}

/// The marks of a table's rows in one state.
#[derive(Debug, Default)]
struct Marks {
    names: Vec<String>,
    /// For each row a mark of its first column, its first two, and so on, and one of the whole row.
    rows: Vec<([u64; KEY_COLUMNS_MAX], u64)>,
}

/// What differs in a table.
#[derive(Debug, Default)]
struct Differing {
    added: BTreeSet<u64>,
    removed: BTreeSet<u64>,
    changed: BTreeSet<u64>,
}

/// What of a row is its mark: its first columns, or all.
#[derive(Clone, Copy, Debug)]
enum Known {
    By(usize),
    Whole,
}

impl Known {
    fn mark(self, (keys, whole): &([u64; KEY_COLUMNS_MAX], u64)) -> u64 {
        match self {
            Known::By(n_columns) => keys[n_columns - 1],
            Known::Whole => *whole,
        }
    }
}

/// What differs in a table since `before`, with as many rows as there is room for; `None` where nothing
/// does.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn of_table(
    table: &'static Table,
    before: Side<'_>,
    now: Side<'_>,
    room: &mut usize,
) -> rusqlite::Result<Option<Value>> {
    let (old, new) = (marks(before.db, table)?, marks(now.db, table)?);
    let known = known_by(&old, &new);
    let differing = differing(&old, &new, known);
    let Differing { added, removed, changed } = &differing;
    if added.is_empty() && removed.is_empty() && changed.is_empty() {
        return Ok(None);
    }
    let gone = rows(before, table, known, *room, |mark| removed.contains(&mark))?;
    *room -= gone.len();
    let earlier = rows(before, table, known, *room, |mark| changed.contains(&mark))?;
    *room -= earlier.len();
    let marked: BTreeSet<u64> = earlier.iter().map(|(mark, _)| *mark).collect();
    let later = rows(now, table, known, earlier.len(), |mark| marked.contains(&mark))?;
    let later: BTreeMap<u64, Value> = later.into_iter().collect();
    let come = rows(now, table, known, *room, |mark| added.contains(&mark))?;
    *room -= come.len();
    let n_key = if let Known::By(n_columns) = known { n_columns } else { new.names.len() };
    let shown = gone.into_iter().map(|(_, row)| json!({ "how": "removed", "row": row }));
    let shown = shown.chain(earlier.iter().filter_map(|(mark, row)| {
        Some(change(&new.names[..n_key.min(new.names.len())], row, later.get(mark)?))
    }));
    let shown = shown.chain(come.into_iter().map(|(_, row)| json!({ "how": "added", "row": row })));
    Ok(Some(json!({
        "table": table.name,
        "added": added.len(),
        "removed": removed.len(),
        "changed": changed.len(),
        "rows": shown.collect::<Value>(),
    })))
}

/// A row that is there in both, by what it is known by, and the fields that differ.
fn change(key: &[String], before: &Value, now: &Value) -> Value {
    let of_key = key.iter().map(|name| (name.clone(), now[name].clone()));
    let of_key: Map<String, Value> = of_key.collect();
    let fields = now.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, value)| before[name.as_str()] != **value);
    let fields: Map<String, Value> = fields
        .map(|(name, value)| (name.clone(), json!({ "from": before[name.as_str()], "to": value })))
        .collect();
    json!({ "how": "changed", "row": of_key, "fields": fields })
}

fn differing(old: &Marks, new: &Marks, known: Known) -> Differing {
    let of = |marks: &Marks| -> BTreeMap<u64, u64> {
        marks.rows.iter().map(|row| (known.mark(row), row.1)).collect()
    };
    let (old, new) = (of(old), of(new));
    let mut differing = Differing::default();
    for (mark, whole) in &new {
        match old.get(mark) {
            None => drop(differing.added.insert(*mark)),
            Some(before) if before != whole => drop(differing.changed.insert(*mark)),
            Some(_) => {}
        }
    }
    differing.removed = old.keys().filter(|mark| !new.contains_key(mark)).copied().collect();
    differing
}

/// As few first columns as tell all rows apart, in both states.
fn known_by(old: &Marks, new: &Marks) -> Known {
    let tells_apart = |marks: &Marks, known: Known| {
        let mut seen = BTreeSet::new();
        marks.rows.iter().all(|row| seen.insert(known.mark(row)))
    };
    let mut choices = (1..=KEY_COLUMNS_MAX.min(new.names.len())).map(Known::By);
    let found = choices.find(|known| tells_apart(old, *known) && tells_apart(new, *known));
    found.unwrap_or(Known::Whole)
}

/// A mark of each row, in the table's order.
fn marks(db: &Connection, table: &'static Table) -> rusqlite::Result<Marks> {
    let mut statement = db.prepare_cached(table.rows)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(mark(row, names.len())?);
    }
    Ok(Marks { names, rows })
}

fn mark(row: &Row<'_>, n_columns: usize) -> rusqlite::Result<([u64; KEY_COLUMNS_MAX], u64)> {
    let mut keys = [0; KEY_COLUMNS_MAX];
    // Its keys are fixed: one state has one mark.
    let mut hasher = DefaultHasher::new();
    for idx in 0..n_columns {
        match row.get_ref(idx)? {
            ValueRef::Null => 0u8.hash(&mut hasher),
            ValueRef::Integer(number) => (1u8, number).hash(&mut hasher),
            ValueRef::Real(number) => (2u8, number.to_bits()).hash(&mut hasher),
            ValueRef::Text(text) => (3u8, text).hash(&mut hasher),
            ValueRef::Blob(bytes) => (4u8, bytes).hash(&mut hasher),
        }
        if let Some(key) = keys.get_mut(idx) {
            *key = hasher.finish();
        }
    }
    Ok((keys, hasher.finish()))
}

/// The first rows whose mark is wanted, in the table's order, with their marks and as they may be shown.
fn rows(
    side: Side<'_>,
    table: &'static Table,
    known: Known,
    limit: usize,
    wanted: impl Fn(u64) -> bool,
) -> rusqlite::Result<Vec<(u64, Value)>> {
    let mut statement = side.db.prepare_cached(table.rows)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query([])?;
    let mut shown = Vec::new();
    while shown.len() < limit {
        let Some(row) = found.next()? else { break };
        let mark = known.mark(&mark(row, names.len())?);
        if !wanted(mark) {
            continue;
        }
        let mut object = Map::new();
        for (idx, name) in names.iter().enumerate() {
            let value = side.masker.column(table.secrets, name, to_json(row.get_ref(idx)?));
            object.insert(name.clone(), value);
        }
        shown.push((mark, object.into()));
    }
    Ok(shown)
}
