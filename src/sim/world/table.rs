//! Views of a vendor's state, read row by row into JSON.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, named_params};
use serde_json::{Map, Value};

use crate::base::text::counted;
use crate::contract::surface::Table;
use crate::web::mask::masker::Masker;

/// Up to `limit` rows of a table from `offset` on, in the table's order.
pub(crate) fn page(
    db: &Connection,
    table: &'static Table,
    offset: usize,
    limit: usize,
    masker: &Masker,
) -> rusqlite::Result<Vec<Value>> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let sql = format!("SELECT * FROM ({}) LIMIT :limit OFFSET :offset", table.rows);
    let mut statement = db.prepare_cached(&sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let params = named_params! { ":limit": count(limit), ":offset": count(offset) };
    let mut rows = statement.query(params)?;
    let mut shown = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (idx, name) in names.iter().enumerate() {
            let value = to_json(row.get_ref(idx)?);
            object.insert(name.clone(), masker.column(table.secrets, name, value));
        }
        shown.push(Value::Object(object));
    }
    Ok(shown)
}

/// A column as JSON.
pub(crate) fn to_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => Value::from(counted(bytes.len(), "byte", "bytes")),
    }
}
