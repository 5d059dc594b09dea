//! A world's state as a scenario: what a seed would have to say to make it again.
//!
//! Each vendor declares, per collection of its section, the statement that reads its rows back, and
//! what a scenario has no words for. The walk over its table of fields does the rest.
//!
//! Not here: scenario files and their syntax (`scenario`).

use rusqlite::types::ValueRef;
use rusqlite::{Connection, named_params};
use serde_json::{Map, Value, json};

use crate::base::clock::Mode;
use crate::base::time::{Instant, Span};
use crate::contract::fields::{Field, Kind};
use crate::contract::read_back::ReadBack;
use crate::contract::reply::InternalError;
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendor;
use crate::sim::fault::canned;
use crate::sim::fault::declare;
use crate::sim::fault::struck::Faults;
use crate::sim::judge::expectation::{self, Expectation};
use crate::sim::loading::observed::Observed;
use crate::sim::loading::settings::Settings;
use crate::sim::loading::top::TOP;
use crate::sim::outside::line;
use crate::sim::outside::people::roster;
use crate::sim::outside::traffic::{sources, stated};

/// What is nobody's section, and has rows of its own.
pub(crate) const READ_BACK: &[ReadBack] = &[line::READ_BACK, roster::READ_BACK];

/// How far rules for faults have come. A scenario states them as they were added.
const FAULTS_BEGUN: &str =
    "rules for faults that have counted requests or time; here they begin to count anew";

/// How far fixed replies have come.
const REPLIES_BEGUN: &str =
    "fixed replies that have counted requests; here they begin to count anew";

/// How far traffic has come. What its things have become to a vendor is in the vendors' own rows.
const TRAFFIC_BEGUN: &str = "sources of traffic that have begun; calls of theirs that are not over are \
                             not here, and what is still to come is drawn anew";

/// A world's state as far as a scenario can say it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadBackScenario {
    /// In the shape of a scenario file.
    pub scenario: Value,
    /// What is in the world and not in the scenario.
    pub omitted: Vec<Value>,
}

/// What a world has beside its rows.
#[derive(Debug)]
pub(crate) struct InMemoryState {
    pub(crate) settings: Settings,
    pub(crate) now: Instant,
    pub(crate) mode: Mode,
    pub(crate) faults: Faults,
    pub(crate) expectation: Expectation,
}

/// Reads a world back.
pub(crate) fn read_back(
    db: &Connection,
    vendors: &[&'static Vendor],
    beside: &InMemoryState,
) -> Result<ReadBackScenario, InternalError> {
    let InMemoryState { settings, now, mode, .. } = beside;
    let (now, mode) = (*now, *mode);
    let mut scenario = Map::new();
    if !settings.title.is_empty() {
        scenario.insert("title".into(), settings.title.as_str().into());
    }
    scenario.insert("seed".into(), settings.seed.0.into());
    let at = now.to_string();
    let clock = match mode {
        Mode::Frozen => json!({ "mode": mode.name(), "at": at }),
        Mode::Real => json!({ "mode": mode.name() }),
        Mode::Scaled { rate } => json!({ "mode": mode.name(), "at": at, "rate": rate }),
    };
    scenario.insert("clock".into(), clock);
    let mut omitted = Vec::new();
    for back in READ_BACK {
        insert(&mut scenario, back.name, rows(db, back, kind_of(TOP, back)?, now)?);
    }
    let faults = beside.faults.stated().into_iter();
    let faults = faults.map(|row| table(declare::FAULT, row).into()).collect();
    insert(&mut scenario, declare::SCENARIO.name, faults);
    note("", FAULTS_BEGUN, beside.faults.n_begun(now), &mut omitted);
    let replies = beside.faults.replies.stated().into_iter();
    let replies = replies.map(|row| table(canned::declare::REPLY, row).into()).collect();
    insert(&mut scenario, canned::declare::SCENARIO.name, replies);
    note("", REPLIES_BEGUN, beside.faults.replies.n_begun(), &mut omitted);
    let expects = beside.expectation.expect.as_array().is_some_and(|it| !it.is_empty());
    if beside.expectation.is_on || expects {
        scenario.insert(expectation::STRICT.name.into(), beside.expectation.is_on.into());
    }
    if expects {
        scenario.insert(expectation::EXPECT.name.into(), beside.expectation.expect.clone());
    }
    insert(&mut scenario, stated::TRAFFIC.name, sources::stated(db)?);
    note("", TRAFFIC_BEGUN, sources::count_begun(db, now)?, &mut omitted);
    let variants = settings.variants_json(vendors);
    for vendor in vendors {
        let surface = vendor.surface;
        let mut section = section(db, surface, &variants[surface.vendor], &settings.observed, now)?;
        let own = settings.hosts.iter().filter(|(vendor, _)| *vendor == surface.vendor);
        insert(&mut section, "hosts", own.map(|(_, host)| host.as_str().into()).collect());
        if !section.is_empty() {
            scenario.insert(surface.vendor.into(), section.into());
        }
        for what in surface.omitted {
            let count: i64 = db.prepare_cached(what.count)?.query_row([], |row| row.get(0))?;
            note(surface.vendor, what.what, count, &mut omitted);
        }
    }
    Ok(ReadBackScenario { scenario: scenario.into(), omitted })
}

fn section(
    db: &Connection,
    surface: &Surface,
    variants: &Value,
    observed: &Observed,
    now: Instant,
) -> Result<Map<String, Value>, InternalError> {
    let mut section = Map::new();
    for back in surface.read_back {
        let kind = kind_of(surface.scenario, back)?;
        let mut read = rows(db, back, kind, now)?;
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
        if let Some(on) = observed.on(surface.vendor, variant.name, chosen) {
            let seen = json!({ "value": chosen, "evidence": "observed", "on": on });
            return Some((variant.name.to_owned(), seen));
        }
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

/// Lists what is not in the scenario, where there is any.
fn note(vendor: &str, what: &str, count: i64, omitted: &mut Vec<Value>) {
    if count > 0 {
        omitted.push(json!({ "vendor": vendor, "what": what, "count": count }));
    }
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
    now: Instant,
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
        _ => statement.query(named_params! { ":now_ms": now })?,
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
                    serde_json::from_str(&text)?
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
        (Kind::Time, Value::Number(ms)) => {
            Some(Instant::try_from_millis(ms.as_i64()?).ok()?.to_string().into())
        }
        (Kind::Duration, Value::Number(ms)) => {
            Some(Span::try_from_millis(ms.as_i64()?).ok()?.to_string().into())
        }
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
