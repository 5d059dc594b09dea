//! One person, known to all vendors.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::Stage;

fn stage() -> Stage {
    Stage::new(&json!({
        "people": [
            { "phone": "+49 221 4710123", "first_name": "Ida", "name": "König", "email": "ida@example.test" },
            { "phone": "+44 20 7946 0123", "name": "Smith" },
        ],
        "maestro": {
            "offers": [{ "id": 1, "token": "t1" }],
            "calls": [{ "uid": "C1", "name": "Kick-off", "start": "2026-03-01T09:00:00Z", "end": "2026-03-01T10:00:00Z", "customer_emails": ["host@example.com"] }],
            "callers": [{ "uid": "P1", "call": "C1", "ani": "00492214710123", "joined": "2026-03-01T09:05:00Z", "offers": [1] }],
        },
        "jtel": {
            "clients": [{ "id": 7, "tokens": ["T"] }],
            "campaigns": [{ "id": 612, "client": 7, "name": "Recall", "running": true }],
            "people": [{ "campaign": 612, "count": 1 }],
        },
        "infocu5": {
            "affiliates": [{ "id": "A7k2Qm9ZrT4x", "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }],
            "campaigns": [{ "id": 2040, "name": "Line", "affiliate": "A7k2Qm9ZrT4x" }],
            "calls": [{ "id": 1, "date": "2026-03-02T08:00:00Z", "campaign": 2040, "type": "Inbound", "number_inbound": "492214710123" }],
        },
        "mor": {
            "users": [{ "username": "bob" }],
            "campaigns": [{ "id": 17, "name": "Poll", "user": "bob" }],
            "people": [{ "campaign": 17 }],
        },
        "maxcontact": { "lists": [{ "id": 12 }], "people": [{ "list": 12, "first": 1, "count": 2 }] },
    }))
}

#[test]
fn a_person_is_followed_across_the_vendors() {
    let stage = stage();
    let called = json!({ "campaign": 17, "number": "492214710123", "outcome": "answered", "at": "2026-03-02T08:30:00Z" });
    stage.event("mor", "dial_number", &called).unwrap();
    stage.advance(Duration::from_mins(30));
    let way = stage.person("+49 (221) 4710-123").unwrap();
    assert_eq!(way["person"]["name"], "König");
    let steps: Vec<String> = way["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let text = |name: &str| step[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", text("at"), text("vendor"), text("what"))
        })
        .collect();
    assert_eq!(
        steps,
        [
            "2026-03-01T09:05:00Z maestro joined call C1 (Kick-off)",
            "2026-03-01T09:05:00Z maestro opted in to offer 1 in call C1",
            "2026-03-02T08:00:00Z infocu5 inbound call 1 of campaign 2040, nobody spoke",
            "2026-03-02T08:30:00Z mor dialled by campaign 17, answered, 30 s",
            "2026-03-02T09:00:00Z jtel became contact 1 of campaign 612",
            "2026-03-02T09:00:00Z jtel dialled as contact 1",
            "2026-03-02T09:00:00Z maxcontact became lead 1 of list 12",
        ]
    );
    assert!(stage.person("+49 221 4710124").is_none(), "nobody");
    assert_eq!(stage.person("442079460123").unwrap()["person"]["name"], "Smith");
}

#[test]
fn rows_take_from_the_person_what_they_leave_out() {
    let stage = stage();
    assert_eq!(stage.table("maestro", "callers")[0]["name"], "Ida König");
    assert_eq!(stage.table("maestro", "callers")[0]["email"], "ida@example.test");
    let record = stage.table("infocu5", "calls")[0]["record"].clone();
    let record: Value = serde_json::from_str(record.as_str().unwrap()).unwrap();
    assert_eq!(record["callContact"], "Ida König");
    assert_eq!(stage.table("mor", "numbers").len(), 2);
    assert_eq!(stage.table("jtel", "contacts")[0]["first_name"], "Ida");
}

#[test]
fn says_what_is_wrong_with_people() {
    let twice = json!({ "people": [{ "phone": "+49221", "name": "A" }, { "phone": "0049 221", "name": "B" }] });
    assert!(Stage::mistakes(&twice).contains("0049 221 is somebody's number already"));
    let letters = json!({ "people": [{ "phone": "CALL ME", "name": "A" }] });
    assert!(Stage::mistakes(&letters).contains("a telephone number such as +49 221 4710123"));
    let many = json!({ "crowd": 30_000 });
    assert!(Stage::mistakes(&many).contains("an integer from 0 to 21000"));
    let few = json!({
        "crowd": 5,
        "maxcontact": { "lists": [{ "id": 12 }], "people": [{ "list": 12, "first": 3, "count": 9 }] },
    });
    assert!(Stage::mistakes(&few).contains("asks for people 3 to 11, and there are 5"));
}
