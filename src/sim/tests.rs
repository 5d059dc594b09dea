//! The core by itself, with a made-up vendor: order, fence, timers, clocks, journal.

use std::future::poll_fn;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::base::clock::Mode;
use crate::base::limits::OPEN_WORLDS_MAX;
use crate::base::seed::Seed;
use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::evidence::Evidence;
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::operation::{Access, Operation};
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply, Rows};
use crate::contract::section::{SeedError, Source};
use crate::contract::surface::Surface;
use crate::contract::timer::Timer;
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendor;
use crate::contract::vendor::Vendors;
use crate::sim::fault::rule;
use crate::sim::fault::rule::{On, Then};
use crate::sim::journal::ring::Budget;
use crate::sim::loading::live::Live;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::ClockSpec;
use crate::sim::loading::settings::Settings;
use crate::sim::world::journal::Page;
use crate::sim::world::saved::CheckpointError;
use crate::sim::world::{ClockChange, Step, World};
use crate::sim::worlds::extras::Extras;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::reaper::Reaper;
use crate::sim::worlds::remove::Expired;
use crate::sim::worlds::{MakeError, Worlds};
use crate::store::database::Sync;
use crate::web::message::{Request, Response};
use crate::web::params::Params;
use crate::web::stream::Chunks;

fn at(ms: i64) -> Instant {
    Instant::clamped_from_millis(ms)
}

/// A vendor with one counter and a chain of timers.
static TOY: Vendor = Vendor {
    surface: &SURFACE,
    schema: &["CREATE TABLE toy_log (id INTEGER PRIMARY KEY, at_ms INTEGER, key TEXT) STRICT"],
    route,
    failure,
    wake,
    seed,
    event,
    ..Vendor::BARE
};

static TOYS: &[&Vendor] = &[&TOY];

static SURFACE: Surface = Surface {
    vendor: "toy",
    title: "A made-up vendor",
    prefixes: &["/play/"],
    operations: OPERATIONS,
    refusals: &[&NO],
    events: &[Event {
        name: "chain",
        text: "sets a chain of timers",
        fields: &[
            Field::required("every", Kind::Duration, "how far apart"),
            Field::required("times", Kind::INTEGER, "how many"),
        ],
    }],
    ..Surface::BARE
};

static NO: Refusal = Refusal {
    rule: "toy.no",
    code: "409",
    text: "not here",
    when: "asked for",
    evidence: Evidence::Assumed("toy 1"),
};

const fn operation(
    name: &'static str,
    access: Access,
    answer: fn(&mut Cx<'_>, &Call<'_>) -> Result<Reply, InternalError>,
) -> Operation {
    let evidence = Evidence::Assumed("toy 1");
    Operation { name, text: "", method: "GET", path: "/play/", access, evidence, answer }
}

static OPERATIONS: &[Operation] = &[
    operation("count", Access::Writes, |cx, _| {
        let value = cx.next_count("n", 1)?;
        cx.effect(format!("counted {value}"));
        Ok(text(format!("{value} at {}", cx.now_ms())))
    }),
    operation("read", Access::Reads, |cx, _| {
        let sql = "SELECT COALESCE(SUM(value), 0) FROM ringback_counter WHERE name = 'n'";
        let value: i64 = cx.db().query_row(sql, [], |row| row.get(0))?;
        Ok(text(value.to_string()))
    }),
    operation("panic", Access::Writes, |cx, _| {
        cx.next_count("n", 1)?;
        panic!("a rule is broken")
    }),
    operation("fail", Access::Writes, |cx, _| {
        cx.next_count("n", 1)?;
        Err(InternalError::new("the disk is full"))
    }),
    operation("fill", Access::Writes, |cx, _| {
        let sql = "INSERT INTO toy_log (at_ms, key)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
            SELECT i, 'filled' FROM n";
        cx.tx().execute(sql, [])?;
        Ok(text(String::new()))
    }),
    operation("list", Access::Reads, |_, _| {
        Ok(Reply::streamed(Response::empty(StatusCode::OK), Log))
    }),
    operation("write_in_a_read", Access::Reads, |cx, _| {
        cx.next_count("n", 1)?;
        Ok(text(String::new()))
    }),
];

/// The log, row by row.
#[derive(Debug)]
struct Log;

impl Rows for Log {
    fn write(self: Box<Self>, db: &Connection, out: &mut dyn Write) -> Result<(), InternalError> {
        let mut statement = db.prepare("SELECT at_ms, key FROM toy_log ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            writeln!(out, "{} {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?)?;
        }
        Ok(())
    }
}

fn text(body: String) -> Reply {
    Reply::ok(Response::with_body(StatusCode::OK, "text/plain", body))
}

fn route(request: &Request) -> Routed {
    let name = request.path().trim_start_matches("/play/");
    Routed { operation: SURFACE.operation(name), params: Params::default() }
}

fn failure(_: &Call<'_>) -> Response {
    Response::with_body(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "toy is broken")
}

fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let sql = "INSERT INTO toy_log (at_ms, key) VALUES (?1, ?2)";
    cx.tx().execute(sql, (cx.now_ms(), &timer.key))?;
    cx.effect(format!("{} fired", timer.key));
    let (every_ms, left) = timer.key.split_once('x').unwrap_or(("1", "0"));
    let (every_ms, left): (i64, i64) = (every_ms.parse().unwrap(), left.parse().unwrap());
    assert!(left != 13, "thirteen is one too many");
    if left > 1 {
        cx.set_timer(cx.now_ms() + every_ms, "tick", &format!("{every_ms}x{}", left - 1))?;
    }
    Ok(())
}

fn seed(cx: &mut Cx<'_>, source: &mut dyn Source) -> Result<(), SeedError> {
    if source.is_merge() {
        cx.next_count("n", 1)?;
        cx.set_timer(cx.now_ms() + 50, "tick", "1x1")?;
        source.rows("rows", &mut |_| Ok(()))?;
    }
    Ok(())
}

fn event(cx: &mut Cx<'_>, _: &str, row: &Row<'_>) -> Result<Value, EventError> {
    let (every_ms, times) = (row.duration_ms("every"), row.int("times"));
    cx.set_timer(cx.now_ms() + every_ms, "tick", &format!("{every_ms}x{times}"))?;
    if times < 0 {
        return Err(EventError::Refused("a chain has no negative length".into()));
    }
    Ok(Value::Null)
}

/// A scenario with nothing in it but a frozen clock at 0.
#[derive(Debug)]
struct Empty;

impl Source for Empty {
    fn rows(
        &mut self,
        _: &str,
        _: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        Ok(())
    }

    fn table(&mut self, _: &str) -> Result<Option<crate::contract::fields::OwnedRow>, SeedError> {
        Ok(None)
    }

    fn value(
        &mut self,
        _: &str,
    ) -> Result<Option<crate::contract::fields::Cell<'static>>, SeedError> {
        Ok(None)
    }

    fn refuse(&mut self, _: &str, _: Option<&str>, _: String) {}
}

impl Scenario for Empty {
    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        Settings {
            title: "empty".into(),
            seed: Seed(1),
            clock: ClockSpec::Frozen { at: Instant::MIN },
            variants: vec![Chosen::default(); vendors.len()],
        }
    }

    fn top<'s>(&'s mut self, _: Option<&'s Live<'_>>) -> Box<dyn Source + 's> {
        Box::new(Empty)
    }

    fn part<'s>(&'s mut self, _: &'static str, _: Option<&'s Live<'_>>) -> Box<dyn Source + 's> {
        Box::new(Empty)
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        Ok(Vec::new())
    }
}

/// A piece that is merged, and what happens in the middle of it.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Sound,
    Fails,
    Panics,
}

impl Source for Piece {
    fn is_merge(&self) -> bool {
        true
    }

    fn rows(
        &mut self,
        name: &str,
        _: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        match self {
            Piece::Fails if name == "rows" => Err(SeedError::internal("the disk is full")),
            Piece::Panics if name == "rows" => panic!("a rule is broken"),
            _ => Ok(()),
        }
    }

    fn table(&mut self, _: &str) -> Result<Option<crate::contract::fields::OwnedRow>, SeedError> {
        Ok(None)
    }

    fn value(
        &mut self,
        _: &str,
    ) -> Result<Option<crate::contract::fields::Cell<'static>>, SeedError> {
        Ok(None)
    }

    fn refuse(&mut self, _: &str, _: Option<&str>, _: String) {}
}

impl Scenario for Piece {
    fn settings(&mut self, _: &[&'static Vendor]) -> Settings {
        unreachable!("the world has settings")
    }

    fn top<'s>(&'s mut self, _: Option<&'s Live<'_>>) -> Box<dyn Source + 's> {
        Box::new(*self)
    }

    fn part<'s>(&'s mut self, _: &'static str, _: Option<&'s Live<'_>>) -> Box<dyn Source + 's> {
        Box::new(*self)
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        Ok(vec![Collection { section: "toy", name: "rows", n_rows: 3 }])
    }
}

/// A world of toys, and a runtime to wait in.
struct Toys {
    world: Arc<World>,
    runtime: tokio::runtime::Runtime,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

impl Toys {
    fn new() -> Self {
        Self::on(&Worlds::new(Vendors(TOYS), Keep::Memory).unwrap())
    }

    fn on(worlds: &Worlds) -> Self {
        let world = worlds.make("toys", &mut Empty).unwrap();
        Toys { world, runtime: runtime() }
    }

    fn send(&self, operation: &str) -> String {
        let request = Request::new(Method::GET, format!("/play/{operation}").parse().unwrap());
        let routed = (TOY.route)(&request);
        let (sent, _) = self.runtime.block_on(self.world.exchange(&TOY, request, routed));
        let body = String::from_utf8(sent.response.body.to_vec()).unwrap();
        format!("{} {body}", sent.response.status.as_u16())
    }

    /// Begins to read the log.
    fn list(&self) -> Chunks {
        let request = Request::new(Method::GET, "/play/list".parse().unwrap());
        let routed = (TOY.route)(&request);
        self.runtime.block_on(self.world.exchange(&TOY, request, routed)).1.unwrap()
    }

    /// Reads the rest of it.
    fn read(&self, mut chunks: Chunks) -> String {
        let mut body = Vec::new();
        self.runtime.block_on(async {
            while let Some(chunk) = poll_fn(|cx| chunks.poll_next(cx)).await {
                body.extend_from_slice(&chunk.unwrap());
            }
        });
        String::from_utf8(body).unwrap()
    }

    fn checkpoint(&self, name: &str) -> u64 {
        self.runtime.block_on(self.world.checkpoint(name)).unwrap()
    }

    fn rollback(&self, name: &str) -> Result<u64, CheckpointError> {
        self.runtime.block_on(self.world.rollback(name))
    }

    fn fork(&self, worlds: &Worlds, name: &str) -> Toys {
        let world = self.runtime.block_on(worlds.fork(&self.world, name)).unwrap();
        Toys { world, runtime: runtime() }
    }

    fn chain(&self, every_ms: i64, times: i64) -> Result<(u64, Value), EventError> {
        use crate::contract::fields::Cell;
        let fields = SURFACE.event("chain").unwrap().fields;
        let row = Row::new(
            fields,
            vec![Cell::Duration(Span::clamped_from_millis(every_ms)), Cell::Integer(times)],
        );
        self.runtime.block_on(self.world.event(&TOY, "chain", &row, Value::Null))
    }

    fn advance(&self, by_ms: i64) -> crate::sim::world::Advanced {
        self.runtime.block_on(self.world.advance(Span::clamped_from_millis(by_ms))).unwrap()
    }

    fn reset(&self) -> u64 {
        self.runtime.block_on(self.world.reset()).unwrap()
    }

    fn journal(&self) -> Vec<Value> {
        let page = Page { limit: usize::MAX, ..Page::default() };
        self.world.journal_page(&page).unwrap().to_json()
    }
}

#[test]
fn inputs_are_numbered_and_journaled_with_their_effects() {
    let toys = Toys::new();
    assert_eq!(toys.send("count"), "200 1 at 0");
    toys.advance(500);
    assert_eq!(toys.send("count"), "200 2 at 500");
    assert_eq!(toys.send("nothing"), "404 ");
    let journal = toys.journal();
    let seqs: Vec<_> = journal.iter().map(|shown| shown["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    assert_eq!(journal[0]["effects"][0]["text"], "counted 1");
    assert_eq!(journal[1]["action"], "advance");
    assert_eq!(journal[2]["at"], "1970-01-01T00:00:00.500Z");
}

#[test]
fn a_panic_is_fenced_and_leaves_only_its_entry() {
    let toys = Toys::new();
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.send("panic"), "500 toy is broken");
    assert_eq!(toys.send("fail"), "500 toy is broken");
    assert_eq!(toys.send("read"), "200 1");
    assert_eq!(toys.send("count"), "200 2 at 0");
    let journal = toys.journal();
    assert_eq!(journal[1]["outcome"], "error");
    assert_eq!(journal[1]["error"], "panic: a rule is broken");
    assert_eq!(journal[2]["error"], "the disk is full");
}

#[test]
fn an_operation_that_reads_cannot_write() {
    let toys = Toys::new();
    assert_eq!(toys.send("write_in_a_read"), "500 toy is broken");
    assert_eq!(toys.send("read"), "200 0");
}

#[test]
fn a_refused_event_changes_nothing() {
    let toys = Toys::new();
    assert!(matches!(toys.chain(10, -1), Err(EventError::Refused(_))));
    assert_eq!(toys.advance(100).fired.n_fired, 0);
    assert_eq!(toys.journal()[0]["outcome"], "refused");
}

#[test]
fn timers_fire_before_the_request_that_comes_after_them() {
    let toys = Toys::new();
    toys.chain(10, 3).unwrap();
    let advanced = toys.advance(25);
    let fired: Vec<_> =
        advanced.fired.effects.iter().map(|it| (it.at.as_millis(), it.text.as_str())).collect();
    assert_eq!(fired, [(10, "10x3 fired"), (20, "10x2 fired")]);
    assert_eq!(advanced.now, at(25));
    assert_eq!(toys.advance(5).fired.n_fired, 1);
}

#[test]
fn a_piece_that_breaks_in_the_middle_leaves_only_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let data = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    for keep in [Keep::Memory, data] {
        let toys = Toys::on(&Worlds::new(Vendors(TOYS), keep).unwrap());
        let merge = |piece| toys.runtime.block_on(toys.world.merge(piece));
        toys.send("count");
        assert_eq!(merge(Piece::Panics).unwrap_err().to_string(), "panic: a rule is broken");
        assert!(merge(Piece::Fails).is_err());
        assert_eq!(toys.send("read"), "200 1");
        assert_eq!(toys.advance(100).fired.n_fired, 0);
        // The next one is taken, with the timer that it sets.
        let merged = merge(Piece::Sound).unwrap();
        assert_eq!(merged.added_json(), json!({ "toy": { "rows": 3 } }));
        assert_eq!(toys.send("read"), "200 2");
        assert_eq!(toys.advance(100).fired.n_fired, 1);
        let journal = toys.journal();
        let seeds = journal.iter().filter(|shown| shown["action"] == "seed");
        let outcomes: Vec<&Value> = seeds.map(|shown| &shown["outcome"]).collect();
        assert_eq!(outcomes, ["error", "error", "ok"]);
        assert_eq!(journal[5]["seq"], merged.seq);
    }
}

#[test]
fn a_timer_that_panics_is_switched_off_and_the_others_go_on() {
    let toys = Toys::new();
    toys.chain(10, 13).unwrap();
    toys.chain(20, 1).unwrap();
    let advanced = toys.advance(100);
    assert_eq!(advanced.fired.effects.len(), 1);
    assert_eq!(advanced.fired.effects[0].at.as_millis(), 20);
    assert_eq!(toys.advance(100).fired.n_fired, 0);
}

#[test]
fn of_many_firings_only_the_one_that_fails_is_lost() {
    let toys = Toys::new();
    toys.chain(1, 900).unwrap();
    // Fails at 400 ms, in the midst of a slice of the others.
    toys.chain(400, 13).unwrap();
    let advanced = toys.advance(1000);
    // The chain of 900 fails as well, when 13 are left.
    assert_eq!(advanced.fired.effects.len(), 887);
    assert_eq!(advanced.fired.n_fired, 889);
    assert!(advanced.fired.effects.is_sorted_by_key(|it| it.at));
    assert_eq!(toys.send("count"), "200 1 at 1000");
}

#[test]
fn a_reset_brings_the_seed_back_and_keeps_the_journal() {
    let toys = Toys::new();
    toys.send("count");
    toys.chain(10, 1).unwrap();
    toys.advance(5);
    assert_eq!(toys.reset(), 4);
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.advance(100).fired.n_fired, 0);
    assert_eq!(toys.journal()[3]["action"], "reset");
}

proptest! {
    /// However a clock is stepped, the same timers fire at the same times.
    #[test]
    fn strides_make_no_difference(
        chains in proptest::collection::vec((1_i64..50, 1_i64..12), 1..5),
        steps in proptest::collection::vec(0_i64..80, 1..8),
    ) {
        let (whole, stepped) = (Toys::new(), Toys::new());
        for (every_ms, times) in &chains {
            whole.chain(*every_ms, *times).unwrap();
            stepped.chain(*every_ms, *times).unwrap();
        }
        let at_once = whole.advance(steps.iter().sum());
        let in_steps: Vec<_> =
            steps.iter().flat_map(|by_ms| stepped.advance(*by_ms).fired.effects).collect();
        prop_assert_eq!(at_once.fired.effects, in_steps);
        prop_assert_eq!(whole.send("count"), stepped.send("count"));
    }
}

#[test]
fn a_clock_is_stepped_to_a_moment_or_to_the_next_timer() {
    let toys = Toys::new();
    toys.chain(40, 2).unwrap();
    toys.chain(100, 1).unwrap();
    let step = |step: Step| toys.runtime.block_on(toys.world.advance(step));
    let first = step(Step::Next).unwrap();
    assert_eq!((first.from.as_millis(), first.now.as_millis(), first.fired.n_fired), (0, 40, 1));
    assert_eq!(first.fired.first[0].key, "40x2");
    let rest = step(Step::To(at(500))).unwrap();
    assert_eq!((rest.now.as_millis(), rest.fired.n_fired), (500, 2));
    assert_eq!(rest.fired.kinds_json(), json!({ "toy": { "tick": 2 } }));
    assert_eq!(step(Step::Next).unwrap().now, at(500), "nothing is set any more");
    let back = step(Step::To(at(499))).unwrap_err();
    assert!(back.to_string().contains("does not go back"), "{back}");
    assert_eq!(toys.runtime.block_on(toys.world.clock()).unwrap().now, at(500));
}

#[test]
fn a_clock_that_is_set_goes_on_from_where_it_stands() {
    let toys = Toys::new();
    toys.chain(40, 1).unwrap();
    let set =
        |mode, at| toys.runtime.block_on(toys.world.set_clock(ClockChange { mode, at })).unwrap();
    assert_eq!(set(Mode::Frozen, Some(at(1000))).fired.n_fired, 1);
    let real = set(Mode::Real, None);
    assert!(real.now >= at(1000) && real.now < at(60_000), "{real:?}");
    let scaled = set(Mode::Scaled { rate: 60.0 }, Some(at(100_000)));
    assert!(scaled.now >= at(100_000));
    let facts = toys.runtime.block_on(toys.world.clock()).unwrap();
    assert_eq!((facts.mode, facts.next_due), (Mode::Scaled { rate: 60.0 }, None));
    toys.reset();
    assert_eq!(toys.world.facts().clock_mode, "frozen");
}

fn faulty(then: Then, on: On) -> Vec<rule::Rule> {
    vec![rule::Rule { name: None, on, then, delay: None }]
}

#[test]
fn a_fault_is_in_the_journal_and_says_whether_the_work_is_done() {
    let toys = Toys::new();
    let add = |then| {
        let on = On { times: Some(1), ..On::default() };
        toys.runtime.block_on(toys.world.add_faults(faulty(then, on), Value::Null)).unwrap();
    };
    add(Then::LoseReply);
    assert_eq!(toys.send("count"), "200 1 at 0", "the reply is made; the socket loses it");
    let status = Then::Status { status: 503, body: Some("later".into()), content_type: None };
    for (then, expected) in [
        (status, "503 later"),
        (Then::Refuse { error: "toy.no".into() }, "409 not here"),
        (Then::Fail, "500 toy is broken"),
        (Then::RateLimit { most: 0, per: Span::SECOND, status: 429 }, "429 "),
        (Then::Hang, "200 "),
    ] {
        add(then);
        assert_eq!(toys.send("count"), expected);
        assert_eq!(toys.send("read"), "200 1", "nothing was done");
    }
    let faults: Vec<_> = toys
        .journal()
        .into_iter()
        .filter(|shown| !shown["fault"].is_null())
        .map(|shown| {
            let fault = &shown["fault"];
            json!([fault["kind"], fault["work"], shown["outcome"], shown["response"]["status"]])
        })
        .collect();
    assert_eq!(
        json!(faults),
        json!([
            ["lose_reply", "done", "ok", 200],
            ["status", "not done", "faulted", 503],
            ["refuse", "not done", "faulted", 409],
            ["fail", "not done", "faulted", 500],
            ["rate_limit", "not done", "faulted", 429],
            ["hang", "not done", "faulted", null],
        ])
    );
}

#[test]
fn counts_of_faults_go_with_the_state() {
    for (worlds, _folder) in both_kinds() {
        let worlds = &worlds;
        let toys = Toys::on(worlds);
        let on = On { nth: Some(3), ..On::default() };
        let rules = faulty(Then::Fail, on);
        toys.runtime.block_on(toys.world.add_faults(rules, Value::Null)).unwrap();
        toys.send("count");
        toys.checkpoint("one");
        let fork = toys.fork(worlds, "fork");
        assert_eq!(toys.send("count"), "200 2 at 0");
        assert_eq!(toys.send("count"), "500 toy is broken");
        toys.rollback("one").unwrap();
        for world in [&toys, &fork] {
            assert_eq!(world.send("count"), "200 2 at 0");
            assert_eq!(world.send("count"), "500 toy is broken");
            assert_eq!(world.send("count"), "200 3 at 0");
        }
        toys.reset();
        let faults = toys.runtime.block_on(toys.world.faults());
        assert_eq!(faults, json!([]), "the seed has none");
    }
}

#[test]
fn a_world_in_a_file_comes_back_with_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let keep = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
        Worlds::new(Vendors(TOYS), keep).unwrap()
    };
    let worlds = open();
    let toys = Toys::on(&worlds);
    toys.send("count");
    toys.send("panic");
    toys.advance(1000);
    toys.chain(10, 2).unwrap();
    toys.checkpoint("kept");
    let before = toys.journal();
    drop((toys, worlds));

    let worlds = open();
    assert_eq!(worlds.open_kept().unwrap(), ["toys"]);
    let world = worlds.get("toys").unwrap();
    let toys = Toys { world, runtime: runtime() };
    assert_eq!(toys.journal(), before);
    assert_eq!(toys.world.facts().checkpoints, ["kept"]);
    assert_eq!(toys.advance(100).fired.n_fired, 2);
    assert_eq!(toys.send("count"), "200 2 at 1100");
    let seq = toys.reset();
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.journal().last().unwrap()["seq"], seq + 1);
    assert!(worlds.delete("toys").unwrap().is_some());
    let left: Vec<_> = std::fs::read_dir(folder.path().join("worlds")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_world_in_a_file_that_was_put_back_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let keep = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
        Worlds::new(Vendors(TOYS), keep).unwrap()
    };
    let worlds = open();
    let toys = Toys::on(&worlds);
    toys.send("count");
    toys.reset();
    drop((toys, worlds));
    let worlds = open();
    assert_eq!(worlds.open_kept().unwrap(), ["toys"]);
    let toys = Toys { world: worlds.get("toys").unwrap(), runtime: runtime() };
    assert_eq!(toys.send("count"), "200 1 at 0");
}

#[test]
fn a_folder_has_one_owner_and_a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let taken = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    let second = Keep::in_folder(folder.path(), Sync::Normal).unwrap_err();
    assert!(second.to_string().contains("is in use by another ringback"), "{second}");
    let worlds = Worlds::new(Vendors(TOYS), taken).unwrap();
    drop(Toys::on(&worlds));
    drop(worlds);
    let db = rusqlite::Connection::open(folder.path().join("worlds/toys/world.db")).unwrap();
    db.execute("UPDATE ringback_schema SET version = 9 WHERE component = 'toy'", []).unwrap();
    drop(db);
    let taken = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    let worlds = Worlds::new(Vendors(TOYS), taken).unwrap();
    assert!(worlds.open_kept().unwrap().is_empty());
    let error = worlds.unreadable("toys").unwrap();
    assert!(
        error.ends_with(
            "the database has version 9 of toy, this build knows up to 1; use the newer ringback \
             that wrote it, or another --data folder"
        ),
        "{error}"
    );
    assert!(matches!(worlds.make("toys", &mut Empty), Err(MakeError::Unreadable { .. })));
}

#[test]
fn a_database_of_another_build_is_refused_and_a_persons_own_index_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let taken = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
        let worlds = Worlds::new(Vendors(TOYS), taken).unwrap();
        let n_open = worlds.open_kept().unwrap().len();
        worlds.unreadable("toys").map_or(Ok(n_open), Err)
    };
    let alter = |sql: &str| {
        let db = rusqlite::Connection::open(folder.path().join("worlds/toys/world.db")).unwrap();
        db.execute_batch(sql).unwrap();
    };
    let taken = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    drop(Toys::on(&Worlds::new(Vendors(TOYS), taken).unwrap()));
    alter("CREATE INDEX own ON ringback_timer (kind)");
    assert_eq!(open(), Ok(1));
    alter("DROP INDEX ringback_timer_key");
    let error = open().unwrap_err();
    assert!(
        error.ends_with(
            "the database has no index \"ringback_timer_key\" as this build makes it, so \
             another build wrote it; use that ringback, or another --data folder"
        ),
        "{error}"
    );
}

#[test]
fn names_of_worlds_are_checked_and_taken_once() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    for name in ["", "A", "-a", "a/b", "a.b", &"a".repeat(64)] {
        assert!(matches!(worlds.make(name, &mut Empty), Err(MakeError::Name(_))), "{name:?}");
    }
    worlds.make("a-1_b", &mut Empty).unwrap();
    assert!(matches!(worlds.make("a-1_b", &mut Empty), Err(MakeError::Taken(_))));
}

#[test]
fn the_journal_is_bounded_and_counts_what_had_to_go() {
    use crate::sim::journal::entry::{Action, Entry, What};
    use crate::sim::journal::ring::Journal;
    let budget = Budget::default();
    let mut journal = Journal::new(budget.clone());
    for seq in 1..=crate::base::limits::JOURNAL_ROWS_MAX as u64 + 5 {
        let what = What::Action(Action { name: "test".into(), vendor: None, detail: Value::Null });
        journal.push(Entry::action(seq, 0, what, Vec::new()));
    }
    assert_eq!(journal.evicted(), 5);
    assert!(journal.get(5).is_none());
    assert_eq!(journal.get(6).unwrap().seq, 6);
    assert_eq!(journal.after(9).next().unwrap().seq, 10);
}

/// Worlds in memory and in a folder, where the same has to hold.
fn both_kinds() -> Vec<(Worlds, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    let in_files = Worlds::new(Vendors(TOYS), keep).unwrap();
    vec![(Worlds::new(Vendors(TOYS), Keep::Memory).unwrap(), None), (in_files, Some(folder))]
}

#[test]
fn a_fork_begins_where_its_world_is_and_goes_its_own_way() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("count");
        toys.advance(500);
        toys.chain(10, 1).unwrap();
        let fork = toys.fork(&worlds, "fork");
        assert_eq!(fork.journal().len(), 0);
        assert_eq!(fork.send("count"), "200 2 at 500");
        assert_eq!(fork.journal()[0]["seq"], 1);
        assert_eq!(fork.advance(10).fired.n_fired, 1);
        assert_eq!(toys.send("read"), "200 1");
        toys.send("panic");
        assert_eq!(toys.send("count"), "200 2 at 500");
        assert_eq!(fork.send("read"), "200 2");
        fork.reset();
        assert_eq!(fork.send("count"), "200 1 at 0");
        assert_eq!(toys.send("count"), "200 3 at 500");
        assert!(worlds.delete("fork").unwrap().is_some());
    }
}

#[test]
fn a_rollback_puts_rows_clock_and_timers_back_and_keeps_the_journal() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("count");
        toys.advance(100);
        toys.chain(10, 2).unwrap();
        assert_eq!(toys.checkpoint("before"), 4);
        toys.advance(15);
        toys.send("count");
        toys.checkpoint("after");
        toys.reset();
        assert_eq!(toys.send("read"), "200 0");
        let seq = toys.rollback("before").unwrap();
        assert_eq!(toys.send("count"), "200 2 at 100");
        assert_eq!(toys.advance(15).fired.n_fired, 1);
        toys.rollback("after").unwrap();
        assert_eq!(toys.send("count"), "200 3 at 115");
        assert_eq!(toys.advance(15).fired.n_fired, 1);
        let journal = toys.journal();
        assert_eq!(journal.len() as u64, seq + 5);
        assert_eq!(journal[usize::try_from(seq).unwrap() - 1]["action"], "rollback");
        let unknown = toys.rollback("nothing").unwrap_err().to_string();
        assert_eq!(unknown, "there is no checkpoint called \"nothing\"; there are after, before");
        assert_eq!(toys.world.facts().checkpoints, ["after", "before"]);
    }
}

#[test]
fn a_long_body_holds_the_rows_of_its_moment_while_the_world_goes_on() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("fill");
        let chunks = toys.list();
        // The writer cannot be through yet: the body is longer than what waits for its reader.
        toys.send("fill");
        toys.send("count");
        toys.reset();
        toys.send("fill");
        let body = toys.read(chunks);
        assert_eq!(body.lines().count(), 50_000);
        assert!(body.starts_with("1 filled\n2 filled\n") && body.ends_with("50000 filled\n"));
        assert_eq!(toys.send("read"), "200 0");
        // The entry is completed when the body has come to its end.
        let page = Page { limit: 1, after: 1, ..Page::default() };
        let shown = loop {
            let found = toys.runtime.block_on(toys.world.journal_wait(&page, Duration::ZERO));
            let shown = found.unwrap().to_json().remove(0);
            if !shown["response"]["stream"].is_null() {
                break shown;
            }
            std::thread::yield_now();
        };
        assert_eq!(shown["response"]["stream"]["bytes"], body.len());
        assert_eq!(shown["response"]["stream"]["whole"], true);
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_writer() {
    let toys = Toys::new();
    toys.send("fill");
    drop(toys.list());
    let whole = loop {
        let journal = toys.journal();
        let stream = &journal[1]["response"]["stream"];
        if !stream.is_null() {
            break stream["whole"].clone();
        }
        std::thread::yield_now();
    };
    assert_eq!(whole, false);
}

#[test]
fn worlds_that_rest_wake_with_what_they_had() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let toys = Toys::on(&worlds);
    let forks: Vec<Toys> =
        (0..OPEN_WORLDS_MAX + 50).map(|it| toys.fork(&worlds, &format!("fork-{it}"))).collect();
    for round in 1..=2 {
        for fork in &forks {
            assert_eq!(fork.send("count"), format!("200 {round} at 0"));
        }
    }
    assert_eq!(toys.send("read"), "200 0");
}

#[test]
fn two_hundred_worlds_at_once_see_only_themselves() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let toys = Toys::on(&worlds);
    let forks: Vec<Toys> = (0..200).map(|it| toys.fork(&worlds, &format!("fork-{it}"))).collect();
    std::thread::scope(|scope| {
        for (part, forks) in forks.chunks(50).enumerate() {
            scope.spawn(move || {
                for round in 1..=20 {
                    for fork in forks {
                        assert_eq!(fork.send("count"), format!("200 {round} at 0"));
                        if round % 7 == part {
                            fork.advance(0);
                        }
                    }
                }
            });
        }
    });
    for fork in &forks {
        assert!(fork.journal().iter().all(|shown| shown["world"] == fork.world.name()));
    }
}

#[test]
fn of_many_who_make_a_world_of_one_name_one_does() {
    for (worlds, _folder) in both_kinds() {
        let made = std::thread::scope(|scope| {
            let makers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| worlds.make("toys", &mut Empty).is_ok())).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).filter(|made| *made).count()
        });
        assert_eq!(made, 1);
        let toys = Toys { world: worlds.get("toys").unwrap(), runtime: runtime() };
        assert_eq!(toys.send("count"), "200 1 at 0");
        toys.reset();
        assert_eq!(toys.send("count"), "200 1 at 0");
        // A checkpoint of the same name replaces the one before.
        toys.checkpoint("kept");
        toys.send("count");
        toys.checkpoint("kept");
        toys.reset();
        toys.rollback("kept").unwrap();
        assert_eq!(toys.send("read"), "200 2");
    }
}

#[test]
fn a_world_that_is_not_used_expires_and_one_that_is_does_not() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let make = |name: &str, ttl_s: Option<u32>| {
        let own = Extras { ttl: ttl_s.map(Span::secs), ..Extras::default() };
        let world = worlds.make_with(name, &mut Empty, own).unwrap();
        Toys { world, runtime: runtime() }
    };
    let (_default, _lasting) = (make("default", Some(1)), make("lasting", None));
    let (idle, used) = (make("idle", Some(10)), make("used", Some(10)));
    let mut reaper = Reaper::default();
    let mut look = |now_s: u64| reaper.look(&worlds, Duration::from_secs(now_s));
    assert_eq!(look(100).len(), 0);
    assert_eq!(look(109).len(), 0);
    used.send("count");
    let expired = look(110);
    assert_eq!(expired.iter().map(Expired::name).collect::<Vec<_>>(), ["idle"]);
    // Between the look and the deletion it is used after all.
    idle.send("count");
    assert!(worlds.delete_expired(&expired[0]).unwrap().is_none());
    assert_eq!(look(119).len(), 0);
    let expired = look(129);
    assert_eq!(expired.len(), 2);
    for expired in &expired {
        assert!(worlds.delete_expired(expired).unwrap().is_some());
    }
    let left: Vec<_> = worlds.all().iter().map(|world| world.name().to_owned()).collect();
    assert_eq!(left, ["default", "lasting"]);
}
