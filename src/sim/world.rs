//! One isolated universe: its own state, clock, seed, timers, variants and journal.
//!
//! A request takes the world's lock for microseconds and runs synchronously. Long inputs close the
//! world's gate first and run on a blocking thread; requests wait at the gate without holding one.
//! Worlds share nothing, so they run side by side.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, RwLock};

use super::fields::Row;
use super::journal::{Budget, Journal};
use super::load::{LoadError, Scenario};
pub use super::ordered::{Advanced, Sent, Vendors};
use super::ordered::{Ordered, load};
use super::redact::Redactor;
use super::reply::InternalError;
use super::settings::Settings;
use super::surface::Table;
use super::vendor::{EventError, Routed, Vendor};
use crate::base::time;
use crate::store::database::Database;
use crate::store::image::Image;
use crate::store::schema;
use crate::web::message::Request;

/// A world, shared by everything that talks to it.
#[derive(Debug)]
pub struct World {
    name: String,
    /// Open for requests; closed by a long input for as long as it runs.
    gate: Arc<RwLock<()>>,
    ordered: Mutex<Ordered>,
    /// What a reset goes back to.
    origin: Origin,
    /// Tells those who wait that the journal has grown.
    news: Notify,
}

/// Where a world came from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A sealed image of the seeded state.
    Image(Image),
    /// A file beside the world's own.
    File(std::path::PathBuf),
}

/// One switch to turn.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    pub vendor: &'static str,
    /// Its place in the vendor's table.
    pub variant: usize,
    pub position: u8,
}

/// A world's facts, for a listing.
#[derive(Clone, Debug)]
pub struct Facts {
    pub name: String,
    pub title: String,
    pub seed: u64,
    pub clock_mode: &'static str,
    pub now_ms: i64,
    pub n_inputs: u64,
    pub persistent: bool,
}

impl World {
    /// Seeds a database from a scenario, for a world that is made of it or sealed from it.
    ///
    /// # Errors
    /// Where the scenario has mistakes, or SQLite fails. Nothing is kept then.
    pub fn seed(
        db: &Database,
        vendors: Vendors,
        scenario: &mut dyn Scenario,
    ) -> Result<(), LoadError> {
        load(db.connection(), vendors, scenario).map(|_| ())
    }

    /// A world over a database that has been seeded.
    ///
    /// # Errors
    /// Where the database holds no settings, or SQLite fails.
    pub fn over(
        name: &str,
        db: Database,
        vendors: Vendors,
        origin: Origin,
        budget: Budget,
    ) -> Result<Self, InternalError> {
        let settings = Settings::load(db.connection(), vendors.0)?
            .ok_or_else(|| InternalError::new("the database was never seeded"))?;
        let ordered = Ordered::new(name.to_owned(), db, vendors, settings, Journal::new(budget))?;
        Ok(World {
            name: name.to_owned(),
            gate: Arc::new(RwLock::new(())),
            ordered: Mutex::new(ordered),
            origin,
            news: Notify::new(),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lock is never held across a panic (the fence is inside), so poison carries no news.
    fn lock(&self) -> MutexGuard<'_, Ordered> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one request.
    pub async fn exchange(
        &self,
        vendor: &'static dyn Vendor,
        request: Request,
        routed: Routed,
    ) -> Sent {
        let _open = self.gate.read().await;
        let sent = self.lock().exchange(vendor, &request, &routed);
        self.news.notify_waiters();
        sent
    }

    /// Lets something happen outside a vendor's API. Answers its sequence number and what the
    /// vendor says of it.
    ///
    /// # Errors
    /// Where the world's state does not allow it.
    pub async fn event(
        &self,
        vendor: &'static dyn Vendor,
        name: &str,
        fields: &Row<'_>,
        detail: Value,
    ) -> Result<(u64, Value), EventError> {
        let _open = self.gate.read().await;
        let detail = Redactor::new(vendor.surface().secrets, false).value(detail);
        let result = self.lock().event(vendor, name, fields, detail);
        self.news.notify_waiters();
        result
    }

    /// Runs a long input on a thread of its own, with the gate closed.
    async fn long<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&World) -> T + Send + 'static,
    ) -> Result<T, InternalError> {
        let closed = Arc::clone(&self.gate).write_owned().await;
        let world = Arc::clone(self);
        let result = tokio::task::spawn_blocking(move || {
            let _closed = closed;
            let result = work(&world);
            world.news.notify_waiters();
            result
        });
        result.await.map_err(InternalError::new)
    }

    /// Moves the clock on; answers when all due work is done.
    ///
    /// # Errors
    /// Where the work could not be run at all.
    pub async fn advance(self: &Arc<Self>, by: Duration) -> Result<Advanced, InternalError> {
        let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.long(move |world| world.lock().advance(by_ms)).await
    }

    /// Brings the seed back: rows, timers, counters, variants and clock. The journal goes on, with
    /// a marker.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn reset(self: &Arc<Self>) -> Result<u64, InternalError> {
        let reset = self.long(|world| {
            let mut ordered = world.lock();
            match &world.origin {
                Origin::Image(image) => ordered.db.restore(image).map_err(InternalError::new)?,
                Origin::File(seed) => ordered
                    .db
                    .restore_from(seed, schema::JOURNAL_TABLES)
                    .map_err(InternalError::new)?,
            }
            ordered.restart()?;
            Ok(ordered.mark("reset", Value::Null))
        });
        reset.await?
    }

    pub fn facts(&self) -> Facts {
        let mut ordered = self.lock();
        Facts {
            name: self.name.clone(),
            title: ordered.settings.title.clone(),
            seed: ordered.settings.seed.0,
            clock_mode: ordered.clock.mode().name(),
            now_ms: ordered.clock.now_ms(),
            n_inputs: ordered.seq,
            persistent: ordered.db.is_file(),
        }
    }

    /// A page of the journal as it may be shown, oldest first.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn journal_page(&self, page: &Page<'_>) -> Result<Journaled, InternalError> {
        let keep = |entry: &Value| page.keeps(entry);
        let ordered = self.lock();
        let entries = ordered.page(page.after, page.limit, page.show_secrets, &keep)?;
        Ok(Journaled { entries, last_seq: ordered.seq, evicted: ordered.journal.evicted() })
    }

    /// The same, but waits up to `patience` for an entry where there is none yet.
    ///
    /// # Errors
    /// As for [`World::journal_page`].
    pub async fn journal_wait(
        &self,
        page: &Page<'_>,
        patience: Duration,
    ) -> Result<Journaled, InternalError> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let mut grown = std::pin::pin!(self.news.notified());
            // Enlisted before the look, so that an entry in between is not missed.
            grown.as_mut().enable();
            let found = self.journal_page(page)?;
            if !found.entries.is_empty() {
                return Ok(found);
            }
            if tokio::time::timeout_at(deadline, grown).await.is_err() {
                return Ok(found);
            }
        }
    }

    /// One entry of the journal as it may be shown.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn journal_entry(
        &self,
        seq: u64,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        self.lock().entry(seq, show_secrets)
    }

    /// Forgets all entries. Sequence numbers go on.
    ///
    /// # Errors
    /// Where a persistent journal cannot be written.
    pub fn clear_journal(&self) -> Result<(), InternalError> {
        self.lock().clear_journal()
    }

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
        let rows = super::table::page(ordered.db.connection(), table, offset, limit, redactor)?;
        let shown = rows.len();
        Ok(json!({ "table": table.name, "offset": offset, "count": shown, "rows": rows }))
    }

    /// Turns switches.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn set_variants(
        &self,
        turns: Vec<Turn>,
        detail: Value,
    ) -> Result<u64, InternalError> {
        let _open = self.gate.read().await;
        let turned = self.lock().set_variants(&turns, detail);
        self.news.notify_waiters();
        turned
    }

    /// The switches as they stand, by vendor and name.
    pub fn variants(&self) -> Value {
        let ordered = self.lock();
        ordered.settings.variants_json(ordered.vendors.0)
    }
}

/// Which entries of a journal to show.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    /// Entries with a greater sequence number than this.
    pub after: u64,
    pub limit: usize,
    pub vendor: Option<&'a str>,
    pub operation: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub show_secrets: bool,
}

impl Page<'_> {
    fn keeps(&self, entry: &Value) -> bool {
        let is = |wanted: Option<&str>, name: &str| {
            wanted.is_none_or(|wanted| entry[name].as_str() == Some(wanted))
        };
        is(self.vendor, "vendor") && is(self.operation, "operation") && is(self.outcome, "outcome")
    }
}

/// A page of a journal.
#[derive(Clone, Debug)]
pub struct Journaled {
    pub entries: Vec<Value>,
    /// The number of the world's last input, whether its entry is on the page or not.
    pub last_seq: u64,
    /// Entries that had to go to make room.
    pub evicted: u64,
}

impl Facts {
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "title": self.title,
            "seed": self.seed,
            "clock": { "mode": self.clock_mode, "now": time::rfc3339(self.now_ms) },
            "inputs": self.n_inputs,
            "persistent": self.persistent,
        })
    }
}

/// Runs work that takes long on a thread that may block.
///
/// # Errors
/// Where the work could not be run to its end.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    tokio::task::spawn_blocking(work).await.map_err(InternalError::new)
}
