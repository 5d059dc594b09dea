//! The trait that a vendor implements. A vendor holds no state: all of it is in the world's
//! database.

use serde_json::Value;

use super::cx::Cx;
use super::fields::Row;
use super::lineage::Trace;
use super::reply::{InternalError, Reply};
use super::seed::{SeedError, Source};
use super::surface::{Generator, Operation, Refusal, Surface};
use super::timer::Timer;
use super::traffic::Traffic;
use crate::web::message::{Request, Response};
use crate::web::params::Params;

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

    /// The world begins at `cx.now_ms`, later by `late_ms` than its seed was loaded, since worlds
    /// share loaded seeds: moves on what the seed reckoned from then. The timers are moved already.
    /// Only under a clock that follows the system's.
    ///
    /// # Errors
    /// Where SQLite fails.
    fn begin_later(&self, cx: &mut Cx<'_>, late_ms: i64) -> Result<(), InternalError> {
        let _ = (cx, late_ms);
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

/// What a request was found to be, before any world is asked.
#[derive(Debug, Default)]
pub struct Routed {
    /// `None` where the vendor has no such operation.
    pub operation: Option<&'static Operation>,
    pub params: Params,
}

/// A request on its way through a world.
#[derive(Debug)]
pub struct Call<'r> {
    pub request: &'r Request,
    pub operation: Option<&'static Operation>,
    pub params: &'r Params,
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
