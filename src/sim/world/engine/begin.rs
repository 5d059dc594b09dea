//! How a world begins: from its rows, after a reset or a rollback, and after a restart.

use std::cell::Cell;
use std::sync::Arc;

use http::HeaderValue;

use crate::base::clock::Clock;
use crate::base::planted::{self, Fault as Planted};
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::cache::Cache;
use crate::contract::reply::InternalError;
use crate::sim::fault;
use crate::sim::fault::struck::Faults;
use crate::sim::journal::ledger;
use crate::sim::journal::ring::{Budget, Journal};
use crate::sim::journal::secrets::Secrets;
use crate::sim::journal::tap::Tap;
use crate::sim::judge::expectation::{self, Expectation};
use crate::sim::loading::settings::{self, Settings};
use crate::sim::outside::traffic::sources;
use crate::sim::world::engine::costs::Costs;
use crate::sim::world::engine::halt::Stop;
use crate::sim::world::engine::memo::Memo;
use crate::sim::world::engine::room::Room;
use crate::sim::world::engine::share::Gathered;
use crate::sim::world::engine::tapping::Tapped;
use crate::sim::world::engine::{Engine, due};
use crate::store::database::Database;
use crate::store::pages::image::Image;

/// What follows from the rows.
#[derive(Debug)]
pub(super) struct Risen {
    settings: Settings,
    clock: Clock,
    next_due: Option<Instant>,
    faults: Faults,
    expectation: Expectation,
}

impl Engine {
    pub(crate) fn new(
        name: String,
        db: Database,
        secrets: Arc<Secrets>,
        journal: Journal,
        stop: Stop,
        tap: Option<Arc<dyn Tap>>,
    ) -> Result<Self, InternalError> {
        let mut engine = Engine::over(name, db, secrets, journal, stop)?;
        engine.put_back()?;
        engine.tapped = Tapped::new(tap);
        engine.tell_start();
        Ok(engine)
    }

    /// Over rows that are not begun yet.
    fn over(
        name: String,
        db: Database,
        secrets: Arc<Secrets>,
        journal: Journal,
        stop: Stop,
    ) -> Result<Self, InternalError> {
        let vendors = secrets.vendors();
        let settings = Settings::load(db.connection(), vendors.0)?
            .ok_or_else(|| InternalError::new("the database was never seeded"))?;
        let seq = if db.is_file() { ledger::last_seq(db.connection())? } else { Seq::NONE };
        let clock = settings.start_clock();
        let date = (i64::MIN, HeaderValue::from_static(""));
        Ok(Engine {
            name,
            db,
            vendors,
            secrets,
            tapped: Tapped::new(None),
            settings,
            clock,
            seq,
            journal,
            room: Room::default(),
            stop,
            next_due: None,
            faults: Faults::default(),
            expectation: Expectation::default(),
            memo: Memo::default(),
            costs: Costs::default(),
            switches: Cell::default(),
            cache: Cache::default(),
            date,
            gathered: Gathered::default(),
        })
    }

    /// A seed as it was when this world began: under a clock that follows the system's it was moved on
    /// to that time.
    pub(crate) fn as_it_began(&self, seed: &Image) -> Result<Database, InternalError> {
        let (db, journal) = (Database::in_memory(seed), Journal::new(Budget::default()));
        let Some(began) = settings::loaded(self.db.connection())? else { return Ok(db) };
        let (name, secrets) = (self.name.clone(), Arc::clone(&self.secrets));
        let other = Engine::over(name, db, secrets, journal, self.stop.clone())?;
        other.db.connection().execute_batch("BEGIN IMMEDIATE")?;
        other.begin_later(&other.settings, began)?;
        other.db.connection().execute_batch("COMMIT")?;
        Ok(other.db)
    }

    /// After the rows were put back: settings, clock and timers as they say.
    pub(crate) fn put_back(&mut self) -> Result<(), InternalError> {
        self.db.connection().execute_batch("BEGIN IMMEDIATE")?;
        let risen = self.rise();
        let risen = risen.and_then(|risen| {
            self.db.connection().execute_batch("COMMIT")?;
            Ok(risen)
        });
        match risen {
            Ok(risen) => {
                self.take_up(risen);
                Ok(())
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Reads what follows from the rows, in a transaction that is open: a seed may have to be moved
    /// on, and a file keeps its clock.
    pub(super) fn rise(&self) -> Result<Risen, InternalError> {
        self.cache.clear();
        let db = self.db.connection();
        let settings = Settings::load(db, self.vendors.0)?
            .ok_or_else(|| InternalError::new("the seed holds no settings"))?;
        let kept = settings::load_clock(db)?;
        let is_new = kept.is_none();
        let mut clock = kept.unwrap_or_else(|| settings.start_clock());
        let now = clock.now();
        if is_new {
            self.begin_later(&settings, now)?;
        }
        if self.db.is_file() {
            settings::save_clock(db, &mut clock)?;
        }
        Ok(Risen {
            next_due: due::next_due(db)?,
            faults: fault::store::load(db, now)?,
            expectation: expectation::load(db, self.vendors)?,
            settings,
            clock,
        })
    }

    pub(super) fn take_up(&mut self, risen: Risen) {
        let Risen { settings, clock, next_due, faults, expectation } = risen;
        self.settings = settings;
        self.clock = clock;
        if self.seq == Seq::NONE || !planted::is(Planted::GoingBackKeepsTimers) {
            self.next_due = next_due;
        }
        if self.faults.is_empty() || !planted::is(Planted::GoingBackKeepsRules) {
            self.faults = faults;
        }
        self.expectation = expectation;
    }

    /// Moves on what a seed under a clock that follows the system's reckoned from the moment at which
    /// it was loaded: this world begins now.
    fn begin_later(&self, settings: &Settings, now: Instant) -> Result<(), InternalError> {
        let db = self.db.connection();
        let Some(loaded) = settings::loaded(db)? else { return Ok(()) };
        let late = now.saturating_since(loaded);
        if late.is_zero() {
            return Ok(());
        }
        due::shift(db, late)?;
        sources::shift(db, late)?;
        for vendor in self.vendors.0 {
            self.fenced_with(settings, vendor, now, true, |cx| (vendor.begin_later)(cx, late))?;
        }
        Ok(settings::save_loaded(db, now)?)
    }
}

impl Risen {
    pub(super) fn now(&mut self) -> Instant {
        self.clock.now()
    }
}
