//! The rows that live in a world, as a piece of scenario has to know them that is merged into it:
//! which values of unique fields are taken, and where references may lead.
//!
//! Each question is one look-up, so that a piece of one row costs the same in a large world; where a
//! field has no index, the second question reads all of its values. The statements by which vendors
//! give their state back as a scenario serve here a second time.
//!
//! Not here: what becomes of the answers (`scenario`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Stored;
use rusqlite::{CachedStatement, Connection, StatementStatus, ToSql};

use crate::base::time::Instant;
use crate::contract::read_back::ReadBack;
use crate::contract::vendor::Vendors;
use crate::sim::outside::people::roster;

/// The collections at the top of a scenario that have unique fields.
pub const TOP: &[ReadBack] = &[
    ReadBack::new("fault", "SELECT rule ->> '$.rule.name' AS name FROM ringback_fault ORDER BY id"),
    ReadBack::new(
        "reply",
        "SELECT rule ->> '$.reply.name' AS name FROM ringback_fault ORDER BY id",
    ),
    roster::READ_BACK,
    ReadBack::new("traffic", "SELECT name FROM ringback_traffic ORDER BY position"),
];

/// The rows of a world.
#[derive(Debug)]
pub struct Live<'w> {
    db: &'w Connection,
    vendors: Vendors,
    now: Instant,
    /// The fields without an index that were asked for, with their values from the second time on.
    scanned: RefCell<BTreeMap<FieldName, Option<BTreeSet<String>>>>,
    /// The first question that SQLite did not answer.
    failed: RefCell<Option<rusqlite::Error>>,
}

/// Section, collection, field. The section is the vendor's, or empty for the top.
pub(crate) type FieldName = (&'static str, &'static str, &'static str);

impl<'w> Live<'w> {
    pub(crate) fn new(db: &'w Connection, vendors: Vendors, now: Instant) -> Self {
        let (scanned, failed) = (RefCell::default(), RefCell::default());
        Live { db, vendors, now, scanned, failed }
    }

    /// Why a question was not answered; what was said to it is not true then.
    pub(crate) fn failure(self) -> Option<rusqlite::Error> {
        self.failed.into_inner()
    }

    /// Whether a row has this value.
    pub fn has(&self, field: FieldName, value: &str) -> bool {
        let Some(back) = self.read_back(field) else { return false };
        let word = back.words.iter().find(|(word, _)| *word == value);
        let stored = word.map_or(value, |(_, stored)| *stored);
        let mut scanned = self.scanned.borrow_mut();
        if let Some(values) = scanned.get_mut(&field) {
            let all = || self.values(field, usize::MAX).into_iter().collect();
            return values.get_or_insert_with(all).contains(stored);
        }
        let asked = self.ask(&has_sql(back, field.2), stored, |row| row.get(0));
        let Some((rows, is_scan)) = self.answered(asked) else { return false };
        if is_scan {
            scanned.insert(field, None);
        }
        rows.first().copied().unwrap_or(false)
    }

    /// The first values of a field, such as for a hint at what was meant.
    pub fn values(&self, field: FieldName, limit: usize) -> Vec<String> {
        let Some(back) = self.read_back(field) else { return Vec::new() };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let asked = self.ask(&values_sql(back, field.2), limit, |row| {
            Ok(match row.get(0)? {
                Stored::Text(text) => text,
                Stored::Integer(number) => number.to_string(),
                _ => String::new(),
            })
        });
        self.answered(asked).map(|(values, _)| values).unwrap_or_default()
    }

    fn read_back(&self, (section, collection, _): FieldName) -> Option<&'static ReadBack> {
        let all = match section {
            "" => TOP,
            vendor => self.vendors.find(vendor)?.surface.read_back,
        };
        all.iter().find(|back| back.name == collection)
    }

    /// Answers the rows, and whether more than one of the table was looked at for them.
    fn ask<T>(
        &self,
        sql: &str,
        about: impl ToSql,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<(Vec<T>, bool)> {
        let mut statement: CachedStatement<'_> = self.db.prepare_cached(sql)?;
        let about: &dyn ToSql = &about;
        // Few of the vendors' statements ask for the time.
        let timed = [(":about", about), (":now_ms", &self.now)];
        let n_params = statement.parameter_count();
        let rows = statement.query_map(&timed[..n_params], read)?.collect::<Result<_, _>>()?;
        Ok((rows, statement.reset_status(StatementStatus::FullscanStep) > 0))
    }

    fn answered<T>(&self, asked: rusqlite::Result<T>) -> Option<T> {
        asked.map_err(|error| self.failed.borrow_mut().get_or_insert(error).to_string()).ok()
    }
}

/// Asks whether a value is there. The name of the table before the column keeps SQLite from taking
/// an unknown column for a text.
pub fn has_sql(back: &ReadBack, field: &str) -> String {
    let rows = back.rows;
    format!("SELECT EXISTS (SELECT 1 FROM ({rows}) AS live WHERE live.\"{field}\" = :about)")
}

/// Asks for the first values.
pub fn values_sql(back: &ReadBack, field: &str) -> String {
    let rows = back.rows;
    format!("SELECT live.\"{field}\" FROM ({rows}) AS live LIMIT :about")
}
