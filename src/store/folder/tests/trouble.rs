//! Trouble with the disk is told apart and told of.

use std::io;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use crate::store::database::Sync;
use crate::store::folder::data_folder::DataFolder;
use crate::store::folder::files::Files;
use crate::store::folder::tests::harness::{Failing, take};
use crate::store::folder::trouble::StorageTrouble;

#[test]
fn sqlites_errors_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("t.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("CREATE TABLE t (v); PRAGMA max_page_count = 3").unwrap();
    let full = db.execute("INSERT INTO t VALUES (zeroblob(100000))", []).unwrap_err();
    assert_eq!(StorageTrouble::of(&full), Some(StorageTrouble::Full));
    let wrong = db.execute("INSERT INTO u VALUES (1)", []).unwrap_err();
    assert_eq!(StorageTrouble::of(&wrong), None);
    let reading = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let refused = reading.execute("DELETE FROM t", []).unwrap_err();
    assert_eq!(StorageTrouble::of(&refused), Some(StorageTrouble::ReadOnly));
    let missing = root.path().join("no/such.db");
    let unopened = Connection::open(missing).unwrap_err();
    assert!(matches!(StorageTrouble::of(&unopened), Some(StorageTrouble::CannotOpen(_))));
}

#[test]
fn a_probe_tells_what_is_the_matter_and_when_it_is_over() {
    let root = tempfile::tempdir().unwrap();
    let told = [
        (28, "the disk is full"),
        (30, "the data folder is read-only"),
        (24, "no more files can be opened"),
        (5, "the disk does not read or write as it should"),
    ];
    for (errno, wanted) in told {
        let gate = Arc::new(Failing::new(errno, false));
        let folder = DataFolder::take(root.path(), Files::gated(Sync::Full, gate.clone())).unwrap();
        folder.probe().unwrap();
        gate.arm(0);
        let trouble = folder.probe().unwrap_err();
        assert!(trouble.to_string().starts_with(wanted), "{trouble}");
        folder.probe().unwrap();
    }
    assert_eq!(
        crate::store::folder::tests::harness::names(root.path()),
        ["ringback.lock", "worlds"]
    );
    assert_eq!(StorageTrouble::of_io(&io::Error::other("ours")), None);
    drop(take(root.path()));
}
