//! Rules as rows, so that a reset, a rollback or a restart brings them back with the rest.
//!
//! Between two such moments the counts live beside the database: a request that only counts writes
//! nothing. In a world that is kept in a file they are written with every request that moves them.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use serde::Deserialize;

use crate::base::limits::FAULTS_MAX;
use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::section::{Section, SeedError};
use crate::contract::vendor::Vendors;
use crate::sim::fault::declare;
use crate::sim::fault::rule_id::RuleId;
use crate::sim::fault::struck::{Faults, Standing};
use crate::statements;
use crate::store::setting;

statements! {
    SELECT_FAULTS = "SELECT id, rule FROM ringback_fault ORDER BY id";
    DELETE_FAULTS = "DELETE FROM ringback_fault";
    INSERT_FAULT = "INSERT INTO ringback_fault (id, rule) VALUES (:id, :rule)";
}

/// The setting for the last id that was given out, where its rule is gone.
const LAST_ID: &str = "fault_last_id";

/// Loads a scenario's rules, behind those that are there.
pub(crate) fn seed(
    tx: &Tx<'_>,
    source: &mut dyn Section,
    vendors: Vendors,
    now: Instant,
) -> Result<(), SeedError> {
    let known = load(tx, now).map_err(SeedError::internal)?;
    let mut names: BTreeSet<String> =
        known.kept.iter().filter_map(|(_, kept)| kept.rule.name.clone()).collect();
    let mut n_rules = known.kept.len();
    let mut id = known.last_id;
    // A new world's rules begin when it does, which may be later.
    let added = source.is_merge().then_some(now);
    source.rows("fault", &mut |row| {
        let rules = declare::rules(row, vendors).map_err(declare::Mistake::refused)?;
        for rule in rules {
            if let Some(name) = rule.name.clone()
                && !names.insert(name.clone())
            {
                // Draws come from the name, so two of one name would strike the same requests.
                let message = format!("another fault is called {name:?}; give this one a name");
                return Err(SeedError::row(message));
            }
            id = id.next();
            n_rules += 1;
            if added.is_some() && n_rules > FAULTS_MAX {
                let message = format!("there are {FAULTS_MAX} rules at the most");
                return Err(SeedError::row(message));
            }
            let kept = Standing { added, ..Standing::new(rule) };
            insert(tx, id, &kept).map_err(SeedError::internal)?;
        }
        Ok(())
    })
}

fn insert(db: &Connection, id: RuleId, kept: &Standing) -> Result<(), InternalError> {
    let rule = serde_json::to_string(kept)?;
    db.prepare_cached(INSERT_FAULT)?.execute(named_params! { ":id": id, ":rule": rule })?;
    Ok(())
}

/// The rules as they were kept.
pub(crate) fn load(db: &Connection, now: Instant) -> Result<Faults, InternalError> {
    let mut statement = db.prepare_cached(SELECT_FAULTS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut kept = Vec::new();
    for row in rows {
        let (id, text) = row?;
        kept.push((id, serde_json::from_str(&text).doing("read a rule for faults")?));
    }
    let last_kept = kept.last().map_or(RuleId::default(), |(id, _)| *id);
    let last_id = setting::parsed(db, LAST_ID)?.and_then(|id| RuleId::deserialize(id).ok());
    let last_id = last_id.unwrap_or_default();
    Ok(Faults::begin(kept, last_id.max(last_kept), now))
}

/// Writes rules and counts, where they have moved.
pub(crate) fn save(db: &Connection, faults: &mut Faults) -> Result<(), InternalError> {
    if !faults.is_dirty {
        return Ok(());
    }
    db.prepare_cached(DELETE_FAULTS)?.execute([])?;
    for (id, kept) in &faults.kept {
        insert(db, *id, kept)?;
    }
    // Where the last rule is there, its row says it.
    if faults.kept.last().is_none_or(|(id, _)| *id < faults.last_id) {
        setting::put(db, LAST_ID, &faults.last_id.to_string())?;
    }
    faults.is_dirty = false;
    Ok(())
}
