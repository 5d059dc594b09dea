//! Strict worlds: whatever was not expected fails the run; and the journal as a stream.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Command;

use serde_json::json;

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve};

const STRICT: &str = r#"
extends = "demo"
strict = true

[[expect]]
vendor = "jtel"
operation = "get_contact"
outcome = "ok"
at_least = 1

[[expect]]
vendor = "mor"
why = "mor.hash"
at_most = 1
"#;

fn strict() -> (Running, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strict.toml");
    fs::write(&path, STRICT).unwrap();
    (serve(&[path.to_str().unwrap()]), folder)
}

fn jtel(running: &Running, contact: &str) -> u16 {
    let path = format!("/rest/v1.0/7/dialler/contacts/{contact}");
    let request = http("GET", &path, &[("Authorization", "Bearer SIMTOKEN-7A")], "");
    status_of(&running.raw("listen", request.as_bytes()))
}

fn wrong_hash(running: &Running) {
    let path = "/billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&hash=0";
    let reply = running.raw("listen", http("POST", path, &[], "").as_bytes());
    assert!(body_of(&reply).contains("Incorrect hash"), "{reply}");
}

#[test]
fn a_run_as_expected_passes_and_a_refusal_that_nobody_expects_fails_it() {
    let (mut running, _folder) = strict();
    let verdict = |running: &Running| {
        let (_, found) = running.admin("GET", "/v1/worlds/default/findings", "");
        found["strict"].clone()
    };
    assert_eq!(verdict(&running)["verdict"], "fail", "no contact was read yet");
    assert_eq!(jtel(&running, "301501"), 200);
    wrong_hash(&running);
    assert_eq!(verdict(&running)["verdict"], "pass", "this refusal was expected");
    assert_eq!(jtel(&running, "999"), 404);
    let judged = verdict(&running);
    assert_eq!(judged["verdict"], "fail");
    assert_eq!(judged["unexpected_count"], 1);
    let reason = judged["unexpected"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("jtel.contact"), "{reason}");
    assert!(!judged.to_string().contains("SIMTOKEN"), "{judged}");
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("world default: fail") && said.contains("jtel.contact"), "{said}");
}

#[test]
fn a_run_as_expected_ends_well_and_what_a_fault_did_is_no_refusal() {
    let (mut running, _folder) = strict();
    let fault = json!({ "on": { "nth": 1 }, "then": "refuse", "error": "jtel.on_a_call" });
    let mut fault = fault;
    fault["on"]["vendor"] = "jtel".into();
    assert_eq!(running.admin("POST", "/v1/worlds/default/faults", &fault.to_string()).0, 201);
    assert_eq!(jtel(&running, "301501"), 409);
    assert_eq!(jtel(&running, "301501"), 200);
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_live_world_is_made_strict_and_bad_expectations_are_told() {
    let running = serve(&[]);
    let put = |body: &str| running.admin("PUT", "/v1/worlds/default/strict", body);
    let (_, found) = running.admin("GET", "/v1/worlds/default/findings", "");
    assert_eq!(found["strict"], json!(null));
    for (body, part) in [
        (r#"{"expect": {}}"#, "expected a list of conditions"),
        (r#"{"expect": [{"vendr": "mor"}]}"#, "vendr"),
        (r#"{"strict": 1}"#, "expected true or false"),
        (r#"{"stricd": true}"#, "did you mean \\\"strict\\\"?"),
    ] {
        let (status, problem) = put(body);
        assert_eq!(status, 400, "{problem}");
        assert!(problem.to_string().contains(part), "{problem}");
    }
    let (status, now) = put(r#"{"expect": [{"operation": "dial", "never": true}]}"#);
    assert_eq!((status, &now["strict"]), (200, &json!(true)));
    let (_, found) = running.admin("GET", "/v1/worlds/default/findings", "");
    assert_eq!(found["strict"]["verdict"], "pass");
    running.raw("listen", http("GET", "/jtel/nothing", &[], "").as_bytes());
    let (_, found) = running.admin("GET", "/v1/worlds/default/findings", "");
    assert!(found["strict"]["unexpected"][0]["reason"].as_str().unwrap().contains("no operation"));
    running.admin("POST", "/v1/worlds/default/reset", "{}");
    let (_, kept) = running.admin("GET", "/v1/worlds/default/strict", "");
    assert_eq!(kept["strict"], json!(false), "a reset brings the seed's expectations back");
}

#[test]
fn a_replay_in_a_strict_world_fails_on_what_no_step_looks_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strict.toml");
    let step = "\n[[step]]\nname = \"asks for a contact that is not there\"\n\
        send = \"GET /rest/v1.0/7/dialler/contacts/999\"\n";
    fs::write(&path, format!("extends = \"demo\"\nstrict = true\n{step}")).unwrap();
    let mut command: Command = ringback();
    let (code, out, said) = run(command.arg("replay").arg(&path));
    assert_eq!(code, 1, "{out}{said}");
    assert!(out.contains("no expectation names that"), "{out}");
}

#[test]
fn an_expectation_that_nobody_would_judge_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lax.toml");
    let check = |strict: &str| {
        let expect = "[[expect]]\nvendor = \"mor\"\nexactly = 1\n";
        fs::write(&path, format!("{strict}{expect}")).unwrap();
        let (code, _, said) = run(ringback().args(["check", path.to_str().unwrap()]));
        (code, said)
    };
    let (code, said) = check("");
    assert_eq!(code, 2);
    assert!(said.contains("judged in a strict world alone; expected strict = true"), "{said}");
    assert_eq!(check("strict = true\n").0, 0);
    // Whoever says so means it.
    assert_eq!(check("strict = false\n").0, 0);
}

#[test]
fn bad_expectations_of_a_scenario_are_told_at_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strict.toml");
    fs::write(&path, "strict = true\n[[expect]]\nvendr = \"mor\"\n").unwrap();
    let (code, out, said) = run(ringback().arg("check").arg(&path));
    assert_eq!(code, 2, "{out}{said}");
    assert!(said.contains("strict.toml:2") && said.contains("vendr"), "{said}");
}

#[test]
fn the_journal_is_streamed_as_it_grows_and_goes_on_where_it_ended() {
    let mut running = serve(&[]);
    let follow = |running: &Running, last_id: &str| {
        let mut stream = running.connect("admin");
        let path = "/v1/worlds/default/journal/stream?vendor=jtel";
        let request = http("GET", path, &[("Last-Event-ID", last_id)], "");
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream).lines()
    };
    let next_id = |lines: &mut dyn Iterator<Item = std::io::Result<String>>| {
        let line = lines.map(Result::unwrap).find(|line| line.starts_with("id: ")).unwrap();
        line.trim_start_matches("id: ").to_owned()
    };
    assert_eq!(jtel(&running, "301501"), 200);
    let mut lines = follow(&running, "0");
    assert_eq!(next_id(&mut lines), "1");
    wrong_hash(&running);
    assert_eq!(jtel(&running, "301502"), 200);
    assert_eq!(next_id(&mut lines), "3", "the other vendor's was not asked for");
    let mut data = lines.map(Result::unwrap).find(|line| line.starts_with("data: ")).unwrap();
    let entry: serde_json::Value = serde_json::from_str(&data.split_off("data: ".len())).unwrap();
    assert_eq!((&entry["seq"], &entry["operation"]), (&json!(3), &json!("get_contact")));
    assert!(!entry.to_string().contains("SIMTOKEN"));
    assert_eq!(next_id(&mut follow(&running, "1")), "3");

    let mut open = follow(&running, "3");
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0);
    assert!(!said.contains("requests in flight"), "an open stream is no reason to wait: {said}");
    assert!(open.all(|line| !line.unwrap_or_default().starts_with("id: ")));
}

/// What stands in the next line that begins so.
fn next(lines: &mut impl Iterator<Item = String>, begin: &str) -> String {
    lines.find_map(|line| line.strip_prefix(begin).map(str::to_owned)).unwrap()
}

#[test]
fn whoever_reads_a_stream_learns_what_of_it_was_cleared() {
    let running = serve(&[]);
    let follow = |last_id: &str| {
        let mut stream = running.connect("admin");
        let path = "/v1/worlds/default/journal/stream";
        let request = http("GET", path, &[("Last-Event-ID", last_id)], "");
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream).lines().map(Result::unwrap)
    };
    assert_eq!(jtel(&running, "301501"), 200);
    let mut open = follow("0");
    assert_eq!(next(&mut open, "event: "), "entry");
    let (status, _) = running.admin("DELETE", "/v1/worlds/default/journal", "");
    assert_eq!(status, 200);
    assert_eq!(next(&mut open, "event: "), "cleared");
    assert_eq!(next(&mut open, "data: "), r#"{"up_to":1}"#);

    assert_eq!(jtel(&running, "301502"), 200);
    assert_eq!(next(&mut open, "id: "), "2", "it is told once");
    assert_eq!(next(&mut open, "event: "), "entry");
    // One that was away meanwhile has what is gone; one that never had it need not know.
    assert_eq!(next(&mut follow("1"), "event: "), "cleared");
    assert_eq!(next(&mut follow("0"), "event: "), "entry");
    assert_eq!(jtel(&running, "301501"), 200);
    assert_eq!(next(&mut follow("2"), "event: "), "entry");
}

#[test]
fn what_no_vendor_takes_fails_the_strict_run_of_the_default_world() {
    let mut running = serve(&["--strict"]);
    let reply = running.raw("listen", http("GET", "/nobody/takes/this", &[], "").as_bytes());
    assert_eq!(status_of(&reply), 404, "{reply}");
    let (_, found) = running.admin("GET", "/v1/worlds/default/findings", "");
    assert_eq!(found["strict"]["verdict"], "fail", "{found}");
    assert!(found.to_string().contains("/nobody/takes/this"), "{found}");
    let (code, said) = running.stop_and_listen();
    assert!(code == 1 && said.contains("GET /nobody/takes/this -> 404 refused"), "{code}: {said}");
}
