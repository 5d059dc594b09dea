//! Any order of requests, events and steps of the clock: no 500, and the state stays sound.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::jtel::tests::{ask, scenario};

#[derive(Clone, Debug)]
enum Step {
    Request(&'static str, String, Option<Value>),
    Event(&'static str, Value),
    Advance(u32),
}

fn id() -> impl Strategy<Value = i64> {
    0..9_i64
}

fn user_data() -> impl Strategy<Value = String> {
    prop_oneof![Just("U".to_owned()), Just("V".to_owned()), Just(String::new()), "\\PC{0,6}"]
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn import() -> impl Strategy<Value = Step> {
    let campaign =
        prop_oneof![Just(json!(612)), Just(json!(613)), Just(json!(812)), Just(json!("x"))];
    let phone = prop_oneof![Just(json!("4930555")), Just(json!("49305550001")), Just(Value::Null)];
    (campaign, user_data(), "\\PC{0,70}", phone, any::<bool>()).prop_map(
        |(campaign, user_data, name, phone, overwrite)| {
            let body = json!({"DiallerCampaignsID": campaign, "UserData": user_data, "Name": name,
                "PhoneNumber1": phone, "\u{0}": {"a": []}});
            let path = format!("contacts/import?overwriteDuplicates={overwrite}");
            Step::Request("POST", path, Some(body))
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let method =
        || prop_oneof![Just("GET"), Just("PATCH"), Just("DELETE"), Just("POST"), Just("PUT")];
    let action = || prop_oneof![Just(""), Just("/lock"), Just("/unlock"), Just("/history")];
    prop_oneof![
        (method(), id(), action()).prop_map(|(method, id, action)| {
            Step::Request(method, format!("contacts/contact/{id}{action}"), None)
        }),
        (method(), user_data(), action()).prop_map(|(method, user_data, action)| {
            let path = format!("contacts/contact{action}?userData={}", encoded(&user_data));
            Step::Request(method, path, None)
        }),
        import(),
        import(),
        (prop::collection::vec(id(), 0..3), user_data()).prop_map(|(ids, user_data)| {
            let body = json!({"IDList": ids, "UserDataList": [user_data]});
            Step::Request("POST", "contacts".into(), Some(body))
        }),
        "\\PC{0,20}".prop_map(|path| Step::Request("GET", encoded(&path), None)),
        id().prop_map(|id| Step::Event("dial_contact", json!({"contact": id.max(1)}))),
        (id(), 3101..3108_i64).prop_map(|(id, code)| {
            Step::Event("record_result", json!({"contact": id.max(1), "result_code": code}))
        }),
        Just(Step::Event("start_campaign", json!({"campaign": 612}))),
        Just(Step::Event("stop_campaign", json!({"campaign": 612}))),
        Just(Step::Event("incoming_call", json!({"client": 7, "number": "4930555"}))),
        (0..20_000_000_u32).prop_map(Step::Advance),
    ]
}

/// What must hold between any two steps.
fn check_state(stage: &Stage, before: &[Value], step: &Step) {
    let contacts = stage.table("jtel", "contacts");
    let history = stage.table("jtel", "history");
    let calls = stage.table("jtel", "calls");
    let known: BTreeSet<i64> = contacts.iter().filter_map(|it| it["id"].as_i64()).collect();
    for row in &history {
        let contact_id = row["contact_id"].as_i64().unwrap();
        assert!(known.contains(&contact_id), "history of nobody: {row}");
    }
    let up: Vec<i64> = calls
        .iter()
        .filter(|it| it["ended_ms"].is_null())
        .filter_map(|it| it["contact_id"].as_i64())
        .collect();
    assert_eq!(up.len(), up.iter().collect::<BTreeSet<_>>().len(), "two calls with one contact");
    for contact in &contacts {
        let id = contact["id"].as_i64().unwrap();
        let open = history.iter().filter(|it| it["contact_id"] == id && it["end_ms"].is_null());
        let open = open.filter(|it| !it["call_id"].is_null()).count();
        assert_eq!(open, usize::from(up.contains(&id)), "open calls of {contact}");
        assert!(!up.contains(&id) || contact["due_ms"].is_null(), "dialled twice: {contact}");
        assert!(contact["held_ms"].is_null() || contact["locked"] == 1, "held: {contact}");
        let old = before.iter().find(|it| it["id"] == id);
        if let (Step::Advance(_), Some(old)) = (step, old) {
            let tries = |it: &Value| it["tries1"].as_i64().unwrap();
            assert!(old["locked"] == 0 || tries(old) == tries(contact), "dialled: {contact}");
        }
    }
    if let Step::Request("DELETE", ..) = step {
        assert!(contacts.len() + 1 >= before.len(), "more than one deleted");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_steps_keep_the_state_sound(
        pick in prop_oneof![Just("lowest_id"), Just("highest_id"), Just("seeded_random")],
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut scenario = scenario();
        scenario["jtel"]["variants"] = json!({ "pick": pick });
        let stage = Stage::new(&scenario);
        for step in &steps {
            let before = stage.table("jtel", "contacts");
            match step {
                Step::Request(method, path, body) => {
                    let (status, reply) = ask(&stage, method, path, body.as_ref());
                    prop_assert!(status < 500, "{method} {path}: {status} {reply}");
                    if !reply.is_null() {
                        prop_assert_eq!(reply["status"].as_u64(), Some(u64::from(status)));
                    }
                }
                // What cannot be is refused; that is all that is asked here.
                Step::Event(name, body) => drop(stage.event("jtel", name, body)),
                Step::Advance(ms) => stage.advance(Duration::from_millis(u64::from(*ms))),
            }
            check_state(&stage, &before, step);
        }
        let failed = stage.journal().into_iter().filter(|it| it["outcome"] == "error");
        prop_assert_eq!(failed.count(), 0);
    }
}
