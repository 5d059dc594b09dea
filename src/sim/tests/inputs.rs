//! Inputs in their order: numbered, journaled, fenced.

use serde_json::{Value, json};

use super::pieces::Piece;
use super::stage::Toys;
use super::toy::{TOYS, at};
use crate::base::limits::JOURNAL_ROWS_MAX;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::event::EventError;
use crate::contract::vendor::Vendors;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::ring::{Budget, Journal};
use crate::sim::worlds::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::store::database::Sync;

#[test]
fn inputs_are_numbered_and_journaled_with_their_effects() {
    let toys = Toys::new();
    assert_eq!(toys.send("count"), "200 1 at 0");
    toys.advance(500);
    assert_eq!(toys.send("count"), "200 2 at 500");
    assert_eq!(toys.send("nothing"), "404 ");
    let journal = toys.journal();
    let seqs: Vec<_> = journal.iter().map(|shown| shown["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    assert_eq!(journal[0]["effects"][0]["text"], "counted 1");
    assert_eq!(journal[1]["action"], "advance");
    assert_eq!(journal[2]["at"], "1970-01-01T00:00:00.500Z");
}

#[test]
fn a_panic_is_fenced_and_leaves_only_its_entry() {
    let toys = Toys::new();
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.send("panic"), "500 toy is broken");
    assert_eq!(toys.send("fail"), "500 toy is broken");
    assert_eq!(toys.send("read"), "200 1");
    assert_eq!(toys.send("count"), "200 2 at 0");
    let journal = toys.journal();
    assert_eq!(journal[1]["outcome"], "error");
    assert_eq!(journal[1]["error"], "panic: a rule is broken");
    assert_eq!(journal[2]["error"], "the disk is full");
}

#[test]
fn an_operation_that_reads_cannot_write() {
    let toys = Toys::new();
    assert_eq!(toys.send("write_in_a_read"), "500 toy is broken");
    assert_eq!(toys.send("read"), "200 0");
}

#[test]
fn a_refused_event_changes_nothing() {
    let toys = Toys::new();
    assert!(matches!(toys.chain(10, -1), Err(EventError::Refused(_))));
    assert_eq!(toys.advance(100).fired.count, 0);
    assert_eq!(toys.journal()[0]["outcome"], "refused");
}

#[test]
fn timers_fire_before_the_request_that_comes_after_them() {
    let toys = Toys::new();
    toys.chain(10, 3).unwrap();
    let advanced = toys.advance(25);
    let fired: Vec<_> =
        advanced.fired.effects.iter().map(|it| (it.at.as_millis(), it.text.as_str())).collect();
    assert_eq!(fired, [(10, "10x3 fired"), (20, "10x2 fired")]);
    assert_eq!(advanced.now, at(25));
    assert_eq!(toys.advance(5).fired.count, 1);
}

#[test]
fn a_piece_that_breaks_in_the_middle_leaves_only_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let data = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    for keep in [Keep::Memory, data] {
        let toys = Toys::on(&Worlds::new(Vendors(TOYS), keep).unwrap());
        let merge = |piece| toys.runtime.block_on(toys.world.merge(piece));
        toys.send("count");
        assert_eq!(merge(Piece::Panics).unwrap_err().to_string(), "panic: a rule is broken");
        assert!(merge(Piece::Fails).is_err());
        assert_eq!(toys.send("read"), "200 1");
        assert_eq!(toys.advance(100).fired.count, 0);
        // The next one is taken, with the timer that it sets.
        let merged = merge(Piece::Sound).unwrap();
        assert_eq!(merged.added_json(), json!({ "toy": { "rows": 3 } }));
        assert_eq!(toys.send("read"), "200 2");
        assert_eq!(toys.advance(100).fired.count, 1);
        let journal = toys.journal();
        let seeds = journal.iter().filter(|shown| shown["action"] == "seed");
        let outcomes: Vec<&Value> = seeds.map(|shown| &shown["outcome"]).collect();
        assert_eq!(outcomes, ["error", "error", "ok"]);
        assert_eq!(journal[5]["seq"], merged.seq.get());
    }
}

#[test]
fn a_timer_that_panics_is_switched_off_and_the_others_go_on() {
    let toys = Toys::new();
    toys.chain(10, 13).unwrap();
    toys.chain(20, 1).unwrap();
    let advanced = toys.advance(100);
    assert_eq!(advanced.fired.effects.len(), 1);
    assert_eq!(advanced.fired.effects[0].at.as_millis(), 20);
    assert_eq!(toys.advance(100).fired.count, 0);
}

#[test]
fn of_many_firings_only_the_one_that_fails_is_lost() {
    let toys = Toys::new();
    toys.chain(1, 900).unwrap();
    // Fails at 400 ms, in the midst of a slice of the others.
    toys.chain(400, 13).unwrap();
    let advanced = toys.advance(1000);
    // The chain of 900 fails as well, when 13 are left.
    assert_eq!(advanced.fired.effects.len(), 887);
    assert_eq!(advanced.fired.count, 889);
    assert!(advanced.fired.effects.is_sorted_by_key(|it| it.at));
    assert_eq!(toys.send("count"), "200 1 at 1000");
}

#[test]
fn a_reset_brings_the_seed_back_and_keeps_the_journal() {
    let toys = Toys::new();
    toys.send("count");
    toys.chain(10, 1).unwrap();
    toys.advance(5);
    assert_eq!(toys.reset().get(), 4);
    assert_eq!(toys.send("count"), "200 1 at 0");
    assert_eq!(toys.advance(100).fired.count, 0);
    assert_eq!(toys.journal()[3]["action"], "reset");
}

/// An entry of that number.
fn entry(seq: u64) -> Entry {
    let what = What::Action(Action { name: "test".into(), vendor: None, detail: Value::Null });
    Entry::action(Seq::new(seq), Instant::MIN, what, Vec::new())
}

#[test]
fn an_entry_that_comes_late_comes_to_its_place() {
    let mut journal = Journal::new(Budget::default());
    let max = JOURNAL_ROWS_MAX as u64;
    for seq in [1, 4, 2, 3] {
        journal.push(entry(seq));
    }
    let numbers: Vec<u64> = journal.after(Seq::NONE).map(|it| it.seq.get()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    // One that is older than all that had to go before it goes at once, and the last of them stays so.
    for seq in 6..=max + 6 {
        journal.push(entry(seq));
    }
    let lost = journal.lost();
    journal.push(entry(5));
    assert_eq!((journal.lost().count, journal.lost().last_seq), (lost.count + 1, lost.last_seq));
    assert!(journal.get(Seq::new(5)).is_none());
}

#[test]
fn the_journal_is_bounded_and_counts_what_had_to_go() {
    let budget = Budget::default();
    let mut journal = Journal::new(budget.clone());
    for seq in 1..=JOURNAL_ROWS_MAX as u64 + 5 {
        journal.push(entry(seq));
    }
    assert_eq!(journal.evicted(), 5);
    assert!(journal.get(Seq::new(5)).is_none());
    assert_eq!(journal.get(Seq::new(6)).unwrap().seq.get(), 6);
    assert_eq!(journal.after(Seq::new(9)).next().unwrap().seq.get(), 10);
}
