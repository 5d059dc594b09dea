//! Things that happen by themselves on a world's clock: calls that come in, campaigns that are fed,
//! agents who begin and end their day.
//!
//! A scenario lists sources of traffic. For each vendor that has any, a timer fires at every full
//! hour and lets the vendor plan the hour: it draws what happens and sets timers for it, so that
//! each thing comes into being at its own time and a client that polls sees it then and not before.
//! What is drawn depends on (seed, source, hour, n) alone, never on what was asked in between or on
//! how the clock was stepped.
//!
//! Not here: what a thing is and what it does (the vendors, each with kinds of its own).

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, named_params};
use serde_json::{Map, Value};

use crate::base::nearest::nearest;
use crate::base::time::{Instant, Span};
use crate::contract::cx::{Cx, Tx};
use crate::contract::fields::Row;
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::contract::traffic::kind::TrafficKind;
use crate::contract::traffic::source::Source;
use crate::contract::vendor::Vendor;
use crate::sim::outside::people::roster::{self, NO_PEOPLE};
use crate::sim::outside::traffic::stated::{self, HOURLY_MAX, SOURCES_MAX, check_fields};
use crate::statements;

statements! {
    INSERT_SOURCE = "
        INSERT INTO ringback_traffic (name, vendor, spec, from_ms)
        VALUES (:name, :vendor, :spec, :from_ms)";
    LIST_SOURCES = "
        SELECT spec, from_ms FROM ringback_traffic WHERE vendor = :vendor ORDER BY position";
    LIST_ALL_SOURCES = "SELECT spec, from_ms FROM ringback_traffic ORDER BY position";
    SHIFT_SOURCES = "UPDATE ringback_traffic SET from_ms = MIN(from_ms + :by_ms, :end_ms)";
    LIST_STATED = "
        SELECT spec, (SELECT value + 1 FROM ringback_counter AS counter
                      WHERE counter.vendor = traffic.vendor
                          AND counter.name = 'traffic ' || traffic.name)
        FROM ringback_traffic AS traffic ORDER BY position";
    COUNT_BEGUN = "SELECT COUNT(*) FROM ringback_traffic WHERE from_ms < :now_ms";
    COUNT_SOURCES = "SELECT COUNT(*) FROM ringback_traffic WHERE vendor = :vendor";
    LIST_VENDORS = "SELECT DISTINCT vendor FROM ringback_traffic ORDER BY vendor";
}

/// The timer at which an hour is planned. The key is empty, or the one source that came when the
/// hour of the others was planned already.
pub(crate) const PLAN_TIMER: &str = "traffic_hour";

/// The vendors whose hours are being planned: those that have traffic.
pub(crate) fn planned(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_VENDORS)?.query_map([], |row| row.get(0))?.collect()
}

/// Takes a source from a scenario, whose vendor's rows are loaded. `cx` is that vendor's, and
/// `is_planned` says whether its hour was planned before the source came.
///
/// # Errors
/// Where the vendor has no such kind, fields are missing or out of place, or SQLite fails.
pub(crate) fn insert(
    cx: &mut Cx<'_>,
    vendor: &'static Vendor,
    row: &Row<'_>,
    is_planned: bool,
) -> Result<(), SeedError> {
    let kind = known_kind(vendor, row.text("kind"))?;
    check_fields(vendor.surface.vendor, kind, row)?;
    stated::check_numbers(row).map_err(|(field, message)| SeedError::field(field, message))?;
    if kind.needs_people && roster::count(cx.db())? == 0 {
        return Err(SeedError::row(NO_PEOPLE));
    }
    let spec = stated::spec(row);
    let from = cx.now();
    (vendor.traffic.check)(cx, &Source::new(spec.clone(), from))?;
    let name = cx.vendor();
    cx.forget::<Sources>();
    let tx: Tx<'_> = cx.tx();
    check_sum(&tx, &spec)?;
    let n_before: i64 = tx
        .prepare_cached(COUNT_SOURCES)?
        .query_row(named_params! { ":vendor": name }, |row| row.get(0))?;
    tx.prepare_cached(INSERT_SOURCE)?.execute(named_params! {
        ":name": row.text("name"), ":vendor": name, ":spec": Value::Object(spec).to_string(),
        ":from_ms": from,
    })?;
    if is_planned {
        cx.set_timer(from, PLAN_TIMER, row.text("name"))?;
    } else if n_before == 0 {
        cx.set_timer(from, PLAN_TIMER, "")?;
    }
    Ok(())
}

/// Whether a world has room for one more source.
fn check_sum(db: &Connection, spec: &Map<String, Value>) -> Result<(), SeedError> {
    let mut statement = db.prepare_cached(LIST_ALL_SOURCES)?;
    let (mut n_sources, mut sum) = (1, stated::hourly(spec));
    for source in statement.query_map([], read)? {
        n_sources += 1;
        sum += stated::hourly(&source?.spec);
    }
    if n_sources > SOURCES_MAX {
        let message = format!("a world has at most {SOURCES_MAX} sources of traffic");
        return Err(SeedError::row(message));
    }
    if sum > HOURLY_MAX {
        let message = format!(
            "with it the sources make about {sum:.0} things an hour, people on calls included; \
             expected at most {HOURLY_MAX} in all"
        );
        return Err(SeedError::field("per_hour", message));
    }
    Ok(())
}

/// The sources as a scenario states them. One that takes people one by one goes on with the next.
///
/// # Errors
/// Where SQLite fails, or a row was written by something else.
pub(crate) fn stated(db: &Connection) -> Result<Vec<Value>, InternalError> {
    let mut statement = db.prepare_cached(LIST_STATED)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))?;
    let mut stated = Vec::new();
    for row in rows {
        let (spec, next) = row?;
        let mut spec: Value = serde_json::from_str(&spec)?;
        if let Some(next) = next {
            spec["first"] = next.into();
        }
        stated.push(spec);
    }
    Ok(stated)
}

/// How many sources may have begun something that is not over.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn count_begun(db: &Connection, now: Instant) -> rusqlite::Result<i64> {
    db.prepare_cached(COUNT_BEGUN)?.query_row(named_params! { ":now_ms": now }, |row| row.get(0))
}

/// Moves on when traffic begins, for a world that begins later than its seed was loaded.
pub(crate) fn shift(db: &Connection, by: Span) -> rusqlite::Result<()> {
    db.prepare_cached(SHIFT_SOURCES)?
        .execute(named_params! { ":by_ms": by, ":end_ms": Instant::MAX })?;
    Ok(())
}

fn known_kind(vendor: &'static Vendor, name: &str) -> Result<&'static TrafficKind, SeedError> {
    let kinds = vendor.traffic.kinds;
    kinds.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        let of = vendor.surface.vendor;
        let mut message =
            format!("{of} has no traffic of kind {name:?}; expected one of {}", known.join(", "));
        if let Some(near) = nearest(name, known) {
            message = format!("{message}; did you mean {near:?}?");
        }
        SeedError::field("kind", message)
    })
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Source> {
    let spec: String = row.get(0)?;
    let spec = serde_json::from_str(&spec).unwrap_or_default();
    Ok(Source::new(spec, row.get(1)?))
}

/// The sources of all vendors, by name.
#[derive(Debug, PartialEq)]
struct Sources(BTreeMap<String, Arc<Source>>);

impl Sources {
    fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut statement = db.prepare_cached(LIST_ALL_SOURCES)?;
        let sources = statement.query_map([], read)?;
        let named = sources.map(|read| read.map(|source| (source.name.clone(), Arc::new(source))));
        named.collect::<rusqlite::Result<_>>().map(Sources)
    }
}

impl Cx<'_> {
    /// The vendor's sources of traffic, in the order of the scenario.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn traffic(&self) -> rusqlite::Result<Vec<Source>> {
        self.db()
            .prepare_cached(LIST_SOURCES)?
            .query_map(named_params! { ":vendor": self.vendor() }, read)?
            .collect()
    }

    /// A source of traffic by its name.
    ///
    /// # Errors
    /// Where there is none, or SQLite fails.
    pub fn traffic_source(&self, name: &str) -> rusqlite::Result<Arc<Source>> {
        let sources = self.kept(Sources::read)?;
        sources.0.get(name).map(Arc::clone).ok_or(rusqlite::Error::QueryReturnedNoRows)
    }
}
