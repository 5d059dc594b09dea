//! Which rows of the vendors' tables differ between two states of a world, or between two worlds.
//!
//! A row is known by the column that ends the table's order, which is unique. Where the view does not
//! show it, by its first columns: as few of them as tell all rows apart. Where three do not, a row that
//! is other than before counts as one that went and one that came.
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

/// Most first columns that a row may be known by.
const KEY_COLUMNS_MAX: usize = 3;

/// A mark of the column that ends the order, then of the first column, the first two, and so on; and one
/// of the whole row.
type Mark = ([u64; 1 + KEY_COLUMNS_MAX], u64);

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
    rows: Vec<Mark>,
}

/// What differs in a table.
#[derive(Debug, Default)]
struct Differing {
    added: BTreeSet<u64>,
    removed: BTreeSet<u64>,
    changed: BTreeSet<u64>,
}

/// What of a row is its mark: a column, so many of its first ones, or all.
#[derive(Clone, Copy, Debug)]
enum Known {
    Column(usize),
    First(usize),
    Whole,
}

impl Known {
    fn mark(self, (keys, whole): &Mark) -> u64 {
        match self {
            Known::Column(_) => keys[0],
            Known::First(n_columns) => keys[n_columns],
            Known::Whole => *whole,
        }
    }

    /// The columns of it.
    fn columns(self, names: &[String]) -> &[String] {
        match self {
            Known::Column(idx) => &names[idx..=idx],
            Known::First(n_columns) => &names[..n_columns],
            Known::Whole => names,
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
    let known = known_by(table, &old, &new);
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
    let key = known.columns(&new.names);
    let shown = gone.into_iter().map(|(_, row)| json!({ "how": "removed", "row": row }));
    let shown = shown
        .chain(earlier.iter().filter_map(|(mark, row)| Some(change(key, row, later.get(mark)?))));
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

/// What tells all rows apart, in both states.
fn known_by(table: &'static Table, old: &Marks, new: &Marks) -> Known {
    let tells_apart = |marks: &Marks, known: Known| {
        let mut seen = BTreeSet::new();
        marks.rows.iter().all(|row| seen.insert(known.mark(row)))
    };
    let ordered = order_end(table, &new.names).map(Known::Column);
    let first = (1..=KEY_COLUMNS_MAX.min(new.names.len())).map(Known::First);
    let mut choices = ordered.into_iter().chain(first);
    let found = choices.find(|known| tells_apart(old, *known) && tells_apart(new, *known));
    found.unwrap_or(Known::Whole)
}

/// The place of the column that ends the table's order, where the view shows it.
fn order_end(table: &'static Table, names: &[String]) -> Option<usize> {
    let (_, order) = table.rows.rsplit_once("ORDER BY ")?;
    let last = order.rsplit(',').next()?.split_whitespace().next()?;
    let last = last.rsplit('.').next()?.trim_matches('"');
    names.iter().position(|name| name == last)
}

/// A mark of each row, in the table's order.
fn marks(db: &Connection, table: &'static Table) -> rusqlite::Result<Marks> {
    let mut statement = db.prepare_cached(table.rows)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let ordered = order_end(table, &names);
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(mark(row, names.len(), ordered)?);
    }
    Ok(Marks { names, rows })
}

fn mark(row: &Row<'_>, n_columns: usize, ordered: Option<usize>) -> rusqlite::Result<Mark> {
    let mut keys = [0; 1 + KEY_COLUMNS_MAX];
    // Its keys are fixed: one state has one mark.
    let mut hasher = DefaultHasher::new();
    for idx in 0..n_columns {
        let value = row.get_ref(idx)?;
        hash(value, &mut hasher);
        if let Some(key) = keys.get_mut(1 + idx) {
            *key = hasher.finish();
        }
        if ordered == Some(idx) {
            let mut alone = DefaultHasher::new();
            hash(value, &mut alone);
            keys[0] = alone.finish();
        }
    }
    Ok((keys, hasher.finish()))
}

fn hash(value: ValueRef<'_>, hasher: &mut DefaultHasher) {
    match value {
        ValueRef::Null => 0u8.hash(hasher),
        ValueRef::Integer(number) => (1u8, number).hash(hasher),
        ValueRef::Real(number) => (2u8, number.to_bits()).hash(hasher),
        ValueRef::Text(text) => (3u8, text).hash(hasher),
        ValueRef::Blob(bytes) => (4u8, bytes).hash(hasher),
    }
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
    let ordered = order_end(table, &names);
    let mut found = statement.query([])?;
    let mut shown = Vec::new();
    while shown.len() < limit {
        let Some(row) = found.next()? else { break };
        let mark = known.mark(&mark(row, names.len(), ordered)?);
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
