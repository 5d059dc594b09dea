//! A world: its gate, its locks and their order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use tokio::sync::{Notify, RwLock};

use crate::base::lock::{lock, try_lock};
use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::blocking::blocking;
use crate::sim::journal::ring::{Budget, Journal};
use crate::sim::journal::secrets::Secrets;
use crate::sim::journal::tap::Tap;
use crate::sim::loading::load::load;
use crate::sim::loading::scenario::{LoadError, Scenario};
use crate::sim::world::basis::{Basis, Kept, Still};
use crate::sim::world::desk::{Answer, Desk};
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::asked::Asked;
use crate::sim::world::engine::halt::{Halt, Stop};
use crate::sim::world::facts::Facts;
use crate::sim::world::metrics::Metrics;
use crate::sim::world::pool::{Pool, Rests, WorldId};
use crate::sim::world::saves::Saves;
use crate::sim::world::turns::Turns;
use crate::store::database::Database;
use crate::web::mask::known::Builder;
use crate::web::mask::masker::Masker;
use crate::web::mask::names::Names;

/// A world, shared by everything that talks to it.
///
/// # The order of the locks
///
/// Whoever takes several takes them in this order: `gate`, `turns`, `while_closed`, `saves`, `engine`,
/// those of the `desk`. Nothing is awaited under the last four.
#[derive(Debug)]
pub struct World {
    name: String,
    /// Open for requests; closed by a long input for as long as it runs.
    pub(super) gate: Arc<RwLock<()>>,
    /// Where requests wait for the lock: a task that waits here leaves its thread to others, and one
    /// that waits for the lock itself puts its thread to sleep, for longer than most requests take.
    pub(super) turns: Arc<Turns<Asked, Answer>>,
    /// What a reset and a rollback go back to.
    pub(super) saves: Mutex<Saves>,
    /// The world itself.
    pub(super) engine: Mutex<Engine>,
    /// Reads that are worked out beside the lock.
    pub(super) desk: Arc<Desk>,
    /// Tells those who wait that the journal has grown.
    pub(super) news: Arc<Notify>,
    /// What is known of its secrets; the engine's too.
    secrets: Arc<Secrets>,
    /// Told when the program stops or the world is deleted.
    pub(super) stop: Stop,
    /// Where its files are; none in memory.
    pub(super) kept: Option<Kept>,
    /// What is shown of the world while a long input has it.
    while_closed: Mutex<Option<Facts>>,
    pub(super) metrics: Arc<Metrics>,
    pool: Arc<Pool>,
    id: WorldId,
    last_used: AtomicU64,
    /// Entries up to this one are of before the run that is judged.
    judged_from: AtomicU64,
    /// Up to which entry its journal was cleared.
    cleared: AtomicU64,
    pub(super) me: Weak<World>,
}

/// What all worlds of a process share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The vendors that every world has.
    pub vendors: Vendors,
    /// The names under which their secrets stand.
    pub names: Names,
    /// Secrets of the process itself, such as the token of its control plane.
    pub own_secrets: Arc<BTreeSet<String>>,
    /// What all journals may hold together.
    pub budget: Budget,
    /// The connections that are open.
    pub pool: Arc<Pool>,
    /// Counts of requests.
    pub metrics: Arc<Metrics>,
    /// Who is told of each input.
    pub(crate) tap: Option<Arc<dyn Tap>>,
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
    pub fn over(name: &str, basis: Basis, shared: &Shared) -> Result<Arc<Self>, InternalError> {
        let Basis { db, origin, checkpoints, kept } = basis;
        let (journal, stop) = (Journal::new(shared.budget.clone()), Stop::default());
        let secrets =
            Arc::new(Secrets::new(shared.vendors, shared.names.clone(), &shared.own_secrets));
        let (known, tap) = (Arc::clone(&secrets), shared.tap.clone());
        let engine = Engine::new(name.to_owned(), db, known, journal, stop.clone(), tap)?;
        let news = Arc::new(Notify::new());
        let world = Arc::new_cyclic(|me| World {
            name: name.to_owned(),
            gate: Arc::new(RwLock::new(())),
            turns: Arc::default(),
            saves: Mutex::new(Saves { origin, checkpoints }),
            engine: Mutex::new(engine),
            desk: Arc::new(Desk::new(Arc::clone(&shared.metrics), Arc::clone(&news))),
            news,
            secrets,
            stop,
            kept,
            while_closed: Mutex::default(),
            metrics: Arc::clone(&shared.metrics),
            pool: Arc::clone(&shared.pool),
            id: shared.pool.id(),
            last_used: AtomicU64::new(shared.pool.tick()),
            judged_from: AtomicU64::new(0),
            cleared: AtomicU64::new(0),
            me: Weak::clone(me),
        });
        world.note_open();
        Ok(world)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the world's lock, for what is beside the database: a world that rests goes on resting.
    /// Reads that are worked out beside it are taken in first.
    pub(super) fn peek(&self) -> MutexGuard<'_, Engine> {
        let mut engine = lock(&self.engine);
        for note in self.desk.all() {
            engine.take_in(note);
        }
        engine
    }

    /// Takes the world's lock to answer the next request, which need not see what became of those
    /// before.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub(super) fn lock_to_serve(&self) -> Result<MutexGuard<'_, Engine>, InternalError> {
        self.touch();
        let mut engine = lock(&self.engine);
        self.take_in_ready(&mut engine);
        self.awake(engine)
    }

    /// Takes in the reads that are worked out by now.
    pub(super) fn take_in_ready(&self, engine: &mut Engine) {
        for note in self.desk.ready() {
            engine.take_in(note);
        }
    }

    /// Takes the world's lock and wakes it where it has rested.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub(super) fn lock(&self) -> Result<MutexGuard<'_, Engine>, InternalError> {
        self.touch();
        self.awake(self.peek())
    }

    /// Takes the world's lock to look at its rows. Where its clock runs by itself, what is due by now is
    /// done first: a look sees what a request of that moment would meet.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub(super) fn lock_as_of_now(&self) -> Result<MutexGuard<'_, Engine>, InternalError> {
        let mut engine = self.lock()?;
        if engine.catch_up() {
            self.news.notify_waiters();
        }
        Ok(engine)
    }

    /// Takes the world's lock to read its journal, which stands beside the database in memory and in
    /// it otherwise. That is no use of the world: who waits for news keeps it not alive.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub(super) fn look(&self) -> Result<MutexGuard<'_, Engine>, InternalError> {
        let engine = self.peek();
        if engine.is_kept() { self.awake(engine) } else { Ok(engine) }
    }

    /// Masks what must not be shown of the world. Reads its credentials where it has taken an input
    /// since that was last done. Waits for a long input: under the gate, or on a thread that may.
    ///
    /// # Errors
    /// Where its file cannot be opened, or SQLite fails.
    pub(super) fn masker_now(&self, show_secrets: bool) -> Result<Masker, InternalError> {
        self.informed()?;
        Ok(self.secrets.masker(show_secrets))
    }

    /// What `masker_now` gives, for those who are not under the gate.
    ///
    /// # Errors
    /// Where its file cannot be opened, or SQLite fails.
    pub async fn masker(&self, show_secrets: bool) -> Result<Masker, InternalError> {
        let _open = self.gate.read().await;
        self.masker_now(show_secrets)
    }

    /// Masks what is known by now to be a secret of the world. Waits for nothing, and leaves a world
    /// that rests at rest.
    pub(crate) fn masker_so_far(&self, show_secrets: bool) -> Masker {
        self.secrets.masker(show_secrets)
    }

    /// Masks what is a secret of the world; while a long input has it, what was known before. Waits
    /// for nothing.
    pub(crate) fn masker_at_once(&self, show_secrets: bool) -> Masker {
        self.inform_at_once();
        self.masker_so_far(show_secrets)
    }

    /// Hands on the credentials that it knows; while a long input has it, those from before.
    pub(crate) fn add_secrets_to(&self, builder: &mut Builder) {
        self.inform_at_once();
        self.secrets.add_to(builder);
    }

    fn inform_at_once(&self) {
        if let Ok(_open) = self.gate.try_read()
            && let Err(error) = self.informed()
        {
            tracing::debug!(world = self.name, %error, "its secrets are known by name alone");
        }
    }

    fn informed(&self) -> Result<(), InternalError> {
        let engine = self.peek();
        if self.secrets.is_up_to(engine.last_seq()) {
            return Ok(());
        }
        self.awake(engine)?.learn_secrets()
    }

    fn awake<'w>(
        &self,
        mut engine: MutexGuard<'w, Engine>,
    ) -> Result<MutexGuard<'w, Engine>, InternalError> {
        if engine.wake()? {
            self.note_open();
        }
        Ok(engine)
    }

    fn note_open(&self) {
        let me: Weak<dyn Rests + Send + Sync> = Weak::<World>::clone(&self.me);
        self.pool.opened(self.id, me, self.kept.is_some());
    }

    /// Where its files are; `None` for a world in memory.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// Does something with the world as it is now, with the gate closed. Long statements end when
    /// `call` or the world is told to stop.
    ///
    /// # Errors
    /// Where its file cannot be opened or written, or the work could not be run.
    pub(crate) async fn while_still<T: Send + 'static>(
        self: &Arc<Self>,
        call: Stop,
        work: impl FnOnce(Still<'_>) -> T + Send + 'static,
    ) -> Result<T, InternalError> {
        let done = self.long(move |world| {
            let saves = lock(&world.saves);
            let mut engine = world.lock()?;
            engine.copying(&call, |db| {
                work(Still { db, origin: &saves.origin, kept: world.kept.as_ref() })
            })
        });
        done.await?
    }

    /// What tells it from every other world of the process.
    pub(crate) fn id(&self) -> WorldId {
        self.id
    }

    /// Notes a use that does not take the lock.
    pub fn touch(&self) {
        self.last_used.store(self.pool.tick(), Ordering::Relaxed);
    }

    /// Leaves what the journal holds by now out of what is judged: a kept world has entries of runs before.
    pub(crate) fn judge_from_now(&self) {
        self.judged_from.store(self.peek().last_seq().get(), Ordering::Relaxed);
    }

    /// The last entry of before the run that is judged; none but for `ringback run`.
    pub(crate) fn judged_from(&self) -> Seq {
        Seq::new(self.judged_from.load(Ordering::Relaxed))
    }

    /// Up to which entry a client has cleared its journal; none since it was opened where that is 0. Under
    /// the engine's lock, as the entries are.
    pub(super) fn cleared(&self) -> Seq {
        Seq::new(self.cleared.load(Ordering::Relaxed))
    }

    pub(super) fn note_cleared(&self, up_to: Seq) {
        self.cleared.store(up_to.get(), Ordering::Relaxed);
    }

    /// Whether an input is being worked on.
    pub(crate) fn is_busy(&self) -> bool {
        self.gate.try_write().is_err()
    }

    /// Runs a long input on a thread of its own, with the gate closed.
    pub(super) async fn long<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&World) -> T + Send + 'static,
    ) -> Result<T, InternalError> {
        let closed = Arc::clone(&self.gate).write_owned().await;
        let world = Arc::clone(self);
        let result = blocking(move || {
            let _closed = closed;
            // Whoever shows something of it meanwhile goes by these.
            if let Err(error) = world.informed() {
                tracing::debug!(world = world.name(), %error, "its secrets are known by name alone");
            }
            let busy = Facts { is_busy: true, ..world.facts() };
            *world.while_closed() = Some(busy);
            let result = work(&world);
            *world.while_closed() = None;
            world.news.notify_waiters();
            result
        });
        result.await
    }

    fn while_closed(&self) -> MutexGuard<'_, Option<Facts>> {
        lock(&self.while_closed)
    }

    /// The facts for a listing. Never waits for a long input: while one runs, they are as they were
    /// when it began.
    pub fn facts(&self) -> Facts {
        // Held to the end: long work begins only when nobody is between this look and the engine's lock,
        // where they would wait for all of it.
        let closed = self.while_closed();
        if let Some(facts) = &*closed {
            return facts.clone();
        }
        let checkpoints = lock(&self.saves).names();
        let mut engine = self.peek();
        Facts {
            name: self.name.clone(),
            title: engine.settings().title.clone(),
            seed: engine.settings().seed.0,
            clock_mode: engine.clock_mode().name(),
            now: engine.now(),
            last_seq: engine.last_seq(),
            persistent: engine.is_kept(),
            own_bytes: engine.own_bytes(),
            checkpoints,
            is_busy: false,
        }
    }

    /// Ends long work between two steps, and tells those who wait for the journal.
    pub(crate) fn end(&self, why: &Halt) {
        self.stop.tell(why);
        self.news.notify_waiters();
    }
}

impl Rests for World {
    /// When the world was last used, as the pool counts.
    fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Closes the world's connection until it is needed; `false` where it is in use.
    fn rest(&self) -> bool {
        try_lock(&self.engine).is_some_and(|mut engine| {
            self.desk.rest();
            engine.rest()
        })
    }
}
