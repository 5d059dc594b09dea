//! How a world begins: from its rows, after a reset or a rollback, and after a restart.

use http::HeaderValue;

use crate::base::time::{Instant, Span};
use crate::contract::cache::Cache;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::fault;
use crate::sim::fault::struck::Faults;
use crate::sim::journal::ledger;
use crate::sim::journal::ring::Journal;
use crate::sim::judge::strict::{self, Strict};
use crate::sim::loading::settings::{self, Settings};
use crate::sim::outside::traffic::sources;
use crate::sim::world::engine::memo::Memo;
use crate::sim::world::engine::{Engine, due};
use crate::store::database::Database;

impl Engine {
    pub(crate) fn new(
        name: String,
        db: Database,
        vendors: Vendors,
        settings: Settings,
        journal: Journal,
    ) -> Result<Self, InternalError> {
        let seq = if db.is_file() { ledger::last_seq(db.connection())? } else { 0 };
        let clock = settings.start_clock();
        let date = (i64::MIN, HeaderValue::from_static(""));
        let mut engine = Engine {
            name,
            db,
            vendors,
            settings,
            clock,
            seq,
            journal,
            next_due: None,
            faults: Faults::default(),
            strict: Strict::default(),
            memo: Memo::default(),
            cache: Cache::default(),
            date,
        };
        engine.restart()?;
        if engine.db.is_file() {
            settings::save_clock(engine.db.connection(), &mut engine.clock)?;
        }
        Ok(engine)
    }

    /// After the rows were put back: settings, clock and timers as they say.
    pub(crate) fn put_back(&mut self) -> Result<(), InternalError> {
        let settings = Settings::load(self.db.connection(), self.vendors.0)?;
        self.settings = settings.ok_or_else(|| InternalError::new("the seed holds no settings"))?;
        self.restart()
    }

    /// Clock and timers as the rows say.
    fn restart(&mut self) -> Result<(), InternalError> {
        self.cache.clear();
        if let Some(kept) = settings::load_clock(self.db.connection())? {
            self.clock = kept;
        } else {
            self.clock = self.settings.start_clock();
            self.begin_later()?;
        }
        self.next_due = due::next_due(self.db.connection())?;
        self.faults = fault::store::load(self.db.connection(), self.clock.now())?;
        self.strict = strict::load(self.db.connection(), self.vendors)?;
        Ok(())
    }

    /// Moves on what a seed under a clock that follows the system's reckoned from the moment at which
    /// it was loaded: this world begins now.
    fn begin_later(&mut self) -> Result<(), InternalError> {
        let Some(loaded) = settings::loaded(self.db.connection())? else { return Ok(()) };
        let now = self.clock.now();
        let late = now.saturating_since(loaded);
        if late.is_zero() {
            return Ok(());
        }
        self.db.connection().execute_batch("BEGIN IMMEDIATE")?;
        let moved = self.move_on(now, late);
        match moved {
            Ok(()) => Ok(self.db.connection().execute_batch("COMMIT")?),
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn move_on(&self, now: Instant, late: Span) -> Result<(), InternalError> {
        due::shift(self.db.connection(), late)?;
        sources::shift(self.db.connection(), late)?;
        for vendor in self.vendors.0 {
            self.fenced(vendor, now, true, |cx| (vendor.begin_later)(cx, late))?;
        }
        Ok(settings::save_loaded(self.db.connection(), now)?)
    }
}
