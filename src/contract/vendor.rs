//! The trait that a vendor implements. A vendor holds no state: all of it is in the world's
//! database.

use serde_json::Value;

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::fields::Row;
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::{InternalError, Refusal, Reply};
use crate::contract::section::{SeedError, Source};
use crate::contract::surface::{Generator, Surface};
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::web::message::{Request, Response};

/// Where a vendor's tables tell of a person.
#[derive(Debug)]
pub struct Trace {
    /// What the rows tell of, in a word or two.
    pub name: &'static str,
    /// A complete `SELECT` of `at_ms` (NULL where nobody knows) and `what` (words for people), in
    /// order of time, for the number `:phone`, digits alone. The macro `phone_digits` makes a column
    /// comparable.
    pub rows: &'static str,
}

/// The vendors of a process, in a fixed order.
#[derive(Clone, Copy)]
pub struct Vendors(pub &'static [&'static dyn Vendor]);

impl std::fmt::Debug for Vendors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|vendor| vendor.surface().vendor)).finish()
    }
}

impl Vendors {
    pub fn find(self, name: &str) -> Option<&'static dyn Vendor> {
        self.0.iter().copied().find(|vendor| vendor.surface().vendor == name)
    }

    pub(crate) fn idx(self, name: &str) -> Option<usize> {
        self.0.iter().position(|vendor| vendor.surface().vendor == name)
    }

    /// What is wrong with a row that names a vendor who is not there.
    pub(crate) fn unknown(self, name: &str) -> SeedError {
        let known: Vec<&str> = self.0.iter().map(|vendor| vendor.surface().vendor).collect();
        let known = known.join(", ");
        let message = format!("there is no vendor called {name:?}; expected one of {known}");
        SeedError::field("vendor", message)
    }
}

/// A simulated vendor.
pub trait Vendor: Send + Sync {
    /// What the vendor declares about itself.
    fn surface(&self) -> &'static Surface;

    /// The vendor's tables, one SQL script per schema version, oldest first. A script that has been
    /// released never changes.
    fn schema(&self) -> &'static [&'static str];

    /// What the vendor can make up for a scenario.
    fn generators(&self) -> &'static [Generator] {
        &[]
    }

    /// Every SQL statement of the vendor's by name, for the test that prepares them all.
    fn statements(&self) -> Vec<(&'static str, &'static str)>;

    /// Finds the operation and reads the parameters. Needs no world, so it runs before the lock.
    fn route(&self, request: &Request) -> Routed;

    /// The credentials of a request, by their names in the vendor's table. Needs no world; whether
    /// they are good is not asked.
    fn credentials(&self, request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
        let _ = (request, routed);
        Vec::new()
    }

    /// Answers a request that no operation takes, in the vendor's words.
    ///
    /// # Errors
    /// Only what is Ringback's own fault, as for an operation.
    fn no_operation(&self, cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError>;

    /// The vendor's own words for a failure that is not the client's: a panic, or SQLite.
    fn failure(&self, call: &Call<'_>) -> Response;

    /// One of the vendor's refusals in its own form, for a request that would not have been
    /// refused: what a fault of the world's sends. Its reason is the fault's.
    ///
    /// # Errors
    /// Only what is Ringback's own fault, as for an operation.
    fn refuse(
        &self,
        cx: &mut Cx<'_>,
        call: &Call<'_>,
        refusal: &'static Refusal,
    ) -> Result<Response, InternalError>;

    /// Runs one due timer.
    ///
    /// # Errors
    /// Only what is Ringback's own fault. The firing is then rolled back and the timer switched off.
    fn wake(&self, cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
        let _ = cx;
        Err(InternalError::new(format!("no timer of kind {} is known here", timer.kind)))
    }

    /// Loads the vendor's part of a scenario.
    ///
    /// # Errors
    /// Where a row breaks a rule of the vendor's, or SQLite fails.
    fn seed(&self, cx: &mut Cx<'_>, source: &mut dyn Source) -> Result<(), SeedError>;

    /// The world begins at `cx.now`, later by `late` than its seed was loaded, since worlds
    /// share loaded seeds: moves on what the seed reckoned from then. The timers are moved already.
    /// Only under a clock that follows the system's.
    ///
    /// # Errors
    /// Where SQLite fails.
    fn begin_later(&self, cx: &mut Cx<'_>, late: Span) -> Result<(), InternalError> {
        let _ = (cx, late);
        Ok(())
    }

    /// What happens by itself at the vendor.
    fn traffic(&self) -> &'static Traffic {
        &Traffic::NONE
    }

    /// Where a person's traces are in the vendor's tables.
    fn traces(&self) -> &'static [Trace] {
        &[]
    }

    /// Lets something happen outside the vendor's API. `fields` has been checked against the
    /// event's table. Answers what the caller may want to know, as JSON.
    ///
    /// # Errors
    /// Where the world's state does not allow it.
    fn event(&self, cx: &mut Cx<'_>, name: &str, fields: &Row<'_>) -> Result<Value, EventError> {
        let _ = (cx, fields);
        Err(EventError::Internal(InternalError::new(format!(
            "event {name} is declared but not written"
        ))))
    }
}

/// Why an event did not happen.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The state does not allow it: what was expected, what is there, what to do.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<rusqlite::Error> for EventError {
    fn from(error: rusqlite::Error) -> Self {
        EventError::Internal(error.into())
    }
}
