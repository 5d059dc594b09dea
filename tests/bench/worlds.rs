//! What worlds cost: making, forking and putting them back, statements, and memory.
//!
//! Prints tables; asserts nothing, since times depend on the machine. The goals stand beside the
//! figures. `cargo bench --bench worlds`, followed by `-- memory`, `-- lifecycle` or
//! `-- statements` for a part.

#![expect(clippy::print_stdout, reason = "its tables are what it is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use ringback::inside::store::pages::image::Image;
use ringback::inside::store::pages::space::Space;
use rusqlite::backup::Backup;
use rusqlite::{Connection, Statement, params};

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Samples per lifecycle operation: p99 is then the fifth from the top.
const SAMPLES: usize = 500;

/// Statements per round, and rounds; plain and paged take turns, so that both meet the same noise.
const STATEMENTS: u32 = 2_000;
const ROUNDS: usize = 31;

const WORLDS: u32 = 10_000;
const EMPTY_FORKS: usize = 100_000;

const READ: &str = "SELECT t1, t2, t3, n1, n2 FROM wide WHERE id = ?1";
const UPDATE: &str = "UPDATE wide SET t5 = ?2, n5 = n5 + 1 WHERE id = ?1";

fn main() {
    // `cargo bench` passes `--bench`; what else there is names the parts to run.
    let parts: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|it| it == part);
    if is_wanted("memory") {
        memory();
    }
    for n_rows in [1_000, 100_000] {
        let image = wide_image(n_rows);
        println!(
            "\n{n_rows} rows of 60 columns, {} pages, {} MB",
            image.page_count(),
            image.size_bytes() / 1_000_000
        );
        if is_wanted("lifecycle") {
            lifecycle(&image, n_rows);
        }
        if is_wanted("statements") {
            statements(&image, n_rows);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures real time, and nothing of it is kept")]
fn now() -> Instant {
    Instant::now()
}

/// A table of 60 columns and about 1.4 kB a row, with three indexes, among 39 small ones.
fn wide_image(n_rows: i64) -> Image {
    let space = Space::empty();
    let db = space.open().unwrap();
    let mut sql = small_tables(39);
    sql.push_str("CREATE TABLE wide (id INTEGER PRIMARY KEY");
    (1..=33).for_each(|i| write!(sql, ", t{i} TEXT NOT NULL").unwrap());
    (1..=26).for_each(|i| write!(sql, ", n{i} INTEGER NOT NULL").unwrap());
    sql.push_str(
        ") STRICT; CREATE UNIQUE INDEX wide_t1 ON wide (t1); CREATE INDEX wide_t2 ON wide (t2);
         CREATE INDEX wide_n1 ON wide (n1);",
    );
    db.execute_batch(&sql).unwrap();
    let mut insert = String::from(
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?1)
         INSERT INTO wide SELECT i",
    );
    (1..=33).for_each(|i| write!(insert, ", printf('%037d', i * {i} % 100003)").unwrap());
    (1..=26).for_each(|i| write!(insert, ", i * {i}").unwrap());
    // The first text is unique because its factor is 1 and the modulus is above the last row.
    insert.push_str(" FROM c");
    db.execute(&insert, [n_rows]).unwrap();
    drop(db);
    space.snapshot().unwrap().flatten()
}

fn small_tables(n_tables: usize) -> String {
    let mut sql = String::new();
    for i in 0..n_tables {
        write!(
            sql,
            "CREATE TABLE s{i} (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER NOT NULL, c TEXT) STRICT;
             CREATE INDEX s{i}_a ON s{i} (a);"
        )
        .unwrap();
        if i % 2 == 0 {
            write!(sql, "CREATE INDEX s{i}_b ON s{i} (b);").unwrap();
        }
    }
    sql
}

fn read_one(db: &Connection, id: i64) {
    let mut statement = db.prepare_cached(READ).unwrap();
    black_box(statement.query_row([id], |row| row.get::<_, String>(0)).unwrap());
}

fn change(db: &Connection, random: &mut ChaCha8Rng, n_rows: i64) {
    let mut statement = db.prepare_cached(UPDATE).unwrap();
    for _ in 0..100 {
        statement.execute(params![random.random_range(1..=n_rows), "changed"]).unwrap();
    }
}

/// One line of the table: what the operation takes, without what comes before it and without the
/// end of what it makes.
fn sample<A, B>(name: &str, mut before: impl FnMut() -> A, mut operation: impl FnMut(&A) -> B) {
    let mut times = Vec::with_capacity(SAMPLES);
    let mut undisturbed = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let ready = before();
        let n_switches = switches();
        let start = now();
        let made = operation(&ready);
        let taken = start.elapsed();
        if switches() == n_switches {
            undisturbed.push(taken);
        }
        times.push(taken);
        drop(made);
    }
    times.sort_unstable();
    undisturbed.sort_unstable();
    println!(
        "{name:<44} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>9}",
        micros(times[SAMPLES / 2]),
        micros(times[SAMPLES * 99 / 100]),
        micros(times[SAMPLES - 1]),
        micros(undisturbed[undisturbed.len() * 99 / 100]),
        SAMPLES - undisturbed.len()
    );
}

/// How often the kernel gave this thread's core to somebody else.
fn switches() -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
    let line = status.lines().find(|it| it.starts_with("nonvoluntary_ctxt_switches")).unwrap();
    line.split_whitespace().next_back().unwrap().parse().unwrap()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn lifecycle(seed: &Image, n_rows: i64) {
    println!(
        "{:<44} {:>9} {:>9} {:>9} {:>9} {:>9}   goal: p99 under 1000",
        "µs", "p50", "p99", "max", "p99 *", "disturbed"
    );
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let space = Space::from_image(seed);
    let db = space.open().unwrap();

    sample(
        "make: from image, open, first read",
        || (),
        |()| {
            let space = Space::from_image(seed);
            let db = space.open().unwrap();
            read_one(&db, n_rows / 2);
            (db, space)
        },
    );
    sample(
        "reset after 100 changed rows, first read",
        || change(&db, &mut random, n_rows),
        |()| {
            space.restore(seed).unwrap();
            read_one(&db, n_rows / 2);
        },
    );

    // A delta of some size, of which the forks and checkpoints are.
    for _ in 0..20 {
        change(&db, &mut random, n_rows);
    }
    let mut random = ChaCha8Rng::seed_from_u64(2);
    sample("checkpoint", || change(&db, &mut random, n_rows), |()| space.snapshot().unwrap());
    sample(
        "fork: state only",
        || change(&db, &mut random, n_rows),
        |()| Space::from_image(&space.snapshot().unwrap()),
    );
    sample(
        "fork: opened, first read",
        || change(&db, &mut random, n_rows),
        |()| {
            let fork = Space::from_image(&space.snapshot().unwrap());
            let db = fork.open().unwrap();
            read_one(&db, n_rows / 2);
            (db, fork)
        },
    );
    let checkpoint = space.snapshot().unwrap();
    sample(
        "rollback after 100 changed rows, first read",
        || change(&db, &mut random, n_rows),
        |()| {
            space.restore(&checkpoint).unwrap();
            read_one(&db, n_rows / 2);
        },
    );
    sample(
        "first update after a checkpoint",
        || space.snapshot().unwrap(),
        |_| db.prepare_cached(UPDATE).unwrap().execute(params![n_rows / 3, "first"]).unwrap(),
    );
    sample(
        "close and drop",
        || {
            let space = Space::from_image(seed);
            let db = space.open().unwrap();
            change(&db, &mut random, n_rows);
            std::cell::Cell::new(Some((db, space)))
        },
        |it| drop(it.take()),
    );
    println!("  (* without the samples in which another process had the core)");
    println!("  (delta at the end: {} pages)", space.delta_bytes() / seed.page_size() as u64);
}

fn statements(seed: &Image, n_rows: i64) {
    println!(
        "{:<44} {:>9} {:>9} {:>9}   goal: ratio under 1.1",
        "µs a statement", "plain", "paged", "ratio"
    );
    let space = Space::from_image(seed);
    let paged = space.open().unwrap();
    let mut plain = Connection::open_in_memory().unwrap();
    Backup::new(&paged, &mut plain)
        .unwrap()
        .run_to_completion(i32::MAX, Duration::ZERO, None)
        .unwrap();
    let hot = 200.min(n_rows);
    compare("read 5 columns, random row", &plain, &paged, READ, n_rows);
    compare("read 5 columns, 200 hot rows", &plain, &paged, READ, hot);
    compare("update 2 columns and commit, random row", &plain, &paged, UPDATE, n_rows);
    compare("update 2 columns and commit, 200 hot rows", &plain, &paged, UPDATE, hot);
    compare("transaction of 6 reads and 2 updates", &plain, &paged, "", n_rows);
}

/// An empty text stands for a transaction of several statements.
fn compare(name: &str, plain: &Connection, paged: &Connection, sql: &str, ids: i64) {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut plain_times, mut paged_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ids: Vec<i64> = (0..STATEMENTS).map(|_| random.random_range(1..=ids)).collect();
        for (db, times) in [(plain, &mut plain_times), (paged, &mut paged_times)] {
            let start = now();
            if sql.is_empty() {
                for id in &ids {
                    transaction(db, *id);
                }
            } else {
                let mut statement = db.prepare(sql).unwrap();
                for id in &ids {
                    run(&mut statement, *id);
                }
            }
            times.push(start.elapsed() / STATEMENTS);
        }
    }
    plain_times.sort_unstable();
    paged_times.sort_unstable();
    let (plain, paged) = (micros(plain_times[ROUNDS / 2]), micros(paged_times[ROUNDS / 2]));
    println!("{name:<44} {plain:>9.2} {paged:>9.2} {:>9.2}", paged / plain);
}

/// About what one request does.
fn transaction(db: &Connection, id: i64) {
    db.prepare_cached("BEGIN IMMEDIATE").unwrap().execute([]).unwrap();
    let mut read = db.prepare_cached(READ).unwrap();
    (0..6).for_each(|step| run(&mut read, 1 + (id + step * 7) % 1_000));
    let mut update = db.prepare_cached(UPDATE).unwrap();
    run(&mut update, id);
    run(&mut update, 1 + id % 1_000);
    db.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
}

fn run(statement: &mut Statement<'_>, id: i64) {
    if statement.parameter_count() == 2 {
        statement.execute(params![id, "changed"]).unwrap();
        return;
    }
    let mut rows = statement.query([id]).unwrap();
    let row = rows.next().unwrap().unwrap();
    for idx in 0..5 {
        black_box(row.get_ref(idx).unwrap());
    }
}

fn memory() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(&small_tables(40)).unwrap();
    for i in 0..200 {
        let sql = format!("INSERT INTO s{} VALUES (NULL, ?1, ?2, ?3)", i % 40);
        db.execute(&sql, params![format!("text {i}"), i, "x".repeat(200)]).unwrap();
    }
    drop(db);
    let seed = space.snapshot().unwrap().flatten();
    drop(space);
    let before = resident_kb();
    let forks: Vec<Space> = (0..EMPTY_FORKS).map(|_| Space::from_image(&seed)).collect();
    let grown = (resident_kb() - before) * 1024 / EMPTY_FORKS;
    println!("an untouched fork: {grown} bytes, of {EMPTY_FORKS}");
    drop(forks);

    // Kept to the end, for what one lot frees the next would take.
    let mut lots = Vec::new();
    for n_tables in [4, 40] {
        let before = resident_kb();
        let start = now();
        let mut random = ChaCha8Rng::seed_from_u64(4);
        let worlds: Vec<Space> =
            (0..WORLDS).map(|_| small_world(&seed, n_tables, &mut random)).collect();
        let taken = start.elapsed();
        let private: u64 = worlds.iter().map(Space::private_bytes).sum();
        println!(
            "{WORLDS} worlds from one seed of {} kB, 20 updates each in {n_tables} tables, closed: {} MiB \
             resident (goal: under 512), {} MiB of it pages; {:.2} ms each to make",
            seed.size_bytes() / 1024,
            (resident_kb() - before) / 1024,
            private / (1024 * 1024),
            taken.as_secs_f64() * 1e3 / f64::from(WORLDS)
        );
        lots.push(worlds);
    }
}

fn small_world(seed: &Image, n_tables: u32, random: &mut ChaCha8Rng) -> Space {
    let space = Space::from_image(seed);
    let db = space.open().unwrap();
    for _ in 0..20 {
        let table = random.random_range(0..n_tables);
        let sql = format!("UPDATE s{table} SET b = b + 1000, c = ?1 WHERE id = ?2");
        db.execute(&sql, params!["changed", random.random_range(1..=5)]).unwrap();
    }
    space
}

/// Pages in memory, from the second number of the line.
fn resident_kb() -> usize {
    let line = std::fs::read_to_string("/proc/self/statm").unwrap();
    line.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4
}
