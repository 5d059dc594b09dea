//! Clocks: stepped, set, and timers that fire the same however they are stepped.

use proptest::prelude::*;
use serde_json::json;

use super::stage::Toys;
use super::toy::at;
use crate::base::clock::Mode;
use crate::base::rate::Rate;
use crate::sim::world::{ClockChange, Step};

proptest! {
    /// However a clock is stepped, the same timers fire at the same times.
    #[test]
    fn strides_make_no_difference(
        chains in proptest::collection::vec((1_i64..50, 1_i64..12), 1..5),
        steps in proptest::collection::vec(0_i64..80, 1..8),
    ) {
        let (whole, stepped) = (Toys::new(), Toys::new());
        for (every_ms, times) in &chains {
            whole.chain(*every_ms, *times).unwrap();
            stepped.chain(*every_ms, *times).unwrap();
        }
        let at_once = whole.advance(steps.iter().sum());
        let in_steps: Vec<_> =
            steps.iter().flat_map(|by_ms| stepped.advance(*by_ms).fired.effects).collect();
        prop_assert_eq!(at_once.fired.effects, in_steps);
        prop_assert_eq!(whole.send("count"), stepped.send("count"));
    }
}

#[test]
fn a_clock_is_stepped_to_a_moment_or_to_the_next_timer() {
    let toys = Toys::new();
    toys.chain(40, 2).unwrap();
    toys.chain(100, 1).unwrap();
    let step = |step: Step| toys.runtime.block_on(toys.world.advance(step));
    let first = step(Step::Next).unwrap();
    assert_eq!((first.from.as_millis(), first.now.as_millis(), first.fired.count), (0, 40, 1));
    assert_eq!(first.fired.first[0].key, "40x2");
    let rest = step(Step::To(at(500))).unwrap();
    assert_eq!((rest.now.as_millis(), rest.fired.count), (500, 2));
    assert_eq!(rest.fired.kinds_json(), json!({ "toy": { "tick": 2 } }));
    assert_eq!(step(Step::Next).unwrap().now, at(500), "nothing is set any more");
    let back = step(Step::To(at(499))).unwrap_err();
    assert!(back.to_string().contains("does not go back"), "{back}");
    assert_eq!(toys.runtime.block_on(toys.world.clock()).unwrap().now, at(500));
}

#[test]
fn a_clock_that_is_set_goes_on_from_where_it_stands() {
    let toys = Toys::new();
    toys.chain(40, 1).unwrap();
    let set =
        |mode, at| toys.runtime.block_on(toys.world.set_clock(ClockChange { mode, at })).unwrap();
    assert_eq!(set(Mode::Frozen, Some(at(1000))).fired.count, 1);
    let real = set(Mode::Real, None);
    assert!(real.now >= at(1000) && real.now < at(60_000), "{real:?}");
    let mode = Mode::Scaled { rate: Rate::new(60.0).unwrap() };
    let scaled = set(mode, Some(at(100_000)));
    assert!(scaled.now >= at(100_000));
    let facts = toys.runtime.block_on(toys.world.clock()).unwrap();
    assert_eq!((facts.mode, facts.next_due), (mode, None));
    toys.reset();
    assert_eq!(toys.world.facts().clock_mode, "frozen");
}
