//! What masking costs the reader of a journal: pages of 1,000 entries as JSON, beside the same pages with
//! nothing masked. Both take turns, so that they meet the same noise.
//!
//! Prints a row for each kind of entries; asserts nothing, since times depend on the machine.
//! `cargo bench --bench mask`.

#![expect(clippy::print_stdout, reason = "its table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue};
use ringback::inside::app;
use ringback::inside::net::front::Front;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::world::World;
use ringback::inside::sim::world::journal::Page;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use ringback::inside::sim::worlds::name::DEFAULT;
use ringback::inside::web::answer::Answer;
use ringback::inside::web::message::Request;
use tokio::runtime::Runtime;

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENTRIES: usize = 1000;
const ROUNDS: usize = 21;

/// A request of one kind: name, method, target, one header, body.
type Kind = (&'static str, &'static str, &'static str, (&'static str, &'static str), &'static str);

const BEARER: (&str, &str) = ("authorization", "Bearer SIMTOKEN-7A");
const JSON: (&str, &str) = ("content-type", "application/json");
const AGENTS: &str = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}"#;

const KINDS: &[Kind] = &[
    ("small JSON", "POST", "/dialer/", JSON, AGENTS),
    ("a contact", "GET", "/rest/v1.0/7/dialler/contacts/301501", BEARER, ""),
    ("a refusal", "GET", "/rest/v1.0/7/dialler/contacts/9", BEARER, ""),
    (
        "XML",
        "GET",
        "/_access/fetchCallersByCall?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&call=K7Q2ZP0XN4V8T1RB&type=XML",
        JSON,
        "",
    ),
];

fn main() {
    println!("{:>12} {:>10} {:>10} {:>10} {:>6}", "entries", "bytes", "masked", "plain", "ratio");
    for kind in KINDS {
        row(kind.0, std::slice::from_ref(kind));
    }
    row("all", KINDS);
    println!(
        "goal: masked at most twice what it took with names alone, before values were looked for"
    );
}

#[expect(clippy::disallowed_methods, reason = "it measures real time, and nothing of it is kept")]
fn now() -> Instant {
    Instant::now()
}

/// A world whose journal holds entries of these kinds.
fn world_of(runtime: &Runtime, kinds: &[Kind]) -> Arc<World> {
    let worlds = Arc::new(Worlds::new(app::vendors(), Keep::Memory).unwrap());
    let library = app::library(None, ClockSpec::Real);
    let world = worlds.make(DEFAULT, &mut library.open("demo").unwrap()).unwrap();
    let front = Front::new(worlds, false);
    for (_, method, target, (name, value), body) in kinds.iter().cycle().take(ENTRIES) {
        let mut request = Request::new(method.parse().unwrap(), target.parse().unwrap());
        request.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        request.body = body.as_bytes().into();
        runtime.block_on(front.answer(request));
    }
    world
}

fn row(name: &str, kinds: &[Kind]) {
    let runtime = Runtime::new().unwrap();
    let world = world_of(&runtime, kinds);
    let page = Page { limit: ENTRIES, ..Page::default() };
    let (mut masked, mut plain, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        // A page anew each time: what a masker remembers ends with its page.
        let shown = world.journal_page(&page).unwrap();
        let (took, len) = timed(&shown);
        masked.push(took);
        bytes = len;
        plain.push(timed(&shown.unmasked()).0);
    }
    let (masked, plain) = (median(masked), median(plain));
    let ratio = masked.as_secs_f64() / plain.as_secs_f64();
    println!(
        "{name:>12} {bytes:>10} {:>7} us {:>7} us {ratio:>6.2}",
        masked.as_micros(),
        plain.as_micros()
    );
}

fn timed(page: &impl serde::Serialize) -> (Duration, usize) {
    let began = now();
    let written = serde_json::to_vec(page).unwrap();
    let took = began.elapsed();
    (took, black_box(written).len())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
