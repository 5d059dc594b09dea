//! Transcripts: a request in, the reply and the reason out.

mod bodies;
mod floor;
mod login;
mod moves;
mod paths;
mod print;
mod property;
mod schema;
mod traffic;
mod walk;
mod xml;

use serde_json::{Value, json};

use crate::contract::fields::Kind;
use crate::testing::Stage;
use crate::vendors::maxcontact::ops::NUMBERS;
use crate::vendors::maxcontact::seed::SCENARIO;

const VENDOR: &str = "maxcontact";

/// A token that is out when the world begins.
const TOKEN: &str = "test-token";

/// A world with so many agents (101, 102, …) on campaign 7, and a lead with 07700900142.
fn scenario(n_agents: i64, settings: &Value) -> Value {
    let users: Vec<Value> = (0..n_agents)
        .map(|idx| json!({ "id": 101 + idx, "name": format!("Agent {idx}"), "campaign": 7 }))
        .collect();
    json!({
        "seed": 7,
        "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
        "maxcontact": {
            "settings": settings,
            "accounts": [{ "login": "api.user", "password": "Pa55word!" }],
            "tokens": [{ "token": TOKEN, "login": "api.user", "valid_for": "30d" }],
            "lists": [{ "id": 12 }],
            "campaigns": [{ "id": 7, "name": "Renewals", "list": 12 }],
            "users": users,
            "result_codes": [
                { "code": "SALE", "id": 1, "sales": 1, "success": true },
                { "code": "BRIDGE", "id": 2, "system": true },
                { "code": "AGAIN", "id": 3, "call_again": true },
            ],
            "queues": [{ "id": 3, "name": "Service" }],
            "leads": [
                { "id": 1, "list": 12, "name": "Asha", "phone": "07700900142" },
                { "id": 2, "list": 12, "name": "Marek", "phone": "07700900155" },
            ],
        },
    })
}

/// A world in which nothing happens by itself.
fn manual(n_agents: i64) -> Stage {
    Stage::new(&scenario(n_agents, &json!({ "line": "manual" })))
}

/// Asks a telephony method and answers the JSON envelope.
fn get(stage: &Stage, below: &str) -> Value {
    let response = stage.request(&request(below));
    assert_eq!(response.status.as_u16(), 200, "{below}");
    serde_json::from_slice(&response.body).unwrap()
}

fn request(below: &str) -> String {
    format!(
        "GET /webservices/services/telephony/{below} HTTP/1.1\nCookie: TokenKey={TOKEN}\n\
         Accept: application/json\n"
    )
}

/// Sends a GET that is expected to succeed.
#[track_caller]
fn done(stage: &Stage, below: &str) -> Value {
    let reply = get(stage, below);
    assert_eq!(reply["Success"], true, "{below}: {reply} {}", stage.why());
    reply["Data"].clone()
}

/// Sends a GET that is expected to be refused; answers the code of the refusal.
#[track_caller]
fn refused(stage: &Stage, below: &str) -> i64 {
    let reply = get(stage, below);
    assert_eq!(reply["Success"], false, "{below}: {reply}");
    reply["ResponseCode"].as_i64().unwrap()
}

#[track_caller]
fn happens(stage: &Stage, event: &str, body: &Value) -> Value {
    stage.event(VENDOR, event, body).unwrap_or_else(|reason| panic!("{event}: {reason}"))
}

/// What an agent is doing.
fn state_of(stage: &Stage, user_id: i64) -> String {
    let users = stage.table(VENDOR, "users");
    let user = users.iter().find(|user| user["id"] == user_id).expect("the agent is there");
    user["state"].as_str().unwrap().to_owned()
}

/// A column of a call in hand; `None` where the call is not there.
fn of_call(stage: &Stage, id: i64, column: &str) -> Option<Value> {
    let calls = stage.table(VENDOR, "calls");
    calls.into_iter().find(|call| call["id"] == id).map(|call| call[column].clone())
}

#[test]
fn the_scenario_names_the_numbers_that_go_out() {
    let Some(Kind::Table(fields)) =
        SCENARIO.iter().find(|field| field.name == "numbers").map(|field| field.kind)
    else {
        panic!("numbers is a table")
    };
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    assert_eq!(names, NUMBERS.map(|(name, _)| name));
}

#[test]
fn numbers_and_codes_can_be_replaced() {
    let mut scenario = scenario(1, &json!({ "line": "manual" }));
    scenario["maxcontact"]["numbers"] = json!({ "dialling": 17, "in_progress": 4 });
    scenario["maxcontact"]["codes"] = json!([
        { "key": "OK", "code": 200, "text": "Done" },
        { "key": "E_CALL_UNKNOWN", "text": "no call {id}" },
    ]);
    let stage = Stage::new(&scenario);
    let reply = get(&stage, "dial/user/101/phone/07700900142");
    assert_eq!(
        (&reply["Data"]["CallState"], &reply["Data"]["CallStatus"]),
        (&json!(17), &json!(4))
    );
    assert_eq!((&reply["ResponseCode"], &reply["ResponseDetail"]), (&json!(200), &json!("Done")));
    let reply = get(&stage, "hold/user/101/call/1");
    assert_eq!(reply["ResponseCode"], 21);
    assert_eq!(reply["ResponseDetail"], "no call 1");
}
