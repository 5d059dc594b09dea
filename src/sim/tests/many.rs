//! Many worlds: names, rest, company, expiry.

use std::time::Duration;

use super::pieces::Empty;
use super::stage::{Toys, both_kinds, runtime};
use super::toy::TOYS;
use crate::base::limits::OPEN_WORLDS_MAX;
use crate::base::time::Span;
use crate::contract::vendor::Vendors;
use crate::sim::world::Stop;
use crate::sim::worlds::extras::Extras;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::reaper::Reaper;
use crate::sim::worlds::remove::Expired;
use crate::sim::worlds::{MakeError, Worlds};

#[test]
fn names_of_worlds_are_checked_and_taken_once() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    for name in ["", "A", "-a", "a/b", "a.b", &"a".repeat(64)] {
        assert!(matches!(worlds.make(name, &mut Empty), Err(MakeError::Name(_))), "{name:?}");
    }
    worlds.make("a-1_b", &mut Empty).unwrap();
    assert!(matches!(worlds.make("a-1_b", &mut Empty), Err(MakeError::Taken(_))));
}

#[test]
fn worlds_that_rest_wake_with_what_they_had() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let toys = Toys::on(&worlds);
    let forks: Vec<Toys> =
        (0..OPEN_WORLDS_MAX + 50).map(|it| toys.fork(&worlds, &format!("fork-{it}"))).collect();
    for round in 1..=2 {
        for fork in &forks {
            assert_eq!(fork.send("count"), format!("200 {round} at 0"));
        }
    }
    assert_eq!(toys.send("read"), "200 0");
}

#[test]
fn two_hundred_worlds_at_once_see_only_themselves() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let toys = Toys::on(&worlds);
    let forks: Vec<Toys> = (0..200).map(|it| toys.fork(&worlds, &format!("fork-{it}"))).collect();
    std::thread::scope(|scope| {
        for (part, forks) in forks.chunks(50).enumerate() {
            scope.spawn(move || {
                for round in 1..=20 {
                    for fork in forks {
                        assert_eq!(fork.send("count"), format!("200 {round} at 0"));
                        if round % 7 == part {
                            fork.advance(0);
                        }
                    }
                }
            });
        }
    });
    for fork in &forks {
        assert!(fork.journal().iter().all(|shown| shown["world"] == fork.world.name()));
    }
}

#[test]
fn of_many_who_make_a_world_of_one_name_one_does() {
    for (worlds, _folder) in both_kinds() {
        let made = std::thread::scope(|scope| {
            let makers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| worlds.make("toys", &mut Empty).is_ok())).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).filter(|made| *made).count()
        });
        assert_eq!(made, 1);
        let toys = Toys { world: worlds.get("toys").unwrap(), runtime: runtime() };
        assert_eq!(toys.send("count"), "200 1 at 0");
        toys.reset();
        assert_eq!(toys.send("count"), "200 1 at 0");
        // A checkpoint of the same name replaces the one before.
        toys.checkpoint("kept");
        toys.send("count");
        toys.checkpoint("kept");
        toys.reset();
        toys.rollback("kept").unwrap();
        assert_eq!(toys.send("read"), "200 2");
    }
}

#[test]
fn a_world_that_is_not_used_expires_and_one_that_is_does_not() {
    let worlds = Worlds::new(Vendors(TOYS), Keep::Memory).unwrap();
    let make = |name: &str, ttl_s: Option<u32>| {
        let own = Extras { ttl: ttl_s.map(Span::secs), ..Extras::default() };
        let world = worlds.make_with(name, &mut Empty, own, &Stop::default()).unwrap();
        Toys { world, runtime: runtime() }
    };
    let (_default, _lasting) = (make("default", Some(1)), make("lasting", None));
    let (idle, used) = (make("idle", Some(10)), make("used", Some(10)));
    let mut reaper = Reaper::default();
    let mut look = |now_s: u64| reaper.look(&worlds, Duration::from_secs(now_s));
    assert_eq!(look(100).len(), 0);
    assert_eq!(look(109).len(), 0);
    used.send("count");
    let expired = look(110);
    assert_eq!(expired.iter().map(Expired::name).collect::<Vec<_>>(), ["idle"]);
    // Between the look and the deletion it is used after all.
    idle.send("count");
    assert!(worlds.delete_expired(&expired[0]).unwrap().is_none());
    assert_eq!(look(119).len(), 0);
    let expired = look(129);
    assert_eq!(expired.len(), 2);
    for expired in &expired {
        assert!(worlds.delete_expired(expired).unwrap().is_some());
    }
    let left: Vec<_> = worlds.all().iter().map(|world| world.name().to_owned()).collect();
    assert_eq!(left, ["default", "lasting"]);
}
