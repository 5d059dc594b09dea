//! What each guard of a restore is there for, and the pages by themselves.

use std::mem::MaybeUninit;

use rusqlite::Connection;

use crate::store::pages::header;
use crate::store::pages::image::{Image, Spare};
use crate::store::pages::page;
use crate::store::pages::page::View;
use crate::store::pages::slot::Guards;
use crate::store::pages::space::Space;
use crate::store::pages::vfs::fenced;

const WITHOUT_COUNTER: Guards = Guards { change_counter: false, schema_cookie: true };
const WITHOUT_COOKIE: Guards = Guards { change_counter: true, schema_cookie: false };

fn value(db: &Connection) -> String {
    db.query_row("SELECT v FROM t WHERE id = 1", [], |row| row.get(0)).unwrap()
}

/// Two branches with as many commits each: what is read on the second after a visit to the first?
fn value_of_the_other_branch(guards: Guards) -> String {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, '-')",
    )
    .unwrap();
    let one = space.snapshot().unwrap();
    db.execute("UPDATE t SET v = 'A'", []).unwrap();
    let two = space.snapshot().unwrap();
    space.restore_with(&one, guards).unwrap();
    db.execute("UPDATE t SET v = 'B'", []).unwrap();
    space.restore_with(&two, guards).unwrap();
    value(&db)
}

#[test]
fn restore_shows_the_rows_of_its_branch() {
    assert_eq!(value_of_the_other_branch(Guards::ALL), "A");
}

#[test]
fn without_the_change_counter_a_stale_row_is_read() {
    assert_eq!(value_of_the_other_branch(WITHOUT_COUNTER), "B");
}

const INSERT_PLUM: &str = "INSERT INTO plums VALUES (?1, 9)";

/// Two branches whose schemas changed as often: where one has plums, the other has cherries.
struct Branches {
    space: Space,
    db: Connection,
    cherries: Image,
}

impl Branches {
    /// Leaves the connection on the branch of plums, with a prepared statement for them.
    fn new(guards: Guards) -> Self {
        let space = Space::empty();
        let db = space.open().unwrap();
        db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").unwrap();
        let fork = space.snapshot().unwrap();
        db.execute_batch(
            "CREATE TABLE cherries (id INTEGER PRIMARY KEY, n INTEGER);
             CREATE INDEX cherries_n ON cherries (n);
             INSERT INTO cherries VALUES (1, 7);",
        )
        .unwrap();
        let cherries = space.snapshot().unwrap();
        space.restore_with(&fork, guards).unwrap();
        db.execute_batch(
            "CREATE TABLE plums (id INTEGER PRIMARY KEY, n INTEGER);
             CREATE TABLE pears (id INTEGER PRIMARY KEY, n INTEGER);",
        )
        .unwrap();
        db.prepare_cached(INSERT_PLUM).unwrap().execute([1]).unwrap();
        Branches { space, db, cherries }
    }

    fn insert_plum(&self) -> rusqlite::Result<usize> {
        self.db.prepare_cached(INSERT_PLUM)?.execute([2])
    }

    /// What SQLite has to say about the pages, on a connection that remembers nothing.
    fn integrity(self) -> String {
        drop(self.db);
        let db = self.space.open().unwrap();
        db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn restore_shows_the_tables_of_its_branch() {
    let branches = Branches::new(Guards::ALL);
    branches.space.restore(&branches.cherries).unwrap();
    let refusal = branches.insert_plum().unwrap_err();
    assert!(refusal.to_string().contains("no such table: plums"), "{refusal}");
    let sum = branches.db.query_row("SELECT sum(n) FROM cherries", [], |row| row.get(0));
    assert_eq!(sum, Ok(7));
    assert_eq!(branches.integrity(), "ok");
}

#[test]
fn without_the_schema_cookie_a_row_goes_into_another_table() {
    let branches = Branches::new(WITHOUT_COOKIE);
    branches.space.restore_with(&branches.cherries, WITHOUT_COOKIE).unwrap();
    // There are no plums in this branch. The row lands among the cherries, and not in their index.
    assert_eq!(branches.insert_plum(), Ok(1));
    assert_eq!(branches.integrity(), "wrong # of entries in index cherries_n");
}

#[test]
fn cookie_stays_where_the_schema_does() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").unwrap();
    let seed = space.snapshot().unwrap();
    let cookie = || space.snapshot().unwrap().number(header::SCHEMA_COOKIE);
    let at_seed = cookie();
    db.execute_batch("CREATE TABLE u (id INTEGER PRIMARY KEY)").unwrap();
    space.restore(&seed).unwrap();
    let after_other_schema = cookie();
    assert!(after_other_schema > at_seed + 1, "both earlier cookies stand for something else");
    db.execute_batch("INSERT INTO t VALUES (1, 'x')").unwrap();
    space.restore(&seed).unwrap();
    assert_eq!(cookie(), after_other_schema);
}

#[test]
fn counter_goes_on_past_its_largest_value() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, '-')",
    )
    .unwrap();
    let mut image = space.snapshot().unwrap();
    image.set_numbers(&[
        (header::CHANGE_COUNTER, u32::MAX),
        (header::VALID_FOR, u32::MAX),
        (header::SCHEMA_COOKIE, u32::MAX),
    ]);
    let space = Space::from_image(&image);
    let db = space.open().unwrap();
    assert_eq!(value(&db), "-");
    let mut counters = Vec::new();
    for _ in 0..3 {
        space.restore(&image).unwrap();
        assert_eq!(value(&db), "-");
        counters.push(space.snapshot().unwrap().number(header::CHANGE_COUNTER));
        db.execute("UPDATE t SET v = 'A'", []).unwrap();
        assert_eq!(value(&db), "A");
    }
    assert_eq!(counters, [0, 2, 4]);
}

#[test]
fn restore_of_a_closed_space_copies_nothing() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").unwrap();
    let seed = space.snapshot().unwrap().flatten();
    let fork = Space::from_image(&seed);
    fork.open().unwrap().execute_batch("INSERT INTO t VALUES (1, 'x')").unwrap();
    assert!(fork.private_bytes() > 0);
    fork.restore(&seed).unwrap();
    assert_eq!((fork.private_bytes(), fork.delta_bytes()), (0, 0));
}

#[test]
fn what_grows_back_reads_as_zeros() {
    let mut image = Image::empty();
    for idx in 0..200 {
        image.write(idx * 512, &[7; 512], &mut Spare::default()).unwrap();
    }
    let sealed = image.flatten();
    for mut image in [image, sealed] {
        image.truncate(70 * 512).unwrap();
        assert_eq!(image.page_count(), 70);
        image.write(150 * 512, &[9; 512], &mut Spare::default()).unwrap();
        assert_eq!(image.page_count(), 151);
        assert!(matches!(image.page(69), View::Whole([7, ..])));
        assert!(matches!(image.page(70), View::Zeros));
        assert!(matches!(image.page(199), View::Zeros));
        let mut out = [MaybeUninit::new(1); 1024];
        assert_eq!(image.read(149 * 512 + 500, &mut out), 524);
        let mut bytes = Vec::new();
        image.write_to(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 151 * 512);
        assert!(bytes[70 * 512..150 * 512].iter().all(|it| *it == 0));
    }
}

#[test]
fn counts_the_pages_that_only_it_holds() {
    let mut image = Image::empty();
    for idx in 0..100 {
        image.write(idx * 512, &[1; 512], &mut Spare::default()).unwrap();
    }
    assert_eq!(image.sole_bytes(), 100 * 512);
    let mut copy = image.clone();
    assert_eq!((image.sole_bytes(), copy.delta_bytes()), (0, 100 * 512));
    copy.write(0, &[2; 512], &mut Spare::default()).unwrap();
    assert_eq!(copy.sole_bytes(), 512);
    assert_eq!((copy.bytes_beyond(&image), image.bytes_beyond(&copy)), (512, 512));
    drop(image);
    assert_eq!(copy.sole_bytes(), 100 * 512);
}

#[test]
fn a_page_that_is_written_takes_the_room_of_one_that_nobody_sees() {
    let mut spare = Spare::default();
    let mut image = Image::empty();
    let mut write = |image: &mut Image, value| {
        let overwritten = image.write(0, &[value; 512], &mut spare).unwrap();
        spare.keep(overwritten);
    };
    write(&mut image, 1);
    let copy = image.clone();
    write(&mut image, 2);
    write(&mut image, 3);
    write(&mut image, 4);
    assert!(matches!(copy.page(0), View::Whole([1, ..])));
    let View::Whole(page) = image.page(0) else { panic!("it is no whole page") };
    assert_eq!(page[0], 4);
    let room = page.as_ptr();
    write(&mut image, 5);
    write(&mut image, 6);
    assert!(matches!(image.page(0), View::Whole(page) if page.as_ptr() == room && page[0] == 6));
}

#[test]
fn refuses_a_write_that_is_no_page() {
    let mut image = Image::empty();
    assert!(image.write(0, &[0; 100], &mut Spare::default()).is_err());
    image.write(0, &[0; 1024], &mut Spare::default()).unwrap();
    assert!(image.write(0, &[0; 512], &mut Spare::default()).is_err());
    assert!(image.write(100, &[0; 1024], &mut Spare::default()).is_err());
    assert!(image.truncate(1000).is_err());
    assert_eq!((image.page_size(), image.page_count()), (1024, 1));
}

/// Pages with a gap at every place, and some without one.
#[test]
fn a_trimmed_page_reads_as_the_whole() {
    for (front, back) in
        [(0, 0), (1, 0), (0, 1), (64, 64), (100, 700), (1, 1023), (512, 0), (900, 90)]
    {
        let mut whole = vec![0; 1024];
        whole[..front].fill(1);
        whole[1024 - back..].fill(2);
        let Some(trimmed) = page::trim(&whole) else {
            assert!(front + back > 600, "{front} {back}");
            continue;
        };
        assert!(trimmed.len() < 800, "{front} {back}");
        let view = page::view(&trimmed, 1024);
        let mut bytes = vec![9];
        view.append_to(&mut bytes, 1024);
        assert_eq!(bytes[1..], whole);
        for (from, to) in [(0, 1024), (0, 16), (60, 70), (500, 1024), (1023, 1024)] {
            let mut image = Image::empty();
            image.write(0, &[3; 1024], &mut Spare::default()).unwrap();
            image.write(1024, &whole, &mut Spare::default()).unwrap();
            image.trim();
            assert_eq!(image.sole_bytes(), 1024 + trimmed.len() as u64);
            let (front, n_zeros, back) = image.page(1).part(from, to, 1024);
            assert_eq!([front, &vec![0; n_zeros], back].concat(), whole[from..to]);
            let mut written = Vec::new();
            image.write_to(&mut written).unwrap();
            assert_eq!(written[1024..], whole);
            assert_eq!(image.flatten().size_bytes(), 2048);
        }
    }
}

#[test]
fn a_closed_space_takes_what_is_in_it() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'x')",
    )
    .unwrap();
    assert_eq!(space.private_bytes(), 2 * 4096);
    drop(db);
    assert!(space.private_bytes() < 4096 + 200);
    for round in 2..20 {
        let db = space.open().unwrap();
        assert_eq!(value(&db), "x");
        db.execute("INSERT INTO t VALUES (?1, 'y')", [round]).unwrap();
        let integrity: String =
            db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(integrity, "ok");
    }
}

#[test]
fn a_panic_becomes_an_error_code() {
    assert_eq!(fenced(10, || panic!("as a callback might")), 10);
    assert_eq!(fenced(10, || 0), 0);
}

const TABLE: &str = "
    CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE, v BLOB);
    CREATE INDEX t_v ON t (v);";

type Row = (i64, Option<i64>, Vec<u8>);

/// All rows, and whether the file is sound.
fn dump(db: &Connection) -> (Vec<Row>, String) {
    let mut rows = db.prepare_cached("SELECT id, n, CAST(v AS BLOB) FROM t ORDER BY id").unwrap();
    let rows = rows.query_map([], |it| Ok((it.get(0)?, it.get(1)?, it.get(2)?))).unwrap();
    let rows = rows.map(Result::unwrap).collect();
    (rows, db.query_row("PRAGMA integrity_check", [], |it| it.get(0)).unwrap())
}

/// A statement of a transaction: it may fail, and may touch more pages than the cache holds.
fn statement(draw: &mut impl FnMut(u64) -> u64) -> String {
    let (id, n, bytes) = (draw(60), draw(60), draw(9) * draw(1500));
    match draw(6) {
        0 | 1 => format!("INSERT OR REPLACE INTO t VALUES ({id}, {n}, zeroblob({bytes}))"),
        // Some of these meet a number that is taken half way through.
        2 => format!("INSERT INTO t SELECT id + 100, n + {n}, v FROM t WHERE id < 100"),
        3 => format!("UPDATE t SET n = n + {n}, v = zeroblob({bytes}) WHERE id % 3 = {}", id % 3),
        4 => format!("DELETE FROM t WHERE id > {id}"),
        _ => "UPDATE t SET n = id % 7".to_owned(),
    }
}

#[test]
fn a_transaction_is_taken_back_whatever_of_it_was_written_by_then() {
    use rand::{RngExt, SeedableRng};
    for seed in 0..12 {
        let mut dice = rand::rngs::ChaCha8Rng::seed_from_u64(seed);
        let mut draw = |below: u64| dice.random_range(0..below.max(1));
        let space = Space::empty();
        let mut db = space.open().unwrap();
        let plain = Connection::open_in_memory().unwrap();
        for it in [&db, &plain] {
            it.execute_batch(TABLE).unwrap();
        }
        let mut held = space.snapshot().unwrap();
        for _ in 0..60 {
            // So little that pages are written before the end.
            let pages = 4 + draw(2) * 2000;
            db.execute_batch(&format!("PRAGMA cache_size = {pages}; BEGIN IMMEDIATE")).unwrap();
            plain.execute_batch("BEGIN IMMEDIATE").unwrap();
            let mut is_whole = true;
            for _ in 0..=draw(6) {
                let sql = statement(&mut draw);
                let done = (db.execute(&sql, []), plain.execute(&sql, []));
                assert_eq!(done.0, done.1, "{sql}");
                is_whole &= done.0.is_ok();
                if !is_whole {
                    break;
                }
            }
            let end = if is_whole && draw(3) > 0 { "COMMIT" } else { "ROLLBACK" };
            if end == "ROLLBACK" && draw(8) == 0 {
                // Whoever has it open goes away.
                drop(db);
                db = space.open().unwrap();
            } else {
                db.execute_batch(end).unwrap();
            }
            plain.execute_batch(end).unwrap();
            assert_eq!(dump(&db), dump(&plain), "seed {seed}");
            if draw(4) == 0 {
                held = space.snapshot().unwrap();
            } else if draw(6) == 0 {
                space.restore(&held).unwrap();
                let rows = dump(&db).0;
                plain.execute_batch("DELETE FROM t").unwrap();
                for (id, n, v) in rows {
                    plain.execute("INSERT INTO t VALUES (?, ?, ?)", (id, n, v)).unwrap();
                }
            }
        }
    }
}

#[test]
fn what_fails_by_itself_is_taken_back_by_itself() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(TABLE).unwrap();
    db.execute_batch("INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 5, 'c')").unwrap();
    let before = dump(&db);
    // The third row meets the number of none, the second that of the third.
    db.execute("UPDATE t SET n = n + 3", []).unwrap_err();
    assert_eq!(dump(&db), before);
    // Tables too, and what knows of them.
    db.execute_batch("BEGIN; CREATE TABLE u (x); INSERT INTO u VALUES (1); ROLLBACK").unwrap();
    db.prepare("SELECT x FROM u").unwrap_err();
    db.execute_batch("CREATE TABLE u (y); INSERT INTO u VALUES (2)").unwrap();
    assert_eq!(db.query_row("SELECT y FROM u", [], |it| it.get::<_, i64>(0)).unwrap(), 2);
    // A reader that is still at it is told.
    db.execute_batch("BEGIN; UPDATE t SET v = 'z'").unwrap();
    let mut select = db.prepare("SELECT v FROM t").unwrap();
    let mut rows = select.query([]).unwrap();
    rows.next().unwrap().unwrap();
    db.execute_batch("ROLLBACK").unwrap();
    assert!(rows.next().is_err());
    drop(rows);
    drop(select);
    assert_eq!(dump(&db), before);
}
