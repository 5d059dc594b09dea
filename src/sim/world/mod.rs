//! One isolated universe: its own state, clock, seed, timers, variants and journal.
//!
//! A request takes the world's lock for microseconds and runs synchronously. Long inputs close the
//! world's gate first and run on a blocking thread; requests wait at the gate without holding one.
//! Worlds share nothing, so they run side by side.

mod changes;
pub mod clock;
mod engine;
mod exchange;
pub mod journal;
mod judging;
pub mod metrics;
pub mod pool;
pub mod saved;
mod table;
mod views;

pub use engine::clock::{Advanced, Backwards, ClockFacts, ClockTurn, Step};
pub(crate) use engine::due::STATEMENTS as TIMER_STATEMENTS;
pub use engine::exchange::Sent;
pub use engine::fired::Fired;
pub use engine::merge::Merged;
pub use engine::rules::FaultError;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use serde_json::{Value, json};
use tokio::sync::{Notify, RwLock};

use crate::base::time;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::journal::ring::{Budget, Journal};
use crate::sim::loading::load::load;
use crate::sim::loading::scenario::{LoadError, Scenario};
use crate::sim::loading::settings::Settings;
use crate::sim::world::engine::Engine;
use crate::sim::world::metrics::Metrics;
use crate::sim::world::pool::{Pool, Rests};
use crate::store::database::{Database, Saved};

/// A world, shared by everything that talks to it.
#[derive(Debug)]
pub struct World {
    name: String,
    /// Open for requests; closed by a long input for as long as it runs.
    gate: Arc<RwLock<()>>,
    /// Where requests queue for the lock: a task that waits here leaves its thread to others, and one
    /// that waits for the lock itself puts its thread to sleep, for longer than most requests take.
    turns: tokio::sync::Mutex<()>,
    ordered: Mutex<Engine>,
    /// What a reset goes back to.
    origin: Mutex<Saved>,
    /// What a rollback can go back to, by name.
    checkpoints: Mutex<BTreeMap<String, Saved>>,
    /// Tells those who wait that the journal has grown.
    news: Notify,
    /// Set when the program stops.
    closing: AtomicBool,
    /// What is shown of the world while a long input has it.
    while_closed: Mutex<Option<Facts>>,
    metrics: Arc<Metrics>,
    pool: Arc<Pool>,
    pool_id: u64,
    last_used: AtomicU64,
    me: Weak<World>,
}

/// What all worlds of a process share.
#[derive(Clone, Debug)]
pub struct Shared {
    pub vendors: Vendors,
    pub budget: Budget,
    pub pool: Arc<Pool>,
    pub metrics: Arc<Metrics>,
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
    /// Bytes that the world holds for itself alone, beside the seed that it may share.
    pub own_bytes: u64,
    pub checkpoints: Vec<String>,
    /// Whether a long input runs, such as an advance.
    pub is_busy: bool,
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
        origin: Saved,
        shared: &Shared,
    ) -> Result<Arc<Self>, InternalError> {
        let settings = Settings::load(db.connection(), shared.vendors.0)?
            .ok_or_else(|| InternalError::new("the database was never seeded"))?;
        let journal = Journal::new(shared.budget.clone());
        let ordered = Engine::new(name.to_owned(), db, shared.vendors, settings, journal)?;
        let world = Arc::new_cyclic(|me| World {
            name: name.to_owned(),
            gate: Arc::new(RwLock::new(())),
            turns: tokio::sync::Mutex::default(),
            ordered: Mutex::new(ordered),
            origin: Mutex::new(origin),
            checkpoints: Mutex::default(),
            news: Notify::new(),
            closing: AtomicBool::new(false),
            while_closed: Mutex::default(),
            metrics: Arc::clone(&shared.metrics),
            pool: Arc::clone(&shared.pool),
            pool_id: shared.pool.id(),
            last_used: AtomicU64::new(shared.pool.tick()),
            me: Weak::clone(me),
        });
        world.pool.opened(world.pool_id, world.resting());
        Ok(world)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the world's lock, for what is beside the database: a world that rests goes on resting.
    /// The lock is never held across a panic (the fence is inside), so poison carries no news.
    fn peek(&self) -> MutexGuard<'_, Engine> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the world's lock and wakes it where it has rested.
    fn lock(&self) -> MutexGuard<'_, Engine> {
        let ordered = self.peek();
        self.touch();
        if !ordered.db.is_open() {
            ordered.db.connection();
            self.pool.opened(self.pool_id, self.resting());
        }
        ordered
    }

    /// The world as the pool knows it.
    fn resting(&self) -> Weak<dyn Rests + Send + Sync> {
        Weak::<World>::clone(&self.me)
    }

    /// A number that no other world of the process has had.
    pub(crate) fn id(&self) -> u64 {
        self.pool_id
    }

    /// Notes a use that does not take the lock.
    pub fn touch(&self) {
        self.last_used.store(self.pool.tick(), Ordering::Relaxed);
    }

    /// Whether an input is being worked on.
    pub(crate) fn is_busy(&self) -> bool {
        self.gate.try_write().is_err()
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
            let busy = Facts { is_busy: true, ..world.facts() };
            *world.while_closed() = Some(busy);
            let result = work(&world);
            *world.while_closed() = None;
            world.news.notify_waiters();
            result
        });
        result.await.map_err(InternalError::new)
    }

    fn while_closed(&self) -> MutexGuard<'_, Option<Facts>> {
        self.while_closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The facts for a listing. Never waits for a long input: while one runs, they are as they were
    /// when it began.
    pub fn facts(&self) -> Facts {
        if let Some(facts) = &*self.while_closed() {
            return facts.clone();
        }
        // Taken before the lock, in the order in which a checkpoint takes them.
        let checkpoints = self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let checkpoints = checkpoints.keys().cloned().collect();
        let mut ordered = self.peek();
        Facts {
            name: self.name.clone(),
            title: ordered.settings.title.clone(),
            seed: ordered.settings.seed.0,
            clock_mode: ordered.clock.mode().name(),
            now_ms: ordered.clock.now_ms(),
            n_inputs: ordered.seq,
            persistent: ordered.db.is_file(),
            own_bytes: ordered.db.own_bytes(),
            checkpoints,
            is_busy: false,
        }
    }

    /// Wakes those who wait for the journal, when the program stops.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.news.notify_waiters();
    }
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
            "own_bytes": self.own_bytes,
            "checkpoints": self.checkpoints,
            "busy": self.is_busy,
        })
    }
}

impl Rests for World {
    /// When the world was last used, as the pool counts.
    fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Closes the world's connection until it is needed; `false` where it is in use.
    fn rest(&self) -> bool {
        let Ok(mut ordered) = self.ordered.try_lock() else { return false };
        ordered.rest();
        !ordered.db.is_open()
    }
}
