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
    Model { name: "reads beside a world's lock", run: reads::hold, is_broken: false },
    Model {
        name: "reads that are laid down without the lock",
        run: reads::are_laid_down_without_the_lock,
        is_broken: true,
    },
    Model {
        name: "a look at a world that does not wait for its reads",
        run: reads::are_not_waited_for,
        is_broken: true,
    },
    Model { name: "turns at a world", run: stints::hold, is_broken: false },
    Model {
        name: "answers in another order than their work",
        run: stints::answer_in_another_order,
        is_broken: true,
    },
    Model { name: "worlds that are put to rest", run: rests::hold, is_broken: false },
    Model {
        name: "worlds that are opened again and not noted",
        run: rests::are_opened_unnoted,
        is_broken: true,
    },
];
