//! What a simulated working day costs: the scenario `working-day`, 8 hours, 200 agents, about 50,000
//! calls with all five vendors.
//!
//! Prints a row for each way of stepping the clock; asserts nothing about time. The digest is over all
//! tables of all vendors: it is the same in every row and in every run. `cargo bench --bench day`,
//! followed by `-- 1` or `-- 8 480` for other numbers of steps.

#![expect(clippy::print_stdout, reason = "its table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use ringback::inside::app;
use ringback::inside::base::hex::hex;
use ringback::inside::scenario::library::{Library, WORKING_DAY};
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::world::World;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use ringback::inside::sim::worlds::name::DEFAULT;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DAY: Duration = Duration::from_hours(8);

/// The tables whose rows are the day's calls, the goal's 50,000.
const CALLS: &[(&str, &str)] = &[
    ("infocu5", "calls"),
    ("jtel", "history"),
    ("maestro", "calls"),
    ("maxcontact", "past_calls"),
    ("mor", "calls"),
];

fn main() {
    let mut steps: Vec<u32> = std::env::args().skip(1).filter_map(|it| it.parse().ok()).collect();
    if steps.is_empty() {
        steps = vec![1, 8, 480];
    }
    println!("{:>6} {:>9} {:>9} {:>9} {:>9}  digest", "steps", "load", "day", "firings", "calls");
    for n_steps in steps {
        let runtime = Runtime::new().unwrap();
        row(&runtime, n_steps);
    }
    println!("goal: the day in under 2 s");
}

#[expect(clippy::disallowed_methods, reason = "it measures real time, and nothing of it is kept")]
fn now() -> Instant {
    Instant::now()
}

fn row(runtime: &Runtime, n_steps: u32) {
    let clock = ClockSpec::Real;
    let library = Library::new(app::vendors().0, &[WORKING_DAY], None, clock);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let began = now();
    let world = worlds.make(DEFAULT, &mut library.open_first().unwrap()).unwrap();
    let load = began.elapsed();
    let began = now();
    let mut n_fired = 0;
    for _ in 0..n_steps {
        n_fired += runtime
            .block_on(
                world.advance(ringback::inside::base::time::Span::try_from(DAY / n_steps).unwrap()),
            )
            .unwrap()
            .fired
            .count;
    }
    let day = began.elapsed();
    let (n_calls, digest) = tables(runtime, &world);
    println!(
        "{n_steps:>6} {:>6} ms {:>6} ms {n_fired:>9} {n_calls:>9}  {digest}",
        load.as_millis(),
        day.as_millis()
    );
}

/// How many calls there are, and a digest of all tables.
fn tables(runtime: &Runtime, world: &Arc<World>) -> (usize, String) {
    let (mut n_calls, mut digest) = (0, Sha256::new());
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        for table in surface.tables {
            let shown = world.table(table, 0, usize::MAX, false);
            let page = runtime.block_on(shown).unwrap();
            if CALLS.contains(&(surface.vendor, table.name)) {
                n_calls += page["rows"].as_array().map_or(0, Vec::len);
            }
            digest.update(page.to_string());
        }
    }
    (n_calls, hex(&digest.finalize()[..8]))
}
