//! A stretch of a recording that goes on from one beginning, and becomes one scenario.

use serde_json::Value;

use crate::base::time::Instant;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::moves::Event;

/// A stretch of a recording.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    /// The world that it is of; empty where a vendor's own system was recorded.
    pub(crate) world: String,
    /// How that began; `None` where only the replies tell.
    pub(crate) start: Option<Start>,
    pub(crate) inputs: Vec<Input>,
    /// What is not in it, one line each.
    pub(crate) left_out: Vec<String>,
}

/// How a world began.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) at: Instant,
    pub(crate) scenario: Value,
}

/// What was taken.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Exchange(Box<Exchange>),
    Event(Event),
}

/// A request with its reply.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) vendor: &'static Vendor,
    pub(crate) it: Recorded,
    /// How the reply arrived, where not all of it did.
    pub(crate) arrival: Option<&'static str>,
    /// Whether the body of the reply was not kept.
    pub(crate) is_open: bool,
}

impl Part {
    /// How many exchanges it has.
    pub(crate) fn n_exchanges(&self) -> usize {
        self.inputs.iter().filter(|it| matches!(it, Input::Exchange(_))).count()
    }
}

/// What is left out of a part that makes no scenario, with its world.
pub(crate) fn of_world(part: &Part) -> impl Iterator<Item = String> {
    let of = match part.world.as_str() {
        "" => String::new(),
        world => format!("world {world}: "),
    };
    part.left_out.iter().map(move |text| format!("{of}{text}"))
}
