//! Parts of the program that threads meet at, each as it is, by locks of a model that goes through the
//! orders in which threads can come: `cargo run --example interleavings`.
//!
//! Each model is run by schedules at random and by such as change threads at few places, which find what
//! hangs on one rare moment. `RINGBACK_SCHEDULES=N` asks for so many of each kind.
//!
//! Beside each stands the same with a rule of its users broken, which the model has to find: one that
//! cannot fail proves nothing.
//!
//! Not here: how the parts are put together (`proof linear`), processes and disks (`proof crash`, `calls`).

#![expect(
    dead_code,
    unreachable_pub,
    reason = "the parts are as the program has them, and no model uses all of each"
)]
#![expect(
    clippy::unit_arg,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "what stands in for the rest of the program has its forms"
)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it tells what it found")]

mod base;
mod sim;

use std::env;
use std::panic::catch_unwind;

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, FailurePersistence, Runner};

/// What a model is looked at with, of each kind, where nobody says more.
const SCHEDULES: usize = 400;
/// At so many places a schedule of the second kind changes threads.
const CHANGES: usize = 3;
/// A thread of a model works on a stack of its own.
const STACK_BYTES: usize = 256 * 1024;

/// What threads do, and whether a rule is broken in it.
struct Model {
    name: &'static str,
    run: fn(),
    is_broken: bool,
}

impl Model {
    fn holds(&self, schedules: usize) -> bool {
        let (run, is_broken) = (self.run, self.is_broken);
        let config = || {
            let mut config = Config::new();
            config.stack_size = STACK_BYTES;
            if is_broken {
                config.failure_persistence = FailurePersistence::None;
            }
            config
        };
        let random = RandomScheduler::new_from_seed(7, schedules);
        let few = PctScheduler::new_from_seed(7, CHANGES, schedules);
        catch_unwind(|| {
            Runner::new(random, config()).run(run);
            Runner::new(few, config()).run(run);
        })
        .is_ok()
    }
}

fn schedules() -> usize {
    let Ok(text) = env::var("RINGBACK_SCHEDULES") else { return SCHEDULES };
    text.parse().unwrap_or_else(|_| panic!("RINGBACK_SCHEDULES: expected a number, found {text}"))
}

fn main() {
    // What a broken rule comes to is looked for, and is no news.
    let loud = std::panic::take_hook();
    let mut n_failed = 0;
    for model in sim::world::MODELS {
        std::panic::set_hook(if model.is_broken {
            Box::new(|_| {})
        } else {
            Box::new(|it| eprintln!("{it}"))
        });
        let holds = model.holds(schedules());
        let is_as_it_should = holds != model.is_broken;
        n_failed += usize::from(!is_as_it_should);
        let found = if holds { "holds" } else { "is found not to hold" };
        let sign = if is_as_it_should { "ok" } else { "FAILED" };
        println!("interleavings: {}: {found} ... {sign}", model.name);
    }
    std::panic::set_hook(loud);
    assert_eq!(n_failed, 0, "models that are not as they should be");
}
