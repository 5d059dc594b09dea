//! Every kind of fault, seen by a client that reads raw bytes.

use std::io::{ErrorKind, Read, Write};

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve};

const CONTACTS: &str = "/rest/v1.0/7/dialler/contacts/contact?userData=SIM-0001";

/// What came over the wire, and how the connection ended.
struct Wire {
    bytes: String,
    was_reset: bool,
}

fn send(running: &Running, request: &str) -> Wire {
    let mut stream = running.connect("listen");
    stream.write_all(request.as_bytes()).unwrap();
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    let was_reset = loop {
        match stream.read(&mut chunk) {
            Ok(0) => break false,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break true,
            Err(error) => panic!("{error}"),
        }
    };
    Wire { bytes: String::from_utf8(bytes).unwrap(), was_reset }
}

fn agents() -> String {
    let body = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}"#;
    http("POST", "/dialer/", &[], body)
}

fn add(running: &Running, rule: &Value) {
    let (status, reply) = running.admin("POST", "/v1/worlds/default/faults", &rule.to_string());
    assert_eq!(status, 201, "{reply}");
}

/// Sends a request that a rule strikes once, and the same once more.
fn struck(running: &Running, mut rule: Value, request: &str) -> (Wire, Wire) {
    rule["on"]["times"] = 1.into();
    add(running, &rule);
    (send(running, request), send(running, request))
}

fn announced(wire: &Wire) -> usize {
    let head = wire.bytes.split("\r\n\r\n").next().unwrap();
    let lengths = head.lines().filter_map(|line| line.strip_prefix("Content-Length: "));
    lengths.collect::<String>().parse().unwrap()
}

#[test]
fn bodies_are_dripped_malformed_and_truncated() {
    // Both say the same date.
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let (dripped, whole) =
        struck(&running, json!({ "then": "drip", "bytes": 10, "pause": "5ms" }), &agents());
    assert_eq!(dripped.bytes, whole.bytes);
    // Before a pause that is long there is the first piece, and no more.
    add(&running, &json!({ "on": { "times": 1 }, "then": "drip", "bytes": 10, "pause": "600s" }));
    let mut stream = running.connect("listen");
    stream.write_all(agents().as_bytes()).unwrap();
    let (mut piece, mut chunk) = (String::new(), [0; 8192]);
    while body_of(&piece).is_empty() {
        let n = stream.read(&mut chunk).unwrap();
        piece.push_str(std::str::from_utf8(&chunk[..n]).unwrap());
    }
    assert_eq!(body_of(&piece), body_of(&whole.bytes)[..10]);
    drop(stream);

    let (malformed, _) = struck(&running, json!({ "then": "malform" }), &agents());
    let body = body_of(&malformed.bytes);
    assert_eq!(announced(&malformed), body.len());
    assert!(serde_json::from_str::<Value>(&body).is_err());
    let whole_body = body_of(&whole.bytes);
    assert!(whole_body.starts_with(&body) && whole_body.trim_end().len() == body.len() + 1);

    let (truncated, _) = struck(&running, json!({ "then": "truncate", "bytes": 20 }), &agents());
    assert_eq!(announced(&truncated), whole_body.len());
    assert_eq!(body_of(&truncated.bytes), whole_body[..20]);
    assert!(!truncated.was_reset);
}

#[test]
fn connections_are_reset_before_and_after_the_head() {
    let running = serve(&[]);
    let (before, after_it) = struck(&running, json!({ "then": "reset" }), &agents());
    assert_eq!((before.bytes.as_str(), before.was_reset), ("", true));
    assert_eq!(status_of(&after_it.bytes), 200);

    let (head, _) = struck(&running, json!({ "then": "reset_after_head" }), &agents());
    assert!(head.was_reset);
    assert!(head.bytes.starts_with("HTTP/1.1 200 OK\r\n"), "{:?}", head.bytes);
    assert!(head.bytes.ends_with("\r\n\r\n"), "{:?}", head.bytes);
}

#[test]
fn a_lost_reply_has_done_its_work_and_a_refusal_has_not() {
    let running = serve(&[]);
    let token = [("Authorization", "Bearer SIMTOKEN-7A")];
    let delete = http("DELETE", CONTACTS, &token, "");
    let on = json!({ "vendor": "jtel", "operation": "delete_contact_by_user_data" });
    let count = || {
        let found = send(&running, &http("GET", CONTACTS, &token, ""));
        let found: Value = serde_json::from_str(&body_of(&found.bytes)).unwrap_or_default();
        found["records"].as_array().map_or(0, Vec::len)
    };
    let n_before = count();
    assert!(n_before > 0);
    let refuse = json!({ "on": on, "then": "refuse", "error": "jtel.on_a_call" });
    add(&running, &refuse);
    let refused = send(&running, &delete);
    assert_eq!(status_of(&refused.bytes), 409);
    assert!(refused.bytes.contains("Dialler contact is on a call"), "{}", refused.bytes);
    assert_eq!(count(), n_before);
    assert_eq!(running.admin("DELETE", "/v1/worlds/default/faults", "").0, 200);

    add(&running, &json!({ "on": on, "then": "lose_reply" }));
    let lost = send(&running, &delete);
    assert_eq!((lost.bytes.as_str(), lost.was_reset), ("", false));
    assert_eq!(count(), n_before - 1);
    let (_, out, _) = run(ringback().args([
        "tail",
        "--no-follow",
        "--after",
        "0",
        "--admin",
        &format!("http://{}", running.address("admin")),
    ]));
    assert!(out.contains("| fault lose_reply of rule 2, work done"), "{out}");
    let (_, journal) = running.admin(
        "GET",
        "/v1/worlds/default/journal?operation=delete_contact_by_user_data",
        "",
    );
    let entries = journal["entries"].as_array().unwrap();
    assert_eq!(entries[0]["outcome"], "faulted");
    assert_eq!(entries[1]["fault"]["kind"], "lose_reply");
    assert_eq!(entries[1]["fault"]["work"], "done");
    assert_eq!(entries[1]["response"]["status"], 200);
}

#[test]
fn every_vendor_says_its_own_refusals() {
    let running = serve(&[]);
    let cases = [
        ("infocu5", "infocu5.internal", "POST /dialer/", "900"),
        (
            "mor",
            "mor.hash",
            "GET /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17",
            "Incorrect hash",
        ),
        (
            "maxcontact",
            "maxcontact.internal",
            "GET /MaxContactApi/RemoteControl/GetCalls/1",
            "Request Error",
        ),
        (
            "maestro",
            "maestro.internal",
            "GET /_access/fetchCallersByDate?offer_id=4711",
            "-4,Unhandled exception",
        ),
        ("jtel", "jtel.internal", "GET /rest/v1.0/7/dialler/campaigns", "Internal error"),
    ];
    for (vendor, error, line, part) in cases {
        let rule = json!({ "on": { "vendor": vendor }, "then": "refuse", "error": error });
        let (method, path) = line.split_once(' ').unwrap();
        let (refused, _) =
            struck(&running, rule, &http(method, &format!("/{vendor}{path}"), &[], ""));
        assert!(refused.bytes.contains(part), "{vendor}: {}", refused.bytes);
        let (status, error) = running.admin(
            "POST",
            "/v1/worlds/default/faults",
            &json!({ "on": { "vendor": vendor }, "then": "refuse", "error": "no.such" })
                .to_string(),
        );
        assert_eq!(status, 400, "{error}");
    }
}

#[test]
fn statuses_rates_and_lateness() {
    let running = serve(&[]);
    let rule = json!({ "then": "status", "status": 502, "body": "bad gateway", "delay": "30ms" });
    let (status, whole) = struck(&running, rule, &agents());
    assert!(status.bytes.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{}", status.bytes);
    assert_eq!(body_of(&status.bytes), "bad gateway");
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal?outcome=faulted", "");
    assert_eq!(journal["entries"][0]["fault"]["delay_ms"], 30);
    assert_eq!(status_of(&whole.bytes), 200);

    running.admin("PUT", "/v1/worlds/default/clock", r#"{"mode":"frozen"}"#);
    add(&running, &json!({ "then": "rate_limit", "most": 2, "per": "10s" }));
    let statuses: Vec<_> = (0..3).map(|_| status_of(&send(&running, &agents()).bytes)).collect();
    assert_eq!(statuses, [200, 200, 429]);
    running.admin("POST", "/v1/worlds/default/clock/advance", r#"{"by":"10s"}"#);
    assert_eq!(status_of(&send(&running, &agents()).bytes), 200);
}

#[test]
fn a_server_that_is_told_to_stop_does_not_wait_for_those_that_hang() {
    let mut running = serve(&[]);
    add(&running, &json!({ "then": "hang" }));
    let mut stream = running.connect("listen");
    stream.write_all(agents().as_bytes()).unwrap();
    // The entry is there before the delivery begins.
    let (_, journal) =
        running.admin("GET", "/v1/worlds/default/journal?outcome=faulted&wait=10", "");
    assert_eq!(journal["entries"][0]["response"], Value::Null);
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0);
    assert!(!said.contains("requests in flight"), "it waited for the limit: {said}");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn the_id_of_a_rule_that_is_gone_is_not_given_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let faults = "/v1/worlds/default/faults";
    let add = |running: &Running| {
        let (status, told) = running.admin("POST", faults, r#"{"then":"malform"}"#);
        assert_eq!(status, 201, "{told}");
        told["ids"][0].as_u64().unwrap()
    };
    let mut running = serve(&["--data", data]);
    assert_eq!([add(&running), add(&running)], [1, 2]);
    assert_eq!(running.admin("DELETE", &format!("{faults}/2"), "").0, 200);
    assert_eq!(add(&running), 3);
    assert_eq!(running.admin("DELETE", faults, "").0, 200);
    assert_eq!(running.stop(), 0);
    let running = serve(&["--data", data]);
    assert_eq!(add(&running), 4);
    let fork = running.admin("POST", "/v1/worlds/default/fork", r#"{"name":"b"}"#);
    assert_eq!(fork.0, 201);
    let (_, told) = running.admin("POST", "/v1/worlds/b/faults", r#"{"then":"malform"}"#);
    assert_eq!(told["ids"], json!([5]));
    // A reset world is as a new one, and draws the same.
    assert_eq!(running.admin("POST", "/v1/worlds/default/reset", "").0, 200);
    assert_eq!(add(&running), 1);
}

#[test]
fn two_faults_of_a_scenario_do_not_share_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twice.toml");
    let twice = "[[fault]]\npreset = \"flaky\"\n\n[[fault]]\npreset = \"flaky\"\n";
    std::fs::write(&path, twice).unwrap();
    let (code, out, said) = run(ringback().arg("check").arg(&path));
    assert_eq!(code, 2, "{out}{said}");
    assert!(said.contains("twice.toml:4") && said.contains("give this one a name"), "{said}");
}

#[test]
fn rules_that_make_no_sense_are_refused_with_the_field() {
    let running = serve(&[]);
    for (rule, field, part) in [
        (json!({}), "then", "expected then, one of delay"),
        (json!({ "then": "reset", "preset": "flaky" }), "preset", "either"),
        (json!({ "then": "reset", "bytes": 3 }), "bytes", "does not go with reset"),
        (json!({ "then": "delay" }), "then", "how long"),
        (json!({ "then": "delay", "delay": "11m" }), "delay", "at most 600s"),
        (json!({ "then": "rate_limit" }), "then", "needs most"),
        (json!({ "then": "refuse", "error": "hash" }), "on", "needs on.vendor"),
        (json!({ "then": "reset", "on": { "vendor": "jtell" } }), "on", "did you mean \"jtel\"?"),
        (json!({ "then": "reset", "on": { "operation": "dail" } }), "on", "did you mean \"dial\"?"),
        (json!({ "then": "reset", "on": { "probability": 2 } }), "on", "from 0 to 1"),
        // The error is another vendor's than the operation, so that no request ever fits.
        (
            json!({
                "on": { "operation": "lock_contact_by_id" }, "then": "refuse", "error": "mor.hash",
            }),
            "on",
            "there is no operation called \"lock_contact_by_id\"",
        ),
        (
            json!({ "then": "reset", "on": { "operation": "get_calls", "access": "writes",
                "vendor": "infocu5" } }),
            "on",
            "nothing of get_calls writes",
        ),
        (
            json!({ "then": "reset", "on": { "vendor": "maestro", "access": "writes" } }),
            "on",
            "nothing of maestro writes",
        ),
        (
            json!({ "then": "reset", "on": {
                "from": "2026-03-02T10:00:00Z", "until": "2026-03-02T09:00:00Z" } }),
            "on",
            "not after from",
        ),
        (json!({ "then": "reset", "on": { "match": [{ "at": "cookie x" }] } }), "on", "param NAME"),
    ] {
        let (status, problem) =
            running.admin("POST", "/v1/worlds/default/faults", &rule.to_string());
        assert_eq!((status, problem["field"].as_str()), (400, Some(field)), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(part), "{problem}");
    }
    let named = json!({ "name": "a", "then": "reset" }).to_string();
    assert_eq!(running.admin("POST", "/v1/worlds/default/faults", &named).0, 201);
    assert_eq!(running.admin("POST", "/v1/worlds/default/faults", &named).0, 409);
    let (_, listed) = running.admin("GET", "/v1/worlds/default/faults", "");
    assert_eq!(listed["faults"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(running.admin("DELETE", "/v1/worlds/default/faults/9", "").0, 404);
    assert_eq!(running.admin("DELETE", "/v1/worlds/default/faults/1", "").0, 200);
    let presets = json!({ "preset": "flaky", "on": { "vendor": "mor" } }).to_string();
    let (_, added) = running.admin("POST", "/v1/worlds/default/faults", &presets);
    assert_eq!(added["ids"], json!([2, 3, 4]));
}

/// The value of a header, if it was sent.
fn header<'w>(wire: &'w Wire, name: &str) -> Option<&'w str> {
    let head = wire.bytes.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// A request on a connection that stays open, so that the other side has to close it.
fn kept(request: &str) -> String {
    request.replace("Connection: close\r\n", "")
}

#[test]
fn headers_go_with_a_status_and_a_refusal() {
    let running = serve(&[]);
    let headers = json!({ "Retry-After": "30", "X-Trace": "a b" });
    let status = json!({ "then": "status", "status": 429, "headers": headers, "on": {} });
    let (struck_by, after_it) = struck(&running, status, &agents());
    assert_eq!(status_of(&struck_by.bytes), 429);
    assert_eq!(header(&struck_by, "Retry-After"), Some("30"));
    assert_eq!(header(&struck_by, "X-Trace"), Some("a b"));
    assert_eq!(header(&after_it, "Retry-After"), None);

    // One that the vendor sends as well is replaced.
    let headers = json!({ "Content-Type": "text/html" });
    let on = json!({ "vendor": "infocu5" });
    let rule = "infocu5.function";
    let refuse = json!({ "then": "refuse", "error": rule, "headers": headers, "on": on });
    let (refused, _) = struck(&running, refuse, &agents());
    assert_eq!(refused.bytes.matches("Content-Type: ").count(), 1, "{}", refused.bytes);
    assert_eq!(header(&refused, "Content-Type"), Some("text/html"));

    for (rule, told) in [
        (json!({ "then": "status", "headers": { "Content-Length": "1" } }), "the listener"),
        (json!({ "then": "status", "headers": { "Connection": "close" } }), "close = true"),
        (json!({ "then": "status", "headers": { "A B": "1" } }), "no name of a header"),
        (json!({ "then": "status", "headers": { "A": 1 } }), "expected text"),
        (json!({ "then": "fail", "headers": { "A": "1" } }), "does not go with fail"),
        (json!({ "then": "reset", "close": true }), "does not go with reset"),
        (json!({ "then": "status", "retry_after": "date" }), "does not go with status"),
        (json!({ "then": "rate_limit", "most": 1, "retry_after": "secnds" }), "seconds"),
        (
            json!({ "then": "fail", "on": { "no_operation": true, "access": "reads" } }),
            "goes without",
        ),
        (json!({ "then": "slow_accept" }), "expected one of"),
    ] {
        let (status, problem) =
            running.admin("POST", "/v1/worlds/default/faults", &rule.to_string());
        let problem = problem.to_string();
        assert!(status == 400 && problem.contains(told), "{rule}: {problem}");
    }
}

#[test]
fn a_rate_limit_says_when_to_come_again() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:10Z"]);
    for (how, expected) in [("seconds", "50"), ("date", "Mon, 02 Mar 2026 09:01:00 GMT")] {
        let limit = json!({ "then": "rate_limit", "most": 0, "per": "1m", "retry_after": how });
        let (struck_by, _) = struck(&running, limit, &agents());
        assert_eq!(status_of(&struck_by.bytes), 429);
        assert_eq!(header(&struck_by, "Retry-After"), Some(expected));
    }
}

#[test]
fn a_connection_is_closed_after_the_reply() {
    let running = serve(&[]);
    // It would stay open: reading to its end comes back because it is closed.
    for rule in [
        json!({ "then": "close" }),
        json!({ "then": "status", "body": "later", "close": true }),
        json!({ "then": "drip", "bytes": 200, "pause": "1ms", "close": true }),
    ] {
        let mut rule = rule;
        rule["on"]["times"] = 1.into();
        add(&running, &rule);
        let wire = send(&running, &kept(&agents()));
        assert_eq!(header(&wire, "Connection"), Some("close"), "{rule}: {}", wire.bytes);
        assert_eq!(announced(&wire), body_of(&wire.bytes).len());
        assert!(!wire.was_reset);
    }
    let (_, page) = running.admin(
        "GET",
        "/v1/worlds/default/journal?operation=get_agents&outcome=ok&last=2",
        "",
    );
    let fault = &page["entries"][0]["fault"];
    assert_eq!((&fault["kind"], &fault["work"]), (&json!("close"), &json!("done")));
}

#[test]
fn requests_that_no_operation_takes_have_rules_of_their_own() {
    let running = serve(&[]);
    let on = json!({ "vendor": "jtel", "no_operation": true });
    add(&running, &json!({ "then": "status", "status": 502, "on": on }));
    let token = [("Authorization", "Bearer SIMTOKEN-7A")];
    let strange = http("GET", "/rest/v1.0/7/nothing", &token, "");
    assert_eq!(status_of(&send(&running, &strange).bytes), 502);
    let known = http("GET", CONTACTS, &token, "");
    assert_eq!(status_of(&send(&running, &known).bytes), 200);
    assert_eq!(status_of(&send(&running, &agents()).bytes), 200);
}

#[test]
fn what_a_rule_says_comes_back_in_the_scenario_and_from_words() {
    let running = serve(&[]);
    let admin = format!("http://{}", running.address("admin"));
    for words in [
        "then=status headers.Retry-After=30 close=true on.no_operation=true",
        "then=rate_limit most=2 per=1m retry_after=date",
        "then=refuse on.vendor=jtel error=jtel.on_a_call headers.X-A=1",
        "then=close on.vendor=mor",
    ] {
        let args = ["fault", "add"].into_iter().chain(words.split(' '));
        let (code, _, said) = run(ringback().args(args).args(["--admin", &admin]));
        assert_eq!((code, said.as_str()), (0, ""), "{words}");
    }
    let (_, read) = running.admin("GET", "/v1/worlds/default/scenario", "");
    assert_eq!(
        read["scenario"]["fault"],
        json!([
            { "on": { "no_operation": true }, "then": "status", "status": 503,
              "headers": { "retry-after": "30" }, "close": true },
            { "then": "rate_limit", "status": 429, "most": 2, "per": "1m", "retry_after": "date" },
            { "on": { "vendor": "jtel" }, "then": "refuse", "headers": { "x-a": "1" },
              "error": "jtel.on_a_call" },
            { "on": { "vendor": "mor" }, "then": "close" },
        ])
    );
    let made = json!({ "name": "again", "scenario": read["scenario"] });
    assert_eq!(running.admin("POST", "/v1/worlds", &made.to_string()).0, 201);
    let (_, again) = running.admin("GET", "/v1/worlds/again/scenario", "");
    assert_eq!(again["scenario"]["fault"], read["scenario"]["fault"]);
    let (_, file) = running.admin("GET", "/v1/worlds/default/faults", "");
    assert_eq!(file["faults"][0]["headers"], json!({ "retry-after": "30" }));
    assert_eq!(
        (&file["faults"][0]["close"], &file["faults"][1]["close"]),
        (&json!(true), &json!(false))
    );
}
