//! Random commands and far ends at random times over twenty agents.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maxcontact::tests::{VENDOR, request, scenario};

const N_AGENTS: i64 = 20;

/// One step: which agent, what, which of its calls, and how much later.
type Step = (i64, usize, usize, u64);

const ACTIONS: &[&str] = &[
    "goready/user/{u}",
    "getcalls/user/{u}",
    "dial/user/{u}/phone/07700900142",
    "dial/user/{u}/phone/07700900155?leadid=2",
    "dial/user/{u}/phone/07700900001",
    "dial/user/{u}/phone/07700900006",
    "hangup/user/{u}/call/{c}",
    "dispose/user/{u}/call/{c}?resultcode=SALE",
    "dispose/user/{u}/call/{c}?resultcode=AGAIN",
    "dispose/user/{u}/call/{c}?resultcode=none",
    "hold/user/{u}/call/{c}",
    "hold/user/{u}/call/{c}",
    "retrieve/user/{u}/call/{c}",
    "stoprecord/user/{u}/call/{c}",
    "startrecord/user/{u}/call/{c}",
    "changelead/user/{u}/call/{c}/leadphone/1",
    "createnewlead/user/{u}/call/{c}/phone/07700900177",
    "connectcalls/user/{u}?call1={c}&call2={d}&resultcode1=SALE&resultcode2=BRIDGE",
    "event far_end_rings",
    "event far_end_answers",
    "event far_end_answers",
    "event far_end_does_not_answer",
    "event far_end_hangs_up",
    "event offer_call",
    "event request_break",
    "event cancel_break",
    "event end_break",
    "event go_not_ready",
    "event agent_logout",
    "event agent_login",
];

/// The calls of each agent, and the agents' states.
struct Seen {
    calls: BTreeMap<i64, Vec<(i64, String)>>,
    states: BTreeMap<i64, String>,
}

fn look(stage: &Stage) -> Seen {
    let mut calls: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
    for call in stage.table(VENDOR, "calls") {
        let entry = calls.entry(call["user_id"].as_i64().unwrap()).or_default();
        entry.push((call["id"].as_i64().unwrap(), call["state"].as_str().unwrap().to_owned()));
    }
    let states = stage
        .table(VENDOR, "users")
        .into_iter()
        .map(|user| (user["id"].as_i64().unwrap(), user["state"].as_str().unwrap().to_owned()));
    Seen { calls, states: states.collect() }
}

fn world(line: &str) -> Stage {
    let mut scenario = scenario(N_AGENTS, &json!({ "line": line }));
    scenario["maxcontact"]["campaigns"][0]["calls_per_hour"] = json!(400);
    scenario["maxcontact"]["queues"][0]["calls_per_hour"] = json!(400);
    Stage::new(&scenario)
}

/// Takes a step; answers what came back.
fn take(stage: &Stage, seen: &Seen, (idx, action, pick, _): Step) -> (String, bool) {
    let user_id = 101 + idx;
    let calls = seen.calls.get(&user_id).map_or(&[][..], Vec::as_slice);
    let call_id = |pick: usize| {
        calls.get(pick % calls.len().max(1)).map_or(1000 + i64::try_from(pick).unwrap(), |it| it.0)
    };
    let action = ACTIONS[action % ACTIONS.len()];
    let Some(event) = action.strip_prefix("event ") else {
        let below = action
            .replace("{u}", &user_id.to_string())
            .replace("{c}", &call_id(pick).to_string())
            .replace("{d}", &call_id(pick + 1).to_string());
        let response = stage.request(&request(&below));
        assert_eq!(response.status.as_u16(), 200, "{below}");
        let body = String::from_utf8(response.body.to_vec()).unwrap();
        let disposes = below.starts_with("dispose") && body.contains("\"Success\":true");
        return (body, disposes);
    };
    let body = match event {
        "offer_call" => json!({ "user": user_id, "phone": "07700900142" }),
        "agent_login" => json!({ "user": user_id, "campaign": 7 }),
        name if name.starts_with("far_end") => json!({ "call": call_id(pick) }),
        _ => json!({ "user": user_id }),
    };
    (format!("{:?}", stage.event(VENDOR, event, &body)), false)
}

/// What always holds.
fn check(stage: &Stage, before: &Seen, after: &Seen, disposed_for: Option<i64>) {
    for (user_id, state) in &after.states {
        let calls = after.calls.get(user_id).map_or(&[][..], Vec::as_slice);
        let count = |wanted: &[&str]| {
            calls.iter().filter(|(_, state)| wanted.contains(&state.as_str())).count()
        };
        assert!(count(&["connected"]) <= 1, "agent {user_id} talks on two calls: {calls:?}");
        assert!(calls.len() <= 2, "agent {user_id} has more than two calls: {calls:?}");
        let derived = if count(&["connected"]) > 0 {
            "talking"
        } else if count(&["dialling", "ringing"]) > 0 {
            "calling"
        } else if count(&["on hold"]) > 0 {
            "holding"
        } else if count(&["ended"]) > 0 {
            "wrapping"
        } else {
            assert!(["logged out", "not ready", "ready", "on break"].contains(&state.as_str()));
            state
        };
        assert_eq!(state, derived, "agent {user_id} with {calls:?}");
        if before.states[user_id] == "wrapping" && state != "wrapping" {
            assert_eq!(disposed_for, Some(*user_id), "agent {user_id} stopped wrapping up");
        }
    }
    let mut ids: Vec<i64> = after.calls.values().flatten().map(|(id, _)| *id).collect();
    let n_calls = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_calls, "a call has two agents");
    let books: Value = stage.table(VENDOR, "books").remove(0);
    let book = |name: &str| books[name].as_i64().unwrap();
    let balance = book("disposed") + book("bridged") + book("dropped") + book("in_hand");
    assert_eq!(book("made"), balance, "{books}");
}

/// Plays all steps; answers everything that came back.
fn play(line: &str, steps: &[Step], checks: bool) -> Vec<String> {
    let stage = world(line);
    let mut replies = Vec::new();
    let mut before = look(&stage);
    for step in steps {
        let (reply, disposes) = take(&stage, &before, *step);
        replies.push(reply);
        let mut after = look(&stage);
        if checks {
            check(&stage, &before, &after, disposes.then_some(101 + step.0));
        }
        if step.3 > 0 {
            stage.advance(Duration::from_millis(step.3));
            before = after;
            after = look(&stage);
            if checks {
                check(&stage, &before, &after, None);
            }
        }
        before = after;
    }
    replies.push(json!(stage.journal()).to_string());
    replies
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let agent = prop_oneof![3 => 0..3_i64, 1 => 0..N_AGENTS];
    let later = prop_oneof![2 => Just(0), 1 => 1..5000_u64, 1 => 5000..200_000_u64];
    prop::collection::vec((agent, 0..ACTIONS.len(), 0..4_usize, later), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_floor_keeps_its_rules(steps in steps(), timed in any::<bool>()) {
        let line = if timed { "timed" } else { "manual" };
        let replies = play(line, &steps, true);
        prop_assert_eq!(replies, play(line, &steps, false));
    }

    #[test]
    fn no_request_is_too_strange(
        method in "(GET|POST|DELETE|PUT)",
        path in "/webservices/services/(telephony|leadmanagement|apitoken)(/[a-zA-Z0-9{}%.&=+-]{0,12}){0,6}",
        query in "([a-zA-Z0-9]{0,8}=[a-zA-Z0-9%+]{0,8}&?){0,4}",
        body in ".{0,80}",
        media_type in "(application/json|application/xml|multipart/form-data; boundary=x|text/plain)",
    ) {
        let stage = world("manual");
        let response = stage.request(&format!(
            "{method} {path}?{query} HTTP/1.1\nCookie: TokenKey={}\nContent-Type: {media_type}\n\n{body}",
            crate::vendors::maxcontact::tests::TOKEN
        ));
        prop_assert!(response.status.as_u16() < 500);
        let journal = stage.journal();
        prop_assert!(journal.iter().all(|shown| shown["outcome"] != "error"), "{:?}", journal);
    }
}
