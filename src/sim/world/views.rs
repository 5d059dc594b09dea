//! What a world shows of its state: tables, people, the state as a scenario.

use serde_json::{Value, json};

use crate::contract::reply::InternalError;
use crate::contract::surface::Table;
use crate::sim::blocking::blocking;
use crate::sim::loading::read_back::{self, ReadBackScenario};
use crate::sim::outside::lineage;
use crate::sim::outside::people::roster;
use crate::sim::world::World;
use crate::sim::world::table as shown;

impl World {
    /// A page of one of a vendor's tables as it may be shown.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn table(
        &self,
        table: &'static Table,
        offset: usize,
        limit: usize,
        show_secrets: bool,
    ) -> Result<Value, InternalError> {
        let _open = self.gate.read().await;
        let masker = self.masker_now(show_secrets)?;
        let engine = self.lock_as_of_now()?;
        let rows = shown::page(engine.connection(), table, offset, limit, &masker)?;
        let shown = rows.len();
        Ok(json!({ "table": table.name, "offset": offset, "count": shown, "rows": rows }))
    }

    /// A page of the people whom vendors draw on, as it may be shown.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn people(
        &self,
        offset: u64,
        limit: usize,
        show_secrets: bool,
    ) -> Result<Value, InternalError> {
        let _open = self.gate.read().await;
        let masker = self.masker_now(show_secrets)?;
        let engine = self.lock_as_of_now()?;
        let db = engine.connection();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let people = roster::list(db, i64::try_from(offset).unwrap_or(i64::MAX), limit)?;
        let people: Vec<Value> =
            people.iter().map(lineage::person_json).map(|it| masker.json(it)).collect();
        let count = roster::count(db)?;
        Ok(json!({ "offset": offset, "total": count, "people": people }))
    }

    /// A person's way across the vendors, as it may be shown; `None` where nobody knows the number.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn person(
        &self,
        number: &str,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        let _open = self.gate.read().await;
        let masker = self.masker_now(show_secrets)?;
        let engine = self.lock_as_of_now()?;
        let way = lineage::way(engine.connection(), engine.vendors(), number)?;
        Ok(way.map(|way| masker.json(way)))
    }

    /// Numbers that end as this one does, where nobody has it.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn numbers_alike(&self, number: &str) -> Result<Vec<String>, InternalError> {
        let _open = self.gate.read().await;
        let engine = self.lock_as_of_now()?;
        Ok(lineage::alike(engine.connection(), engine.vendors(), number)?)
    }

    /// The state as it is now, as a scenario; read from a snapshot, so that the world goes on.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn read_back(&self) -> Result<ReadBackScenario, InternalError> {
        let _open = self.gate.read().await;
        let (snapshot, vendors, beside) = self.lock_as_of_now()?.read_aside()?;
        let read = blocking(move || {
            let mut read = None;
            snapshot.read(|db| {
                read = Some(read_back::read_back(db, vendors.0, &beside)?);
                Ok::<_, InternalError>(())
            })?;
            read.ok_or_else(|| InternalError::new("a snapshot is read once"))
        });
        read.await?
    }
}
