//! Fixed replies of a scenario, seen by a client.

use std::fs;

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve};

const SCENARIO: &str = r#"
seed = 1
clock = { mode = "frozen", at = "2026-03-02T09:00:00Z" }

[mor]
settings = { secret_key = "sim-secret-1" }
users    = [{ username = "dialer_bob", type = "user" }]

[[reply]]
name    = "first balance"
vendor  = "mor"
path    = "/billing/api/user_balance_get"
query   = { u = "dialer_bob" }
times   = 1
headers = { "Content-Type" = "text/xml", "X-Own" = "1" }
body    = "<page><balance>12.50</balance></page>"

[[reply]]
vendor    = "mor"
method    = "GET"
path      = "/billing/api/{method}"
status    = 202
body_file = "later.bin"

[[reply]]
vendor  = "infocu5"
json    = { "/dialerFunction" = "getVoicemails" }
body    = '{"responseCode":341}'

[[reply]]
vendor  = "jtel"
path    = "/rest/v1.0/7/dialler/contacts/301501"
instead = true
status  = 418
"#;

fn send(running: &Running, request: &str) -> String {
    running.raw("listen", request.as_bytes())
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fixed.toml"), SCENARIO).unwrap();
    fs::write(folder.path().join("later.bin"), [0xff, 0x00, 0x41]).unwrap();
    folder
}

#[test]
fn what_no_operation_takes_is_answered_and_journaled() {
    let folder = folder();
    let file = folder.path().join("fixed.toml");
    let running = serve(&[file.to_str().unwrap()]);
    let balance = http("GET", "/billing/api/user_balance_get?u=dialer_bob", &[], "");
    let first = send(&running, &balance);
    assert_eq!(status_of(&first), 200);
    assert_eq!(body_of(&first), "<page><balance>12.50</balance></page>");
    assert!(first.contains("\r\nContent-Type: text/xml\r\n"), "{first}");
    assert!(first.contains("\r\nX-Own: 1\r\n"), "{first}");
    // The first reply is used up, and the pattern takes the next.
    assert_eq!(status_of(&send(&running, &balance)), 202);
    // A modelled operation is never stood over.
    let modelled = "/billing/api/autodialer_get_campaign_statistics?u=dialer_bob&id=1&hash=x";
    let modelled = send(&running, &http("GET", modelled, &[], ""));
    assert!(body_of(&modelled).contains("<error>"), "{modelled}");
    let voicemails = http("POST", "/dialer/", &[], r#"{"dialerFunction":"getVoicemails"}"#);
    assert_eq!(body_of(&send(&running, &voicemails)), r#"{"responseCode":341}"#);
    let contact = http("GET", "/rest/v1.0/7/dialler/contacts/301501", &[], "");
    assert_eq!(status_of(&send(&running, &contact)), 418);

    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal", "");
    let entries = journal["entries"].as_array().unwrap();
    let outcomes: Vec<&str> = entries.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["canned", "canned", "refused", "canned", "canned"]);
    assert_eq!(
        entries[0]["canned"],
        json!({ "rule": 1, "name": "first balance", "nth": 1, "evidence": "yours" })
    );
    assert_eq!(entries[4]["operation"], "get_contact");

    // The state as a scenario has them, with the file as its bytes; and a world can be made of it.
    let (_, read) = running.admin("GET", "/v1/worlds/default/scenario", "");
    let replies = read["scenario"]["reply"].as_array().unwrap();
    assert_eq!(replies.len(), 4);
    assert_eq!(replies[1]["body_base64"], "/wBB");
    assert_eq!(replies[2]["json"], json!({ "/dialerFunction": "getVoicemails" }));
    let again = json!({ "name": "again", "scenario": read["scenario"] });
    let (status, made) = running.admin("POST", "/v1/worlds", &again.to_string());
    assert_eq!(status, 201, "{made}");
    let (_, again) = running.admin("GET", "/v1/worlds/again/scenario", "");
    assert_eq!(again["scenario"]["reply"], read["scenario"]["reply"]);
    // A reset begins the counts anew.
    running.admin("POST", "/v1/worlds/default/reset", "{}");
    assert_eq!(status_of(&send(&running, &balance)), 200);
    // One more comes into the world that lives.
    let more = json!({ "reply": [{ "vendor": "jtel", "path": "/own", "body": "mine" }] });
    let (status, merged) = running.admin("POST", "/v1/worlds/default/seed", &more.to_string());
    assert_eq!(status, 200, "{merged}");
    assert_eq!(body_of(&send(&running, &http("GET", "/jtel/own", &[], ""))), "mine");
}

#[test]
fn mistakes_have_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let check = |rows: &str| {
        let file = folder.path().join("wrong.toml");
        fs::write(&file, rows).unwrap();
        let (code, _, err) = run(ringback().arg("check").arg(&file));
        assert_eq!(code, 2, "{rows}");
        err
    };
    for (row, told) in [
        ("vendor = \"more\"", "did you mean \"mor\"?"),
        ("path = \"/own\"", "vendor"),
        ("vendor = \"mor\"\npath = \"own\"", "begins with /"),
        ("vendor = \"mor\"\nbody = \"a\"\nbody_file = \"b\"", "body_file"),
        ("vendor = \"mor\"\nbody_file = \"nowhere.json\"", "there is no such file"),
        ("vendor = \"mor\"\nbody_file = \"../x\"", "outside the scenario's folder"),
        ("vendor = \"mor\"\nbody_base64 = \"*\"", "no base64"),
        ("vendor = \"mor\"\nstatus = 99", "from 200 to 599"),
        ("vendor = \"mor\"\nxml = { a = \"1\" }", "path from the root"),
        ("vendor = \"mor\"\njson = { a = 1 }", "JSON pointer"),
        (
            "vendor = \"jtel\"\npath = \"/rest/v1.0/7/dialler/contacts/1\"",
            "the operation get_contact of jtel takes these requests",
        ),
        ("vendor = \"mor\"\nboddy = \"a\"", "boddy"),
    ] {
        let err = check(&format!("[[reply]]\n{row}\n"));
        assert!(err.contains(told), "{row}: {err}");
        assert!(err.contains("wrong.toml:"), "{row}: {err}");
    }
}

#[test]
fn the_schema_knows_them() {
    let (code, out, err) = run(ringback().arg("schema"));
    assert_eq!(code, 0, "{err}");
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert!(schema["properties"]["reply"].is_object(), "{}", schema["properties"]);
    let reply = schema["properties"]["reply"].to_string();
    assert!(reply.contains("\"body_file\"") && reply.contains("\"instead\""), "{reply}");
}

#[test]
fn what_was_counted_and_not_answered_is_still_counted_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("second.toml"), folder.path().join("data"));
    let scenario = "[[reply]]\nvendor = \"mor\"\npath = \"/billing/api/user_balance_get\"\n\
                    nth = 2\nstatus = 202\n";
    fs::write(&file, scenario).unwrap();
    let args = [file.to_str().unwrap(), "--data", data.to_str().unwrap()];
    let asked = || {
        let running = serve(&args);
        // Dropping it kills it.
        status_of(&send(&running, &http("GET", "/billing/api/user_balance_get", &[], "")))
    };
    assert_ne!(asked(), 202);
    assert_eq!(asked(), 202);
    assert_ne!(asked(), 202);
}
