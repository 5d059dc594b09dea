//! The server that a replay runs against.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

use crate::client::Target;
use crate::replay::enough::Enough;

/// What the control plane tells of worlds before they go, by the numbers of their scenarios.
pub(crate) type Covered = Arc<Mutex<BTreeMap<usize, Json>>>;

/// Of which requests it is asked why they were refused, where nothing differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AsksWhy {
    #[default]
    Never,
    /// Of that of the last step.
    AtTheEnd,
    Always,
}

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
    /// Where the journal of each world goes, where it is asked for.
    pub journals: Option<Covered>,
    /// Of which requests it is asked why they were refused, also where that was expected.
    pub asks_why: AsksWhy,
    /// Whether replies are compared with others: they are kept as they came, and a step that differs does
    /// not end its scenario.
    pub compares: bool,
    /// Where is kept why nothing more is asked, of a system that is somebody else's.
    pub enough: Option<Enough>,
}
