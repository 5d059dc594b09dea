//! Calls that go on by themselves, and the clock in one stride or in many.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maxcontact::tests::{VENDOR, done, happens, scenario, state_of};

/// A world whose campaign and queue put calls to agents.
fn busy_world() -> Stage {
    let mut scenario = scenario(4, &json!({}));
    scenario["maxcontact"]["campaigns"][0]["calls_per_hour"] = json!(120);
    scenario["maxcontact"]["queues"][0]["calls_per_hour"] = json!(40);
    let leads: Vec<Value> = (0..40)
        .map(|idx| json!({ "id": 100 + idx, "list": 12, "phone": format!("0770090{idx:04}") }))
        .collect();
    scenario["maxcontact"]["leads"] = leads.into();
    Stage::new(&scenario)
}

#[test]
fn the_far_end_does_what_the_number_says() {
    let mut scenario = scenario(6, &json!({ "answer_after": "3s" }));
    scenario["line"] = json!([{ "ends_with": "0142", "then": "answers", "talk": "2m" }]);
    let stage = Stage::new(&scenario);
    for (user_id, number) in [
        (101, "07700900142"),
        (102, "07700900001"),
        (103, "07700900002"),
        (104, "07700900003"),
        (105, "07700900005"),
        (106, "07700900006"),
    ] {
        done(&stage, &format!("dial/user/{user_id}/phone/{number}"));
    }
    let states = || -> Vec<String> { (101..=106).map(|id| state_of(&stage, id)).collect() };
    assert_eq!(states(), ["calling"; 6]);
    stage.advance(Duration::from_secs(1));
    assert_eq!(states(), ["calling", "wrapping", "calling", "wrapping", "calling", "calling"]);
    stage.advance(Duration::from_secs(3));
    assert_eq!(states(), ["talking", "wrapping", "calling", "wrapping", "wrapping", "wrapping"]);
    stage.advance(Duration::from_secs(27));
    assert_eq!(state_of(&stage, 103), "wrapping");
    stage.advance(Duration::from_mins(4));
    assert_eq!(states(), ["wrapping"; 6]);
    let effects = stage.journal();
    let effects: Vec<_> = effects
        .iter()
        .flat_map(|shown| shown["effects"].as_array().unwrap())
        .filter_map(|effect| effect["text"].as_str())
        .filter(|text| text.contains("ended"))
        .collect();
    assert_eq!(
        effects,
        [
            "call 1001 ended: busy",
            "call 1003 ended: no such number",
            "call 1004 ended: rejected",
            "call 1005 ended: the far end hung up",
            "call 1002 ended: no answer",
            "call 1000 ended: the far end hung up",
        ]
    );
}

#[test]
fn it_rings_for_three_seconds_where_nobody_says_otherwise() {
    let answered_after = |settings: Value, line: Value| {
        let mut scenario = scenario(1, &settings);
        scenario["line"] = line;
        let stage = Stage::new(&scenario);
        done(&stage, "dial/user/101/phone/07700900142");
        (1..60).find(|_| {
            stage.advance(Duration::from_secs(1));
            state_of(&stage, 101) == "talking"
        })
    };
    let rule = |ring: &str| json!([{ "then": "answers", "ring": ring, "talk": "2m" }]);
    let talks = json!([{ "then": "answers", "talk": "2m" }]);
    assert_eq!(answered_after(json!({}), talks), Some(1 + 3));
    assert_eq!(answered_after(json!({}), rule("9s")), Some(1 + 9));
    assert_eq!(answered_after(json!({ "answer_after": "5s" }), rule("9s")), Some(1 + 5));
}

#[test]
fn ready_agents_get_calls() {
    let stage = busy_world();
    stage.advance(Duration::from_mins(10));
    assert!(stage.table(VENDOR, "calls").is_empty(), "nobody was ready");
    for user_id in 101..=104 {
        done(&stage, &format!("goready/user/{user_id}"));
    }
    stage.advance(Duration::from_mins(20));
    let calls = stage.table(VENDOR, "calls");
    assert_eq!(calls.len(), 4, "everyone has one, and wraps up or talks");
    let sources: Vec<_> = calls.iter().map(|call| call["source"].as_str().unwrap()).collect();
    assert!(sources.iter().all(|source| ["predictive", "queue 3"].contains(source)), "{sources:?}");
}

/// All that can be seen of a world: its tables, and the effects in order.
fn seen(stage: &Stage) -> (Vec<Vec<Value>>, Vec<Value>) {
    let tables = ["users", "calls", "past_calls", "books", "leads", "attempts"];
    let tables = tables.iter().map(|table| stage.table(VENDOR, table)).collect();
    let journal = stage.journal();
    let effects = journal.iter().flat_map(|shown| shown["effects"].as_array().unwrap().clone());
    (tables, effects.collect())
}

#[test]
fn one_stride_comes_to_the_same_as_many() {
    let run = |n_steps: u32| {
        let stage = busy_world();
        for user_id in 101..=103 {
            done(&stage, &format!("goready/user/{user_id}"));
        }
        done(&stage, "dial/user/104/phone/07700900155");
        happens(&stage, "request_break", &json!({ "user": 101 }));
        for _ in 0..n_steps {
            stage.advance(Duration::from_hours(2) / n_steps);
        }
        seen(&stage)
    };
    let once = run(1);
    assert!(once.1.len() > 10);
    assert_eq!(once, run(8));
    assert_eq!(once, run(480));
}
