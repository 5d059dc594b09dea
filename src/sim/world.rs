//! One isolated universe: its own state, clock, seed, timers, variants and journal.
//!
//! A request takes the world's lock for microseconds and runs synchronously. Long inputs close the
//! world's gate first and run on a blocking thread; requests wait at the gate without holding one.
//! Worlds share nothing, so they run side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, RwLock};

use super::fault::Rule;
use super::fields::Row;
use super::findings::{Findings, Looking};
pub use super::firing::Fired;
use super::journal::{Budget, Journal, Lost};
use super::load::{LoadError, Scenario};
use super::metrics::Metrics;
pub use super::ordered::{
    Advanced, Backwards, ClockFacts, ClockTurn, FaultError, Merged, Sent, Step, Vendors,
};
use super::ordered::{Long, Ordered, load};
use super::pool::Pool;
use super::record::{Record, Walk};
use super::redact::Redactor;
use super::reply::InternalError;
use super::settings::Settings;
use super::strict::{Judgement, Judging, Strict};
use super::surface::Table;
use super::unseed::{self, Beside, Unseeded};
use super::vendor::{EventError, Routed, Vendor};
use super::verify::{Closest, Condition, Tally, Verdict};
use super::{lineage, people};
use crate::base::clock::Stopwatch;
use crate::base::limits::{CHECKPOINTS_MAX, JOURNAL_HEARTBEAT, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};
use crate::base::time;
use crate::store::database::{Database, Saved};
use crate::store::pages::Image;
use crate::store::schema;
use crate::web::message::Request;
use crate::web::stream::{self, Chunks};

/// Actions after which the rows are those of another time.
pub(super) const PUT_BACK: [&str; 3] = [RESET, RESEED, ROLLBACK];

const RESET: &str = "reset";
const RESEED: &str = "reseed";
const ROLLBACK: &str = "rollback";

/// A world, shared by everything that talks to it.
#[derive(Debug)]
pub struct World {
    name: String,
    /// Open for requests; closed by a long input for as long as it runs.
    gate: Arc<RwLock<()>>,
    /// Where requests queue for the lock: a task that waits here leaves its thread to others, and one
    /// that waits for the lock itself puts its thread to sleep, for longer than most requests take.
    turns: tokio::sync::Mutex<()>,
    ordered: Mutex<Ordered>,
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
        let ordered = Ordered::new(name.to_owned(), db, shared.vendors, settings, journal)?;
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
        world.pool.opened(world.pool_id, Weak::clone(&world.me));
        Ok(world)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the world's lock, for what is beside the database: a world that rests goes on resting.
    /// The lock is never held across a panic (the fence is inside), so poison carries no news.
    fn peek(&self) -> MutexGuard<'_, Ordered> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the world's lock and wakes it where it has rested.
    fn lock(&self) -> MutexGuard<'_, Ordered> {
        let ordered = self.peek();
        self.touch();
        if !ordered.db.is_open() {
            ordered.db.connection();
            self.pool.opened(self.pool_id, Weak::clone(&self.me));
        }
        ordered
    }

    /// A number that no other world of the process has had.
    pub(super) fn id(&self) -> u64 {
        self.pool_id
    }

    /// Notes a use that does not take the lock.
    pub fn touch(&self) {
        self.last_used.store(self.pool.tick(), Ordering::Relaxed);
    }

    /// Whether an input is being worked on.
    pub(super) fn is_busy(&self) -> bool {
        self.gate.try_write().is_err()
    }

    /// When the world was last used, as the pool counts.
    pub(super) fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Closes the world's connection until it is needed; `false` where it is in use.
    pub(super) fn rest(&self) -> bool {
        let Ok(mut ordered) = self.ordered.try_lock() else { return false };
        ordered.rest();
        !ordered.db.is_open()
    }

    /// Answers one request.
    pub async fn exchange(
        &self,
        vendor: &'static dyn Vendor,
        request: Request,
        routed: Routed,
    ) -> (Sent, Option<Chunks>) {
        let _open = self.gate.read().await;
        let mut sent = {
            let _turn = self.turns.lock().await;
            let mut ordered = self.lock();
            let watch = Stopwatch::start();
            let sent = ordered.exchange(vendor, &request, &routed);
            let held_ns = watch.elapsed_ns();
            drop(ordered);
            self.metrics.count(vendor.surface(), routed.operation, sent.outcome, held_ns);
            sent
        };
        self.news.notify_waiters();
        let chunks = sent.long.take().map(|long| self.stream(long));
        (sent, chunks)
    }

    /// Lets a thread that may block make a long body, from a snapshot: the world goes on meanwhile.
    fn stream(&self, long: Long) -> Chunks {
        let (mut feed, chunks) = stream::channel();
        let world = Weak::clone(&self.me);
        tokio::task::spawn_blocking(move || {
            let Long { seq, rows, snapshot } = long;
            let made =
                catch_unwind(AssertUnwindSafe(|| snapshot.read(|db| rows.write(db, &mut feed))));
            let whole = match made {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::debug!(seq, %error, "a body broke off");
                    false
                }
                Err(_) => {
                    tracing::error!(seq, "a panic broke a body off");
                    false
                }
            };
            let sent = feed.finish(whole);
            if let Some(world) = world.upgrade() {
                world.lock().complete(seq, sent);
                world.news.notify_waiters();
            }
        });
        chunks
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
            let busy = Facts { is_busy: true, ..world.facts() };
            *world.while_closed() = Some(busy);
            let result = work(&world);
            *world.while_closed() = None;
            world.news.notify_waiters();
            result
        });
        result.await.map_err(InternalError::new)
    }

    /// Moves the clock on; answers when all due work is done.
    ///
    /// # Errors
    /// Where the moment has passed, or the work could not be run at all.
    pub async fn advance(self: &Arc<Self>, step: impl Into<Step>) -> Result<Advanced, ClockError> {
        let step = step.into();
        Ok(self.long(move |world| world.lock().advance(step)).await??)
    }

    /// Lets the clock run otherwise from now on. A moment ahead is stepped to first.
    ///
    /// # Errors
    /// As for [`World::advance`].
    pub async fn set_clock(self: &Arc<Self>, turn: ClockTurn) -> Result<Advanced, ClockError> {
        Ok(self.long(move |world| world.lock().set_clock(turn)).await??)
    }

    /// How the clock stands.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn clock(&self) -> Result<ClockFacts, InternalError> {
        let _open = self.gate.read().await;
        self.lock().clock_facts()
    }

    /// Brings the seed back: rows, timers, counters, variants and clock. The journal goes on, with
    /// a marker.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn reset(self: &Arc<Self>) -> Result<u64, InternalError> {
        self.put_back(World::origin, RESET, Value::Null).await
    }

    fn origin(&self) -> Saved {
        self.origin.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins again from another seed, which a reset goes back to from now on. The journal goes on,
    /// with a marker; checkpoints stay.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub(super) async fn reseed(self: &Arc<Self>, seed: Saved) -> Result<u64, InternalError> {
        let take = |world: &World| {
            *world.origin.lock().unwrap_or_else(PoisonError::into_inner) = seed.clone();
            seed
        };
        self.put_back(take, RESEED, Value::Null).await
    }

    /// `choose` runs when the gate is closed, so that nothing comes between it and the restore.
    async fn put_back(
        self: &Arc<Self>,
        choose: impl FnOnce(&World) -> Saved + Send + 'static,
        action: &'static str,
        detail: Value,
    ) -> Result<u64, InternalError> {
        let done = self.long(move |world| {
            let saved = choose(world);
            let mut ordered = world.lock();
            ordered.db.restore(&saved, schema::FILE_TABLES)?;
            ordered.put_back()?;
            Ok(ordered.mark(action, detail))
        });
        done.await?
    }

    /// Keeps the state as it is now under a name; one of that name is replaced. A world in a file
    /// is copied to `path`.
    ///
    /// # Errors
    /// Where there are too many, or the copy cannot be written.
    pub async fn checkpoint(
        self: &Arc<Self>,
        name: &str,
        path: Option<PathBuf>,
    ) -> Result<u64, CheckpointError> {
        let wanted = name.to_owned();
        let done = self.long(move |world| {
            let mut checkpoints = world.checkpoints.lock().unwrap_or_else(PoisonError::into_inner);
            if checkpoints.len() >= CHECKPOINTS_MAX && !checkpoints.contains_key(&wanted) {
                return Err(CheckpointError::TooMany);
            }
            let mut ordered = world.lock();
            let saved = ordered.save(path.as_deref())?;
            checkpoints.insert(wanted.clone(), saved);
            Ok(ordered.mark("checkpoint", json!({ "name": wanted })))
        });
        done.await.map_err(CheckpointError::Internal)?
    }

    /// Takes up a checkpoint that was kept in a file.
    pub(super) fn add_checkpoint(&self, name: String, saved: Saved) {
        self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner).insert(name, saved);
    }

    /// Puts the state back to a checkpoint. The journal goes on, with a marker; later checkpoints
    /// stay.
    ///
    /// # Errors
    /// Where there is none of that name, or SQLite fails.
    pub async fn rollback(self: &Arc<Self>, name: &str) -> Result<u64, CheckpointError> {
        let saved = {
            let checkpoints = self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner);
            let known = || checkpoints.keys().cloned().collect::<Vec<_>>();
            checkpoints
                .get(name)
                .cloned()
                .ok_or_else(|| CheckpointError::Unknown(name.to_owned(), known()))?
        };
        let detail = json!({ "name": name });
        self.put_back(|_| saved, ROLLBACK, detail).await.map_err(CheckpointError::Internal)
    }

    /// The state as it is now and what a reset goes back to, for a fork. A world in a file is copied
    /// to `path`.
    ///
    /// # Errors
    /// Where the copy cannot be written.
    pub(super) async fn branch(
        self: &Arc<Self>,
        path: Option<PathBuf>,
    ) -> Result<(Saved, Saved), InternalError> {
        let origin = self.origin();
        let done = self.long(move |world| Ok((world.lock().save(path.as_deref())?, origin)));
        done.await?
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

    /// A page of the journal as it may be shown, oldest first.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn journal_page(&self, page: &Page<'_>) -> Result<Journaled, InternalError> {
        let keep = |entry: &Value| page.keeps(entry);
        let ordered = self.peek();
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
            // Not while a long input has the world: this thread is needed for others.
            let open = self.gate.read().await;
            let found = self.journal_page(page)?;
            drop(open);
            if !found.entries.is_empty() || self.closing.load(Ordering::Acquire) {
                return Ok(found);
            }
            if tokio::time::timeout_at(deadline, grown).await.is_err() {
                return Ok(found);
            }
        }
    }

    /// The journal as it grows, as server-sent events: each entry with its number as the event's
    /// id, and a comment now and then, by which a connection is known to be alive. Ends when the
    /// reader goes away, or the program stops.
    pub fn journal_stream(self: &Arc<Self>, page: &Page<'_>) -> Chunks {
        let (drip, chunks) = stream::drip();
        let world = Arc::downgrade(self);
        let own = |text: Option<&str>| text.map(str::to_owned);
        let filter = (own(page.vendor), own(page.operation), own(page.outcome));
        let (mut after, show_secrets) = (page.after, page.show_secrets);
        tokio::spawn(async move {
            while let Some(world) = world.upgrade() {
                let (vendor, operation, outcome) = &filter;
                let page = Page {
                    after,
                    limit: PAGE_ROWS_DEFAULT,
                    vendor: vendor.as_deref(),
                    operation: operation.as_deref(),
                    outcome: outcome.as_deref(),
                    show_secrets,
                };
                let wait = world.journal_wait(&page, JOURNAL_HEARTBEAT);
                let found = tokio::select! {
                    found = wait => found,
                    () = drip.gone() => return,
                };
                let Ok(Journaled { entries, last_seq, .. }) = found else { return };
                if world.closing.load(Ordering::Acquire) {
                    return;
                }
                let mut events = String::new();
                for entry in &entries {
                    after = entry["seq"].as_u64().unwrap_or(after);
                    // JSON has no line end in it.
                    let _ = write!(events, "id: {after}\nevent: entry\ndata: {entry}\n\n");
                }
                if entries.is_empty() {
                    // All up to here were looked at, and none was asked for.
                    after = after.max(last_seq);
                    events.push_str(": alive\n\n");
                }
                if drip.send(events).await.is_err() {
                    return;
                }
            }
        });
        chunks
    }

    /// Wakes those who wait for the journal, when the program stops.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.news.notify_waiters();
    }

    /// One entry of the journal as it may be shown.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub async fn journal_entry(
        &self,
        seq: u64,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        let _open = self.gate.read().await;
        self.peek().entry(seq, show_secrets)
    }

    /// What the journal says to a condition. Takes as long as reading the journal does.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn verify(
        &self,
        condition: &Condition,
        show_secrets: bool,
    ) -> Result<Verdict, InternalError> {
        let mut tally = Tally::new(condition, show_secrets);
        self.feed(&mut tally)?;
        self.conclude(&tally)
    }

    /// The same, but where the condition does not hold, waits up to `patience` until it does.
    ///
    /// # Errors
    /// As for [`World::verify`].
    pub async fn verify_wait(
        self: &Arc<Self>,
        condition: &Condition,
        patience: Duration,
        show_secrets: bool,
    ) -> Result<Verdict, InternalError> {
        let deadline = tokio::time::Instant::now() + patience;
        let mut tally = Tally::new(condition, show_secrets);
        loop {
            let mut grown = std::pin::pin!(self.news.notified());
            // Enlisted before the look, so that an entry in between is not missed.
            grown.as_mut().enable();
            let world = Arc::clone(self);
            let look = move || world.feed(&mut tally).map(|()| tally);
            tally = blocking(look).await??;
            if tally.is_settled() || tokio::time::timeout_at(deadline, grown).await.is_err() {
                let world = Arc::clone(self);
                return blocking(move || world.conclude(&tally)).await?;
            }
        }
    }

    /// Shows the entries that it has not seen.
    fn feed(&self, walk: &mut impl Walk) -> Result<(), InternalError> {
        loop {
            let (records, lost) = self.records(walk.last_seq())?;
            walk.lost(lost);
            if records.is_empty() {
                return Ok(());
            }
            for record in &records {
                walk.take(&self.name, record);
            }
        }
    }

    fn conclude(&self, tally: &Tally) -> Result<Verdict, InternalError> {
        if tally.is_passed() {
            return Ok(Verdict::new(tally, None));
        }
        let mut closest = Closest::new(tally);
        let mut after = 0;
        while after < tally.last_seq {
            let (records, _) = self.records(after)?;
            let Some(last) = records.last() else { break };
            after = last.seq();
            for record in records.iter().filter(|record| record.seq() <= tally.last_seq) {
                closest.take(&self.name, record);
            }
        }
        Ok(Verdict::new(tally, Some(closest)))
    }

    /// What the journal shows of clients that are answered and wrong all the same.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn findings(&self, show_secrets: bool) -> Result<Findings, InternalError> {
        let vendors = self.peek().vendors;
        let mut looking = Looking::new(vendors, show_secrets);
        self.feed(&mut looking)?;
        Ok(looking.end())
    }

    /// Whether the run is as it was expected; `None` where the world is not strict.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn judge(&self, show_secrets: bool) -> Result<Option<Judgement>, InternalError> {
        let (vendors, strict) = {
            let ordered = self.peek();
            (ordered.vendors, ordered.strict.clone())
        };
        if !strict.is_on {
            return Ok(None);
        }
        let mut judging = Judging::new(vendors, strict, show_secrets);
        self.feed(&mut judging)?;
        let conditions = judging.conditions();
        let verdicts = conditions.iter().map(|it| self.verify(it, show_secrets));
        Ok(Some(judging.end(verdicts.collect::<Result<_, _>>()?)))
    }

    /// What is expected of the run.
    pub async fn strict(&self) -> Strict {
        let _open = self.gate.read().await;
        self.peek().strict.clone()
    }

    /// Says what is expected of the run.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn set_strict(&self, strict: Strict) -> Result<u64, InternalError> {
        let _open = self.gate.read().await;
        let marked = self.lock().set_strict(strict);
        self.news.notify_waiters();
        marked
    }

    /// Some entries after `seq`, oldest first, and what went to make room. The lock is not held
    /// while they are looked at.
    fn records(&self, seq: u64) -> Result<(Vec<Record>, Lost), InternalError> {
        let ordered = self.peek();
        Ok((ordered.records(seq, PAGE_ROWS_MAX)?, ordered.journal.lost()))
    }

    /// Forgets all entries. Sequence numbers go on.
    ///
    /// # Errors
    /// Where a persistent journal cannot be written.
    pub async fn clear_journal(&self) -> Result<(), InternalError> {
        let _open = self.gate.read().await;
        self.peek().clear_journal()
    }

    /// Makes the journal begin anew, from 1: for a copy of another world.
    pub(super) fn begin_journal(&self) -> Result<(), InternalError> {
        self.lock().begin_journal()
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

    /// A page of the people whom vendors draw on.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn people(&self, offset: u64, limit: usize) -> Result<Value, InternalError> {
        let _open = self.gate.read().await;
        let ordered = self.lock();
        let db = ordered.db.connection();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let people = people::list(db, i64::try_from(offset).unwrap_or(i64::MAX), limit)?;
        let people: Vec<Value> = people.iter().map(lineage::person_json).collect();
        let count = people::count(db)?;
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

    /// Takes a piece of scenario into the world as it is now: all of it, or nothing. A reset goes
    /// back to the seed without it.
    ///
    /// # Errors
    /// Where the piece has mistakes, or SQLite fails.
    pub async fn merge(
        self: &Arc<Self>,
        mut piece: impl Scenario + Send + 'static,
    ) -> Result<Merged, LoadError> {
        let merged = self.long(move |world| world.lock().merge(&mut piece)).await;
        merged.map_err(LoadError::Internal)?
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

    /// The rules for faults, with what has come of them.
    pub async fn faults(&self) -> Value {
        let _open = self.gate.read().await;
        self.lock().faults_json()
    }

    /// Adds rules for faults, from the next request on; answers their ids.
    ///
    /// # Errors
    /// Where there would be too many, or one's name is taken.
    pub async fn add_faults(
        &self,
        rules: Vec<Rule>,
        detail: Value,
    ) -> Result<Vec<i64>, FaultError> {
        let _open = self.gate.read().await;
        let added = self.lock().add_faults(rules, detail);
        self.news.notify_waiters();
        added
    }

    /// Takes one rule away, or all; answers how many went.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn remove_faults(&self, id: Option<i64>) -> Result<usize, InternalError> {
        let _open = self.gate.read().await;
        let removed = self.lock().remove_faults(id);
        self.news.notify_waiters();
        removed
    }

    /// The switches as they stand, by vendor and name.
    pub async fn variants(&self) -> Value {
        let _open = self.gate.read().await;
        let ordered = self.peek();
        ordered.settings.variants_json(ordered.vendors.0)
    }
}

/// Why a clock was not moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    #[error(transparent)]
    Backwards(#[from] Backwards),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// Why a checkpoint was not made or not found.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("there is no checkpoint called {0:?}; there are {known}", known = list(.1))]
    Unknown(String, Vec<String>),
    #[error("there are {CHECKPOINTS_MAX} checkpoints already; use one of their names again")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] InternalError),
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
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
            "own_bytes": self.own_bytes,
            "checkpoints": self.checkpoints,
            "busy": self.is_busy,
        })
    }
}

/// Streams a SQLite file of an image.
pub fn stream_image(image: Image) -> Chunks {
    let (mut feed, chunks) = stream::channel();
    tokio::task::spawn_blocking(move || {
        let written = image.write_to(&mut feed);
        if let Err(error) = &written {
            tracing::debug!(%error, "an export broke off");
        }
        feed.finish(written.is_ok());
    });
    chunks
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
