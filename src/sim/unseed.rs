//! A world's state as a scenario: what a seed would have to say to make it again.
//!
//! Each vendor declares, per collection of its section, the statement that reads its rows back, and
//! what a scenario has no words for. The walk over its table of fields does the rest.
//!
//! Not here: scenario files and their syntax (`scenario`).

use rusqlite::types::ValueRef;
use rusqlite::{Connection, named_params};
use serde_json::{Map, Value, json};

use super::fields::{Field, Kind};
use super::line;
use super::load::TOP;
use super::reply::InternalError;
use super::settings::Settings;
use super::surface::{Omitted, ReadBack, Surface};
use super::vendor::Vendor;
use crate::base::clock::Mode;
use crate::base::{duration, time};

/// What is nobody's section. A scenario could state the rules of faults and traffic, but not how far
/// they have come; whom people have become to a vendor is in the vendors' own rows.
const OMITTED: &[Omitted] = &[
    Omitted {
        what: "fault rules, with their counts",
        count: "SELECT COUNT(*) FROM ringback_fault",
    },
    Omitted { what: "people", count: "SELECT COUNT(*) FROM ringback_person" },
    Omitted {
        what: "traffic, with how far it has come",
        count: "SELECT COUNT(*) FROM ringback_traffic",
    },
];

/// A world's state as far as a scenario can say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseeded {
    /// In the shape of a scenario file.
    pub scenario: Value,
    /// What is in the world and not in the scenario.
    pub omitted: Vec<Value>,
}

/// Reads a world back. `now_ms` and `mode` are its clock's.
pub(super) fn unseed(
    db: &Connection,
    vendors: &[&'static dyn Vendor],
    settings: &Settings,
    now_ms: i64,
    mode: Mode,
) -> Result<Unseeded, InternalError> {
    let mut scenario = Map::new();
    if !settings.title.is_empty() {
        scenario.insert("title".into(), settings.title.as_str().into());
    }
    scenario.insert("seed".into(), settings.seed.0.into());
    let at = time::rfc3339(now_ms);
    let clock = match mode {
        Mode::Frozen => json!({ "mode": mode.name(), "at": at }),
        Mode::Real => json!({ "mode": mode.name() }),
        Mode::Scaled { rate } => json!({ "mode": mode.name(), "at": at, "rate": rate }),
    };
    scenario.insert("clock".into(), clock);
    let mut omitted = Vec::new();
    let lines = rows(db, &line::READ_BACK, kind_of(TOP, &line::READ_BACK)?, now_ms)?;
    insert(&mut scenario, line::READ_BACK.name, lines);
    for what in OMITTED {
        note(db, "", what, &mut omitted)?;
    }
    let variants = settings.variants_json(vendors);
    for vendor in vendors {
        let surface = vendor.surface();
        let section = section(db, surface, &variants[surface.vendor], now_ms)?;
        if !section.is_empty() {
            scenario.insert(surface.vendor.into(), section.into());
        }
        for what in surface.omitted {
            note(db, surface.vendor, what, &mut omitted)?;
        }
    }
    Ok(Unseeded { scenario: scenario.into(), omitted })
}

fn section(
    db: &Connection,
    surface: &Surface,
    variants: &Value,
    now_ms: i64,
) -> Result<Map<String, Value>, InternalError> {
    let mut section = Map::new();
    for back in surface.read_back {
        let kind = kind_of(surface.scenario, back)?;
        let mut read = rows(db, back, kind, now_ms)?;
        match kind {
            // A table is one row, or none where nothing is said.
            Kind::Table(_) => {
                if let Some(Value::Object(row)) = read.pop()
                    && !row.is_empty()
                {
                    section.insert(back.name.into(), row.into());
                }
            }
            _ => insert(&mut section, back.name, read),
        }
    }
    let turned = surface.variants.iter().filter_map(|variant| {
        let chosen = variants[variant.name].as_str()?;
        let is_default = variant.values.first().is_some_and(|value| value.name == chosen);
        (!is_default).then(|| (variant.name.to_owned(), Value::from(chosen)))
    });
    let turned: Map<String, Value> = turned.collect();
    if !turned.is_empty() {
        section.insert("variants".into(), turned.into());
    }
    Ok(section)
}

fn insert(section: &mut Map<String, Value>, name: &str, rows: Vec<Value>) {
    if !rows.is_empty() {
        section.insert(name.into(), rows.into());
    }
}

fn note(
    db: &Connection,
    vendor: &str,
    what: &Omitted,
    omitted: &mut Vec<Value>,
) -> Result<(), InternalError> {
    let count: i64 = db.prepare_cached(what.count)?.query_row([], |row| row.get(0))?;
    if count > 0 {
        omitted.push(json!({ "vendor": vendor, "what": what.what, "count": count }));
    }
    Ok(())
}

fn kind_of(fields: &'static [Field], back: &ReadBack) -> Result<&'static Kind, InternalError> {
    let field = fields.iter().find(|field| field.name == back.name);
    let field = field.ok_or_else(|| InternalError::new(format!("no collection {}", back.name)))?;
    Ok(&field.kind)
}

fn rows(
    db: &Connection,
    back: &ReadBack,
    kind: &Kind,
    now_ms: i64,
) -> Result<Vec<Value>, InternalError> {
    let fields = match kind {
        Kind::Rows(rows) => rows.fields,
        Kind::Table(fields) => fields,
        _ => return Err(InternalError::new(format!("{} is no collection", back.name))),
    };
    let mut statement = db.prepare_cached(back.rows)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let found = columns.iter().map(|name| {
        let field = fields.iter().find(|field| field.name == name);
        field.ok_or_else(|| InternalError::new(format!("{} has no field {name}", back.name)))
    });
    let found = found.collect::<Result<Vec<_>, _>>()?;
    let mut rows = match statement.parameter_count() {
        0 => statement.query([])?,
        _ => statement.query(named_params! { ":now_ms": now_ms })?,
    };
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (idx, field) in found.iter().enumerate() {
            let stored = match row.get_ref(idx)? {
                ValueRef::Null | ValueRef::Blob(_) => Value::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
            };
            let value = match (&field.kind, stored) {
                (Kind::List(_) | Kind::Table(_) | Kind::Rows(_), Value::String(text)) => {
                    serde_json::from_str(&text).map_err(InternalError::new)?
                }
                (_, stored) => stored,
            };
            let word = back.words.iter().find(|(_, stored)| value == *stored);
            let value = word.map_or(value, |(word, _)| Value::from(*word));
            if let Some(value) = said(&field.kind, value) {
                object.insert(field.name.into(), value);
            }
        }
        read.push(Value::Object(object));
    }
    Ok(read)
}

/// A stored value as a scenario says it; `None` where it says nothing.
fn said(kind: &Kind, value: Value) -> Option<Value> {
    match (kind, value) {
        (_, Value::Null) => None,
        (Kind::Time, Value::Number(ms)) => Some(time::rfc3339(ms.as_i64()?).into()),
        (Kind::Duration, Value::Number(ms)) => Some(duration::to_text(ms.as_i64()?).into()),
        (Kind::Bool, Value::Number(flag)) => Some((flag.as_i64()? != 0).into()),
        (Kind::Decimal, Value::Number(number)) => Some(number.as_f64()?.into()),
        (Kind::Text | Kind::Id | Kind::OneOf(_) | Kind::Checked(_), Value::Number(number)) => {
            Some(number.to_string().into())
        }
        (Kind::List(element), Value::Array(items)) => {
            Some(items.into_iter().filter_map(|item| said(element, item)).collect())
        }
        (Kind::Table(fields), Value::Object(members)) => {
            let members = table(fields, members);
            (!members.is_empty()).then(|| members.into())
        }
        (Kind::Rows(rows), Value::Array(items)) => {
            let items: Vec<Value> = items
                .into_iter()
                .filter_map(|item| match item {
                    Value::Object(members) => Some(table(rows.fields, members).into()),
                    _ => None,
                })
                .collect();
            Some(items.into())
        }
        (_, value) => Some(value),
    }
}

fn table(fields: &[Field], mut members: Map<String, Value>) -> Map<String, Value> {
    let said = fields.iter().filter_map(|field| {
        Some((field.name.to_owned(), said(&field.kind, members.remove(field.name)?)?))
    });
    said.collect()
}
