//! Odd things among the worlds: they are told of, left as they are, and keep nobody else away.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rusqlite::Connection;

use crate::store::database::{Database, Sync};
use crate::store::folder::data_folder::{Beginning, DataFolder, State};
use crate::store::folder::error::FolderError;
use crate::store::folder::files::Files;
use crate::store::folder::tests::harness::{add, image, kept, like, made, make, names, take};
use crate::store::schema::{Component, FILE_TABLES};

/// Every file below with its bytes.
fn bytes(root: &Path) -> Vec<(String, Vec<u8>)> {
    let files = names(root).into_iter().filter(|name| name != "ringback.lock");
    files.map(|name| (name.clone(), fs::read(root.join(&name)).unwrap_or_default())).collect()
}

fn put_odd_things(worlds: &Path, elsewhere: &Path) {
    let world = |name: &str| {
        fs::create_dir_all(worlds.join(name).join("checkpoints")).unwrap();
        worlds.join(name).join("world.db")
    };
    fs::write(world("text"), "these are no rows").unwrap();
    fs::write(world("empty"), "").unwrap();
    world("missing");
    fs::create_dir(world("folder")).unwrap();
    Connection::open(world("foreign")).unwrap().execute_batch("CREATE TABLE t (v)").unwrap();
    symlink(elsewhere.join("worlds/z/world.db"), world("linked")).unwrap();
    symlink(elsewhere.join("worlds/z"), worlds.join("away")).unwrap();
    symlink(elsewhere.join("nothing"), worlds.join("dead")).unwrap();
    fs::write(worlds.join("plain"), "a file").unwrap();
    fs::create_dir(worlds.join("Upper")).unwrap();
    fs::create_dir(worlds.join("dotted.name")).unwrap();
    let whole = world("cut");
    fs::copy(elsewhere.join("worlds/z/world.db"), &whole).unwrap();
    let whole_bytes = fs::read(&whole).unwrap();
    fs::write(&whole, &whole_bytes[..whole_bytes.len() / 2]).unwrap();
    fs::copy(elsewhere.join("worlds/z/world.db"), world("newer")).unwrap();
    let newer = Connection::open(worlds.join("newer/world.db")).unwrap();
    newer.execute_batch("UPDATE ringback_schema SET version = 99").unwrap();
}

#[test]
fn what_cannot_be_read_is_told_of_and_left() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    made(&take(elsewhere.path()), "z", "elsewhere");
    let folder = take(root.path());
    made(&folder, "good", "a row");
    put_odd_things(&root.path().join("worlds"), elsewhere.path());
    fs::write(root.path().join("flat.db"), "no rows either").unwrap();
    fs::write(root.path().join("notes.new"), "a person's own").unwrap();
    let before = bytes(root.path());
    let found = folder.found(&kept(), &like()).unwrap();
    assert_eq!(bytes(root.path()), before, "something was changed");
    let told: Vec<String> = found
        .iter()
        .map(|it| match &it.state {
            State::Whole(_) => format!("{}: whole", it.name),
            State::Unreadable(reason) => format!("{}: {reason}", it.name),
        })
        .collect();
    let told =
        told.join("\n").replace(&root.path().canonicalize().unwrap().display().to_string(), "");
    let expected = [
        "Upper: \"Upper\" cannot be a name; expected 1 to 63 lower-case letters",
        "away: expected a folder at /worlds/away, found a symbolic link, which is not followed",
        "cut: ",
        "dead: expected a folder at /worlds/dead, found a symbolic link",
        "dotted.name: \"dotted.name\" cannot be a name",
        "empty: the database is empty",
        "flat.db: expected a SQLite database, found something else",
        "folder: expected a file at /worlds/folder/world.db, found a folder",
        "foreign: expected an exported world, found a database of something else",
        "good: whole",
        "linked: expected a file at /worlds/linked/world.db, found a symbolic link",
        "missing: there is no database in it",
        "newer: the database has version 99 of core, this build knows up to 1",
        "plain: expected a folder at /worlds/plain, found a file",
        "text: expected a SQLite database, found something else",
    ];
    assert_eq!(told.lines().count(), expected.len(), "{told}");
    for (line, start) in told.lines().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    for name in ["text", "dead", "flat"] {
        let refused = make(&folder, name, &Beginning::Image(&image("new"))).unwrap_err();
        assert!(matches!(refused, FolderError::Occupied { .. }), "{refused}");
    }
    assert_eq!(bytes(root.path()), before, "something was changed");
}

#[test]
fn rows_in_a_log_are_seen_and_the_log_is_left() {
    let root = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let (_, a) = made(&take(root.path()), "a", "seeded");
    add(a.db.connection(), "in the log");
    crate::store::folder::tests::harness::copy_tree(root.path(), other.path());
    fs::remove_file(other.path().join("worlds/a/world.db-shm")).unwrap();
    let before = bytes(other.path());
    let folder = take(other.path());
    let found = folder.found(&kept(), &like()).unwrap();
    assert!(matches!(found[0].state, State::Whole(_)), "{found:?}");
    assert_eq!(bytes(other.path()), before);
}

#[test]
fn an_older_world_is_whole_and_brought_up_to_date() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (home, a) = made(&folder, "a", "seeded");
    folder.checkpoint(&home, &a.db, "x").unwrap();
    drop(a);
    let late = Component { name: "late", scripts: &["CREATE TABLE late_row (v INTEGER) STRICT"] };
    let mut newer = kept();
    newer.push(late);
    let like = Database::empty_image(&newer).unwrap();
    let found = folder.found(&newer, &like).unwrap();
    let State::Whole(home) = &found[0].state else { panic!("{found:?}") };
    let a = folder.open(home, &newer).unwrap();
    for saved in [&a.origin, &a.checkpoints["x"]] {
        a.db.connection().execute_batch("INSERT INTO late_row VALUES (1)").unwrap();
        a.db.restore(saved, FILE_TABLES).unwrap();
        let left = crate::store::folder::tests::harness::rows(a.db.connection());
        assert!(!left.iter().any(|row| row.starts_with("late_row")), "{left:?}");
    }
}

#[test]
fn a_folder_that_is_a_link_is_refused() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(elsewhere.path(), root.path().join("worlds")).unwrap();
    let refused = DataFolder::take(root.path(), Files::new(Sync::Normal));
    assert!(refused.unwrap_err().to_string().contains("symbolic link"));
}

#[test]
fn a_folder_stays_taken_when_the_file_that_says_so_is_removed() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    fs::remove_file(root.path().join("ringback.lock")).unwrap();
    let second = DataFolder::take(root.path(), Files::new(Sync::Full));
    assert!(matches!(second, Err(FolderError::InUse { .. })), "{second:?}");
    drop(folder);
    take(root.path());
}
