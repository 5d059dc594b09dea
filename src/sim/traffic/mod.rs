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

mod hours;
mod source;
mod spread;

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, named_params};
use serde_json::Value;

pub use hours::Hours;
pub use source::{Arrival, Source};
pub use spread::Spread;

use super::cx::{Cx, Tx};
use super::fields::{Cell, Field, Kind, Row, Rows};
use super::people;
use super::reply::InternalError;
use super::seed::SeedError;
use super::timer::Timer;
use super::vendor::Vendor;
use crate::base::nearest::nearest;
use crate::statements;

/// What happens by itself at a vendor.
#[derive(Debug)]
pub struct Traffic {
    pub kinds: &'static [TrafficKind],
    /// Checks what a source names, which is of one of the kinds and has its fields. Fails where
    /// something is not there.
    pub check: fn(&Cx<'_>, &Source) -> Result<(), SeedError>,
    /// Plans what happens in an hour: sets timers for it. Fails only by Ringback's own fault.
    pub plan: fn(&mut Cx<'_>, Hour, &[Source]) -> Result<(), InternalError>,
    /// The hours of a source begin (`true`), or end. Of kinds that open.
    pub turn: Option<Turn>,
}

/// Lets the hours of a source begin, or end.
pub type Turn = fn(&mut Cx<'_>, &Source, bool) -> Result<(), InternalError>;

impl Traffic {
    /// Nothing.
    pub const NONE: Traffic =
        Traffic { kinds: &[], check: |_, _| Ok(()), plan: |_, _, _| Ok(()), turn: None };
}

/// A kind of traffic that a vendor has.
#[derive(Debug)]
pub struct TrafficKind {
    pub name: &'static str,
    /// What happens, in a line.
    pub text: &'static str,
    /// Fields that it has to have, beside the name and the vendor.
    pub required: &'static [&'static str],
    /// Fields that it may have, beside hours, days and zone.
    pub optional: &'static [&'static str],
    /// Whether it needs people to be there.
    pub needs_people: bool,
    /// Whether the vendor is told when its hours begin and end.
    pub opens: bool,
}

/// What is wrong with traffic where nobody is there to make it.
const NO_PEOPLE: &str =
    "this traffic is made by people, and there are none; expected a list of people, or a crowd";

/// Fields that every kind has.
const COMMON: &[&str] = &["name", "vendor", "kind", "zone", "hours", "days"];

/// An hour that is to be planned.
#[derive(Clone, Copy, Debug)]
pub struct Hour {
    /// A full hour in UTC.
    pub start_ms: i64,
}

pub const HOUR_MS: i64 = 3_600_000;

/// The field at the top of a scenario.
pub const TRAFFIC: Field = Field::optional(
    "traffic",
    Kind::Rows(&Rows { fields: source::FIELDS }),
    "what happens by itself, by the hour",
);

/// The timer at which an hour is planned. The key is empty, or the one source that came when the
/// hour of the others was planned already.
const PLAN_TIMER: &str = "traffic_hour";

/// The timers of the beginning and the end of a source's hours; the key is the source.
const OPEN_TIMER: &str = "traffic_opens";
const CLOSE_TIMER: &str = "traffic_closes";

statements! {
    INSERT_SOURCE = "
        INSERT INTO ringback_traffic (name, vendor, spec, from_ms)
        VALUES (:name, :vendor, :spec, :from_ms)";
    LIST_SOURCES = "
        SELECT spec, from_ms FROM ringback_traffic WHERE vendor = :vendor ORDER BY position";
    LIST_ALL_SOURCES = "SELECT spec, from_ms FROM ringback_traffic ORDER BY position";
    SHIFT_SOURCES = "UPDATE ringback_traffic SET from_ms = from_ms + :by_ms";
    LIST_STATED = "
        SELECT spec, (SELECT value + 1 FROM ringback_counter AS counter
                      WHERE counter.vendor = traffic.vendor
                          AND counter.name = 'traffic ' || traffic.name)
        FROM ringback_traffic AS traffic ORDER BY position";
    COUNT_BEGUN = "SELECT COUNT(*) FROM ringback_traffic WHERE from_ms < :now_ms";
    COUNT_SOURCES = "SELECT COUNT(*) FROM ringback_traffic WHERE vendor = :vendor";
    LIST_VENDORS = "SELECT DISTINCT vendor FROM ringback_traffic ORDER BY vendor";
}

/// The vendors whose hours are being planned: those that have traffic.
pub(super) fn planned(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_VENDORS)?.query_map([], |row| row.get(0))?.collect()
}

/// Takes a source from a scenario, whose vendor's rows are loaded. `cx` is that vendor's, and
/// `is_planned` says whether its hour was planned before the source came.
///
/// # Errors
/// Where the vendor has no such kind, fields are missing or out of place, or SQLite fails.
pub(super) fn insert(
    cx: &mut Cx<'_>,
    vendor: &'static dyn Vendor,
    row: &Row<'_>,
    is_planned: bool,
) -> Result<(), SeedError> {
    let kind = known_kind(vendor, row.text("kind"))?;
    check_fields(vendor.surface().vendor, kind, row)?;
    source::check_numbers(row).map_err(|(field, message)| SeedError::field(field, message))?;
    if kind.needs_people && people::count(cx.db())? == 0 {
        return Err(SeedError::row(NO_PEOPLE));
    }
    let spec = source::spec(row);
    let from_ms = cx.now_ms();
    (vendor.traffic().check)(cx, &Source::new(spec.clone(), from_ms))?;
    let name = cx.vendor;
    cx.forget::<Sources>();
    let tx: Tx<'_> = cx.tx();
    let n_before: i64 = tx
        .prepare_cached(COUNT_SOURCES)?
        .query_row(named_params! { ":vendor": name }, |row| row.get(0))?;
    tx.prepare_cached(INSERT_SOURCE)?.execute(named_params! {
        ":name": row.text("name"), ":vendor": name, ":spec": Value::Object(spec).to_string(),
        ":from_ms": from_ms,
    })?;
    if is_planned {
        cx.set_timer(from_ms, PLAN_TIMER, row.text("name"))?;
    } else if n_before == 0 {
        cx.set_timer(from_ms, PLAN_TIMER, "")?;
    }
    Ok(())
}

/// The sources as a scenario states them. One that takes people one by one goes on with the next.
///
/// # Errors
/// Where SQLite fails, or a row was written by something else.
pub(super) fn stated(db: &Connection) -> Result<Vec<Value>, InternalError> {
    let mut statement = db.prepare_cached(LIST_STATED)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))?;
    let mut stated = Vec::new();
    for row in rows {
        let (spec, next) = row?;
        let mut spec: Value = serde_json::from_str(&spec).map_err(InternalError::new)?;
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
pub(super) fn count_begun(db: &Connection, now_ms: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(COUNT_BEGUN)?.query_row(named_params! { ":now_ms": now_ms }, |row| row.get(0))
}

/// Moves on when traffic begins, for a world that begins later than its seed was loaded.
pub(super) fn shift(db: &Connection, by_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached(SHIFT_SOURCES)?.execute(named_params! { ":by_ms": by_ms })?;
    Ok(())
}

fn known_kind(vendor: &'static dyn Vendor, name: &str) -> Result<&'static TrafficKind, SeedError> {
    let kinds = vendor.traffic().kinds;
    kinds.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        let of = vendor.surface().vendor;
        let mut message =
            format!("{of} has no traffic of kind {name:?}; expected one of {}", known.join(", "));
        if let Some(near) = nearest(name, known) {
            message = format!("{message}; did you mean {near:?}?");
        }
        SeedError::field("kind", message)
    })
}

fn check_fields(vendor: &str, kind: &TrafficKind, row: &Row<'_>) -> Result<(), SeedError> {
    for (field, cell) in row.fields().iter().zip(row.cells()) {
        let is_required = kind.required.contains(&field.name);
        let is_known =
            is_required || kind.optional.contains(&field.name) || COMMON.contains(&field.name);
        let message = match (cell, is_required, is_known) {
            (Cell::Absent, true, _) => {
                let text = field.text;
                format!(
                    "traffic of kind {:?} of {vendor} needs {:?}: {text}",
                    kind.name, field.name
                )
            }
            (Cell::Absent, false, _) | (_, _, true) => continue,
            (_, _, false) => {
                let own: Vec<&str> = kind.required.iter().chain(kind.optional).copied().collect();
                format!(
                    "traffic of kind {:?} of {vendor} has no {:?}; expected {}",
                    kind.name,
                    field.name,
                    own.join(", ")
                )
            }
        };
        return Err(SeedError::field(field.name, message));
    }
    Ok(())
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
            .query_map(named_params! { ":vendor": self.vendor }, read)?
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

/// Fires a timer: one of traffic's own, or else the vendor's.
///
/// # Errors
/// Only what is Ringback's own fault.
pub(super) fn wake(
    vendor: &'static dyn Vendor,
    cx: &mut Cx<'_>,
    timer: &Timer,
) -> Result<(), InternalError> {
    match timer.kind.as_str() {
        PLAN_TIMER => plan(vendor, cx, &timer.key),
        OPEN_TIMER | CLOSE_TIMER => {
            let source = cx.traffic_source(&timer.key)?;
            vendor.traffic().turn.map_or(Ok(()), |turn| turn(cx, &source, timer.kind == OPEN_TIMER))
        }
        _ => vendor.wake(cx, timer),
    }
}

/// Plans the hour that has begun. The first of a world may have begun before it.
fn plan(vendor: &'static dyn Vendor, cx: &mut Cx<'_>, only: &str) -> Result<(), InternalError> {
    let hour = Hour { start_ms: cx.now_ms().div_euclid(HOUR_MS) * HOUR_MS };
    let next_ms = hour.start_ms.saturating_add(HOUR_MS);
    let mut sources = cx.traffic()?;
    if !only.is_empty() {
        sources.retain(|source| source.name == only);
    }
    for source in &sources {
        let kind = vendor.traffic().kinds.iter().find(|kind| kind.name == source.kind);
        if kind.is_some_and(|kind| kind.opens) {
            let begins = cx.now_ms() <= source.from_ms;
            for (at_ms, opens) in source.hours.edges(cx.now_ms(), next_ms, begins) {
                cx.set_timer(at_ms, if opens { OPEN_TIMER } else { CLOSE_TIMER }, &source.name)?;
            }
        }
    }
    (vendor.traffic().plan)(cx, hour, &sources)?;
    if !only.is_empty() {
        return Ok(());
    }
    Ok(cx.set_timer(next_ms, PLAN_TIMER, "")?)
}
