//! The one door between the engine and a vendor's functions: here a [`Cx`] is made, and what was
//! noted through it is taken back.
//!
//! Nothing but the core names this module. So no vendor can make a context of its own, write in an
//! operation that reads, or see what another operation has noted.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;

use crate::base::seed::Seed;
use crate::base::time::Instant;
use crate::contract::cache::Cache;
use crate::contract::cx::{Cx, Touched, Tx};
use crate::contract::reply::{Effect, InternalError};
use crate::contract::validity::{Reading, Validity};
use crate::contract::variant::{Chosen, Switches};

/// What a function of a vendor is to see of a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'w> {
    pub(crate) now: Instant,
    pub(crate) seed: Seed,
    pub(crate) db: &'w Connection,
    pub(crate) cache: &'w Cache,
    /// Whether a transaction is open, so that writing is allowed.
    pub(crate) writes: bool,
    pub(crate) variants: &'w Chosen,
    pub(crate) vendor: &'static str,
}

/// What a piece of work came to.
#[derive(Debug)]
pub(crate) struct Ran<T> {
    pub(crate) value: T,
    pub(crate) effects: Vec<Effect>,
    pub(crate) timers: Touched,
    /// The times at which it would have come to the same.
    pub(crate) within: Validity,
    /// The switches that it asked for.
    pub(crate) switches: Switches,
}

impl<'w> Scope<'w> {
    /// Runs work that may panic through to the caller.
    ///
    /// # Errors
    /// What the work says.
    pub(crate) fn run<T, E>(
        self,
        work: impl FnOnce(&mut Cx<'w>) -> Result<T, E>,
    ) -> Result<Ran<T>, E> {
        let mut cx = Cx {
            clock: Reading::new(self.now),
            seed: self.seed,
            db: self.db,
            cache: self.cache,
            writes: self.writes,
            variants: self.variants,
            switches: Cell::default(),
            vendor: self.vendor,
            effects: Vec::new(),
            timers: Touched::default(),
        };
        let ran = work(&mut cx);
        let Cx { effects, timers, clock, switches, .. } = cx;
        let (within, switches) = (clock.asked(), switches.get());
        ran.map(|value| Ran { value, effects, timers, within, switches })
    }

    /// Runs work behind the fence: a panic in it is an error like any other.
    ///
    /// # Errors
    /// What the work says, or that it panicked.
    pub(crate) fn fenced<T>(
        self,
        work: impl FnOnce(&mut Cx<'w>) -> Result<T, InternalError>,
    ) -> Result<Ran<T>, InternalError> {
        fence(|| self.run(work))
    }
}

/// Turns a panic into an error. What it leaves behind is rolled back by whoever opened the
/// transaction.
///
/// # Errors
/// What the work says, or that it panicked.
pub(crate) fn fence<T, E: From<InternalError>>(
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(InternalError::new(panic_text(panic.as_ref())).into()))
}

/// The transaction that is known to be open, for the core's own loading.
pub(crate) fn transaction(db: &Connection) -> Tx<'_> {
    Tx::open(db)
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.as_deref().unwrap_or("no message"))
}
