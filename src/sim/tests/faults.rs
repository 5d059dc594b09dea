//! Rules for faults, and what of them goes with the state.

use serde_json::{Value, json};

use super::stage::{Toys, both_kinds};
use crate::base::time::Span;
use crate::sim::fault::headers::Headers;
use crate::sim::fault::rule;
use crate::sim::fault::rule::{On, Then};

fn faulty(then: Then, on: On) -> Vec<rule::Rule> {
    vec![rule::Rule { name: None, on, then, delay: None, close: false }]
}

#[test]
fn a_fault_is_in_the_journal_and_says_whether_the_work_is_done() {
    let toys = Toys::new();
    let add = |then| {
        let on = On { times: Some(1), ..On::default() };
        toys.runtime.block_on(toys.world.add_faults(faulty(then, on), Value::Null)).unwrap();
    };
    add(Then::LoseReply);
    assert_eq!(toys.send("count"), "200 1 at 0", "the reply is made; the socket loses it");
    let status = Then::Status {
        status: 503,
        body: Some("later".into()),
        content_type: None,
        headers: Headers::default(),
    };
    for (then, expected) in [
        (status, "503 later"),
        (Then::Refuse { error: "toy.no".into(), headers: Headers::default() }, "409 not here"),
        (Then::Fail, "500 toy is broken"),
        (Then::RateLimit { most: 0, per: Span::SECOND, status: 429, retry_after: None }, "429 "),
        (Then::Hang, "200 "),
    ] {
        add(then);
        assert_eq!(toys.send("count"), expected);
        assert_eq!(toys.send("read"), "200 1", "nothing was done");
    }
    let faults: Vec<_> = toys
        .journal()
        .into_iter()
        .filter(|shown| !shown["fault"].is_null())
        .map(|shown| {
            let fault = &shown["fault"];
            json!([fault["kind"], fault["work"], shown["outcome"], shown["response"]["status"]])
        })
        .collect();
    assert_eq!(
        json!(faults),
        json!([
            ["lose_reply", "done", "ok", 200],
            ["status", "not done", "faulted", 503],
            ["refuse", "not done", "faulted", 409],
            ["fail", "not done", "faulted", 500],
            ["rate_limit", "not done", "faulted", 429],
            ["hang", "not done", "faulted", null],
        ])
    );
}

#[test]
fn counts_of_faults_go_with_the_state() {
    for (worlds, _folder) in both_kinds() {
        let worlds = &worlds;
        let toys = Toys::on(worlds);
        let on = On { nth: Some(3), ..On::default() };
        let rules = faulty(Then::Fail, on);
        toys.runtime.block_on(toys.world.add_faults(rules, Value::Null)).unwrap();
        toys.send("count");
        toys.checkpoint("one");
        let fork = toys.fork(worlds, "fork");
        assert_eq!(toys.send("count"), "200 2 at 0");
        assert_eq!(toys.send("count"), "500 toy is broken");
        toys.rollback("one").unwrap();
        for world in [&toys, &fork] {
            assert_eq!(world.send("count"), "200 2 at 0");
            assert_eq!(world.send("count"), "500 toy is broken");
            assert_eq!(world.send("count"), "200 3 at 0");
        }
        toys.reset();
        let faults = toys.runtime.block_on(toys.world.faults());
        assert_eq!(faults, json!([]), "the seed has none");
    }
}
