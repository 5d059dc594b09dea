//! Reset and rollback to files that are no state of the world: refused, and nothing is changed.

use std::fs;
use std::os::unix::fs::symlink;

use rusqlite::Connection;

use crate::store::database::{Database, Saved};
use crate::store::folder::tests::harness::{add, image, like, made, rows, take};
use crate::store::schema::FILE_TABLES;

#[test]
fn what_is_no_state_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (home, a) = made(&folder, "a", "seeded");
    let Saved::File(seed) = &a.origin else { panic!("a kept world has files") };
    let whole = fs::read(seed).unwrap();
    add(a.db.connection(), "added");
    let expected = rows(a.db.connection());
    let refused = |wanted: &str| {
        let version = a.db.version();
        let error = a.db.restore(&a.origin, FILE_TABLES).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
        assert!(error.ends_with("; nothing was changed"), "{error}");
        assert_eq!(rows(a.db.connection()), expected);
        assert_ne!(a.db.version(), version, "who has rows in mind reads them anew");
    };
    let other = |sql: &str| {
        fs::write(seed, &whole).unwrap();
        Connection::open(seed).unwrap().execute_batch(sql).unwrap();
    };
    fs::remove_file(seed).unwrap();
    refused("the file is not there");
    assert!(!seed.exists(), "an empty seed was made");
    fs::write(seed, "").unwrap();
    refused("it holds no world");
    fs::write(seed, "no rows").unwrap();
    refused("not a database");
    fs::write(seed, &whole[..whole.len() / 2]).unwrap();
    refused("malformed");
    let mut flipped = whole.clone();
    flipped[4096..4100].fill(255);
    fs::write(seed, flipped).unwrap();
    refused("it is damaged");
    other("DROP TABLE toy_row");
    refused("it has no table \"toy_row\"");
    other("UPDATE ringback_schema SET version = 7 WHERE component = 'toy'");
    refused("expected version 1 of toy, found version 7");
    other("DELETE FROM ringback_schema WHERE component = 'toy'");
    refused("expected version 1 of toy, found none");
    other("CREATE TABLE other (v)");
    refused("it has a table \"other\" of something else");
    fs::remove_file(seed).unwrap();
    fs::create_dir(seed).unwrap();
    refused("it is not a file");
    fs::remove_dir(seed).unwrap();
    symlink(root.path().join("ringback.lock"), seed).unwrap();
    refused("it is not a file");
    fs::remove_file(seed).unwrap();
    fs::write(seed, &whole).unwrap();
    a.db.connection().execute_batch("CREATE TABLE mine (v); INSERT INTO mine VALUES (1)").unwrap();
    a.db.restore(&a.origin, FILE_TABLES).unwrap();
    let back = rows(a.db.connection());
    assert!(back.contains(&"mine: [Integer(1)]".to_owned()), "{back:?}");
    assert_eq!(back.iter().filter(|row| row.starts_with("toy_row")).count(), 1);
    // A seed that came to nothing leaves the one before.
    let empty = Database::empty_image(&[]).unwrap();
    assert!(folder.reseed(&home, &a.db, &empty).is_err());
    assert_eq!(rows(a.db.connection()), back);
    assert!(!root.path().join("worlds/a/seed.1.db").exists());
    a.db.restore(&a.origin, FILE_TABLES).unwrap();
}

#[test]
fn what_is_committed_with_the_rows_goes_back_with_them() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (home, a) = made(&folder, "a", "seeded");
    add(a.db.connection(), "added");
    let expected = rows(a.db.connection());
    let failed = a.db.restore_and(&a.origin, FILE_TABLES, |db| {
        db.execute_batch("INSERT INTO ringback_journal (entry) VALUES ('x'); SELECT no_such()")
    });
    assert!(failed.is_err());
    assert_eq!(rows(a.db.connection()), expected);
    let checked = folder.checkpoint(&home, &a.db, "x").unwrap();
    folder.reseed(&home, &a.db, &image("another")).unwrap();
    a.db.restore(&checked, FILE_TABLES).unwrap();
    assert_eq!(rows(a.db.connection()), expected);
}

#[test]
fn an_export_has_no_journal_and_makes_a_world() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (home, a) = made(&folder, "a", "seeded");
    folder.reseed(&home, &a.db, &image("another")).unwrap();
    crate::store::folder::tests::harness::journal(a.db.connection(), "an entry");
    let image = folder.export(&a.db).unwrap();
    let export = Database::in_memory(&image);
    assert!(export.connection().prepare("SELECT * FROM ringback_journal").is_err());
    let beginning = crate::store::folder::data_folder::Beginning::Image(&image);
    crate::store::folder::tests::harness::make(&folder, "b", &beginning).unwrap();
    drop((a, folder));
    let worlds = crate::store::folder::tests::harness::start(root.path());
    assert_eq!(worlds["b"].seed, worlds["a"].seed);
    assert!(like().page_count() > 0);
}
