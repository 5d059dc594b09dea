//! Worlds in files: back after a restart, owned once, of the right build.

use super::pieces::Empty;
use super::stage::{Toys, runtime};
use super::toy::TOYS;
use crate::contract::vendor::Vendors;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::{MakeError, Worlds};
use crate::store::database::Sync;

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
    assert_eq!(toys.advance(100).fired.count, 2);
    assert_eq!(toys.send("count"), "200 2 at 1100");
    let seq = toys.reset();
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.journal().last().unwrap()["seq"], seq.next().get());
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
