//! MaxContact: a command whose reply gets lost, and the client that sends it again.

use serde_json::{Value, json};

use crate::support::http::{body_of, http};
use crate::support::program::{Running, serve};

/// The contract's world, in which nobody answers by themselves.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/maxcontact/contract.toml");

const COOKIE: (&str, &str) = ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47");

const DIAL: &str = "dial/user/101/phone/07700900142?leadid=50012";

/// What comes over the wire for a telephony method: JSON, or nothing.
fn get(running: &Running, below: &str) -> String {
    let path = format!("/webservices/services/telephony/{below}");
    let headers = [COOKIE, ("Accept", "application/json")];
    running.raw("listen", http("GET", &path, &headers, "").as_bytes())
}

fn envelope(reply: &str) -> Value {
    serde_json::from_str(&body_of(reply)).unwrap_or_else(|_| panic!("no JSON: {reply}"))
}

/// Dials with a reply that is lost, dials again; answers the reply to the second request and the
/// journal's entries of both.
fn dial_twice(running: &Running) -> (Value, Vec<Value>) {
    let on = json!({ "vendor": "maxcontact", "operation": "dial", "nth": 1 });
    let rule = json!({ "on": on, "then": "lose_reply" }).to_string();
    let (status, added) = running.admin("POST", "/v1/worlds/default/faults", &rule);
    assert_eq!(status, 201, "{added}");
    assert_eq!(get(running, DIAL), "");
    let second = envelope(&get(running, DIAL));
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal?operation=dial", "");
    (second, journal["entries"].as_array().unwrap().clone())
}

fn calls(running: &Running) -> Vec<i64> {
    let calls = envelope(&get(running, "getcalls/user/101"));
    calls["Data"].as_array().unwrap().iter().map(|it| it["CallId"].as_i64().unwrap()).collect()
}

fn effect(entry: &Value) -> &str {
    entry["effects"][0]["text"].as_str().unwrap_or_default()
}

/// The vendor's commands are GETs, so a client or a proxy may send one again when it heard nothing.
#[test]
fn a_dial_that_is_repeated_dials_twice_where_no_hold_is_needed() {
    let running = serve(&[SCENARIO]);
    let variants = r#"{"maxcontact":{"dial_needs_hold":"false"}}"#;
    assert_eq!(running.admin("PUT", "/v1/worlds/default/variants", variants).0, 200);
    let (second, journal) = dial_twice(&running);
    assert_eq!(second["Data"]["CallId"], 1001);
    assert_eq!(calls(&running), [1000, 1001]);
    let [lost, heard] = journal.as_slice() else { panic!("{journal:?}") };
    assert_eq!(
        (&lost["fault"]["kind"], &lost["fault"]["work"]),
        (&json!("lose_reply"), &json!("done"))
    );
    assert!(effect(lost).contains("1000") && effect(lost).contains("07700900142"), "{lost}");
    assert!(effect(heard).contains("1001") && effect(heard).contains("07700900142"), "{heard}");
    assert_eq!(heard["fault"], Value::Null);
}

/// Where the first call has to be on hold, the refusal tells the client that its dial was heard.
#[test]
fn a_dial_that_is_repeated_is_refused_while_the_first_call_is_up() {
    let running = serve(&[SCENARIO]);
    let (second, journal) = dial_twice(&running);
    assert_eq!((&second["Success"], &second["ResponseCode"]), (&json!(false), &json!(13)));
    assert_eq!(calls(&running), [1000]);
    let [lost, refused] = journal.as_slice() else { panic!("{journal:?}") };
    assert!(effect(lost).contains("1000"), "{lost}");
    assert_eq!((&refused["outcome"], &refused["effects"]), (&json!("refused"), &json!([])));
    // The first call ends as busy and is disposed of: now the same request is a second call.
    let busy = "/v1/worlds/default/events/maxcontact/far_end_is_busy";
    assert_eq!(running.admin("POST", busy, r#"{"call":1000}"#).0, 200);
    let disposed = envelope(&get(&running, "dispose/user/101/call/1000?resultcode=CALLBACK"));
    assert_eq!(disposed["Success"], true);
    assert_eq!(envelope(&get(&running, DIAL))["Data"]["CallId"], 1001);
}
