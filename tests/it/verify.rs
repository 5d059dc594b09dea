//! Asking a running program what really happened.

use std::thread;

use serde_json::{Value, json};

use crate::support::http::{http, status_of};
use crate::support::program::{Running, serve};

const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";

fn get_contact(running: &Running, token: &str) {
    let headers = [("Authorization", token)];
    let reply = running.raw("listen", http("GET", CONTACT, &headers, "").as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
}

fn ask(running: &Running, call: &str, condition: &Value) -> (u16, Value) {
    running.admin("POST", &format!("/v1/worlds/default/{call}"), &condition.to_string())
}

#[test]
fn a_condition_passes_or_says_what_came_closest() {
    let running = serve(&[]);
    get_contact(&running, "Bearer SIMTOKEN-7A");
    let (status, verdict) = ask(
        &running,
        "verify",
        &json!({ "operation": "get_contact", "param": { "id": "301501" }, "exactly": 1 }),
    );
    assert_eq!((status, &verdict["verdict"]), (200, &json!("pass")), "{verdict}");
    assert_eq!(verdict["matched"], json!([1]));

    let wrong = json!({ "operation": "get_contact", "param": { "id": "301502" },
        "header": { "authorization": "Bearer SIMTOKEN-7A" } });
    let (status, verdict) = ask(&running, "verify", &wrong);
    assert_eq!((status, &verdict["verdict"]), (422, &json!("fail")), "{verdict}");
    let rules = verdict["closest"][0]["rules"].as_array().unwrap();
    let answers: Vec<_> = rules.iter().map(|rule| (&rule["rule"], &rule["matched"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(
        answers,
        [
            (&json!("operation"), &yes),
            (&json!("param id"), &no),
            (&json!("header authorization"), &yes)
        ]
    );
    assert_eq!(rules[1]["found"], "\"301501\"");
    assert!(!verdict.to_string().contains("SIMTOKEN"), "{verdict}");

    let (status, problem) = ask(&running, "verify", &json!({ "operaton": "get_contact" }));
    assert_eq!(status, 400);
    assert_eq!(problem["mistakes"][0]["pointer"], "/operaton", "{problem}");
    let hint = problem["mistakes"][0]["hint"].as_str().unwrap();
    assert_eq!(hint, "did you mean \"operation\"?");
}

#[test]
fn secrets_are_shown_where_that_was_asked_for() {
    let running = serve(&["--show-secrets"]);
    get_contact(&running, "Bearer SIMTOKEN-7A");
    let wrong = json!({ "operation": "get_contact", "header": { "authorization": "Bearer x" } });
    let (_, verdict) = ask(&running, "verify", &wrong);
    assert_eq!(verdict["closest"][0]["rules"][1]["found"], "\"Bearer SIMTOKEN-7A\"");
}

#[test]
fn an_exchange_leaves_as_an_archive_and_as_a_line_for_the_shell() {
    let running = serve(&[]);
    get_contact(&running, "Bearer SIMTOKEN-7A");
    running.admin("POST", "/v1/worlds/default/reset", "");
    let (_, archive) = running.admin("GET", "/v1/worlds/default/journal.har", "");
    let entries = archive["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["request"]["url"], format!("http://localhost{CONTACT}"));
    assert_eq!(entries[0]["response"]["status"], 200);
    assert!(!archive.to_string().contains("SIMTOKEN"));
    let (_, line) = running.admin("GET", "/v1/worlds/default/journal/1?as=curl", "");
    let line = line["curl"].as_str().unwrap();
    assert!(line.starts_with("curl --globoff --path-as-is -X 'GET' 'http://localhost/rest/"));
    assert!(line.contains("-H 'authorization: Bearer ***(11."), "{line}");
    assert_eq!(running.admin("GET", "/v1/worlds/default/journal/2?as=curl", "").0, 409);
}

#[test]
fn findings_are_told_without_asking_for_anything() {
    let running = serve(&[]);
    let path = format!("{CONTACT}?token=SIMTOKEN-7A");
    running.raw("listen", http("GET", &path, &[], "").as_bytes());
    let (status, told) = running.admin("GET", "/v1/worlds/default/findings", "");
    assert_eq!(status, 200);
    assert_eq!(told["findings"][0]["name"], "secret_in_query", "{told}");
    assert_eq!(told["findings"][0]["entries"], json!([1]));
    assert!(!told.to_string().contains("SIMTOKEN"), "{told}");
}

#[test]
fn waiting_ends_when_the_condition_holds() {
    let running = serve(&[]);
    let condition = json!({ "operation": "get_contact", "at_least": 2, "timeout": "20s" });
    thread::scope(|scope| {
        let waiting = scope.spawn(|| ask(&running, "wait", &condition));
        get_contact(&running, "Bearer SIMTOKEN-7A");
        get_contact(&running, "Bearer SIMTOKEN-7A");
        let (status, verdict) = waiting.join().unwrap();
        assert_eq!((status, &verdict["found"]), (200, &json!(2)), "{verdict}");
    });
}

/// Dials, so that something is due in the next seconds of the world's.
fn dial(running: &Running) {
    let path = "/webservices/services/telephony/dial/user/101/phone/07700900142";
    let cookie = "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";
    let headers = [("Cookie", cookie), ("Accept", "application/json")];
    let reply = running.raw("listen", http("GET", path, &headers, "").as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
}

#[test]
fn what_is_due_on_a_running_clock_happens_while_somebody_waits() {
    let running = serve(&["--clock", "scaled:60"]);
    dial(&running);
    let condition = json!({ "action": "due", "timeout": "60s" });
    let (status, verdict) = ask(&running, "wait", &condition);
    assert_eq!(status, 200, "{verdict}");
    let path = format!("/v1/worlds/default/journal/{}", verdict["matched"][0]);
    let (_, entry) = running.admin("GET", &path, "");
    assert!(entry["detail"]["fired"].as_u64() > Some(0), "{entry}");
    assert_eq!(entry["effects"][0]["vendor"], "maxcontact", "{entry}");
}

#[test]
fn whoever_looks_at_rows_on_a_running_clock_sees_what_is_due_done() {
    let running = serve(&["--clock", "scaled:100000"]);
    dial(&running);
    let has_happened = || {
        let (status, page) = running.admin("GET", "/v1/worlds/default/state/maxcontact/calls", "");
        assert_eq!(status, 200, "{page}");
        let (_, page) = running.admin("GET", "/v1/worlds/default/journal?last=1", "");
        page["entries"][0]["action"] == "due"
    };
    assert!(
        (0..10_000).any(|_| has_happened()),
        "{}",
        running.admin("GET", "/v1/worlds/default/journal", "").1
    );
}

#[test]
fn waiting_ends_when_the_time_is_up_or_the_condition_is_lost() {
    let running = serve(&[]);
    let condition = json!({ "operation": "get_contact", "timeout": "1ms" });
    let (status, verdict) = ask(&running, "wait", &condition);
    assert_eq!((status, &verdict["verdict"]), (422, &json!("fail")), "{verdict}");
    get_contact(&running, "Bearer SIMTOKEN-7A");
    // The world has seen one already, so the ten minutes are not waited for.
    let condition = json!({ "operation": "get_contact", "never": true, "timeout": "10m" });
    assert_eq!(ask(&running, "wait", &condition).0, 422);
    for timeout in [json!("11m"), json!(5), json!("soon")] {
        let (status, problem) = ask(&running, "wait", &json!({ "timeout": timeout }));
        assert_eq!(status, 400, "{problem}");
    }
}
