//! Tools that read a running program: reasons, pages, verdicts, state; and that no credential shows.

use serde_json::{Value, json};

use super::assistant::Assistant;
use crate::support::http::http;
use crate::support::program::{AGENTS, Running, serve};

/// A token of the demo's.
const TOKEN: &str = "SIMTOKEN-7A";
/// The key that is in [`AGENTS`].
const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Asks jtel for a contact.
fn contact(program: &Running, id: u32, headers: &[(&str, &str)]) -> String {
    let path = format!("/rest/v1.0/7/dialler/contacts/{id}");
    program.raw("listen", http("GET", &path, headers, "").as_bytes())
}

/// A program whose clients were refused, in three ways.
fn asked() -> Running {
    let program = serve(&[]);
    contact(&program, 301_501, &[("Authorization", &format!("Bearer {TOKEN}"))]);
    contact(&program, 301_501, &[]);
    program.post("/dialer/", r#"{"affiliateID":"A7k2Qm9ZrT4x",}"#);
    program.post("/dialer/", AGENTS);
    program.raw("listen", http("GET", "/nothing/of/the/kind", &[], "").as_bytes());
    program
}

fn numbers(listed: &Value) -> Vec<u64> {
    listed["exchanges"].as_array().unwrap().iter().map(|it| it["seq"].as_u64().unwrap()).collect()
}

#[test]
fn refusals_come_with_reason_place_and_cure() {
    let program = asked();
    let mut assistant = Assistant::of(&program, &[]);
    let listed = assistant.get("list_exchanges", &json!({ "outcome": "refused" }));
    assert_eq!((numbers(&listed), &listed["last_seq"]), (vec![2, 3], &json!(4)));
    let [token, json] = listed["exchanges"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!(token["why"]["rule"], "jtel.token");
    assert_eq!(token["why"]["found"], "no header Authorization");
    assert!(token["line"].as_str().unwrap().ends_with("301501 -> 401 refused"), "{token}");
    assert_eq!(json["why"]["at"], "line 1, column 30 (byte 29)");
    assert!(json["why"]["hint"].as_str().unwrap().contains("take away the comma"), "{json}");
    assert_eq!(json["why"]["edit"]["body"], "{\"affiliateID\":\"A7k2Qm9ZrT4x\"}");
    // Each source is one that can be read.
    assert_eq!(json["why"]["source"], "ringback contract infocu5 4.1");
    let section = json!({ "vendor": "infocu5", "section": "4.1" });
    assert!(assistant.get("read_contract", &section)["text"].as_str().unwrap().contains("4.1"));
    assert!(listed["strays"].as_str().unwrap().contains("list_strays"));
    let strays = assistant.get("list_strays", &json!({}));
    let stray = &strays["strays"][0];
    assert!(stray["line"].as_str().unwrap().contains("GET /nothing/of/the/kind"), "{stray}");
    assert!(stray["told"][0].as_str().unwrap().contains("no vendor takes"), "{stray}");

    for (wanted, seqs) in [
        (json!({ "vendor": "jtel" }), vec![1, 2]),
        (json!({ "vendor": "jtel", "outcome": "ok" }), vec![1]),
        (json!({ "operation": "get_contact", "why": "token" }), vec![2]),
        (json!({ "text": "Nordlicht" }), vec![1]),
        (json!({ "after": 3 }), vec![4]),
        (json!({ "before": 2 }), vec![1]),
        (json!({ "before": 0 }), vec![]),
    ] {
        let listed = assistant.get("list_exchanges", &wanted);
        assert_eq!(numbers(&listed), seqs, "{wanted}");
        assert_eq!(listed["told"].is_string(), seqs.is_empty(), "{listed}");
    }
    let told = assistant.refused("list_exchanges", &json!({ "why": "jtel.tokn" }));
    assert!(told.contains("did you mean \"jtel.token\"?; explain without a rule lists"), "{told}");
    let told = assistant.refused("list_exchanges", &json!({ "operation": "get_contct" }));
    assert!(told.contains("did you mean \"get_contact\"?"), "{told}");
}

#[test]
fn one_exchange_is_shown_whole() {
    let program = asked();
    let mut assistant = Assistant::of(&program, &[]);
    let shown = assistant.get("show_exchange", &json!({ "seq": 2 }));
    assert_eq!(shown["why"]["rule"], "jtel.token");
    assert_eq!(shown["response"]["status"], 401);
    assert!(shown["curl"].as_str().unwrap().starts_with("curl "), "{shown}");
    // An entry that is no exchange is shown as it is.
    program.admin("POST", "/v1/worlds/default/checkpoint", r#"{"name":"kept"}"#);
    let shown = assistant.get("show_exchange", &json!({ "seq": 5 }));
    assert_eq!(shown["action"], "checkpoint");
    assert!(!shown["request"].is_object() && shown.get("curl").is_none(), "{shown}");
    let told = assistant.refused("show_exchange", &json!({ "seq": 77 }));
    assert!(told.contains("there is no entry 77"), "{told}");
    let told = assistant.refused("show_exchange", &json!({}));
    assert!(told.contains("seq"), "{told}");
}

/// However long, each reply is bounded, and what it says of the rest leads to it.
#[test]
fn long_replies_are_cut_and_lead_to_the_rest() {
    let program = serve(&[]);
    let long = "ä".repeat(20_000);
    program.post("/dialer/", &format!("{{\"a\":\"{long}\""));
    for _ in 0..240 {
        contact(&program, 301_501, &[]);
    }
    let mut assistant = Assistant::of(&program, &[]);
    let bounded = |reply: &Value| {
        let n_chars = reply.to_string().chars().count();
        assert!(n_chars <= 26_000, "{n_chars} characters");
    };
    // Backwards from the newest, and forwards from the first.
    for (first, name) in [(json!({ "limit": 200 }), "before"), (json!({ "after": 0 }), "after")] {
        let mut seen = Vec::new();
        let mut arguments = first;
        loop {
            let listed = assistant.get("list_exchanges", &arguments);
            bounded(&listed);
            seen.extend(numbers(&listed));
            let Some(next) = listed["more"].get(name) else { break };
            arguments = json!({ name: next, "limit": 200 });
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=241).collect::<Vec<u64>>(), "{name}");
    }
    // One body, piece by piece.
    let (mut body, mut from) = (String::new(), 0);
    loop {
        let shown = assistant.get("show_exchange", &json!({ "seq": 1, "body_from": from }));
        bounded(&shown);
        body.push_str(shown["request"]["body"].as_str().unwrap());
        let Some(next) = shown["next_body_from"].as_u64() else { break };
        from = next;
    }
    assert_eq!(body, format!("{{\"a\":\"{long}\""));
    // Rows, page by page, and a chapter that is long.
    let contacts: Vec<Value> =
        (1..=150).map(|id| json!({ "id": id, "campaign": 612, "name": "Many" })).collect();
    let many = json!({ "jtel": { "contacts": contacts } }).to_string();
    let (status, told) = program.admin("POST", "/v1/worlds/default/seed", &many);
    assert_eq!(status, 200, "{told}");
    let all = json!({ "vendor": "jtel", "table": "contacts", "limit": 200 });
    let rows = assistant.get("read_state", &all);
    bounded(&rows);
    let next = rows["rows"].as_array().unwrap().len();
    assert_eq!(rows["next"], next);
    let further = json!({ "vendor": "jtel", "table": "contacts", "limit": 200, "offset": next });
    assert_ne!(assistant.get("read_state", &further)["rows"][0], rows["rows"][0]);
    let (mut chapter, mut from) = (String::new(), 0);
    loop {
        let arguments = json!({ "chapter": "command-line", "from": from });
        let piece = assistant.get("read_manual", &arguments);
        bounded(&piece);
        chapter.push_str(piece["text"].as_str().unwrap());
        let Some(next) = piece["next"].as_u64() else { break };
        from = next;
    }
    assert!(chapter.starts_with("# The command line") && chapter.chars().count() > 40_000);
}

#[test]
fn a_condition_that_fails_is_explained_by_what_came_closest() {
    let program = asked();
    let mut assistant = Assistant::of(&program, &[]);
    let failed = json!({ "vendor": "jtel", "operation": "get_contact", "status": 404 });
    let verdict = assistant.get("verify", &json!({ "condition": failed }));
    assert_eq!((&verdict["verdict"], &verdict["closest"][0]["seq"]), (&json!("fail"), &json!(2)));
    let explanation = verdict["explanation"].as_str().unwrap();
    assert!(explanation.contains("NO       status: expected 404, found 200"), "{explanation}");
    let held = json!({ "vendor": "jtel", "exactly": 2 });
    assert_eq!(assistant.get("verify", &json!({ "condition": held }))["verdict"], "pass");
    let told = assistant.refused("verify", &json!({ "condition": { "vendr": "jtel" } }));
    assert!(told.contains("did you mean \"vendor\"?"), "{told}");
    let told = assistant.refused("verify", &json!({}));
    assert!(told.contains("condition"), "{told}");
}

#[test]
fn worlds_and_vendors_are_told() {
    let program = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    program.admin("POST", "/v1/worlds", r#"{"name":"nightly","scenario":"demo"}"#);
    let mut assistant = Assistant::of(&program, &["--world", "nightly"]);
    let worlds = assistant.get("list_worlds", &json!({}));
    let names: Vec<&Value> =
        worlds["worlds"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["default", "nightly"]);
    // The world that it was started with is meant where none is named.
    assert_eq!(assistant.get("show_world", &json!({}))["name"], "nightly");
    let world = assistant.get("show_world", &json!({ "world": "default" }));
    assert_eq!(world["clock"]["mode"], "frozen");
    assert_eq!(world["clock"]["now"], "2026-03-02T09:00:00Z");
    assert!(world["clock"].get("next_due").is_some(), "{world}");
    let told = assistant.refused("show_world", &json!({ "world": "nightli" }));
    assert!(told.contains("did you mean \"nightly\"?; list_worlds lists them"), "{told}");
    let vendors = assistant.get("list_vendors", &json!({}));
    let jtel = &vendors["vendors"][1];
    assert_eq!(jtel["vendor"], "jtel");
    let url = program.ready["vendors"]["jtel"].as_str().unwrap();
    assert_eq!(jtel["url"], url.replace("/rest/", "/w/nightly/rest/"));
    let vendors = assistant.get("list_vendors", &json!({ "world": "default" }));
    assert_eq!(vendors["vendors"][1]["url"], url);
    let empty = assistant.get("list_exchanges", &json!({}));
    let told = empty["told"].as_str().unwrap();
    assert!(
        told.contains(&format!("RINGBACK_ADMIN_URL=http://{}", program.address("admin"))),
        "{told}"
    );
    assert_eq!(assistant.get("list_faults", &json!({})), json!({ "faults": [] }));
    let switches = assistant.get("list_variants", &json!({ "vendor": "jtel" }));
    assert_eq!(switches["variants"]["jtel"]["pick"], "lowest_id");
    assert_eq!(switches["variants"].as_object().unwrap().len(), 1);
}

/// Whatever reads, no credential that a client sent or a world holds is shown.
#[test]
fn credentials_are_never_shown() {
    let program = asked();
    let path = format!("/rest/v1.0/7/dialler/contacts/301501?token={TOKEN}");
    program.raw("listen", http("GET", &path, &[], "").as_bytes());
    program.raw("listen", http("GET", &format!("/nobodys?token={TOKEN}"), &[], "").as_bytes());
    let mut assistant = Assistant::of(&program, &["--writes"]);
    let mut calls = vec![
        ("list_exchanges", json!({})),
        ("list_strays", json!({})),
        ("list_findings", json!({})),
        ("list_worlds", json!({})),
        ("show_world", json!({})),
        ("list_faults", json!({})),
        ("verify", json!({ "condition": { "header": { "authorization": "no" } } })),
        ("verify", json!({ "condition": { "vendor": "infocu5", "body": "no" } })),
        (
            "add_fault",
            json!({ "rule": { "then": "close", "on": { "match": [
            { "at": "header authorization", "contains": TOKEN } ] } } }),
        ),
        ("list_faults", json!({})),
        (
            "make_world",
            json!({ "name": "claims", "inline": { "jtel": { "clients": [
            { "id": 9, "tokens": [TOKEN] } ] } } }),
        ),
        ("list_worlds", json!({})),
    ];
    calls.extend((1..=5).map(|seq| ("show_exchange", json!({ "seq": seq }))));
    for (vendor, table) in [("jtel", "tokens"), ("infocu5", "affiliates"), ("mor", "users")] {
        calls.push(("read_state", json!({ "vendor": vendor, "table": table })));
    }
    let mut n_masked = 0;
    for (name, arguments) in calls {
        let told = match assistant.call(name, &arguments) {
            Ok(answer) => answer.to_string(),
            Err(told) => told,
        };
        assert!(!told.contains(TOKEN) && !told.contains(KEY), "{name} {arguments}: {told}");
        n_masked += usize::from(told.contains("***"));
    }
    assert!(n_masked > 5, "{n_masked} replies had something to mask");
}
