//! Forks, checkpoints and long bodies: what is copied stays as it was.

use std::time::Duration;

use super::stage::{Toys, both_kinds};
use crate::base::seq::Seq;
use crate::sim::world::journal::Page;

#[test]
fn a_fork_begins_where_its_world_is_and_goes_its_own_way() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("count");
        toys.advance(500);
        toys.chain(10, 1).unwrap();
        let fork = toys.fork(&worlds, "fork");
        assert_eq!(fork.journal().len(), 0);
        assert_eq!(fork.send("count"), "200 2 at 500");
        assert_eq!(fork.journal()[0]["seq"], 1);
        assert_eq!(fork.advance(10).fired.count, 1);
        assert_eq!(toys.send("read"), "200 1");
        toys.send("panic");
        assert_eq!(toys.send("count"), "200 2 at 500");
        assert_eq!(fork.send("read"), "200 2");
        fork.reset();
        assert_eq!(fork.send("count"), "200 1 at 0");
        assert_eq!(toys.send("count"), "200 3 at 500");
        assert!(worlds.delete("fork").unwrap().is_some());
    }
}

#[test]
fn a_rollback_puts_rows_clock_and_timers_back_and_keeps_the_journal() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("count");
        toys.advance(100);
        toys.chain(10, 2).unwrap();
        assert_eq!(toys.checkpoint("before").get(), 4);
        toys.advance(15);
        toys.send("count");
        toys.checkpoint("after");
        toys.reset();
        assert_eq!(toys.send("read"), "200 0");
        let seq = toys.rollback("before").unwrap().get();
        assert_eq!(toys.send("count"), "200 2 at 100");
        assert_eq!(toys.advance(15).fired.count, 1);
        toys.rollback("after").unwrap();
        assert_eq!(toys.send("count"), "200 3 at 115");
        assert_eq!(toys.advance(15).fired.count, 1);
        let journal = toys.journal();
        assert_eq!(journal.len() as u64, seq + 5);
        assert_eq!(journal[usize::try_from(seq).unwrap() - 1]["action"], "rollback");
        let unknown = toys.rollback("nothing").unwrap_err().to_string();
        assert_eq!(unknown, "there is no checkpoint called \"nothing\"; there are after, before");
        assert_eq!(toys.world.facts().checkpoints, ["after", "before"]);
    }
}

#[test]
fn a_long_body_holds_the_rows_of_its_moment_while_the_world_goes_on() {
    for (worlds, _folder) in both_kinds() {
        let toys = Toys::on(&worlds);
        toys.send("fill");
        let chunks = toys.list();
        // The writer cannot be through yet: the body is longer than what waits for its reader.
        toys.send("fill");
        toys.send("count");
        toys.reset();
        toys.send("fill");
        let body = toys.read(chunks);
        assert_eq!(body.lines().count(), 50_000);
        assert!(body.starts_with("1 filled\n2 filled\n") && body.ends_with("50000 filled\n"));
        assert_eq!(toys.send("read"), "200 0");
        // The entry is completed when the body has come to its end.
        let page = Page { limit: 1, after: Seq::new(1), ..Page::default() };
        let shown = loop {
            let found = toys.runtime.block_on(toys.world.journal_wait(&page, Duration::ZERO));
            let shown = found.unwrap().to_json().remove(0);
            if !shown["response"]["stream"].is_null() {
                break shown;
            }
            std::thread::yield_now();
        };
        assert_eq!(shown["response"]["stream"]["bytes"], body.len());
        assert_eq!(shown["response"]["stream"]["whole"], true);
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_writer() {
    let toys = Toys::new();
    toys.send("fill");
    drop(toys.list());
    let whole = loop {
        let journal = toys.journal();
        let stream = &journal[1]["response"]["stream"];
        if !stream.is_null() {
            break stream["whole"].clone();
        }
        std::thread::yield_now();
    };
    assert_eq!(whole, false);
}
