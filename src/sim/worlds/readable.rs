//! Whether all that a world's rows hold can be read back, asked of the engine's own readers before a
//! world is made of them.
//!
//! Not here: tables and the types of their columns (`store::adopt`).

use rusqlite::Connection;
use serde_json::Value;

use crate::base::time::Instant;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::fault;
use crate::sim::judge::expectation;
use crate::sim::loading::settings::{self, Settings};
use crate::sim::outside::traffic::sources;
use crate::statements;

statements! {
    LIST_TIMERS = "SELECT due_ms, vendor, payload FROM ringback_timer";
    LIST_SPECS = "SELECT name, vendor, from_ms FROM ringback_traffic ORDER BY position";
    LIST_COUNTERS = "SELECT vendor, name, value FROM ringback_counter";
}

/// Reads everything once.
///
/// # Errors
/// What cannot be read, and why.
pub(crate) fn check(db: &Connection, vendors: Vendors) -> Result<(), String> {
    let says = |what: &'static str| move |error: InternalError| format!("{what}: {error}");
    let settings = Settings::load(db, vendors.0).map_err(says("settings"))?;
    let settings = settings.ok_or("there are no settings of a world")?;
    let kept = settings::load_clock(db).map_err(says("clock"))?;
    settings::loaded(db).map_err(says("time of loading"))?;
    let now = kept.unwrap_or_else(|| settings.start_clock()).now();
    fault::store::load(db, now).map_err(says("fault rules"))?;
    expectation::load(db, vendors).map_err(says("expectations"))?;
    sources::stated(db).map_err(says("traffic"))?;
    rows(db, vendors).map_err(|error| error.to_string())
}

fn rows(db: &Connection, vendors: Vendors) -> Result<(), InternalError> {
    let mut statement = db.prepare(LIST_TIMERS)?;
    let mut timers = statement.query([])?;
    while let Some(row) = timers.next()? {
        let due: Instant = row.get(0)?;
        known(vendors, &row.get::<_, String>(1)?)?;
        let payload: String = row.get(2)?;
        // What is written as JSON has to be read as such.
        if payload.starts_with(['{', '['])
            && let Err(error) = serde_json::from_str::<Value>(&payload)
        {
            return Err(InternalError::new(format!("the timer due at {due}: {error}")));
        }
    }
    let mut statement = db.prepare(LIST_SPECS)?;
    let mut specs = statement.query([])?;
    while let Some(row) = specs.next()? {
        known(vendors, &row.get::<_, String>(1)?)?;
        row.get::<_, Instant>(2)?;
    }
    let mut statement = db.prepare(LIST_COUNTERS)?;
    let mut counters = statement.query([])?;
    while let Some(row) = counters.next()? {
        row.get::<_, i64>(2)?;
    }
    Ok(())
}

fn known(vendors: Vendors, name: &str) -> Result<(), InternalError> {
    let found = vendors.find(name).map(|_| ());
    found.ok_or_else(|| {
        InternalError::new(format!("expected a vendor of this build, found {name:?}"))
    })
}
