//! One entry of each kind, in every form in which entries leave, byte for byte.

use serde_json::{Value, json};

use crate::base::limits::JOURNAL_BODY_BYTES_MAX;
use crate::sim::world::journal::Page;
use crate::testing::{Stage, parse_request};
use crate::web::har;

const TOKEN: &str = "Authorization: Bearer SIMTOKEN-7A\nCookie: a=1; b=2";

/// What becomes of a stage that has seen one input of each kind.
fn play(stage: &Stage) {
    let contact = "/rest/v1.0/7/dialler/contacts/301501";
    stage.send(&format!("GET {contact}?token=x&idd=%2B1&id=2\n{TOKEN}\nHost: localhost:1\n\n"));
    stage
        .send("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=bob&id=17&hash=no\n\n");
    stage.send(&format!("HEAD {contact}\nX-Empty:\n{TOKEN}\n\n"));
    stage.send("GET /w/default/rest/v1.0/7/nothing/like/it\n\n");
    let mut bytes = parse_request("POST /dialer/\nContent-Type: application/octet-stream\n\n");
    bytes.body = b"\xff\x00it's".to_vec().into();
    stage.respond(bytes);
    let long = "x".repeat(JOURNAL_BODY_BYTES_MAX);
    stage.send(&format!("POST /dialer/\n\n{{\"affiliateKey\":\"s3cret\",\"a\":\"{long}\"}}"));
    stage.send(
        "POST /billing/api/autodialer_change_campaign_status\n\
         Content-Type: application/x-www-form-urlencoded\n\nu=bob&idd=%2B17&p=pa55",
    );
    for (then, more) in [
        ("status", json!({ "status": 429, "body": "slow down" })),
        ("lose_reply", json!({ "name": "lost" })),
        ("reset", json!({ "delay": "20ms" })),
    ] {
        let mut rule = json!({ "on": { "operation": "get_contact", "times": 1 }, "then": then });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stage.fault(&rule);
        stage.send(&format!("GET {contact}\n{TOKEN}\n\n"));
    }
    stage.event("jtel", "dial_contact", &json!({ "contact": 301_501 })).unwrap();
    stage.send(&format!("PATCH /rest/v1.0/7/dialler/contacts/contact/301502/lock\n{TOKEN}\n\n"));
    stage.event("jtel", "dial_contact", &json!({ "contact": 301_502 })).unwrap_err();
    stage.advance(std::time::Duration::from_millis(61_001));
    stage.reset();
}

/// A text with what is too long to read, or another one with each version, told in a word.
fn told(text: &str) -> String {
    let long = "x".repeat(1000);
    let text = match text.split_once(&long) {
        Some((before, after)) => format!("{before}<x>{}", after.trim_start_matches('x')),
        None => text.to_owned(),
    };
    text.replace(env!("CARGO_PKG_VERSION"), "<version>")
}

/// The journal in every form; the page's JSON is what a value of it is.
fn golden(stage: &Stage) -> String {
    let page = Page { limit: usize::MAX, ..Page::default() };
    let found = stage.world().journal_page(&page).unwrap();
    let values = found.to_json();
    let whole = json!({ "entries": values, "last_seq": found.last_seq, "evicted": 0 });
    assert_eq!(serde_json::to_string(&found).unwrap(), whole.to_string());
    let mut lines: Vec<String> = values.iter().map(Value::to_string).collect();
    lines.extend(found.shown().filter_map(|entry| entry.curl()));
    let archive = har::archive("default", found.shown().filter_map(|entry| entry.archived()));
    lines.push(archive.to_string());
    lines.iter().map(|line| told(line) + "\n").collect()
}

/// `UPDATE_FIXTURES=1` writes the text anew; review the difference.
#[test]
fn entries_are_shown_as_they_always_were() {
    let stage = Stage::demo();
    play(&stage);
    let shown = golden(&stage);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write("src/sim/journal/tests/golden.txt", &shown).unwrap();
        return;
    }
    assert_eq!(shown, include_str!("golden.txt"));
}

#[test]
fn entries_of_a_file_are_shown_as_they_always_were() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::demo_in(folder.path());
    play(&stage);
    assert_eq!(golden(&stage), include_str!("golden.txt"));
}
