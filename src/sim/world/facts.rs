//! What is told of a world in a listing.

use serde_json::{Value, json};

use crate::base::seq::Seq;
use crate::base::time::Instant;

/// A world's facts, for a listing.
#[derive(Clone, Debug)]
pub struct Facts {
    pub name: String,
    pub title: String,
    pub seed: u64,
    pub clock_mode: &'static str,
    pub now: Instant,
    pub last_seq: Seq,
    pub persistent: bool,
    /// Bytes that the world holds for itself alone, beside the seed that it may share.
    pub own_bytes: u64,
    pub checkpoints: Vec<String>,
    /// Whether a long input runs, such as an advance.
    pub is_busy: bool,
}

impl Facts {
    /// The facts as the control plane shows them.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "title": self.title,
            "seed": self.seed,
            "clock": { "mode": self.clock_mode, "now": self.now.to_string() },
            "inputs": self.last_seq,
            "persistent": self.persistent,
            "own_bytes": self.own_bytes,
            "checkpoints": self.checkpoints,
            "busy": self.is_busy,
        })
    }
}
