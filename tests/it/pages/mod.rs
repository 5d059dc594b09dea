//! The page store against plain SQLite, and the promises it makes to whoever holds a space.

mod model;

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ringback::inside::store::pages::image::{Image, ImageError};
use ringback::inside::store::pages::slot::Busy;
use ringback::inside::store::pages::space::{OpenError, Space};
use rusqlite::{Connection, OpenFlags};

/// A seed with rows enough for a few hundred pages.
fn seed(n_rows: i64) -> Image {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, text TEXT NOT NULL);
         CREATE INDEX rows_owner ON rows (owner);",
    )
    .unwrap();
    db.execute(
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?1)
         INSERT INTO rows SELECT i, 0, printf('%0400d', i) FROM c",
        [n_rows],
    )
    .unwrap();
    drop(db);
    space.snapshot().unwrap().flatten()
}

fn pragma(db: &Connection, text: &str) -> String {
    let value = db.query_row(text, [], |row| row.get::<_, rusqlite::types::Value>(0));
    match value.unwrap() {
        rusqlite::types::Value::Integer(it) => it.to_string(),
        rusqlite::types::Value::Text(it) => it,
        other => panic!("{text}: {other:?}"),
    }
}

fn count(db: &Connection, owner: i64) -> i64 {
    db.query_row("SELECT count(*) FROM rows WHERE owner = ?1", [owner], |row| row.get(0)).unwrap()
}

/// A plain SQLite file with these settings, as bytes.
fn plain_file(sql: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plain.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(sql).unwrap();
    drop(db);
    std::fs::read(path).unwrap()
}

const PLAIN: &str = "PRAGMA page_size = 1024;
    CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
    WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100)
    INSERT INTO t SELECT i, printf('%0100d', i) FROM c;";

#[test]
fn two_threads_see_no_foreign_row() {
    const ROUNDS: i64 = 300;
    let seed = seed(200);
    thread::scope(|scope| {
        for owner in [1, 2] {
            let seed = &seed;
            scope.spawn(move || {
                let space = Space::from_image(seed);
                let db = space.open().unwrap();
                for round in 0..ROUNDS {
                    db.execute(
                        "UPDATE rows SET owner = ?1 WHERE id = ?2",
                        [owner, 1 + round % 200],
                    )
                    .unwrap();
                    assert_eq!(count(&db, 3 - owner), 0);
                    assert_eq!(count(&db, owner), 1 + round % 50);
                    if round % 50 == 49 {
                        space.restore(seed).unwrap();
                        assert_eq!(count(&db, owner), 0);
                    }
                }
            });
        }
    });
}

#[test]
fn two_hundred_spaces_keep_their_own_rows() {
    const SPACES: i64 = 200;
    let seed = seed(300);
    let spaces: Vec<Space> = (0..SPACES).map(|_| Space::from_image(&seed)).collect();
    assert!(spaces.iter().all(|it| it.private_bytes() == 0));
    for (space, owner) in spaces.iter().zip(1..) {
        let db = space.open().unwrap();
        db.execute("UPDATE rows SET owner = ?1 WHERE id % 200 = ?1 % 200", [owner]).unwrap();
    }
    for (space, owner) in spaces.iter().zip(1..) {
        let db = space.open().unwrap();
        let n_mine = if owner % 200 <= 100 && owner % 200 != 0 { 2 } else { 1 };
        assert_eq!((count(&db, owner), count(&db, 0)), (n_mine, 300 - n_mine), "space {owner}");
        assert_eq!(pragma(&db, "PRAGMA integrity_check"), "ok");
    }
    assert_eq!(count(&Space::from_image(&seed).open().unwrap(), 0), 300);
}

#[test]
fn a_long_read_from_a_fork_is_of_one_moment() {
    const RESTORES: i64 = 20;
    let space = Space::from_image(&seed(2_000));
    let db = space.open().unwrap();
    db.execute("UPDATE rows SET owner = 7 WHERE id % 3 = 0", []).unwrap();
    let moment = space.snapshot().unwrap();
    let fork = Space::from_image(&moment);
    let (begun, ended) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let db = fork.open().unwrap();
            let mut statement = db.prepare("SELECT id, owner, text FROM rows ORDER BY id").unwrap();
            let mut rows = statement.query([]).unwrap();
            let mut n_rows = 0;
            while let Some(row) = rows.next().unwrap() {
                n_rows += 1;
                let (id, owner): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
                assert_eq!((id, owner), (n_rows, if id % 3 == 0 { 7 } else { 0 }));
                assert_eq!(row.get_ref(2).unwrap().as_str().unwrap(), format!("{id:0400}"));
                if n_rows == 10 {
                    begun.wait();
                }
                // The second half is read when all the writes and restores have been.
                while n_rows == 1_000 && !ended.load(Ordering::Acquire) {
                    thread::yield_now();
                }
            }
            n_rows
        });
        begun.wait();
        for round in 0..RESTORES {
            db.execute("UPDATE rows SET owner = 8, text = 'gone' WHERE id % 7 = ?1 % 7", [round])
                .unwrap();
            db.execute("DELETE FROM rows WHERE id % 5 = ?1 % 5", [round]).unwrap();
            space.restore(&moment).unwrap();
            assert_eq!(count(&db, 7), 666);
        }
        db.execute("DELETE FROM rows", []).unwrap();
        ended.store(true, Ordering::Release);
        assert_eq!(reader.join().unwrap(), 2_000);
    });
    assert_eq!(count(&db, 0), 0);
}

#[test]
fn statements_survive_a_restore() {
    let seed = seed(10);
    let space = Space::from_image(&seed);
    let db = space.open().unwrap();
    let mut update = db.prepare("UPDATE rows SET owner = owner + 1 WHERE id = ?1").unwrap();
    let mut read = db.prepare("SELECT owner FROM rows WHERE id = ?1").unwrap();
    for _ in 0..5 {
        update.execute([4]).unwrap();
        assert_eq!(read.query_row([4], |row| row.get::<_, i64>(0)), Ok(1));
        space.restore(&seed).unwrap();
        assert_eq!(read.query_row([4], |row| row.get::<_, i64>(0)), Ok(0));
    }
}

#[test]
fn restores_between_images_of_other_origins() {
    let plain = Image::from_bytes(plain_file(PLAIN)).unwrap();
    let (seed, empty) = (seed(20), Space::empty().snapshot().unwrap());
    assert_eq!((plain.page_size(), seed.page_size(), empty.size_bytes()), (1024, 4096, 0));
    let space = Space::empty();
    let db = space.open().unwrap();
    for _ in 0..3 {
        space.restore(&plain).unwrap();
        assert_eq!(pragma(&db, "SELECT count(*) FROM t"), "100");
        db.execute("INSERT INTO t VALUES (1000, 'x')", []).unwrap();
        space.restore(&seed).unwrap();
        assert_eq!(count(&db, 0), 20);
        assert!(db.prepare("SELECT * FROM t").is_err());
        space.restore(&empty).unwrap();
        assert_eq!(pragma(&db, "SELECT count(*) FROM sqlite_schema"), "0");
        db.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, owner INTEGER)").unwrap();
        assert_eq!(count(&db, 0), 0);
    }
    space.restore(&plain).unwrap();
    assert_eq!(pragma(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn a_restore_without_a_read_between_is_noticed() {
    let (seed, empty) = (seed(20), Space::empty().snapshot().unwrap());
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, owner INTEGER)").unwrap();
    let bare = space.snapshot().unwrap();
    space.restore(&empty).unwrap();
    space.restore(&seed).unwrap();
    space.restore(&empty).unwrap();
    space.restore(&bare).unwrap();
    db.execute("INSERT INTO rows VALUES (1, 0)", []).unwrap();
    assert_eq!((count(&db, 0), pragma(&db, "PRAGMA integrity_check").as_str()), (1, "ok"));
}

#[test]
fn refuses_wal_and_goes_on() {
    let space = Space::from_image(&seed(5));
    let db = space.open().unwrap();
    for mode in ["WAL", "wal", "'wal'", "MEMORY", "DELETE", "TRUNCATE", "PERSIST"] {
        assert_eq!(pragma(&db, &format!("PRAGMA journal_mode = {mode}")), "off", "{mode}");
        assert_eq!(pragma(&db, &format!("PRAGMA main.journal_mode({mode})")), "off", "{mode}");
    }
    assert_eq!(pragma(&db, "PRAGMA journal_mode"), "off");
    assert_eq!(pragma(&db, "PRAGMA locking_mode = EXCLUSIVE"), "normal");
    assert_eq!(pragma(&db, "PRAGMA locking_mode"), "normal");
    assert_eq!(pragma(&db, "PRAGMA page_size = 8192"), "4096");
    db.execute_batch("BEGIN; DELETE FROM rows; ROLLBACK; VACUUM").unwrap();
    assert_eq!(count(&db, 0), 5);
    assert_eq!(pragma(&db, "PRAGMA page_size"), "4096");
}

#[test]
fn applies_the_settings() {
    let space = Space::empty();
    let db = space.open().unwrap();
    let settings = [
        ("journal_mode", "off"),
        ("synchronous", "0"),
        ("temp_store", "2"),
        ("locking_mode", "normal"),
        ("cache_size", "-2000"),
        ("page_size", "4096"),
    ];
    for (name, value) in settings {
        assert_eq!(pragma(&db, &format!("PRAGMA {name}")), value, "{name}");
    }
}

#[test]
fn page_size_is_chosen_before_the_first_table() {
    let space = Space::empty();
    let db = space.open().unwrap();
    db.execute_batch(
        "PRAGMA page_size = 8192; CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('x')",
    )
    .unwrap();
    assert_eq!(space.snapshot().unwrap().page_size(), 8192);
    drop(db);
    let db = space.open().unwrap();
    assert_eq!(
        (pragma(&db, "PRAGMA page_size"), pragma(&db, "SELECT v FROM t")),
        ("8192".into(), "x".into())
    );
}

#[test]
fn opens_no_file_beside_the_database() {
    let space = Space::from_image(&seed(2_000));
    let db = space.open().unwrap();
    // Sorts and a view too large for the cache, which would go to temporary files elsewhere.
    let n_rows = pragma(
        &db,
        "SELECT count(*) FROM (SELECT a.text || b.id AS x FROM rows a, rows b WHERE b.id < 20 ORDER BY x)",
    );
    assert_eq!(n_rows, "38000");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.db");
    assert!(db.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).is_err());
    assert!(db.execute("ATTACH ?1 AS other", [path.to_str().unwrap()]).is_err());
    assert!(!path.exists());
    db.execute("ATTACH ':memory:' AS other", []).unwrap();
    db.execute_batch("CREATE TABLE other.t (v); BEGIN; INSERT INTO other.t VALUES (1); DELETE FROM rows; ROLLBACK")
        .unwrap();
    assert_eq!((count(&db, 0), pragma(&db, "SELECT count(*) FROM other.t")), (2_000, "0".into()));
}

#[test]
fn refuses_a_second_connection() {
    let space = Space::from_image(&seed(5));
    assert!(!space.is_open());
    let db = space.open().unwrap();
    assert!(space.is_open());
    assert!(matches!(space.open(), Err(OpenError::AlreadyOpen)));
    assert_eq!(count(&db, 0), 5);
    drop(db);
    assert!(!space.is_open());
    assert_eq!(count(&space.open().unwrap(), 0), 5);
}

#[test]
fn a_name_alone_opens_nothing() {
    let space = Space::from_image(&seed(5));
    let db = space.open().unwrap();
    let name: String =
        db.query_row("SELECT file FROM pragma_database_list", [], |row| row.get(0)).unwrap();
    drop(db);
    let vfs = c"ringback-pages";
    assert!(Connection::open_with_flags_and_vfs(&name, OpenFlags::default(), vfs).is_err());
    let other = Space::empty();
    assert!(other.open().unwrap().execute("ATTACH ?1 AS it", [&name]).is_err());
    for name in ["space-", "space-x", "space-99999999999999999999999", "x", "space-0"] {
        let opened = Connection::open_with_flags_and_vfs(name, OpenFlags::default(), vfs);
        assert!(opened.is_err(), "{name}");
    }
}

#[test]
fn is_busy_while_a_select_is_open() {
    let seed = seed(100);
    let space = Space::from_image(&seed);
    let db = space.open().unwrap();
    let mut statement = db.prepare("SELECT id FROM rows").unwrap();
    let mut rows = statement.query([]).unwrap();
    rows.next().unwrap().unwrap();
    assert_eq!(space.snapshot().unwrap_err(), Busy);
    assert_eq!(space.restore(&seed), Err(Busy));
    // A write under the open cursor is not seen by half.
    db.execute("UPDATE rows SET owner = 1 WHERE id = 1", []).unwrap();
    assert_eq!(space.snapshot().unwrap_err(), Busy);
    assert_eq!((space.private_bytes(), space.delta_bytes()), (0, 0));
    drop(rows);
    assert!(space.snapshot().is_ok());
    assert!(space.delta_bytes() > 0);
    assert_eq!(space.restore(&seed), Ok(()));
    assert_eq!(count(&db, 1), 0);
}

#[test]
fn is_busy_while_a_transaction_is_open() {
    let seed = seed(100);
    let space = Space::from_image(&seed);
    let mut db = space.open().unwrap();
    for begin in ["BEGIN IMMEDIATE", "BEGIN; SELECT count(*) FROM rows", "BEGIN EXCLUSIVE"] {
        db.execute_batch(begin).unwrap();
        assert_eq!(space.snapshot().unwrap_err(), Busy, "{begin}");
        assert_eq!(space.restore(&seed), Err(Busy), "{begin}");
        db.execute_batch("ROLLBACK").unwrap();
        assert!(space.snapshot().is_ok(), "{begin}");
    }
    // Spilled pages of an open transaction never get out.
    db.execute_batch("PRAGMA cache_size = 5").unwrap();
    let transaction = db.transaction().unwrap();
    transaction.execute("UPDATE rows SET owner = 1, text = text || text", []).unwrap();
    assert_eq!(space.snapshot().unwrap_err(), Busy);
    drop(transaction);
    let fork = Space::from_image(&space.snapshot().unwrap());
    assert_eq!(count(&fork.open().unwrap(), 0), 100);
}

#[test]
fn a_connection_closed_in_a_transaction_rolls_back() {
    let space = Space::from_image(&seed(100));
    let db = space.open().unwrap();
    db.execute_batch(
        "PRAGMA cache_size = 5; BEGIN; UPDATE rows SET owner = 1, text = text || text",
    )
    .unwrap();
    assert!(space.snapshot().is_err());
    drop(db);
    assert!(space.snapshot().is_ok());
    let db = space.open().unwrap();
    assert_eq!((count(&db, 0), pragma(&db, "PRAGMA integrity_check")), (100, "ok".into()));
}

#[test]
fn a_connection_outlives_its_space() {
    let space = Space::from_image(&seed(100));
    let db = space.open().unwrap();
    let mut statement = db.prepare("SELECT id FROM rows ORDER BY id").unwrap();
    let mut rows = statement.query([]).unwrap();
    rows.next().unwrap().unwrap();
    drop(space);
    let mut n_rows = 1;
    while rows.next().unwrap().is_some() {
        n_rows += 1;
    }
    drop(rows);
    drop(statement);
    db.execute("UPDATE rows SET owner = 1", []).unwrap();
    assert_eq!((n_rows, count(&db, 1)), (100, 100));
    assert_eq!(pragma(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn opens_again_with_the_same_data() {
    let space = Space::empty();
    for round in 0..10 {
        let db = space.open().unwrap();
        db.execute_batch("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY)").unwrap();
        db.execute("INSERT INTO t VALUES (?1)", [round]).unwrap();
        drop(db);
        let db = space.open().unwrap();
        assert_eq!(pragma(&db, "SELECT count(*) FROM t"), (round + 1).to_string());
    }
}

#[test]
fn a_connection_moves_between_threads() {
    let space = Space::from_image(&seed(10));
    let mut db = space.open().unwrap();
    for owner in 1..5 {
        db = thread::spawn(move || {
            db.execute("UPDATE rows SET owner = ?1", [owner]).unwrap();
            db
        })
        .join()
        .unwrap();
        assert_eq!(count(&db, owner), 10);
    }
}

#[test]
fn writes_a_file_that_plain_sqlite_reads() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.db");
    let space = Space::from_image(&seed(500));
    let db = space.open().unwrap();
    let seeded = space.snapshot().unwrap();
    db.execute("DELETE FROM rows WHERE id > 400", []).unwrap();
    space.restore(&seeded).unwrap();
    db.execute_batch("DELETE FROM rows WHERE id > 450; VACUUM; UPDATE rows SET owner = 3").unwrap();
    let image = space.snapshot().unwrap();
    let mut bytes = Vec::new();
    image.write_to(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, image.size_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let plain = Connection::open(&path).unwrap();
    assert_eq!(pragma(&plain, "PRAGMA quick_check"), "ok");
    assert_eq!(
        (count(&plain, 3), pragma(&plain, "PRAGMA page_count")),
        (450, image.page_count().to_string())
    );
    let again = Image::from_bytes(bytes).unwrap();
    assert!(!again.shares_base_with(&image));
    let flat = image.flatten();
    assert!(flat.flatten().shares_base_with(&flat), "what is flat is not copied again");
    for image in [again, flat] {
        let space = Space::from_image(&image);
        let db = space.open().unwrap();
        assert_eq!((count(&db, 3), pragma(&db, "PRAGMA integrity_check")), (450, "ok".into()));
        assert_eq!(image.delta_bytes(), 0);
    }
}

#[test]
fn refuses_bytes_that_are_no_database() {
    let good = plain_file(PLAIN);
    assert!(Image::from_bytes(good.clone()).is_ok());
    let refusal = |bytes: &[u8]| Image::from_bytes(bytes.to_vec()).unwrap_err();
    assert_eq!(refusal(&[]), ImageError::TooShort { expected: 100, found: 0 });
    assert_eq!(refusal(&good[..99]), ImageError::TooShort { expected: 100, found: 99 });
    assert_eq!(refusal(&[b'x'; 4096]), ImageError::NotSqlite);
    assert_eq!(
        refusal(&good[..good.len() - 1]),
        ImageError::PartialPage { page_size: 1024, found: good.len() - 1 }
    );
    let n_pages = good.len() / 1024;
    assert_eq!(
        refusal(&good[..good.len() - 1024]),
        ImageError::Truncated { expected: n_pages, found: n_pages - 1 }
    );
    let with = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    assert_eq!(refusal(&with(16, &[0, 0])), ImageError::PageSize { found: 0 });
    assert_eq!(refusal(&with(16, &[3, 0])), ImageError::PageSize { found: 768 });
    assert_eq!(refusal(&with(18, &[2, 2])), ImageError::Wal);
    assert_eq!(refusal(&with(18, &[1, 2])), ImageError::Wal);
    assert_eq!(refusal(&with(18, &[1, 3])), ImageError::FormatVersion { found: 3 });
    let wal = plain_file("PRAGMA journal_mode = WAL; CREATE TABLE t (v)");
    assert_eq!(refusal(&wal), ImageError::Wal);
    assert!(refusal(&wal).to_string().contains("WAL mode"));
}

/// Some old writers leave the page count alone; SQLite then goes by the length of the file.
#[test]
fn a_stale_page_count_is_put_right() {
    let mut file = plain_file(PLAIN);
    file[28..32].copy_from_slice(&1_u32.to_be_bytes());
    file[92..96].copy_from_slice(&0_u32.to_be_bytes());
    let image = Image::from_bytes(file).unwrap();
    let space = Space::from_image(&image);
    let db = space.open().unwrap();
    for _ in 0..2 {
        assert_eq!(pragma(&db, "SELECT count(*) FROM t"), "100");
        assert_eq!(pragma(&db, "PRAGMA integrity_check"), "ok");
        space.restore(&image).unwrap();
    }
}

#[test]
fn a_corrupt_database_is_an_error_and_no_more() {
    let mut file = plain_file(PLAIN);
    for byte in &mut file[100..] {
        *byte = byte.wrapping_mul(31).wrapping_add(7);
    }
    let space = Space::from_image(&Image::from_bytes(file).unwrap());
    match space.open() {
        Ok(db) => assert!(db.prepare("SELECT * FROM t").is_err()),
        Err(refusal) => assert!(matches!(refusal, OpenError::Sqlite(_))),
    }
    assert!(space.snapshot().is_ok());
    assert!(!space.is_open());
}

#[test]
fn spaces_and_images_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Space>();
    crosses::<Image>();
}
