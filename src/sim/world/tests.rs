//! Long work on a kept world that is told to stop: all is as it was, and nothing is left.

use serde_json::{Value, json};

use crate::base::lock::lock;
use crate::contract::reply::InternalError;
use crate::sim::journal::action::RESET;
use crate::sim::world::{Halt, Stop, Stopped};
use crate::sim::worlds::MakeError;
use crate::sim::worlds::extras::Extras;
use crate::testing::Stage;

/// So many rows that SQLite looks whether to stop while it works on them.
fn large() -> Value {
    json!({ "crowd": 20_000 })
}

/// Told already: the work ends where it first looks.
fn told() -> Stop {
    let stop = Stop::default();
    stop.tell(&Halt::Gone);
    stop
}

fn n_people(stage: &Stage) -> u64 {
    let people = stage.runtime().block_on(stage.world().people(0, 1, false)).unwrap();
    people["total"].as_u64().unwrap()
}

#[test]
fn going_back_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new_in(folder.path(), &large());
    let world = stage.world();
    let piece = Stage::opened(&json!({ "people": [{ "phone": "+493012345", "name": "x" }] }));
    stage.runtime().block_on(world.merge(piece)).unwrap();
    let (before, seq) = (n_people(&stage), world.facts().last_seq);
    let seed = lock(&world.saves).origin.clone();
    let gone: InternalError =
        world.lock().unwrap().go_back(&seed, RESET, Value::Null, &told()).unwrap_err();
    assert_eq!(gone.cause(), Some(&Stopped(Halt::Gone)));
    assert_eq!(gone.to_string(), "who asked for it has gone away; nothing was changed");
    assert_eq!((n_people(&stage), world.facts().last_seq), (before, seq));
    stage.reset();
    assert_eq!(n_people(&stage), before - 1);
}

#[test]
fn neither_a_fork_nor_an_import_nor_a_new_world_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new_in(folder.path(), &large());
    let (worlds, world) = (stage.worlds(), stage.world());
    let image = stage.runtime().block_on(worlds.export(world)).unwrap();
    let mut bytes = Vec::new();
    image.write_to(&mut bytes).unwrap();
    let made = [
        stage.runtime().block_on(worlds.fork(world, "fork", None, &told())),
        worlds.import("import", bytes.clone(), &told()),
        worlds.make_with("new", &mut Stage::opened(&large()), Extras::default(), &told()),
    ];
    for made in made {
        let why = made.unwrap_err();
        assert!(matches!(why, MakeError::Stopped(Halt::Gone)), "{why}");
        assert_eq!(why.to_string(), "who asked for it has gone away; nothing was made");
    }
    let kept = std::fs::read_dir(folder.path().join("worlds")).unwrap();
    assert_eq!(kept.map(|it| it.unwrap().file_name()).collect::<Vec<_>>(), ["default"]);
    // The names are free.
    worlds.import("import", bytes, &Stop::default()).unwrap();
    stage.runtime().block_on(worlds.fork(world, "fork", None, &Stop::default())).unwrap();
}
