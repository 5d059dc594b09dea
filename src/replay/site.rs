//! The server that a replay runs against.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

use crate::client::Target;

/// What worlds cover, as their control plane tells it before they go, by the numbers of their scenarios.
pub(crate) type Covered = Arc<Mutex<BTreeMap<usize, Json>>>;

/// A server to replay against.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub target: Target,
    /// Its control plane; without it there is but one world, and only what a vendor's own API
    /// offers.
    pub admin: Option<Target>,
    /// Switches to turn in each world.
    pub variants: Option<Json>,
    /// Whether requests and replies are kept for the report.
    pub verbose: bool,
    /// Where the coverage of each world goes, where it is asked for.
    pub covered: Option<Covered>,
    /// Whether replies are compared with others: they are kept as they came, and a step that differs does
    /// not end its scenario.
    pub compares: bool,
}
