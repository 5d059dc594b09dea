//! The process dies before each call in turn, and the next start finds every world whole or absent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::database::{Database, Sync};
use crate::store::folder::data_folder::{Beginning, DataFolder};
use crate::store::folder::error::FolderError;
use crate::store::folder::files::{Call, Files};
use crate::store::folder::tests::harness::{
    Deaths, add, copy_tree, image, journal, kept, like, made, make, opened, start, take,
};

/// A world with a checkpoint, and rows beyond its seed.
pub(super) fn with_a(root: &Path) {
    let folder = take(root);
    let (home, a) = made(&folder, "a", "seeded");
    add(a.db.connection(), "checked");
    folder.checkpoint(&home, &a.db, "x").unwrap();
    add(a.db.connection(), "added");
    journal(a.db.connection(), "an entry of a");
}

pub(super) fn make_b(folder: &DataFolder) -> Result<(), FolderError> {
    make(folder, "b", &Beginning::Image(&image("of b"))).map(drop)
}

pub(super) fn fork_a(folder: &DataFolder) -> Result<(), FolderError> {
    let (home, a) = opened(folder, "a")?;
    let beginning = Beginning::Fork { home: &home, db: &a.db, seed: &a.origin };
    make(folder, "b", &beginning).map(drop)
}

pub(super) fn check_anew(folder: &DataFolder) -> Result<(), FolderError> {
    let (home, a) = opened(folder, "a")?;
    folder.checkpoint(&home, &a.db, "y").map(drop)
}

pub(super) fn check_over(folder: &DataFolder) -> Result<(), FolderError> {
    let (home, a) = opened(folder, "a")?;
    folder.checkpoint(&home, &a.db, "x").map(drop)
}

pub(super) fn reseed_a(folder: &DataFolder) -> Result<(), FolderError> {
    let (home, a) = opened(folder, "a")?;
    folder.reseed(&home, &a.db, &image("another seed")).map(drop)
}

pub(super) fn delete_a(folder: &DataFolder) -> Result<(), FolderError> {
    let (home, _open) = opened(folder, "a")?;
    folder.delete(&home)
}

pub(super) fn export_a(folder: &DataFolder) -> Result<(), FolderError> {
    let (_, a) = opened(folder, "a")?;
    folder.export(&a.db).map(drop)
}

/// What is done to a folder.
pub(super) type Step = fn(&DataFolder) -> Result<(), FolderError>;

/// Dies before each call of a step. Answers the calls.
#[track_caller]
fn each_death(set_up: fn(&Path), step: Step, changes: bool) -> Vec<(Call, PathBuf)> {
    let temporary = tempfile::tempdir().unwrap();
    let (root, deaths) = (temporary.path().join("data"), temporary.path().join("deaths"));
    set_up(&root);
    copy_tree(&root, &temporary.path().join("before"));
    let gate = Arc::new(Deaths::new(&root, &deaths));
    let folder = DataFolder::take(&root, Files::gated(Sync::Full, gate.clone())).unwrap();
    gate.arm();
    step(&folder).unwrap();
    drop(folder);
    let before = start(&temporary.path().join("before"));
    let after = start(&root);
    assert_eq!(before != after, changes);
    let calls = gate.calls.lock().unwrap().clone();
    assert!(calls.len() > 5, "{calls:?}");
    let mut is_done = false;
    for (number, call) in calls.iter().enumerate() {
        let found = start(&gate.before(number));
        let is_after = found == after;
        assert!(is_after || found == before, "mixed where the process dies before {call:?}");
        assert!(is_after || !is_done, "undone again where the process dies before {call:?}");
        is_done = is_after;
    }
    calls
}

#[test]
fn a_world_is_made_whole_or_not_at_all() {
    each_death(with_a, make_b, true);
}

#[test]
fn a_fork_is_whole_and_has_nothing_of_the_others_own() {
    each_death(with_a, fork_a, true);
    let root = tempfile::tempdir().unwrap();
    with_a(root.path());
    let folder = take(root.path());
    fork_a(&folder).unwrap();
    drop(folder);
    let worlds = start(root.path());
    assert!(worlds["a"].rows.iter().any(|row| row.contains("ringback_journal")));
    assert!(!worlds["b"].rows.iter().any(|row| row.contains("ringback_journal")));
    assert_eq!(worlds["a"].seed, worlds["b"].seed);
    assert!(worlds["b"].checkpoints.is_empty());
    let bytes = std::fs::read(root.path().join("worlds/b/world.db")).unwrap();
    assert!(!bytes.windows(13).any(|it| it == b"an entry of a"), "what was deleted is in the file");
}

#[test]
fn a_checkpoint_is_made_or_replaced_whole() {
    each_death(with_a, check_anew, true);
    each_death(with_a, check_over, true);
}

#[test]
fn a_new_seed_comes_with_its_rows() {
    each_death(with_a, reseed_a, true);
}

#[test]
fn a_world_is_deleted_whole() {
    each_death(with_a, delete_a, true);
}

#[test]
fn an_export_leaves_nothing() {
    each_death(with_a, export_a, false);
}

/// A data folder as an older build leaves it when it is killed: rows of `a` stand in its log alone.
fn flat(root: &Path) {
    let temporary = tempfile::tempdir().unwrap();
    for (file, text) in [("a.seed.db", "seeded"), ("a.checkpoint.x.db", "x"), ("b.seed.db", "b")] {
        let mut out = std::fs::File::create(temporary.path().join(file)).unwrap();
        image(text).write_to(&mut out).unwrap();
    }
    let worlds = ["a", "b"].map(|name| {
        let path = temporary.path().join(format!("{name}.db"));
        std::fs::File::create(&path).unwrap();
        let db = Database::leased(&path, Sync::Normal, Arc::default(), &kept()).unwrap();
        add(db.connection(), &format!("in the log of {name}"));
        db
    });
    // What interruptions and deleted worlds have left.
    for file in ["a.new", "c.seed.db", "c.checkpoint.x.db", "a.export.12", "a.part"] {
        std::fs::copy(temporary.path().join("a.seed.db"), temporary.path().join(file)).unwrap();
    }
    for file in ["c.db-wal", "b.fork"] {
        std::fs::write(temporary.path().join(file), "").unwrap();
    }
    copy_tree(temporary.path(), root);
    drop(worlds);
}

#[test]
fn worlds_of_the_flat_layout_are_taken_over() {
    let step: Step = |folder| folder.found(&kept(), &like()).map(drop);
    let calls = each_death(flat, step, false);
    assert!(calls.iter().filter(|(call, _)| *call == Call::Rename).count() > 5, "{calls:?}");
    let root = tempfile::tempdir().unwrap();
    flat(root.path());
    let worlds = start(root.path());
    assert_eq!(worlds.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert!(worlds["a"].rows.iter().any(|row| row.contains("toy_row: ")), "the log was lost");
    assert_eq!(worlds["a"].checkpoints.len(), 1);
}

#[test]
fn all_is_synced_before_it_counts() {
    let temporary = tempfile::tempdir().unwrap();
    let (root, deaths) = (temporary.path().join("data"), temporary.path().join("deaths"));
    with_a(&root);
    let gate = Arc::new(Deaths::new(&root, &deaths));
    let folder = DataFolder::take(&root, Files::gated(Sync::Full, gate.clone())).unwrap();
    gate.arm();
    fork_a(&folder).unwrap();
    check_over(&folder).unwrap();
    let calls = gate.calls.lock().unwrap();
    let renames = calls.iter().enumerate().filter(|(_, (call, _))| *call == Call::Rename);
    let mut n_renames = 0;
    for (at, (_, to)) in renames {
        n_renames += 1;
        let (earlier, later) = calls.split_at(at);
        let synced = |path: &Path| earlier.iter().rposition(|it| *it == (Call::Sync, path.into()));
        let prepared = earlier.iter().enumerate().filter(|(_, (call, path))| {
            let is_new = path.to_string_lossy().contains(".new-");
            is_new && matches!(call, Call::Fill | Call::CloseDatabase)
        });
        for (written, (_, path)) in prepared.filter(|(_, (_, path))| path.exists()) {
            assert!(synced(path) > Some(written), "{path:?} counts before it is safe");
        }
        let above = (Call::Sync, to.parent().unwrap().to_owned());
        assert!(later.contains(&above), "the name {to:?} is not safe");
    }
    assert_eq!(n_renames, 2);
}

/// The start dies while it removes what interruptions left, and the next one goes on.
#[test]
fn what_is_left_over_goes_whenever_the_start_dies() {
    let temporary = tempfile::tempdir().unwrap();
    let (root, deaths) = (temporary.path().join("data"), temporary.path().join("deaths"));
    with_a(&root);
    let worlds = root.join("worlds");
    let expected = start(&root);
    for left in [".new-0", ".gone-3", "a/.new-7", "a/checkpoints/.new-1"] {
        std::fs::create_dir(worlds.join(left)).unwrap();
        std::fs::copy(worlds.join("a/world.db"), worlds.join(left).join("world.db")).unwrap();
    }
    std::fs::copy(worlds.join("a/seed.0.db"), worlds.join("a/seed.1.db")).unwrap();
    std::fs::write(worlds.join(".new-5"), "half an export").unwrap();
    let gate = Arc::new(Deaths::new(&root, &deaths));
    gate.arm();
    let folder = DataFolder::take(&root, Files::gated(Sync::Normal, gate.clone())).unwrap();
    opened(&folder, "a").unwrap();
    drop(folder);
    let n_calls = gate.calls.lock().unwrap().len();
    assert!(n_calls > 20, "{n_calls}");
    for number in 1..n_calls {
        assert_eq!(start(&gate.before(number)), expected, "{number}");
    }
    assert_eq!(start(&root), expected);
}
