//! A database that rests and wakes: its rows, its version, and what it does when it cannot wake.

use std::fs;
use std::os::unix::fs::symlink;

use crate::store::database::OpenError;
use crate::store::folder::data_folder::Beginning;
use crate::store::folder::tests::harness::{add, image, made, make, rows, take};
use crate::store::folder::trouble::StorageTrouble;

#[test]
fn a_world_that_rests_holds_no_file_and_has_its_rows() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (_, mut a) = made(&folder, "a", "seeded");
    add(a.db.connection(), "added");
    let (expected, version) = (rows(a.db.connection()), a.db.version());
    a.db.rest();
    assert!(!a.db.is_open());
    let beside = ["-wal", "-shm"].map(|end| root.path().join(format!("worlds/a/world.db{end}")));
    assert!(!beside.iter().any(|path| path.exists()), "the log is still there");
    let resting = a.db.version();
    assert_ne!(resting, version);
    assert!(!a.db.is_open(), "asking for the version woke it");
    a.db.wake().unwrap();
    assert_eq!(a.db.version(), resting);
    assert_eq!(rows(a.db.connection()), expected);
    add(a.db.connection(), "later");
    let changed = a.db.version();
    assert_ne!(changed, resting);
    a.db.rest();
    a.db.wake().unwrap();
    add(a.db.connection(), "as many changes as before");
    assert_ne!(a.db.version(), changed);
}

#[test]
fn a_world_whose_file_is_gone_does_not_wake() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (_, mut a) = made(&folder, "a", "seeded");
    a.db.rest();
    let (path, away) = (root.path().join("worlds/a/world.db"), root.path().join("away"));
    fs::rename(&path, &away).unwrap();
    let error = a.db.wake().unwrap_err();
    assert!(matches!(error, OpenError::File { .. }), "{error:?}");
    assert!(!path.exists(), "an empty database was made");
    fs::rename(&away, &path).unwrap();
    a.db.wake().unwrap();
}

#[test]
fn a_deleted_world_never_touches_another_of_its_name() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (home, mut old) = made(&folder, "a", "old");
    add(old.db.connection(), "in the old log");
    folder.delete(&home).unwrap();
    folder.delete(&home).unwrap();
    let (_, new) = made(&folder, "a", "new");
    add(new.db.connection(), "added");
    let expected = rows(new.db.connection());
    // In its own file, which has no name any more.
    add(old.db.connection(), "late");
    assert!(folder.checkpoint(&home, &old.db, "x").is_err());
    assert!(folder.reseed(&home, &old.db, &image("old again")).is_err());
    assert!(old.db.restore(&old.origin, &[]).is_err());
    assert!(old.db.snapshot().is_err());
    old.db.rest();
    assert!(matches!(old.db.wake().unwrap_err(), OpenError::Ended(_)));
    drop(old);
    assert_eq!(rows(new.db.connection()), expected);
    drop(new);
    drop(folder);
    assert_eq!(crate::store::folder::tests::harness::start(root.path())["a"].rows, expected);
}

#[test]
fn a_world_that_cannot_be_written_is_read() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let (_, mut a) = made(&folder, "a", "seeded");
    a.db.rest();
    // SQLite cannot make its index of the log here, as on a full disk.
    let index = root.path().join("worlds/a/world.db-shm");
    symlink(root.path().join("nothing"), &index).unwrap();
    a.db.wake().unwrap();
    assert!(matches!(a.db.trouble(), Some(StorageTrouble::CannotOpen(_))), "{:?}", a.db.trouble());
    assert!(rows(a.db.connection()).iter().any(|row| row.contains("toy_row")));
    let refused = a.db.connection().execute("DELETE FROM toy_row", []).unwrap_err();
    assert_eq!(StorageTrouble::of(&refused), Some(StorageTrouble::ReadOnly));
    let before = a.db.version();
    a.db.wake().unwrap();
    assert_eq!(a.db.version(), before, "nothing has changed");
    fs::remove_file(&index).unwrap();
    a.db.wake().unwrap();
    assert_eq!(a.db.trouble(), None);
    add(a.db.connection(), "back by itself");
}

#[test]
fn many_more_worlds_rest_than_files_can_be_open() {
    let root = tempfile::tempdir().unwrap();
    let folder = take(root.path());
    let seed = image("seeded");
    let mut worlds: Vec<_> = (0..200)
        .map(|number| {
            let home = make(&folder, &format!("w{number}"), &Beginning::Image(&seed)).unwrap();
            let mut opened =
                folder.open(&home, &crate::store::folder::tests::harness::kept()).unwrap();
            opened.db.rest();
            opened
        })
        .collect();
    let own = root.path().canonicalize().unwrap();
    let n_open = fs::read_dir("/proc/self/fd").map_or(0, |files| {
        let targets = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
        targets.filter(|target| target.starts_with(&own)).count()
    });
    assert!(n_open <= 2, "{n_open} files are open, of which two are the lock and the folder");
    for world in &mut worlds {
        world.db.wake().unwrap();
        add(world.db.connection(), "awake");
        world.db.rest();
    }
}
