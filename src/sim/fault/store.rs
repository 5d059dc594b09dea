//! Rules and fixed replies as rows, so that a reset, a rollback or a restart brings them back with the rest.
//!
//! Between two such moments the counts live beside the database: a request that only counts writes
//! nothing. In a world that is kept in a file they are written with every request that moves them.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use serde::{Deserialize, Serialize};

use crate::base::limits::{FAULTS_MAX, REPLIES_MAX};
use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::section::{Section, SeedError};
use crate::contract::vendor::Vendors;
use crate::sim::fault::canned;
use crate::sim::fault::canned::standing::{Replies, StandingReply};
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

/// Loads a scenario's fixed replies, behind those that are there.
pub(crate) fn seed_replies(
    tx: &Tx<'_>,
    source: &mut dyn Section,
    vendors: Vendors,
    now: Instant,
) -> Result<(), SeedError> {
    let known = load(tx, now).map_err(SeedError::internal)?;
    let (mut id, mut n_replies) = (known.last_id, known.replies.0.len());
    let is_merge = source.is_merge();
    source.rows("reply", &mut |row| {
        let reply = canned::declare::reply(row, vendors)?;
        id = id.next();
        n_replies += 1;
        if is_merge && n_replies > REPLIES_MAX {
            let message = format!("there are {REPLIES_MAX} fixed replies at the most");
            return Err(SeedError::row(message));
        }
        insert(tx, id, &StandingReply::new(reply)).map_err(SeedError::internal)
    })
}

fn insert(db: &Connection, id: RuleId, kept: &impl Serialize) -> Result<(), InternalError> {
    let rule = serde_json::to_string(kept)?;
    db.prepare_cached(INSERT_FAULT)?.execute(named_params! { ":id": id, ":rule": rule })?;
    Ok(())
}

/// What a row holds. The two are told apart by their first member.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Rule(Box<Standing>),
    Reply(Box<StandingReply>),
}

/// The rules as they were kept.
pub(crate) fn load(db: &Connection, now: Instant) -> Result<Faults, InternalError> {
    let mut statement = db.prepare_cached(SELECT_FAULTS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let (mut kept, mut replies, mut last_kept) = (Vec::new(), Vec::new(), RuleId::default());
    for row in rows {
        let (id, text) = row?;
        last_kept = id;
        match serde_json::from_str(&text).doing("read a rule for faults")? {
            Row::Rule(rule) => kept.push((id, *rule)),
            Row::Reply(reply) => replies.push((id, *reply)),
        }
    }
    let last_id = setting::parsed(db, LAST_ID)?.and_then(|id| RuleId::deserialize(id).ok());
    let last_id = last_id.unwrap_or_default();
    Ok(Faults::begin(kept, Replies(replies), last_id.max(last_kept), now))
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
    for (id, kept) in &faults.replies.0 {
        insert(db, *id, kept)?;
    }
    // Where the last rule is there, its row says it.
    let last_rule = faults.kept.last().map(|(id, _)| *id);
    let last_reply = faults.replies.0.last().map(|(id, _)| *id);
    if last_rule.max(last_reply).is_none_or(|id| id < faults.last_id) {
        setting::put(db, LAST_ID, &faults.last_id.to_string())?;
    }
    faults.is_dirty = false;
    Ok(())
}
