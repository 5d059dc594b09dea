//! What a page of a journal of 10,000 entries costs, from the entries to the bytes that leave.
//!
//! An entry is asked about as what it is, and its JSON is written once. Beside it stands the way by
//! values: every entry becomes a tree of JSON, which is asked by its keys and then written. Both take
//! their turns in the same run. `cargo bench --bench journal`, followed by `-- 1000` for another
//! number of entries, 10,000 at the most. It asserts nothing about time, but that both ways come to
//! the same bytes.

#![expect(clippy::print_stdout, reason = "its table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, header};
use ringback::inside::app;
use ringback::inside::contract::reply::Outcome;
use ringback::inside::net::front::Front;
use ringback::inside::sim::journal::filter::Filter;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::world::World;
use ringback::inside::sim::world::journal::Page;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use ringback::inside::sim::worlds::name::DEFAULT;
use ringback::inside::web::answer::Answer;
use ringback::inside::web::message::Request;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many as the journal of a world in memory holds.
const ENTRIES: usize = 10_000;

/// One request in so many has a wrong key, and is refused.
const REFUSED_EVERY: usize = 10;

/// Turns of each way; the fastest counts, which is the one that nothing else disturbed.
const TURNS: usize = 7;

const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const WRONG_KEY: &str = "00000000000000000000000000000000";

fn main() {
    let count = std::env::args().skip(1).find_map(|it| it.parse().ok()).unwrap_or(ENTRIES);
    let runtime = Runtime::new().unwrap();
    let world = filled(&runtime, count);
    println!(
        "{:>24} {:>8} {:>10} {:>10} {:>6}",
        "asked for", "entries", "types", "values", "ratio"
    );
    let only = |outcome| Filter { outcome: Some(outcome), ..Filter::default() };
    row(&world, "all", &Filter::default());
    row(&world, "one in ten: refused", &only(Outcome::Refused));
    row(&world, "none: error", &only(Outcome::Error));
    println!("goal: a page of 10,000 that is filtered at least 2 times as fast");
}

/// A world in memory whose journal has so many exchanges.
fn filled(runtime: &Runtime, count: usize) -> Arc<World> {
    let worlds = Arc::new(Worlds::new(app::vendors(), Keep::Memory).unwrap());
    let library = app::library(None, ClockSpec::Real);
    let world = worlds.make(DEFAULT, &mut library.open_first().unwrap()).unwrap();
    let front = Front::new(worlds, false);
    for idx in 0..count {
        let key = if idx % REFUSED_EVERY == 0 { WRONG_KEY } else { KEY };
        let mut request = Request::new(Method::POST, "/infocu5/dialer/".parse().unwrap());
        let form = HeaderValue::from_static("application/json");
        request.headers.insert(header::CONTENT_TYPE, form);
        let body = json!({
            "affiliateID": "A7k2Qm9ZrT4x", "affiliateKey": key,
            "dialerFunction": "getAgents", "showAll": "n",
        });
        request.body = body.to_string().into();
        runtime.block_on(front.answer(request));
    }
    world
}

#[expect(clippy::disallowed_methods, reason = "it measures real time, and nothing of it is kept")]
fn now() -> Instant {
    Instant::now()
}

/// The fastest of some turns.
fn fastest(work: impl Fn() -> Vec<u8>) -> (Vec<u8>, Duration) {
    let turn = || {
        let began = now();
        let made = work();
        (made, began.elapsed())
    };
    (0..TURNS).map(|_| turn()).min_by_key(|(_, took)| *took).unwrap()
}

fn row(world: &World, name: &str, filter: &Filter) {
    let (by_types, types) = fastest(|| by_types(world, filter));
    let (by_values, values) = fastest(|| by_values(world, filter));
    let page: Value = serde_json::from_slice(&by_types).unwrap();
    assert_eq!(page, serde_json::from_slice::<Value>(&by_values).unwrap(), "{name}");
    let n_entries = page["entries"].as_array().unwrap().len();
    println!(
        "{name:>24} {n_entries:>8} {:>7.2} ms {:>7.2} ms {:>6.1}",
        types.as_secs_f64() * 1000.0,
        values.as_secs_f64() * 1000.0,
        values.as_secs_f64() / types.as_secs_f64()
    );
}

fn page(filter: &Filter) -> Page {
    Page { limit: ENTRIES, filter: filter.clone(), ..Page::default() }
}

fn by_types(world: &World, filter: &Filter) -> Vec<u8> {
    serde_json::to_vec(&world.journal_page(&page(filter)).unwrap()).unwrap()
}

/// Makes JSON of every entry, picks by its keys, and writes what is left.
fn by_values(world: &World, filter: &Filter) -> Vec<u8> {
    let found = world.journal_page(&page(&Filter::default())).unwrap();
    let is = |wanted: Option<&str>, found: &Value| {
        wanted.is_none_or(|wanted| found.as_str() == Some(wanted))
    };
    let keeps = |entry: &Value| {
        is(filter.vendor.as_deref(), &entry["vendor"])
            && is(filter.operation.as_deref(), &entry["operation"])
            && is(filter.outcome.map(Outcome::name), &entry["outcome"])
    };
    let entries: Vec<Value> = found.to_json().into_iter().filter(keeps).collect();
    let page = json!({ "entries": entries, "last_seq": found.last_seq, "evicted": found.evicted });
    serde_json::to_vec(&page).unwrap()
}
