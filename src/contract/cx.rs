//! All that an operation may see of its world.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use rand::rngs::ChaCha8Rng;
use rusqlite::Connection;

use crate::base::limits::KEPT_OF_A_TYPE_MAX;
use crate::base::lock::lock;
use crate::base::seed::Seed;
use crate::base::time::Instant;
use crate::contract::cache::Cache;
use crate::contract::machine::Move;
use crate::contract::reply::Effect;
use crate::contract::validity::Reading;
use crate::contract::variant::{Chosen, Switch, Switches};

/// The context of one request, one firing, one event or one load.
#[derive(Debug)]
pub struct Cx<'w> {
    /// The one reading of the clock; in a firing, the time at which the timer was due.
    pub(crate) clock: Reading,
    pub seed: Seed,
    pub(crate) db: &'w Connection,
    pub(crate) cache: &'w Cache,
    /// Whether a transaction is open, so that writing is allowed.
    pub(crate) writes: bool,
    pub(crate) variants: &'w Chosen,
    /// The switches that were asked for: at other positions of all others it would come to the same.
    pub(crate) switches: Cell<Switches>,
    pub(crate) vendor: &'static str,
    pub(crate) effects: Vec<Effect>,
    /// What was done to the timers, so that the world looks up its next one.
    pub(crate) timers: Touched,
}

impl<'w> Cx<'w> {
    /// The time. In a firing, that at which the timer was due.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The vendor whose function runs.
    pub fn vendor(&self) -> &'static str {
        self.vendor
    }

    /// Whether a moment has come. To ask that instead of the time lets a reply to a read be given
    /// again until it comes; see the memo of `sim::world`.
    pub fn has_come(&self, at: Instant) -> bool {
        self.clock.has_come(at)
    }

    /// The world's database, for reading.
    pub fn db(&self) -> &'w Connection {
        self.db
    }

    /// The world's database, for writing.
    ///
    /// # Panics
    /// In an operation that is declared to read only. The world's fence turns that into a failure.
    pub fn tx(&self) -> Tx<'w> {
        assert!(self.writes, "an operation that is declared to read only asked for a transaction");
        Tx(self.db)
    }

    /// The chosen position of one of the vendor's switches.
    pub fn variant<S: Switch>(&self) -> S {
        self.switches.set(self.switches.get().with(S::IDX));
        self.variants.get()
    }

    /// A generator for one thing; see [`Seed::draw`].
    pub fn random(&self, purpose: &str, key: &[&str]) -> ChaCha8Rng {
        self.seed.draw(purpose, key)
    }

    /// Notes a change for the journal, in the vendor's terms.
    pub fn effect(&mut self, text: impl Into<String>) {
        // A reply with effects is never given again.
        self.moved(text, &[]);
    }

    /// Notes a change by which things of the vendor's went from one state to another: for each the
    /// machine, the state before and the one after.
    pub fn moved(
        &mut self,
        text: impl Into<String>,
        moves: &[(&'static str, &'static str, &'static str)],
    ) {
        let of = |(machine, from, to): &(&'static str, &'static str, &'static str)| Move {
            vendor: self.vendor.into(),
            machine: (*machine).into(),
            from: (*from).into(),
            to: (*to).into(),
        };
        let moved = moves.iter().filter(|(_, from, to)| from != to).map(of).collect();
        let vendor = Some(self.vendor.into());
        self.effects.push(Effect { at: self.clock.unasked(), vendor, text: text.into(), moved });
    }
}

/// A database with a transaction open. Functions that write take this, functions that only read
/// take a plain [`Connection`], so that a reader cannot write by mistake.
#[derive(Debug)]
pub struct Tx<'w>(&'w Connection);

impl<'w> Tx<'w> {
    /// Where a transaction is known to be open; see `contract::scope`.
    pub(crate) fn open(db: &'w Connection) -> Self {
        Tx(db)
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Cx<'_> {
    /// The kept value of a type; `read` gets it from the rows where there is none.
    ///
    /// # Errors
    /// Where SQLite fails.
    ///
    /// # Panics
    /// In debug builds, where the rows were changed and the value was not forgotten.
    pub fn kept<T: Any + Send + Sync + PartialEq + Debug>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Arc<T>> {
        let Some(found) = self.cache.get::<T>() else {
            return Ok(self.cache.put(read(self.db)?));
        };
        if cfg!(debug_assertions) {
            assert_eq!(
                *found,
                read(self.db)?,
                "rows were changed, and what was kept of them was not forgotten"
            );
        }
        Ok(found)
    }

    /// The kept value of a type for a key; `read` gets it from the rows where there is none. Of each
    /// type so many are kept at the most that all of them take little memory.
    ///
    /// # Errors
    /// Where SQLite fails.
    ///
    /// # Panics
    /// In debug builds, where the rows were changed and the value was not forgotten.
    pub fn kept_for<K, T>(
        &self,
        key: K,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Arc<T>>
    where
        K: Any + Ord + Send + Sync,
        T: Any + Send + Sync + PartialEq + Debug,
    {
        let kept = self.cache.get::<ByKey<K, T>>();
        let kept = kept.unwrap_or_else(|| self.cache.put(ByKey(Mutex::default())));
        let found = lock(&kept.0).get(&key).map(Arc::clone);
        let Some(found) = found else {
            let value = Arc::new(read(self.db)?);
            let mut all = lock(&kept.0);
            if all.len() >= KEPT_OF_A_TYPE_MAX {
                all.clear();
            }
            all.insert(key, Arc::clone(&value));
            return Ok(value);
        };
        if cfg!(debug_assertions) {
            assert_eq!(
                *found,
                read(self.db)?,
                "rows were changed, and what was kept of them was not forgotten"
            );
        }
        Ok(found)
    }

    /// Forgets the kept values of a type for all keys, because its rows change.
    pub fn forget_each<K: Any, T: Any>(&self) {
        self.cache.take::<ByKey<K, T>>();
    }

    /// Forgets the kept value of a type, because its rows change.
    pub fn forget<T: Any>(&self) {
        self.cache.take::<T>();
    }
}

/// The kept values of a type, by key.
struct ByKey<K, T>(Mutex<BTreeMap<K, Arc<T>>>);

/// What a piece of work did to the timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// When the first of those that were set is due.
    pub(crate) earliest: Option<Instant>,
    /// Whether any were taken back.
    pub(crate) are_cancelled: bool,
}

impl Touched {
    pub(crate) fn is_any(self) -> bool {
        self.are_cancelled || self.earliest.is_some()
    }

    /// Whether timers that were read before, up to one due at `last_due`,
    /// may not be the next any more.
    pub(crate) fn upsets(self, last_due: Instant) -> bool {
        self.are_cancelled || self.earliest.is_some_and(|due| due < last_due)
    }
}
