//! Seeds a database from a scenario, or merges a piece into a world that lives.

use rusqlite::Connection;

use crate::base::time::Instant;
use crate::contract::cache::Cache;
use crate::contract::reply::InternalError;
use crate::contract::scope::{self, Scope};
use crate::contract::section::SeedError;
use crate::contract::vendor::Vendors;
use crate::sim::fault;
use crate::sim::judge::expectation;
use crate::sim::loading::live::Live;
use crate::sim::loading::scenario::{Collection, LoadError, Scenario};
use crate::sim::loading::settings::{self, ClockSpec, Settings};
use crate::sim::outside::line;
use crate::sim::outside::people::roster;
use crate::sim::outside::traffic::sources;

/// Seeds a fresh database from a scenario, in one transaction.
///
/// # Errors
/// Where the scenario has mistakes (all of them are reported), or SQLite fails. Nothing is kept.
pub(crate) fn load(
    db: &Connection,
    vendors: Vendors,
    scenario: &mut dyn Scenario,
) -> Result<Settings, LoadError> {
    let settings = scenario.settings(vendors.0);
    let now = settings.start_clock().now();
    db.execute_batch("BEGIN IMMEDIATE")?;
    let loaded = load_parts(db, vendors, &settings, now, scenario, None);
    match loaded {
        Ok(_) => {
            settings.save(db, vendors.0)?;
            if settings.clock == ClockSpec::Real {
                settings::save_loaded(db, now)?;
            }
            db.execute_batch("COMMIT")?;
            Ok(settings)
        }
        Err(error) => {
            // Of work that was told to stop, SQLite has taken all back by itself.
            if !db.is_autocommit() {
                db.execute_batch("ROLLBACK")?;
            }
            Err(error)
        }
    }
}

pub(crate) fn load_parts(
    db: &Connection,
    vendors: Vendors,
    settings: &Settings,
    now: Instant,
    scenario: &mut dyn Scenario,
    live: Option<&Live<'_>>,
) -> Result<Vec<Collection>, LoadError> {
    let tx = scope::transaction(db);
    let mut top = scenario.top(live);
    taken(line::load(&tx, top.as_mut()))?;
    taken(fault::store::seed(&tx, top.as_mut(), vendors, now))?;
    taken(fault::store::seed_replies(&tx, top.as_mut(), vendors, now))?;
    taken(roster::load(&tx, settings.seed, top.as_mut()))?;
    if live.is_none() {
        // A world that lives goes on expecting what it does.
        taken(expectation::seed(&tx, top.as_mut(), vendors))?;
    }
    drop(top);
    let cache = Cache::default();
    let scope = |idx: usize| Scope {
        now,
        seed: settings.seed,
        db,
        cache: &cache,
        writes: true,
        variants: &settings.variants[idx],
        vendor: vendors.0[idx].surface.vendor,
    };
    for (idx, vendor) in vendors.0.iter().enumerate() {
        let mut part = scenario.part(vendor.surface.vendor, live);
        let ran = scope(idx).run(|cx| (vendor.seed)(cx, part.as_mut()));
        taken(ran.map(drop))?;
    }
    if live.is_none() {
        // The rows of a scenario come on top of those that it extends as a piece on top of a world.
        let live = Live::new(db, vendors, now);
        for (idx, vendor) in vendors.0.iter().enumerate() {
            for layer in 1.. {
                let Some(mut part) = scenario.over(layer, vendor.surface.vendor, &live) else {
                    break;
                };
                let ran = scope(idx).run(|cx| (vendor.seed)(cx, part.as_mut()));
                taken(ran.map(drop))?;
            }
        }
        if let Some(error) = live.failure() {
            return Err(error.into());
        }
    }
    let planned = sources::planned(db)?;
    let traffic = scenario.top(live).rows("traffic", &mut |row| {
        let name = row.text("vendor");
        match vendors.idx(name) {
            Some(idx) => {
                let is_planned = planned.iter().any(|vendor| vendor == name);
                scope(idx).run(|cx| sources::insert(cx, vendors.0[idx], row, is_planned)).map(drop)
            }
            None => Err(vendors.unknown(name)),
        }
    });
    taken(traffic)?;
    scenario.finish().map_err(LoadError::Mistakes)
}

/// Mistakes are kept by the scenario, which reports them all at the end.
fn taken(loaded: Result<(), SeedError>) -> Result<(), LoadError> {
    match loaded {
        Ok(()) | Err(SeedError::Refused { .. }) => Ok(()),
        Err(SeedError::Internal(error)) => Err(LoadError::Internal(InternalError::new(error))),
    }
}
