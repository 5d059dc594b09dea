//! Whoever is told of each input of every world as it is taken, whole and unmasked: one that records.
//!
//! A world tells how it begins, then its inputs in their order; where something changes it that no later
//! input brings about again, such as a reset, it begins anew. It tells under its lock, so whoever is told
//! only takes note.
//!
//! Not here: what readers are shown (`ring`), and what becomes of what is told (`recording`).

use std::fmt;

use serde_json::Value;

use crate::base::time::Instant;
use crate::contract::vendor::Vendor;
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};

/// Takes note of what worlds take.
pub(crate) trait Tap: fmt::Debug + Send + Sync {
    /// A world is as it is told from here on.
    fn begins(&self, world: &str, start: Start);

    /// A request was answered.
    fn answered(&self, world: &str, taken: Taken);

    /// Something happened outside a vendor's API.
    fn happened(&self, world: &str, event: Happened);

    /// A world is gone. One of its name may begin again.
    fn ends(&self, world: &str);

    /// What a world has done so far; waits until note is taken of all that was told. Not under its lock.
    fn again(&self, world: &str) -> Again;
}

/// What a world has done, so that it can be done again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Again {
    /// In the shape of scenario files, with steps; one for each beginning of the world.
    pub(crate) scenarios: Vec<Value>,
    /// What is in none of them, and why.
    pub(crate) left_out: Vec<String>,
}

/// How a world begins.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) at: Instant,
    /// In the shape of a scenario file.
    pub(crate) scenario: Value,
    /// What is in the world and not in the scenario.
    pub(crate) omitted: Vec<Value>,
    /// Credentials that stand in its rows.
    pub(crate) secrets: Vec<String>,
}

/// A request with its reply.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) at: Instant,
    pub(crate) vendor: &'static Vendor,
    pub(crate) request: Request,
    /// Without its body, where that is made while it is sent.
    pub(crate) response: Response,
    pub(crate) is_long: bool,
    pub(crate) delivery: Delivery,
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub(crate) at: Instant,
    pub(crate) vendor: &'static Vendor,
    pub(crate) name: String,
    /// Its fields as they came.
    pub(crate) fields: Value,
}
