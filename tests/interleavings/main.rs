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
use std::fmt::Write as _;
use std::panic::{catch_unwind, set_hook};
use std::process::exit;
use std::sync::{Mutex, MutexGuard, PoisonError};

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, FailurePersistence, Runner};

/// What a model is looked at with, of each kind, where nobody says more.
const SCHEDULES: usize = 400;
const SEED: u64 = 7;
/// At so many places a schedule of the second kind changes threads.
const CHANGES: usize = 3;
/// A thread of a model works on a stack of its own.
const STACK_BYTES: usize = 256 * 1024;

/// What threads do.
struct Model {
    name: &'static str,
    run: fn(),
    /// Where a rule of the part's users is broken in it: what is found then.
    found: Option<&'static str>,
}

/// What was found by a model that is run.
static FOUND: Mutex<String> = Mutex::new(String::new());

impl Model {
    /// Runs it by so many schedules of each kind, and says whether it is as it should be.
    fn is_right(&self, schedules: usize) -> bool {
        let run = self.run;
        let is_broken = self.found.is_some();
        let config = || {
            let mut config = Config::new();
            config.stack_size = STACK_BYTES;
            if is_broken {
                config.failure_persistence = FailurePersistence::None;
            }
            config
        };
        let random = RandomScheduler::new_from_seed(SEED, schedules);
        let few = PctScheduler::new_from_seed(SEED, CHANGES, schedules);
        found().clear();
        let ended = catch_unwind(|| {
            Runner::new(random, config()).run(run);
            Runner::new(few, config()).run(run);
        });
        let found = found();
        match self.found {
            // It is to be found for its own sake.
            Some(what) => ended.is_err() && found.contains(what),
            None if ended.is_ok() => true,
            None => {
                eprintln!("{found}");
                false
            }
        }
    }
}

fn found() -> MutexGuard<'static, String> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

fn schedules() -> usize {
    let Ok(text) = env::var("RINGBACK_SCHEDULES") else { return SCHEDULES };
    let number = text.parse().ok().filter(|number| *number > 0);
    number.unwrap_or_else(|| panic!("RINGBACK_SCHEDULES: expected 1 or more, found {text}"))
}

fn main() {
    let schedules = schedules();
    set_hook(Box::new(|it| {
        // A text takes all that is written to it.
        let _ = writeln!(found(), "{it}");
    }));
    let mut n_wrong = 0;
    for model in sim::world::MODELS {
        let is_right = model.is_right(schedules);
        n_wrong += usize::from(!is_right);
        let wanted = if model.found.is_some() { "is found to be broken" } else { "holds" };
        let sign = if is_right { "ok" } else { "FAILED" };
        println!("interleavings: {} {wanted} ... {sign}", model.name);
    }
    exit(i32::from(n_wrong > 0));
}
