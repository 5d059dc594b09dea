//! What a world shows of its state: tables, people, the state as a scenario.

use serde_json::{Value, json};

use crate::contract::reply::InternalError;
use crate::contract::secret::Redactor;
use crate::contract::surface::Table;
use crate::contract::vendor::Vendor;
use crate::sim::blocking::blocking;
use crate::sim::loading::unseed::{self, Beside, Unseeded};
use crate::sim::outside::lineage;
use crate::sim::outside::people::roster;
use crate::sim::world::World;

impl World {
    /// A page of one of a vendor's tables as it may be shown.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn table(
        &self,
        vendor: &'static dyn Vendor,
        table: &'static Table,
        offset: usize,
        limit: usize,
        show_secrets: bool,
    ) -> Result<Value, InternalError> {
        let _open = self.gate.read().await;
        let redactor = Redactor::new(vendor.surface().secrets, show_secrets);
        let ordered = self.lock();
        let rows = crate::sim::world::table::page(
            ordered.db.connection(),
            table,
            offset,
            limit,
            redactor,
        )?;
        let shown = rows.len();
        Ok(json!({ "table": table.name, "offset": offset, "count": shown, "rows": rows }))
    }

    /// A page of the people whom vendors draw on.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn people(&self, offset: u64, limit: usize) -> Result<Value, InternalError> {
        let _open = self.gate.read().await;
        let ordered = self.lock();
        let db = ordered.db.connection();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let people = roster::list(db, i64::try_from(offset).unwrap_or(i64::MAX), limit)?;
        let people: Vec<Value> = people.iter().map(lineage::person_json).collect();
        let count = roster::count(db)?;
        Ok(json!({ "offset": offset, "total": count, "people": people }))
    }

    /// A person's way across the vendors; `None` where nobody knows the number.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn person(&self, number: &str) -> Result<Option<Value>, InternalError> {
        let _open = self.gate.read().await;
        let ordered = self.lock();
        Ok(lineage::way(ordered.db.connection(), ordered.vendors, number)?)
    }

    /// The state as it is now, as a scenario; read from a snapshot, so that the world goes on.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn unseed(&self) -> Result<Unseeded, InternalError> {
        let _open = self.gate.read().await;
        let (snapshot, vendors, beside) = {
            let mut ordered = self.lock();
            let beside = Beside {
                settings: ordered.settings.clone(),
                now_ms: ordered.clock.now_ms(),
                mode: ordered.clock.mode(),
                faults: ordered.faults.clone(),
                strict: ordered.strict.clone(),
            };
            (ordered.db.snapshot()?, ordered.vendors, beside)
        };
        let read = blocking(move || {
            let mut read = None;
            snapshot.read(|db| {
                read = Some(unseed::unseed(db, vendors.0, &beside)?);
                Ok::<_, InternalError>(())
            })?;
            read.ok_or_else(|| InternalError::new("a snapshot is read once"))
        });
        read.await?
    }
}
