//! All that an operation may see of its world.

use std::ops::Deref;

use rand::rngs::ChaCha8Rng;
use rusqlite::Connection;

use super::kept::Kept;
use super::reply::Effect;
use super::span::Reading;
use super::timer::Touched;
use super::variant::{Chosen, Switch};
use crate::base::seed::Seed;

/// The context of one request, one firing, one event or one load.
#[derive(Debug)]
pub struct Cx<'w> {
    /// The one reading of the clock; in a firing, the time at which the timer was due.
    pub(super) clock: Reading,
    pub seed: Seed,
    pub(super) db: &'w Connection,
    pub(super) kept: &'w Kept,
    /// Whether a transaction is open, so that writing is allowed.
    pub(super) writes: bool,
    pub(super) variants: &'w Chosen,
    pub(super) vendor: &'static str,
    pub(super) effects: Vec<Effect>,
    /// What was done to the timers, so that the world looks up its next one.
    pub(super) timers: Touched,
}

impl<'w> Cx<'w> {
    /// The time. In a firing, that at which the timer was due.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Whether a moment has come. To ask that instead of the time lets a reply to a read be given
    /// again until it comes; see `sim::memo`.
    pub fn has_come(&self, at_ms: i64) -> bool {
        self.clock.has_come(at_ms)
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
        self.variants.get()
    }

    /// A generator for one thing; see [`Seed::draw`].
    pub fn random(&self, purpose: &str, key: &[&str]) -> ChaCha8Rng {
        self.seed.draw(purpose, key)
    }

    /// Notes a change for the journal, in the vendor's terms.
    pub fn effect(&mut self, text: impl Into<String>) {
        // A reply with effects is never given again.
        self.effects.push(Effect { at_ms: self.clock.unasked_ms(), text: text.into() });
    }
}

/// A database with a transaction open. Functions that write take this, functions that only read
/// take a plain [`Connection`], so that a reader cannot write by mistake.
#[derive(Debug)]
pub struct Tx<'w>(&'w Connection);

impl<'w> Tx<'w> {
    /// For the core's own loading, where a transaction is known to be open.
    pub(super) fn open(db: &'w Connection) -> Self {
        Tx(db)
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}
