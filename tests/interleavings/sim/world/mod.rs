//! The parts of a world, and what is modelled of each.

#[path = "../../../../src/sim/world/desk.rs"]
mod desk;
pub(crate) mod engine;
pub(crate) mod metrics;
#[path = "../../../../src/sim/world/pool.rs"]
mod pool;
#[path = "../../../../src/sim/world/turns.rs"]
mod turns;

mod reads;
mod rests;
mod stints;

use crate::Model;

pub(crate) const MODELS: &[Model] = &[
    Model { name: "a read beside a world's lock", run: reads::hold, found: None },
    Model {
        name: "a read that is laid down without the lock",
        run: reads::are_laid_down_without_the_lock,
        found: Some("the journal at a look"),
    },
    Model {
        name: "a look at a world that does not wait for its reads",
        run: reads::are_not_waited_for,
        found: Some("the journal at a look"),
    },
    Model { name: "a turn at a world", run: stints::hold, found: None },
    Model {
        name: "an answer in another order than its work",
        run: stints::answer_in_another_order,
        found: Some("the answer to"),
    },
    Model { name: "a world that is put to rest", run: rests::hold, found: None },
    Model {
        name: "a world that is opened again and not noted",
        run: rests::are_opened_unnoted,
        found: Some("are open"),
    },
];
